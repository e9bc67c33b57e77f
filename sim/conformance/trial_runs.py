"""The runs on which a model is tried: the small cases, each arm and replication, and how their rows differ."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, NamedTuple

from sim.execution.errors import few, shortened
from sim.model import BorderModel
from sim.scenario import Scenario, ScenarioError, load_scenario
from sim.study.replications import arms_in_order, build_worlds
from sim.world import Tables, World, build_world

Rows = list[dict[str, Any]]
"""Outcome rows as the model returns them."""

EachMinute = Callable[[BorderModel], None]
"""What is done before each minute of a run."""

LIBRARIES = ("sim", "mesa", "builtins", "abc", "typing")
"""Packages whose classes are not the author's own."""


class NeverEndsError(Exception):
    """The model still runs when the horizon is past."""


def finish(model: BorderModel, each_minute: EachMinute = lambda _: None) -> None:
    """Run to the end; for a model with a `run` of its own, `each_minute` is called once, before it.

    A `NeverEndsError` says that `running` is still true when the horizon is past.
    """
    if type(model).run is not BorderModel.run:
        each_minute(model)
        model.run()
        return
    # The last minute is the horizon's, and one more step may be spent on noticing that it is past.
    for _ in range(model.world.scenario.horizon_min + 2):
        if not model.running:
            return
        each_minute(model)
        model.step()
    if model.running:
        raise NeverEndsError(f"`running` is still true after {model.world.scenario.horizon_min} minutes, the horizon")


@dataclass(frozen=True)
class Case:
    """A scenario by a name, with the Worlds of the arms on which the model is tried and the tables of their ground.

    The arm of the first World is the one that the others are compared with.
    """

    name: str
    worlds: tuple[World, ...]
    tables: Tables

    @classmethod
    def of(cls, name: str, scenario: Scenario, arms: Sequence[str] | None = None) -> Case:
        """A case with its Worlds built, of all arms by default; a ScenarioError for an arm that cannot be built."""
        tables = Tables()
        return cls(name, build_worlds(scenario, tuple(arms or arms_in_order(scenario)), tables), tables)

    def changed(self, world: World, changes: dict[str, Any]) -> World | None:
        """The World of an arm with some keys of its scenario changed; None where its ground does not allow that."""
        try:
            here = world.scenario.replace(**changes)
            return replace(build_world(here, here.baseline, self.tables), arm=world.arm, cost_usd=world.cost_usd)
        except ScenarioError:
            return None


def default_cases() -> tuple[Case, ...]:
    """An invented valley, and the default case on coarse ground: together they use every agent and most rules."""
    coarse = load_scenario("shahrituz_2019", ["terrain.cell_m=1000"])
    valley = load_scenario("conformance")
    return Case.of("valley", valley), Case.of("shahrituz", coarse, ("without", "with_outpost"))


class Run(NamedTuple):
    """Which run of a trial: the place of its case, the place of its World in the case, and the replication."""

    case: int
    arm: int
    replication: int


@dataclass(frozen=True)
class Trial:
    """The model that is tried and the runs on which it is: some replications of each arm of each case."""

    model: type[BorderModel]
    cases: tuple[Case, ...]
    replications: int
    seed: int

    @cached_property
    def reference(self) -> dict[Run, Rows]:
        """Rows of all runs, each run once, in the order of studies."""
        return {run: self.rows(run) for run in self.runs()}

    def runs(self) -> Iterator[Run]:
        """All runs: case by case, in it replication by replication, and in it arm by arm."""
        for number, case in enumerate(self.cases):
            for replication in range(self.replications):
                for arm in range(len(case.worlds)):
                    yield Run(number, arm, replication)

    def world(self, run: Run) -> World:
        """The World of a run."""
        return self.cases[run.case].worlds[run.arm]

    @contextmanager
    def begun(self, run: Run, world: World | None = None) -> Iterator[BorderModel]:
        """A model at minute 0 of a run, or of the same in another World; released when the block ends.

        An error in the block gets a note with arm and replication.
        """
        world = world or self.world(run)
        try:
            model = self.model(rng=self.seed, replication=run.replication, world=world)
            try:
                yield model
            finally:
                model.release()
        except Exception as error:
            error.add_note(f"in replication {run.replication} of arm {world.arm} of {world.scenario.name}")
            raise

    def rows(self, run: Run, each_minute: EachMinute = lambda _: None, *, world: World | None = None) -> Rows:
        """Rows of one run, run anew, or run in another World."""
        with self.begun(run, world) as model:
            finish(model, each_minute)
            return list(model.rows())

    def first_difference(
        self, after: Callable[[Run], Rows], runs: Iterable[Run] | None = None, ignored: Collection[str] = ()
    ) -> str | None:
        """The first difference of other rows from the reference, and where; of all runs or of some."""
        for run in self.reference if runs is None else runs:
            found = difference(self.reference[run], after(run), ignored)
            if found:
                return f"{found} ({self.place(run)})"
        return None

    def place(self, run: Run) -> str:
        """A run in words."""
        return f"{self.cases[run.case].name}, arm {self.world(run).arm}, replication {run.replication}"

    @cached_property
    def stock(self) -> Trial:
        """The same with the plain model: what it does not keep in a case, no subclass can be asked to keep there."""
        return replace(self, model=BorderModel)

    @cached_property
    def another_seed(self) -> Trial:
        """The same with the next seed."""
        return replace(self, seed=self.seed + 1)


def own_classes(model: type[BorderModel]) -> tuple[type, ...]:
    """The model's classes that are the author's own, and those of the agents that it names or brings along."""
    named = [value for kind in model.__mro__ for value in list(vars(kind).values()) if isinstance(value, type)]
    found: dict[type, None] = {}
    for given in (model, *named):
        found.update((kind, None) for kind in given.__mro__ if kind.__module__.partition(".")[0] not in LIBRARIES)
    return tuple(found)


def own_values(model: type[BorderModel]) -> Iterator[tuple[str, Any]]:
    """What outlives a run in own classes and their modules: where it is, and the value."""
    modules = dict.fromkeys(kind.__module__ for kind in own_classes(model))
    for kind in own_classes(model):
        yield from ((f"{kind.__name__}.{name}", value) for name, value in list(vars(kind).items()))
    for name in modules:
        module = sys.modules.get(name)
        if module is not None:
            yield from ((f"{name}.{key}", value) for key, value in list(vars(module).items()) if key[:2] != "__")


def difference(before: Rows, after: Rows, ignored: Collection[str] = ()) -> str | None:
    """The first difference between rows that should be equal, but for `ignored` columns; None when they are.

    Examples
    --------
    >>> difference([{"group": "band", "killed": 0}], [{"group": "band", "killed": 2}])
    'killed of band is 2 where it was 0'
    """
    names, others = ([row.get("group") for row in rows] for rows in (before, after))
    if names != others:
        return f"the groups are {few(others) or 'none'} where they were {few(names) or 'none'}"
    for row, other in zip(before, after, strict=True):
        changed = [key for key in row if key not in ignored and not _same(row[key], other.get(key))]
        if changed:
            first, rest = changed[0], changed[1:]
            more = f", and {few(rest)} {'differs' if len(rest) == 1 else 'differ'} too" if rest else ""
            values = f"{shortened(repr(other.get(first)))} where it was {shortened(repr(row[first]))}"
            return f"{first} of {row.get('group')} is {values}{more}"
    return None


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, float) and isinstance(other, float) and math.isnan(one) and math.isnan(other):
        return True
    return bool(one == other)
