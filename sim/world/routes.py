"""Routes: the least-cost way of a group over each crossing point, minute by minute."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.scenario.group import Party
from sim.scenario.infiltrators import Infiltrators
from sim.terrain.grid import Terrain
from sim.terrain.shortest_paths import Graph, path, routes_from, routes_to
from sim.world.crossings import Crossing


@dataclass(frozen=True, eq=False)
class Route:
    """The way over one crossing point; a step is a minute of plain Tobler going.

    Attributes
    ----------
    crossing:
        Position of the crossing point in the World's list.
    way:
        Position of the way in the scenario's list; -1 for the quickest.
    x_km, y_km:
        Where the group is after each step, shape (steps + 1,).
    cell:
        Flat index of that cell, shape (steps + 1,).
    raft_step, landing_step:
        Steps at which they put to water and land; equal where nothing is crossed.
    """

    crossing: int
    way: int
    x_km: NDArray[np.float64]
    y_km: NDArray[np.float64]
    cell: NDArray[np.int64]
    raft_step: int
    landing_step: int

    @property
    def steps(self) -> int:
        """Minutes from the start to the target at plain Tobler going."""
        return len(self.cell) - 1


def fork_step(first: Route, second: Route) -> int:
    """Last step up to which two routes are the same, -1 if they differ from the start."""
    steps = min(first.steps, second.steps) + 1
    same = (first.x_km[:steps] == second.x_km[:steps]) & (first.y_km[:steps] == second.y_km[:steps])
    return int(steps if same.all() else same.argmin()) - 1


def find_routes(
    terrain: Terrain,
    graph: Graph,
    group: Party,
    infiltrators: Infiltrators,
    crossings: tuple[Crossing, ...],
) -> tuple[Route, ...]:
    """For each crossing point that can be reached and leads on, the quickest route and those over the ways.

    A way is offered where it takes no more than `detour_max_min` longer than the quickest route over the same
    crossing point. Empty where no crossing point leads to the target.
    """
    start = _flat(terrain, group.start_x_km, group.start_y_km)
    target = _flat(terrain, group.target_x_km, group.target_y_km)
    out_min, out_from = (rows[0] for rows in routes_from(graph, [start]))
    vias = [_flat(terrain, way.x_km, way.y_km) for way in infiltrators.ways]
    all_min, all_next = routes_to(graph, [target, *vias])  # at one go: the graph is turned round once
    in_min, in_next, to_via, via_next = all_min[0], all_next[0], all_min[1:], all_next[1:]
    found = []
    for index, crossing in enumerate(crossings):
        banks = _usable_banks(terrain, crossing, start, out_min, in_min)
        if banks is None:
            continue
        raft_min = infiltrators.raft_min if crossing.banks else 0
        outward = path(out_from, banks[0])
        leg = path(in_next, banks[1])[::-1]
        legs = [(-1, leg, in_min[banks[1]] - in_min[leg])]
        for way, via in enumerate(vias):
            quickest, over = in_min[banks[1]], to_via[way, banks[1]] + in_min[via]
            if over <= quickest + infiltrators.detour_max_min:
                legs.append((way, *_over(via, banks[1], to_via[way], via_next[way], in_min, in_next)))
        for way, inward, minutes in legs:
            found.append(_sampled(terrain, index, way, outward, out_min[outward], inward, minutes, raft_min))
    return tuple(found)


def _over(
    via: int,
    bank: int,
    to_via: NDArray[np.float64],
    via_next: NDArray[np.int32],
    in_min: NDArray[np.float64],
    in_next: NDArray[np.int32],
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Cells and minutes of the leg from a bank over a place to the target."""
    first, second = path(via_next, bank)[::-1], path(in_next, via)[::-1]
    minutes = np.concatenate([to_via[bank] - to_via[first], to_via[bank] + in_min[via] - in_min[second][1:]])
    return np.concatenate([first, second[1:]]), minutes


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
    way: int,
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
    return Route(crossing, way, x_km, y_km, row * terrain.shape[1] + col, raft_step, landing_step)
