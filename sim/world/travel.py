"""Response times: minutes from where men wait or walk to every part of the routes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.terrain.grid import Terrain
from sim.terrain.travel import foot_graph, minutes_from, vehicle_graph
from sim.world.tables import Tables

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

FOOT_LIMIT_MIN = 300.0
VEHICLE_LIMIT_MIN = 720.0
MAX_VEHICLE_SLOPE_DEG = 15.0


def stealthy_going(terrain: Terrain, tables: Tables) -> csr_matrix:
    """The travel graph of people on foot who keep off roads and tracks."""
    return tables.get("going", (terrain.digest(), "stealthy"), lambda: foot_graph(terrain, use_paths=False))


def going(terrain: Terrain, tables: Tables, vehicle: bool) -> csr_matrix:
    """The travel graph on foot, or by vehicle with the crew dismounting where it must."""
    if vehicle:
        return tables.get("going", (terrain.digest(), "vehicle"), lambda: vehicle_graph(terrain, MAX_VEHICLE_SLOPE_DEG))
    return tables.get("going", (terrain.digest(), "foot"), lambda: foot_graph(terrain))


def travel_minutes(
    terrain: Terrain, tables: Tables, cells: NDArray[np.int64], vehicle: bool, spots: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Least minutes from each cell to each spot, shape (cells, spots); infinite beyond the limit or the river."""
    limit = VEHICLE_LIMIT_MIN if vehicle else FOOT_LIMIT_MIN
    graph = going(terrain, tables, vehicle)

    def build() -> NDArray[np.float64]:
        return minutes_from(graph, cells, limit_min=limit)[:, spots]

    return tables.get("travel", (terrain.digest(), cells, vehicle, tables.cells_digest(spots)), build)
