"""Routes: the least-cost way of a group over each crossing point, minute by minute."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from sim.scenario.group import Group
from sim.terrain.grid import Terrain
from sim.terrain.travel import path, routes_from, routes_to
from sim.world.crossings import Crossing


@dataclass(frozen=True, eq=False)
class Route:
    """The way over one crossing point; a step is a minute of plain Tobler going.

    Attributes
    ----------
    crossing:
        Position of the crossing point in the World's list.
    x_km, y_km:
        Where the group is after each step, shape (steps + 1,).
    cell:
        Flat index of that cell, shape (steps + 1,).
    raft_step, landing_step:
        Steps at which they put to water and land; equal where nothing is crossed.
    """

    crossing: int
    x_km: NDArray[np.float64]
    y_km: NDArray[np.float64]
    cell: NDArray[np.int64]
    raft_step: int
    landing_step: int

    @property
    def steps(self) -> int:
        """Minutes from the start to the target at plain Tobler going."""
        return len(self.cell) - 1


def find_routes(
    terrain: Terrain, graph: csr_matrix, group: Group, crossings: tuple[Crossing, ...], raft_min: int
) -> tuple[Route, ...]:
    """The route over each crossing point that can be reached and leads on; empty where none does."""
    start = _flat(terrain, group.start_x_km, group.start_y_km)
    target = _flat(terrain, group.target_x_km, group.target_y_km)
    out_min, out_from = routes_from(graph, [start])
    in_min, in_next = routes_to(graph, [target])
    found = []
    for index, crossing in enumerate(crossings):
        banks = _usable_banks(terrain, crossing, start, out_min[0], in_min[0])
        if banks is not None:
            outward = path(out_from[0], banks[0])
            inward = path(in_next[0], banks[1])[::-1]
            legs = (outward, out_min[0][outward], inward, in_min[0][banks[1]] - in_min[0][inward])
            found.append(_sampled(terrain, index, *legs, raft_min if crossing.banks else 0))
    return tuple(found)


def _flat(terrain: Terrain, x_km: float, y_km: float) -> int:
    row, col = terrain.cell_of(x_km, y_km)
    return int(row) * terrain.shape[1] + int(col)


def _usable_banks(
    terrain: Terrain,
    crossing: Crossing,
    start: int,
    out_min: NDArray[np.float64],
    in_min: NDArray[np.float64],
) -> tuple[int, int] | None:
    if crossing.banks is None:
        return (start, start) if np.isfinite(in_min[start]) else None
    cells = [row * terrain.shape[1] + col for row, col in crossing.banks]
    ways = [(a, b) for a, b in (cells, cells[::-1]) if np.isfinite(out_min[a]) and np.isfinite(in_min[b])]
    return min(ways, key=lambda way: out_min[way[0]] + in_min[way[1]]) if ways else None


def _sampled(
    terrain: Terrain,
    crossing: int,
    outward: NDArray[np.int64],
    out_min: NDArray[np.float64],
    inward: NDArray[np.int64],
    in_min: NDArray[np.float64],
    raft_min: int,
) -> Route:
    raft_step = int(np.ceil(out_min[-1]))
    landing_step = raft_step + raft_min
    cells = np.concatenate([outward, inward])
    times = np.concatenate([out_min, landing_step + in_min])
    x, y = terrain.centre_of(cells // terrain.shape[1], cells % terrain.shape[1])
    minute = np.arange(int(np.ceil(times[-1])) + 1)
    x_km, y_km = np.interp(minute, times, x), np.interp(minute, times, y)
    row, col = terrain.cell_of(x_km, y_km)
    return Route(crossing, x_km, y_km, row * terrain.shape[1] + col, raft_step, landing_step)
