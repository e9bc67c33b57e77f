"""Whether the model leaves the random numbers alone that the whole process has in common."""

from __future__ import annotations

from collections.abc import Iterator

from sim.conformance.advice import KEYED
from sim.conformance.differences import difference
from sim.conformance.global_state import COMMON, kept, overheard
from sim.conformance.own_code import own_classes
from sim.conformance.subject import Run, Subject
from sim.conformance.verdict import Problem

ANOTHER = 20191106
"""A state in which no process is by chance."""


def check_global_random(subject: Subject) -> Iterator[Problem]:
    """Play all runs from another state: it must be the same afterwards, and the rows as before."""
    drawn: dict[str, Run] = {}
    changed = None
    with kept():
        for run, rows in subject.reference.items():
            for common in COMMON:
                common.seed(ANOTHER)
            before = [common.fingerprint() for common in COMMON]
            told = difference(rows, subject.rows(run))
            changed = changed or (told and f"{told} ({subject.place(run)})")
            for common, state in zip(COMMON, before, strict=True):
                if common.fingerprint() != state:
                    drawn.setdefault(common.name, run)
        for name, run in drawn.items():
            effect = f"; when it is seeded otherwise, {changed}" if changed else ""
            yield Problem(f"{_who(subject, name, run)}{effect}", KEYED)
    if changed and not drawn:
        yield Problem(f"the rows change from one play to the next: {changed}", KEYED)


def _who(subject: Subject, name: str, run: Run) -> str:
    """Who draws from a module's common state, as far as it can be heard."""
    with overheard() as heard:
        subject.rows(run)
    own = ", ".join(kind.__name__ for kind in own_classes(subject.model)) or subject.name
    return heard.get(name, f"something that {own} call draws from the common state of {name} (or seeds it)")
