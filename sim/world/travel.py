"""Response times: minutes from where men wait or walk to every part of the routes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.terrain.grid import Terrain
from sim.terrain.shortest_paths import minutes_from
from sim.terrain.travel import Graphs, graphs
from sim.world.tables import Tables

FOOT_LIMIT_MIN = 300.0
VEHICLE_LIMIT_MIN = 720.0
MAX_VEHICLE_SLOPE_DEG = 15.0


def going(terrain: Terrain, tables: Tables) -> Graphs:
    """The travel graphs: on foot, on foot off roads and tracks, by vehicle with the crew dismounting where it must."""
    return tables.get("going", (terrain.digest(),), lambda: graphs(terrain, MAX_VEHICLE_SLOPE_DEG))


def travel_minutes(
    terrain: Terrain, tables: Tables, cells: NDArray[np.int64], vehicle: bool, spots: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Least minutes from each cell to each spot, shape (cells, spots); infinite beyond the limit or the river."""
    limit = VEHICLE_LIMIT_MIN if vehicle else FOOT_LIMIT_MIN

    def build() -> NDArray[np.float64]:
        ways = going(terrain, tables)
        return minutes_from(ways.vehicle if vehicle else ways.foot, cells, limit_min=limit)[:, spots]

    return tables.get("travel", (terrain.digest(), cells, vehicle, tables.cells_digest(spots)), build)
