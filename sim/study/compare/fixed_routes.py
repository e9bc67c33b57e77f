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
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.execution.errors import IN_ARM
from sim.execution.executor import run_job
from sim.execution.progress import Progress
from sim.execution.settings import ExecutionSettings
from sim.execution.store import Store
from sim.outcomes import to_frame
from sim.study.base import Earlier
from sim.study.compare.baseline_routes import BaselineRoutes, names_in, place_of
from sim.study.pairs import in_order
from sim.study.replications import is_compiled, model_of
from sim.world import World

if TYPE_CHECKING:
    from sim.engine.engine import MultiArmEngine
    from sim.model import BorderModel

FIXED_ROUTES = "naive"
"""Where in the output folder the replications are kept that were run again with the routes of the baseline."""

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
