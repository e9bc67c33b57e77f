"""Checks of the rows of single runs: they come, follow the schema, and add up."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from sim.conformance.report import Problem
from sim.conformance.row_rules import MINUTES, RULES, RUN_TOTALS
from sim.conformance.trial_runs import NeverEndsError, Rows, Run, Trial, finish
from sim.outcomes import COLUMNS

EXTRA_COLUMNS = (
    "keep numbers of your own in an attribute of the model and read them before it is released, or take them out of "
    "group.record in rows(): frames and files of results hold the columns of sim.outcomes.COLUMNS only"
)


def check_runs(trial: Trial) -> Iterator[Problem]:
    """The model can be built as studies build it, and every run ends; the first error is reported."""
    try:
        runs = trial.reference
    except NeverEndsError as error:
        yield Problem(
            f"{error}, {'; '.join(error.__notes__)}",
            "let `step` call super().step(), which counts the minutes and sets `running` to False at the horizon",
        )
        return
    except TypeError as error:
        yield Problem.of(error, trial.model.__name__)
        if "__init__" in str(error):
            yield Problem(
                "studies build it as Model(rng=..., replication=..., world=...)",
                "let its __init__ take *args and **kwargs, and hand them to super().__init__ unchanged",
            )
        return
    # Where groups arrive by chance, none may have come.
    if not any(runs.values()) and any(trial.stock.reference.values()):
        yield Problem("no run returns any row", "let `rows` return one row a group: return super().rows()")


def check_schema(trial: Trial) -> Iterator[Problem]:
    """Columns, types, and one row a group in all runs; each kind of fault is reported once."""
    reported = set()
    for run, rows in trial.reference.items():
        for kind, what, cure in _schema_faults(trial, run, rows):
            if kind not in reported:
                reported.add(kind)
                yield Problem(f"{what} ({trial.place(run)})", cure)


def _schema_faults(trial: Trial, run: Run, rows: Rows) -> Iterator[tuple[str, str, str]]:
    """Kind, words and cure of what is wrong with the rows of one run."""
    for row in rows:
        if not isinstance(row, Mapping):
            yield "row", f"a row is a {type(row).__name__}", "let `rows` return a list of dictionaries, one a group"
            return
        yield from _column_faults(row)
    names = [row.get("group") for row in rows]
    if len(names) != len(set(names)):
        yield "twice", "a group has more than one row", "let `rows` list each group once, and give groups names of own"
    head = {"replication": run.replication, "arm": trial.world(run).arm}
    for key, value in head.items():
        if any(row.get(key) != value for row in rows):
            yield key, f"the column {key} does not say {value!r}", f"leave `{key}` of the model and its rows as it is"


def _column_faults(row: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    missing = [name for name in COLUMNS if name not in row]
    extra = [str(name) for name in row if name not in COLUMNS]
    if missing:
        cure = "start from super().rows() and change values only; docs/OUTCOMES.md says what each column means"
        yield "missing", f"the rows lack {', '.join(missing)}", cure
    if extra:
        yield "extra", f"the rows hold {', '.join(extra)}, which would be lost", EXTRA_COLUMNS
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


def check_conservation(trial: Trial) -> Iterator[Problem]:
    """Nobody is lost or made: rules of single rows, minutes within the horizon, totals of runs, and men of the units.

    Each rule that is broken is reported once, by its first row.
    """
    for rule in RULES:
        broken = [(run, row) for run, rows in trial.reference.items() for row in rows if not rule.holds(row)]
        if broken:
            run, row = broken[0]
            where = _values(trial, run, row, rule.columns)
            yield Problem(f"not so: {rule.says}; {len(broken)} rows differ, first {where}", rule.cure)
    yield from _minutes_after_the_horizon(trial)
    yield from _totals_that_differ(trial)
    yield from _missing_men(trial)


def _values(trial: Trial, run: Run, row: dict[str, Any], columns: tuple[str, ...]) -> str:
    values = ", ".join(f"{name}={row[name]!r}" for name in columns)
    return f"{row['group']} in {trial.place(run)}: {values}"


def _minutes_after_the_horizon(trial: Trial) -> Iterator[Problem]:
    for run, rows in trial.reference.items():
        horizon = trial.world(run).scenario.horizon_min
        for row in rows:
            late = tuple(name for name in MINUTES if row[name] > horizon)
            if late:
                yield Problem(
                    f"a minute lies behind the horizon of {horizon}: {_values(trial, run, row, late)}",
                    "write model.minute where something happens, and no minute that is still to come",
                )
                return


def _totals_that_differ(trial: Trial) -> Iterator[Problem]:
    """What is counted by run is the same in all its rows."""
    for run, rows in trial.reference.items():
        for name in RUN_TOTALS:
            if len({row[name] for row in rows}) > 1:
                yield Problem(
                    f"{name} is of the run and yet differs between its rows ({trial.place(run)})",
                    f"write the same {name} into every row of a run, as super().rows() does",
                )
                return


def _missing_men(trial: Trial) -> Iterator[Problem]:
    """Men that are missing from the units in the end are counted in some row as lost."""
    for run in (run for run in trial.reference if run.replication == 0):
        with trial.begun(run) as model:
            before = sum(unit.men for unit in model.units)
            finish(model)
            left = [unit.men for unit in model.units]
            killed = sum(row["own_killed"] for row in model.rows())
        if before - sum(left) > killed or min(left, default=0) < 0:
            yield Problem(
                f"{before - sum(left)} men are missing from the units in the end, and own_killed counts {killed} "
                f"({trial.place(run)})",
                "let units lose men through BorderModel.engage alone, and no more than they have",
            )
            return
