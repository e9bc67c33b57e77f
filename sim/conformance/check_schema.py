"""Whether the rows are those of the schema: their columns, the types, one row a group."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from sim.conformance.playing import Rows
from sim.conformance.subject import Run, Subject
from sim.conformance.verdict import Problem
from sim.outcomes import COLUMNS

EXTRA = (
    "keep numbers of your own in an attribute of the model and read them before it is released, or take them out of "
    "group.record in rows(): frames and files of results hold the columns of sim.outcomes.COLUMNS only"
)


def check_schema(subject: Subject) -> Iterator[Problem]:
    """Look at the rows of all runs; each kind of fault is told once."""
    told = set()
    for run, rows in subject.reference.items():
        for kind, what, cure in _faults(subject, run, rows):
            if kind not in told:
                told.add(kind)
                yield Problem(f"{what} ({subject.place(run)})", cure)


def _faults(subject: Subject, run: Run, rows: Rows) -> Iterator[tuple[str, str, str]]:
    """Kind, words and cure of what is wrong with the rows of one run."""
    for row in rows:
        if not isinstance(row, Mapping):
            yield "row", f"a row is a {type(row).__name__}", "let `rows` return a list of dictionaries, one a group"
            return
        yield from _faults_of_row(row)
    names = [row.get("group") for row in rows]
    if len(names) != len(set(names)):
        yield "twice", "a group has more than one row", "let `rows` tell each group once, and give groups names of own"
    head = {"replication": run.replication, "arm": subject.world(run).arm}
    for key, value in head.items():
        if any(row.get(key) != value for row in rows):
            yield key, f"the column {key} does not say {value!r}", f"leave `{key}` of the model and its rows as it is"


def _faults_of_row(row: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    missing = [name for name in COLUMNS if name not in row]
    extra = [str(name) for name in row if name not in COLUMNS]
    if missing:
        cure = "start from super().rows() and change values only; docs/OUTCOMES.md says what each column means"
        yield "missing", f"the rows lack {', '.join(missing)}", cure
    if extra:
        yield "extra", f"the rows hold {', '.join(extra)}, which would be lost", EXTRA
    for name, kind in COLUMNS.items():
        if name in row and not FITS[kind](row[name]):
            cure = f"write a value of type {kind} there; 'never' is -1 for minutes, 'nowhere' NaN, 'nobody' \"\""
            yield name, f"{name} is {row[name]!r} ({type(row[name]).__name__}); allowed: {kind}", cure


def _is_whole(value: Any) -> bool:
    return isinstance(value, int | np.integer) and not isinstance(value, bool) and -(2**63) <= int(value) < 2**63


FITS: dict[str, Callable[[Any], bool]] = {
    "int64": _is_whole,
    "float64": lambda value: isinstance(value, float | np.floating) or _is_whole(value),
    "bool": lambda value: isinstance(value, bool | np.bool_),
    "str": lambda value: isinstance(value, str),
}
"""Whether a value can stand in a column of a type without being changed."""
