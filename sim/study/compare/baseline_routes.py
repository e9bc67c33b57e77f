"""Which routes of an arm are those that groups take in the baseline, for runs with fixed routes."""

from __future__ import annotations

from collections.abc import Hashable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.world import World
from sim.world.crossings import Crossing

FREE = -1
"""In place of a route for a group that chooses for itself."""

NOWHERE = -1

NEAREST_KM = 6
"""Digits after the point of a kilometre to which two places are the same."""


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


def place_of(crossing: Crossing) -> Hashable:
    """What two crossing points share if and only if they are the same place; ``direct`` is the same everywhere."""
    if crossing.banks is None:
        return crossing.name
    return round(crossing.x_km, NEAREST_KM), round(crossing.y_km, NEAREST_KM)


def names_in(world: World, baseline: World) -> dict[str, str]:
    """What an arm calls the crossing points of the baseline, by the baseline's names; without those that it lacks."""
    called = {place_of(crossing): crossing.name for crossing in world.crossings}
    places = {crossing.name: place_of(crossing) for crossing in baseline.crossings}
    return {name: called[place] for name, place in places.items() if place in called}
