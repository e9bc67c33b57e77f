"""Whether nobody is lost or made: persons, men, outcomes and minutes add up in every run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sim.conformance.playing import begun, finish
from sim.conformance.row_rules import MINUTES, RULES, RUN_TOTALS
from sim.conformance.subject import Run, Subject
from sim.conformance.verdict import Problem


def check_conservation(subject: Subject) -> Iterator[Problem]:
    """Hold the rows of all runs against the rules; each rule that is broken is told once, by its first row."""
    for rule in RULES:
        broken = [(run, row) for run, rows in subject.reference.items() for row in rows if not rule.holds(row)]
        if broken:
            run, row = broken[0]
            yield Problem(
                f"not so: {rule.says}; {len(broken)} rows differ, first {_told(subject, run, row, rule.columns)}",
                rule.cure,
            )
    yield from _bounds(subject)
    yield from _totals(subject)
    yield from _men(subject)


def _told(subject: Subject, run: Run, row: dict[str, Any], columns: tuple[str, ...]) -> str:
    values = ", ".join(f"{name}={row[name]!r}" for name in columns)
    return f"{row['group']} in {subject.place(run)}: {values}"


def _bounds(subject: Subject) -> Iterator[Problem]:
    """No minute lies behind the horizon."""
    for run, rows in subject.reference.items():
        horizon = subject.world(run).scenario.horizon_min
        for row in rows:
            late = tuple(name for name in MINUTES if row[name] > horizon)
            if late:
                yield Problem(
                    f"a minute lies behind the horizon of {horizon}: {_told(subject, run, row, late)}",
                    "write model.minute where something happens, and no minute that is still to come",
                )
                return


def _totals(subject: Subject) -> Iterator[Problem]:
    """What is counted by run is the same in all its rows."""
    for run, rows in subject.reference.items():
        for name in RUN_TOTALS:
            if len({row[name] for row in rows}) > 1:
                yield Problem(
                    f"{name} is of the run and yet differs between its rows ({subject.place(run)})",
                    f"write the same {name} into every row of a run, as super().rows() does",
                )
                return


def _men(subject: Subject) -> Iterator[Problem]:
    """Men that are missing from the units in the end stand in some row as lost."""
    for run in (run for run in subject.reference if run.replication == 0):
        with begun(subject.model, subject.world(run), subject.luck(run)) as model:
            before = sum(unit.men for unit in model.units)
            finish(model)
            left = [unit.men for unit in model.units]
            told = sum(row["own_killed"] for row in model.rows())
        if before - sum(left) > told or min(left, default=0) < 0:
            yield Problem(
                f"{before - sum(left)} men are missing from the units in the end, and own_killed tells of {told} "
                f"({subject.place(run)})",
                "let units lose men through BorderModel.engage alone, and no more than they have",
            )
            return
