"""Whether everybody's luck is their own: more draws by one, or one more who does nothing, change nobody else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sim.conformance.advice import KEYED
from sim.conformance.bystanders import BYSTANDER, with_bystanders
from sim.conformance.differences import difference, of_groups
from sim.conformance.generators import draw_once, shared_generators
from sim.conformance.playing import EachMinute, Rows, begun, rows_of
from sim.conformance.subject import Run, Subject
from sim.conformance.verdict import Problem
from sim.model import BorderModel
from sim.world import World

COUNTED = ("false_alarms", "dispatches", "patrol_hours", "cost_usd")
"""Totals of a run, which one more post or patrol may well change."""


def check_streams(subject: Subject) -> Iterator[Problem]:
    """Draw more from each generator that is shared, then add one of each who does nothing."""
    yield from _more_draws(subject)
    yield from _bystanders(subject)


def _more_draws(subject: Subject) -> Iterator[Problem]:
    named: dict[str, str] = {}
    for run, rows in subject.reference.items():
        if difference(rows, subject.rows(run, _drawing(None))):
            for name in _names(subject, run):
                told = difference(rows, subject.rows(run, _drawing(name)))
                if told:
                    named.setdefault(name, f"{told} ({subject.place(run)})")
    for name, told in named.items():
        yield Problem(
            f"agents draw in turn from {name}: when somebody draws one number more a minute, {told}",
            KEYED + "; self.random and self.rng begin alike in every replication, whatever the seed",
        )


def _names(subject: Subject, run: Run) -> list[str]:
    """Where the generators are that a run shares at its beginning."""
    with begun(subject.model, subject.world(run), subject.luck(run)) as model:
        return list(shared_generators(model))


def _drawing(only: str | None) -> EachMinute:
    """Before each minute of one run, draw from all that is shared at its beginning, or from one of these."""
    found: dict[str, Any] = {}

    def draw(model: BorderModel) -> None:
        if not found:
            found.update(shared_generators(model))
        for name, generator in found.items():
            if only in (None, name):
                draw_once(generator)

    return draw


def _bystanders(subject: Subject) -> Iterator[Problem]:
    """One more post, patrol and group, each alone, which see nothing, send nobody, and never set out."""
    for kind in BYSTANDER:
        for number, scene in enumerate(subject.scenes):
            arm = len(scene.worlds) - 1
            world = with_bystanders(scene, scene.worlds[arm], kind)
            runs = [Run(number, arm, replication) for replication in range(subject.replications)]
            told = world and _first(subject, runs, world)
            # What a bystander changes for the plain model too, it may change for anybody.
            if world and told and not _first(subject.stock, runs, world):
                yield Problem(
                    f"one more {kind} that does nothing changes others: {told}",
                    f"{KEYED}; find agents by name, not by their place in a list; if your rule counts {kind}s on "
                    "purpose, leave this check out: check_model(..., leave_out=['streams'])",
                )
                break


def _first(subject: Subject, runs: list[Run], world: World) -> str | None:
    for run in runs:
        before = subject.reference[run]
        after = rows_of(subject.model, world, subject.luck(run))
        told = difference(before, of_groups(after, _names_of(before)), COUNTED)
        if told:
            return f"{told} ({subject.place(run)})"
    return None


def _names_of(rows: Rows) -> list[Any]:
    return [row["group"] for row in rows]
