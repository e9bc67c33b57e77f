"""Fixed routes: what an arm would do to groups that keep the routes of the baseline.

The *net* effect of an arm is the ordinary one: in each arm the groups choose their route by what they know of that
arm. The *naive* effect is that of the same arm on groups that keep the crossing point and way that they take in the
baseline. Only replications in which some group would choose otherwise have to be run again; all others are the
same by construction.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.execution.errors import IN_ARM
from sim.execution.executor import run_job
from sim.execution.progress import Progress
from sim.execution.settings import ExecutionSettings
from sim.execution.store import Store
from sim.outcomes import to_frame
from sim.study.compare.displacement import names_in, place_of
from sim.study.pairs import in_order
from sim.study.replay.replay import Earlier
from sim.study.replications import is_compiled, model_of
from sim.world import World

if TYPE_CHECKING:
    from sim.engine.engine import MultiArmEngine
    from sim.model import BorderModel


FREE = -1
"""In place of a route for a group that chooses for itself."""

NOWHERE = -1


class Kept(NamedTuple):
    """What follows from the choices in some replications.

    Attributes
    ----------
    moved:
        Whether the arm moves any group, shape (replications,).
    forced:
        Route of the arm that each group must take to keep its route, or `FREE`, shape (replications, groups).
    """

    moved: NDArray[np.bool_]
    forced: NDArray[np.int64]


class BaselineRoutes:
    """Routes of the baseline as an arm has them; routes are numbered through all parties, as the engine does.

    Parameters
    ----------
    baseline, world:
        Worlds of the baseline and of the arm.
    """

    def __init__(self, baseline: World, world: World) -> None:
        called = names_in(world, baseline)
        labels: dict[tuple[str, str], int] = {}

        def number(crossing: str | None, way: str) -> int:
            return NOWHERE if crossing is None else labels.setdefault((crossing, way), len(labels))

        self._before = np.array([number(called.get(crossing), way) for crossing, way in _labels(baseline)])
        self._here = np.array([number(crossing, way) for crossing, way in _labels(world)])
        parties = [party.name for party in baseline.scenario.infiltrators.parties]
        self._party = np.array(
            [parties.index(p.name) if p.name in parties else NOWHERE for p in world.scenario.infiltrators.parties]
        )
        self._routes = self._table(world, len(labels))

    def _table(self, world: World, labels: int) -> NDArray[np.int64]:
        """Route of each party of the arm by label, or `FREE`, shape (parties, labels + 1)."""
        table, begun = np.full((len(world.routes), labels + 1), FREE), 0
        for party, routes in enumerate(world.routes):
            for route in range(begun + len(routes) - 1, begun - 1, -1):
                table[party, self._here[route]] = route
            begun += len(routes)
        return table

    def of(self, before: NDArray[np.void], chosen: NDArray[np.void], numbers: NDArray[np.int64]) -> Kept:
        """What the choices say of each replication.

        Parameters
        ----------
        before, chosen:
            Records of all groups with the routes that they choose in the baseline and in the arm, by replication.
        numbers:
            Of the replications, ascending.
        """
        index = np.searchsorted(numbers, chosen["replication"])
        counts = np.bincount(index, minlength=len(numbers))
        place = np.arange(len(chosen)) - np.repeat(np.cumsum(counts) - counts, counts)
        wanted = self._wanted(before, chosen)
        differs = (wanted != NOWHERE) & (wanted != self._here[chosen["route"]])
        forced = np.full((len(numbers), int(counts.max(initial=0))), FREE)
        forced[index, place] = self._routes[chosen["party"], wanted]
        return Kept(np.bincount(index[differs], minlength=len(numbers)) > 0, forced)

    def _wanted(self, before: NDArray[np.void], chosen: NDArray[np.void]) -> NDArray[np.int64]:
        """Label of the way that each group of the arm takes in the baseline; `NOWHERE` where it has no such way."""
        parties = self._party[chosen["party"]]
        keys = _keys(before["replication"], before["party"], before["number"])
        asked = _keys(chosen["replication"], parties, chosen["number"])
        order = np.argsort(keys)
        found = np.minimum(np.searchsorted(keys[order], asked), max(len(keys) - 1, 0))
        if not len(keys):
            return np.full(len(asked), NOWHERE)
        rows = order[found]
        known = (keys[rows] == asked) & (parties != NOWHERE)
        return np.where(known, self._before[before["route"][rows]], NOWHERE)


def _labels(world: World) -> list[tuple[str, str]]:
    """Names of crossing point and way of all routes."""
    points = world.crossings
    return [(points[route.crossing].name, world.way_name(route.way)) for routes in world.routes for route in routes]


def _keys(replication: NDArray[np.int64], party: NDArray[np.int64], number: NDArray[np.int64]) -> NDArray[np.int64]:
    """One number for each group of each replication; parties and their groups are fewer than 2^12 and 2^20."""
    return (replication << 32) + ((party + 1) << 20) + number


Routes = dict[str, tuple[str, str]]
"""Crossing point and way of each group, by its name."""


@dataclass(frozen=True)
class FixedRoutes:
    """A job: replications in which an arm changes a route, run again with the routes of the baseline.

    Attributes
    ----------
    baseline:
        World of the baseline.
    rivals:
        Worlds of the arms in which somebody may choose otherwise.
    seed:
        Of the keyed streams, the same as that of the run that this is held against.
    engine:
        See `sim.study.replications.ENGINES`.
    """

    baseline: World
    rivals: tuple[World, ...]
    seed: int
    model: type[BorderModel] | None = None
    engine: str = "compiled"

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in self.__dict__.items() if name != "_compiled"}

    def run(self, start: int, stop: int) -> pd.DataFrame:
        """Outcome rows of those of replications start .. stop - 1 that differ, by replication, arm and group."""
        if is_compiled(self.engine, self.model):
            return self._run_compiled(np.arange(start, stop))
        return to_frame(row for number in range(start, stop) for row in self._rows(number))

    @cached_property
    def _compiled(self) -> tuple[MultiArmEngine, list[BaselineRoutes]]:
        from sim.engine.engine import MultiArmEngine

        kept = [BaselineRoutes(self.baseline, world) for world in self.rivals]
        return MultiArmEngine((self.baseline, *self.rivals)), kept

    def _run_compiled(self, numbers: NDArray[np.int64]) -> pd.DataFrame:
        house, baseline_routes = self._compiled
        before, *choices = house.choose(self.seed, numbers)
        kept = [routes.of(before, chosen, numbers) for routes, chosen in zip(baseline_routes, choices, strict=True)]
        return house.run_some(
            self.seed, [(numbers[:0], None), *((numbers[one.moved], one.forced[one.moved]) for one in kept)]
        )

    def _rows(self, replication: int) -> list[dict[str, Any]]:
        before = self.routes(self.baseline, replication)
        rows: list[dict[str, Any]] = []
        for world in self.rivals:
            chosen, routes = self.routes(world, replication), self.as_called(before, world)
            if any(chosen[name] != route for name, route in routes.items() if name in chosen):
                try:
                    rows += self._with_routes(world, replication, routes)
                except Exception as error:
                    error.add_note(f"{IN_ARM}{world.arm}")
                    raise
        return rows

    def _with_routes(self, world: World, replication: int, routes: Routes) -> list[dict[str, Any]]:
        model = model_of(self.model)(rng=self.seed, replication=replication, world=world, routes=routes)
        try:
            model.run()
            return model.rows()
        finally:
            model.release()

    def as_called(self, routes: Routes, world: World) -> Routes:
        """Routes of the baseline by an arm's names; without those whose crossing point the arm lacks.

        A group that took such a crossing point chooses anew.
        """
        names = names_in(world, self.baseline)
        return {group: (names[crossing], way) for group, (crossing, way) in routes.items() if crossing in names}

    def routes(self, world: World, replication: int) -> Routes:
        """What each group chooses; that is settled before the first minute."""
        from sim.model.choice import label_of

        model = model_of(self.model)(rng=self.seed, replication=replication, world=world)
        routes = {group.name: label_of(model, group.route) for group in model.groups}
        model.release()
        return routes


class EarlierFixedRoutes(Earlier):
    """One replication of an earlier run, with the baseline's routes in every arm."""

    def routes(self, baseline: World, world: World) -> Routes | None:
        """What the groups choose in the baseline, by the names of another arm."""
        job = FixedRoutes(baseline, (world,), self.seed)
        return None if world is baseline else job.as_called(job.routes(baseline, self.replication), world)


def may_change_routes(world: World, baseline: World) -> bool:
    """Whether any group may choose otherwise in an arm than in the baseline.

    Groups that weigh time alone do not, where routes and tastes are the same.
    """
    behaviours = {world.scenario.infiltrators.behaviour, baseline.scenario.infiltrators.behaviour}
    return behaviours != {"unaware"} or _choices(world) != _choices(baseline)


def _choices(world: World) -> tuple[float, list[list[tuple[Hashable, str, str, int]]]]:
    """All that a choice by time alone rests on; names too, since taste is keyed by them."""
    points = [(place_of(crossing), crossing.name) for crossing in world.crossings]
    return world.scenario.infiltrators.spread_min, [
        [(*points[route.crossing], world.way_name(route.way), route.steps) for route in routes]
        for routes in world.routes
    ]


def fixed_routes_job(worlds: tuple[World, ...], seed: int, engine: str = "compiled") -> FixedRoutes | None:
    """What has to be run again for the naive effects; None where no arm can change a route.

    Parameters
    ----------
    worlds:
        The baseline's first.
    """
    baseline, *others = worlds
    rivals = tuple(world for world in others if may_change_routes(world, baseline))
    return FixedRoutes(baseline, rivals, seed, engine=engine) if rivals else None


def run_with_fixed_routes(
    job: FixedRoutes, store: Store, replications: int, execution: ExecutionSettings, progress: Progress | None = None
) -> pd.DataFrame:
    """Run what the store lacks of the job, and read its rows back, strings as categories; there may be none.

    Raises
    ------
    ExecutionError, StoreError
        As `sim.execution.executor.run_job` does.
    """
    run_job(
        job,
        store,
        replications,
        **execution.model_dump(),
        progress=progress,
    )
    rows = store.rows().frame(coded=True)
    return rows if len(rows) else to_frame([])


def with_routes_kept(rows: pd.DataFrame, fixed: pd.DataFrame) -> pd.DataFrame:
    """Rows of one arm as if all groups had kept the routes of the baseline: rows run again replace the others.

    Parameters
    ----------
    rows:
        Outcome rows of one arm.
    fixed:
        Rows of `FixedRoutes`, of any arms.
    """
    arm = rows["arm"].iloc[0] if len(rows) else ""
    again = fixed[fixed["arm"] == arm]
    kept = rows[~rows["replication"].isin(again["replication"])]
    return in_order(pd.concat(_alike(kept, again), ignore_index=True) if len(again) else kept)


def _alike(one: pd.DataFrame, other: pd.DataFrame) -> list[pd.DataFrame]:
    """Both with the same categories, in the order of the strings: joined as they are, they would become objects."""
    found = [one.copy(deep=False), other.copy(deep=False)]
    for name in one.columns:
        if all(isinstance(side[name].dtype, pd.CategoricalDtype) for side in found):
            names = sorted({text for side in found for text in side[name].cat.categories})
            for side in found:
                side[name] = side[name].cat.set_categories(names)
    return found
