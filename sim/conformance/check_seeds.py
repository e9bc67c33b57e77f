"""Whether a seed and a replication give the same rows, whatever was run before."""

from __future__ import annotations

from collections.abc import Iterator

from sim.conformance.advice import KEYED, STATE
from sim.conformance.differences import difference
from sim.conformance.playing import begun, rows_of
from sim.conformance.subject import Run, Subject
from sim.conformance.verdict import Problem
from sim.model import BorderModel


def check_seeds(subject: Subject) -> Iterator[Problem]:
    """Play each run twice more in another order, then two models side by side; another replication must differ."""
    again = list(_again(subject))
    yield from again
    if not again:
        yield from _side_by_side(subject)
    yield from _luck(subject)


def _again(subject: Subject) -> Iterator[Problem]:
    """From the last run to the first, with a run of another seed before each; and at once a second time."""
    other = subject.seed + 1
    for run, rows in reversed(subject.reference.items()):
        rows_of(subject.model, subject.world(run), subject.luck(run)._replace(seed=other))
        after = subject.rows(run)
        told = difference(rows, after)
        if told is None:
            continue
        twice = difference(after, subject.rows(run))
        if twice is None:
            what = f"the rows depend on what was run before: {told} ({subject.place(run)})"
        else:
            what = f"the same seed and replication give other rows each time: {told} ({subject.place(run)})"
        yield Problem(what, f"{STATE}; and where it is chance, {KEYED}")
        return


def _side_by_side(subject: Subject) -> Iterator[Problem]:
    """Two runs of a scene, a minute of each in turn."""
    if subject.model.run is not BorderModel.run:
        return
    for number, scene in enumerate(subject.scenes):
        run = Run(number, len(scene.worlds) - 1, 0)
        other = subject.luck(run)._replace(seed=subject.seed + 1)
        world = subject.world(run)
        with begun(subject.model, world, subject.luck(run)) as one, begun(subject.model, world, other) as two:
            for _ in range(world.scenario.horizon_min + 2):
                for model in (one, two):
                    if model.running:
                        model.step()
            told = difference(subject.reference[run], list(one.rows()))
        if told:
            yield Problem(
                f"a second model that runs at the same time changes the first: {told} ({subject.place(run)})", STATE
            )
            return


def _luck(subject: Subject) -> Iterator[Problem]:
    """Another seed gives other rows, where it does so for the plain model."""
    if not any(_differs(subject, scene) for scene in range(len(subject.scenes))):
        stock = subject.stock
        if any(_differs(stock, scene) for scene in range(len(subject.scenes))):
            yield Problem(
                "every seed gives the same rows: there is no luck left in the model",
                "leave self.run_key as BorderModel.__init__ sets it: it is the seed and the replication in one number",
            )


def _differs(subject: Subject, scene: int) -> bool:
    run = Run(scene, 0, 0)
    rows = subject.rows(run)
    seeds = range(subject.seed + 1, subject.seed + 5)
    others = (rows_of(subject.model, subject.world(run), subject.luck(run)._replace(seed=seed)) for seed in seeds)
    return any(difference(rows, other) for other in others)
