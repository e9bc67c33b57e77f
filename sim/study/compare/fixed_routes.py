"""Fixed routes: what an arm would do to groups that keep the routes of the baseline.

The *net* effect of an arm is the ordinary one: in each arm the groups choose their route by what they know of that
arm. The *naive* effect is that of the same arm on groups that keep the crossing point and way that they take in the
baseline. Only replications in which some group chose otherwise have to be run again; all others are the same by
construction.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.execution.executor import ExecutionSettings, run_job
from sim.execution.progress import Progress
from sim.execution.store import Store
from sim.outcomes import to_frame
from sim.study.base import Earlier
from sim.study.pairs import side_by_side
from sim.study.replications import Replications, is_compiled
from sim.world import World
from sim.world.crossings import Crossing

if TYPE_CHECKING:
    import pandas as pd

    from sim.engine.engine import Wanted
    from sim.execution.rows import Rows

FIXED_ROUTES = "naive"
"""Where in the output folder the replications are kept that were run again with the routes of the baseline."""

ROUTE_COLUMNS = ("replication", "arm", "group", "crossing", "way")

FREE = -1
"""In place of a route for a group that chooses for itself."""

PLACE_DIGITS = 6
"""Digits after the point of a kilometre to which two places are the same."""


@dataclass(frozen=True, eq=False)
class FixedRoutes(Replications):
    """A job: replications in which an arm changes a route, run again with the routes of the baseline.

    Attributes
    ----------
    routes:
        For each World, of the replications to be run again in ascending order: ``replication``, ``group``, ``place``
        (the group's position in its replication), ``crossing`` and ``way``, by the arm's names; missing where the arm
        has no such crossing point: such a group chooses for itself. Strings are categories: all go to every worker.
    """

    routes: tuple[pd.DataFrame, ...] = ()

    def run_these(self, numbers: NDArray[np.int64]) -> pd.DataFrame:
        """Outcome rows of those of some replications that are to be run again, by replication, arm and group."""
        some = [_rows_of(routes, numbers) for routes in self.routes]
        if is_compiled(self.engine, self.model):
            wanted = [_forced(world, routes) for world, routes in zip(self.worlds, some, strict=True)]
            return self._compiled.run_some(self.seed, wanted)
        return to_frame(row for number in numbers.tolist() for row in self._with_routes(number, some))

    def _with_routes(self, number: int, some: list[pd.DataFrame]) -> Iterator[dict[str, Any]]:
        for world, routes in zip(self.worlds, some, strict=True):
            given = routes[routes["replication"] == number]
            if len(given):
                given = given.dropna()
                labels = zip(given["crossing"], given["way"], strict=True)
                yield from self._of_arm(world, number, routes=dict(zip(given["group"], labels, strict=True)))


def _rows_of(routes: pd.DataFrame, numbers: NDArray[np.int64]) -> pd.DataFrame:
    """Rows of some replications; as both ascend, only what lies between the first and the last is searched."""
    start, stop = np.searchsorted(routes["replication"], [numbers[0], numbers[-1] + 1])
    between = routes.iloc[start:stop]
    return between[between["replication"].isin(numbers)]


def _forced(world: World, routes: pd.DataFrame) -> Wanted:
    """Numbers of the replications in which groups are given routes, and the routes as `Engine.run` takes them."""
    parties = {party.name: index for index, party in enumerate(world.scenario.infiltrators.parties)}
    labels = [
        (party, world.crossings[route.crossing].name, world.way_name(route.way))
        for party, of_party in enumerate(world.routes)
        for route in of_party
    ]
    # Of several routes of one name the first counts.
    number_of: dict[tuple[int | None, str, str], int] = {
        label: number for number, label in reversed(list(enumerate(labels)))
    }
    numbers, index = np.unique(routes["replication"].to_numpy(), return_inverse=True)
    forced = np.full((len(numbers), 1 + int(routes["place"].max() if len(routes) else 0)), FREE)
    forced[index, routes["place"]] = [
        number_of.get((parties.get(group, parties.get(group.rpartition("_")[0])), crossing, way), FREE)
        for group, crossing, way in zip(routes["group"], routes["crossing"], routes["way"], strict=True)
    ]
    return numbers, forced


class EarlierFixedRoutes(Earlier):
    """One replication of an earlier run, with the baseline's routes in every arm."""

    def routes(self, baseline: World, world: World) -> dict[str, tuple[str, str]] | None:
        """What the groups choose in the baseline, by the names of another arm."""
        if world is baseline:
            return None
        # Mesa is imported only where agents run.
        from sim.model import BorderModel
        from sim.model.choice import label_of

        # They choose as the model is made: none of its minutes is run.
        model = BorderModel(rng=self.seed, replication=self.replication, world=baseline)
        names = names_in(world, baseline)
        chosen = [(group.name, *label_of(model, group.route)) for group in model.groups]
        model.release()
        return {group: (names[crossing], way) for group, crossing, way in chosen if crossing in names}


def fixed_routes_job(worlds: tuple[World, ...], rows: Rows, seed: int, engine: str = "compiled") -> FixedRoutes | None:
    """What has to be run again for the naive effects; None where no group changes its route and all are unaware.

    Parameters
    ----------
    worlds:
        The baseline's first.
    rows:
        Outcome rows of all arms.
    """
    baseline, *others = worlds
    before = rows.frame(ROUTE_COLUMNS, arm=baseline.arm, coded=True)
    found = {}
    for world in others:
        routes = changed_routes(rows.frame(ROUTE_COLUMNS, arm=world.arm, coded=True), before, world, baseline)
        behaviours = {one.scenario.infiltrators.behaviour for one in (baseline, world)}
        if len(routes) or behaviours != {"unaware"}:
            found[world] = routes
    return FixedRoutes(tuple(found), seed, engine=engine, routes=tuple(found.values())) if found else None


def changed_routes(arm: pd.DataFrame, base: pd.DataFrame, world: World, baseline: World) -> pd.DataFrame:
    """Routes of the baseline in those replications in which some group takes another in the arm.

    Parameters
    ----------
    arm, base:
        `ROUTE_COLUMNS` of the arm's rows and of the baseline's.

    Returns
    -------
    pandas.DataFrame
        As `FixedRoutes.routes`.
    """
    place = arm.groupby("replication").cumcount()
    pairs = side_by_side(arm.assign(place=place), base)
    crossing = pairs.base["crossing"].astype("str").map(names_in(world, baseline))
    way, own = pairs.base["way"].astype("str"), pairs.arm[["crossing", "way"]].astype("str")
    differs = crossing.notna() & ((crossing != own["crossing"]) | (way != own["way"]))
    again = np.isin(pairs.clusters, pairs.clusters[differs])
    routes = pairs.arm[["replication", "group", "place"]].assign(crossing=crossing, way=way)[again]
    return routes.astype(dict.fromkeys(("group", "crossing", "way"), "category"))


def run_with_fixed_routes(
    job: FixedRoutes, store: Store, replications: int, execution: ExecutionSettings, progress: Progress | None = None
) -> pd.DataFrame:
    """Run what the store lacks of the job, and read its rows back, strings as categories; there may be none.

    Raises
    ------
    ExecutionError, StoreError
        As `sim.execution.executor.run_job` does.
    """
    run_job(job, store, replications, **execution.model_dump(), progress=progress)
    rows = store.rows().frame(coded=True)
    return rows if len(rows) else to_frame([])


def place_of(crossing: Crossing) -> Hashable:
    """What two crossing points share if and only if they are the same place; ``direct`` is the same everywhere."""
    if crossing.banks is None:
        return crossing.name
    return round(crossing.x_km, PLACE_DIGITS), round(crossing.y_km, PLACE_DIGITS)


def names_in(world: World, baseline: World) -> dict[str, str]:
    """What an arm calls the crossing points of the baseline, by the baseline's names; without those that it lacks."""
    called = {place_of(crossing): crossing.name for crossing in world.crossings}
    places = {crossing.name: place_of(crossing) for crossing in baseline.crossings}
    return {name: called[place] for name, place in places.items() if place in called}
