"""Outcome rows from the records of groups: codes become words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.engine.layout import HOW, MECHANISMS, Records
from sim.outcomes import COLUMNS, OUTCOMES, coded
from sim.rules.road import depth_on_road
from sim.scenario.group import Stream
from sim.world import World

if TYPE_CHECKING:
    import pandas as pd

SAME = (
    "replication size departed_min crossed_min hidden_min detected_min cued_min dispatched_min intercepted_min "
    "ended_min killed captured own_killed false_alarms dispatches warned"
)
"""Columns that are taken as they are."""


class Words(NamedTuple):
    """A column of words: the position of each row's word in a list of them."""

    codes: NDArray[np.integer]
    words: tuple[str, ...]


Column = Words | NDArray[Any]


class ColumnBuilder:
    """Makes the columns of the outcome schema from the records of one arm's groups."""

    def __init__(self, world: World) -> None:
        self._world = world
        here = world.scenario
        self._keys = [(party, number) for party, routes in enumerate(world.routes) for number in range(len(routes))]
        routes = [route for each in world.routes for route in each]
        self._crossing = np.array([route.crossing for route in routes])
        self._way = np.array([route.way + 1 for route in routes])
        self._ways = ("quickest", *(way.name for way in here.infiltrators.ways))
        units = (*(post.name for post in here.all_posts), *(patrol.name for patrol in here.patrols))
        checkpoints = (f"checkpoint_{number + 1}" for number in range(here.inland.checkpoints))
        self._who = ("", *units, here.reaction_force.name, "interior", *checkpoints)

    def columns(self, groups: Records) -> dict[str, Column]:
        """Every column of the schema, by name."""
        columns: dict[str, Column] = {name: groups[name] for name in SAME.split()}
        columns |= self._identity(groups) | self._story(groups) | self._place(groups)
        columns["patrol_hours"] = groups["duty_min"] / 60.0
        columns["cost_usd"] = np.full(len(groups), self._world.cost_usd)
        return {name: _narrow(columns[name]) for name in COLUMNS}

    def _identity(self, groups: Records) -> dict[str, Column]:
        world, crossing = self._world, self._crossing[groups["route"]]
        parties, points = world.scenario.infiltrators.parties, world.crossings
        return {
            "arm": Words(np.zeros(len(groups), dtype=np.int64), (world.arm,)),
            "group": self._names(groups),
            "kind": Words(groups["party"], tuple(party.kind for party in parties)),
            "crossing": Words(crossing, tuple(point.name for point in points)),
            "crossing_x_km": np.array([point.x_km for point in points])[crossing],
            "crossing_y_km": np.array([point.y_km for point in points])[crossing],
            "sector": Words(crossing, tuple(world.scenario.sector_of(point.x_km) for point in points)),
            "way": Words(self._way[groups["route"]], self._ways),
            "weather": Words(groups["weather"], tuple(kind.name for kind in world.scenario.light.weather)),
        }

    def _names(self, groups: Records) -> Words:
        """Names of the groups; those of a stream bear numbers."""
        parties = self._world.scenario.infiltrators.parties
        most = int(groups["number"].max(initial=0)) + 1
        known, codes = np.unique(groups["party"] * most + groups["number"], return_inverse=True)
        names = []
        for key in known.tolist():
            party, number = parties[key // most], key % most
            names.append(f"{party.name}_{number}" if isinstance(party, Stream) else party.name)
        return Words(codes.astype(np.int64), tuple(names))

    def _story(self, groups: Records) -> dict[str, Column]:
        return {
            "detected": groups["detected_min"] >= 0,
            "detected_by": Words(groups["detected_by"], self._who),
            "detected_how": Words(groups["detected_how"], HOW),
            "cued_from": Words(groups["cued_from"], self._who),
            "intercepted": groups["intercepted_by"] > 0,
            "intercepted_by": Words(groups["intercepted_by"], self._who),
            "mechanism": Words(groups["mechanism"], MECHANISMS),
            "outcome": Words(groups["outcome"], OUTCOMES),
            "escaped": groups["size"] - groups["killed"] - groups["captured"],
        }

    def _place(self, groups: Records) -> dict[str, Column]:
        """Where groups were met; on the road the depth grows by the share of it that lay behind."""
        depth, met = np.full(len(groups), np.nan), groups["depth_step"] >= 0
        for route in np.unique(groups["route"][met]).tolist():
            here = met & (groups["route"] == route)
            depth[here] = self._world.depth_km(*self._keys[route])[groups["depth_step"][here]]
        by_road = ~np.isnan(groups["road_share"])
        length_km = self._world.scenario.inland.length_km
        depth[by_road] = depth_on_road(depth[by_road], groups["road_share"][by_road], length_km)
        return {"x_km": groups["met_x_km"], "y_km": groups["met_y_km"], "depth_km": depth}


def _narrow(column: Column) -> Column:
    """A column of words by codes of as few bytes as will do; others as copies, which hold on to nothing else."""
    if isinstance(column, Words):
        return Words(column.codes.astype(np.min_scalar_type(len(column.words))), column.words)
    return np.array(column)


def frame_of(parts: Sequence[dict[str, Column]]) -> pd.DataFrame:
    """Outcome rows of several arms, ordered by replication, arm and group.

    Parameters
    ----------
    parts:
        Columns of the arms, those of one replication in the order of the arms.
    """
    import pandas as pd  # as in `sim.outcomes`

    together = {name: _joined([part[name] for part in parts]) for name in COLUMNS}
    order = np.argsort(np.asarray(together["replication"]), kind="stable")
    data = {}
    for name, kind in COLUMNS.items():
        column = together[name]
        if isinstance(column, Words):
            data[name] = coded(column.codes[order], column.words)
        else:
            data[name] = pd.Series(np.asarray(column[order], dtype=kind))
    return pd.DataFrame(data)


def _joined(columns: list[Column]) -> Column:
    """One column after the other; words get one list."""
    if not isinstance(columns[0], Words):
        return np.concatenate([np.asarray(column) for column in columns])
    lists = [column for column in columns if isinstance(column, Words)]
    words = tuple(dict.fromkeys(word for column in lists for word in column.words))
    place = {word: position for position, word in enumerate(words)}
    kind = np.min_scalar_type(len(words))
    codes = [np.array([place[word] for word in column.words], dtype=kind)[column.codes] for column in lists]
    return Words(np.concatenate(codes), words)
