"""Routes: the least-cost path of a group over each crossing point, minute by minute, and what they pass on it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from sim.scenario.group import Party
from sim.scenario.infiltrators import Infiltrators
from sim.terrain import Floats, Int32s, Ints
from sim.terrain.grid import Terrain
from sim.terrain.shortest_paths import Graph, path, routes_from, routes_to
from sim.terrain.travel import OFF_PATH_FACTOR, tobler_kmh
from sim.world.crossings import Crossing

Leg = tuple[Ints, Floats]
"""Flat indices of cells, and the minutes from the first of them at which each is reached."""


@dataclass(frozen=True, eq=False)
class Route:
    """The route over one crossing point; a step is a minute at Tobler's pace on this ground.

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
    x_km: Floats
    y_km: Floats
    cell: Ints
    raft_step: int
    landing_step: int

    @property
    def steps(self) -> int:
        """Minutes from the start to the target at Tobler's pace."""
        return len(self.cell) - 1


def fork_step(first: Route, second: Route) -> int:
    """Last step up to which two routes are the same, -1 if they differ from the start."""
    steps = min(first.steps, second.steps) + 1
    same = (first.x_km[:steps] == second.x_km[:steps]) & (first.y_km[:steps] == second.y_km[:steps])
    return int(steps if same.all() else same.argmin()) - 1


def find_routes(
    terrain: Terrain, graph: Graph, group: Party, infiltrators: Infiltrators, crossings: tuple[Crossing, ...]
) -> tuple[Route, ...]:
    """For each crossing point that can be reached and leads on, the quickest route and those over the ways.

    A way is offered where it takes no more than `detour_max_min` longer than the quickest route over the same
    crossing point. Empty where no crossing point leads to the target.
    """
    start = int(terrain.flat_cell_of(group.start_x_km, group.start_y_km))
    target = int(terrain.flat_cell_of(group.target_x_km, group.target_y_km))
    vias = [int(terrain.flat_cell_of(way.x_km, way.y_km)) for way in infiltrators.ways]
    out_min, out_from = (rows[0] for rows in routes_from(graph, [start]))
    all_min, all_next = routes_to(graph, [target, *vias])  # at one go: the graph is reversed once
    in_min, in_next, to_via, via_next = all_min[0], all_next[0], all_min[1:], all_next[1:]
    found = []
    for index, crossing in enumerate(crossings):
        banks = _usable_banks(terrain, crossing, start, out_min, in_min)
        if banks is None:
            continue
        raft_min = infiltrators.raft_min if crossing.banks else 0
        out_cells, in_cells = path(out_from, banks[0]), path(in_next, banks[1])[::-1]
        outward, quickest = (out_cells, out_min[out_cells]), float(in_min[banks[1]])
        found.append(_sampled(terrain, index, -1, outward, (in_cells, quickest - in_min[in_cells]), raft_min))
        for way, via in enumerate(vias):
            if to_via[way, banks[1]] + in_min[via] <= quickest + infiltrators.detour_max_min:
                inward = _leg_over(via, banks[1], to_via[way], via_next[way], in_min, in_next)
                found.append(_sampled(terrain, index, way, outward, inward, raft_min))
    return tuple(found)


def _leg_over(via: int, bank: int, to_via: Floats, via_next: Int32s, in_min: Floats, in_next: Int32s) -> Leg:
    """The leg from a bank over a place to the target."""
    first, second = path(via_next, bank)[::-1], path(in_next, via)[::-1]
    minutes = np.concatenate([to_via[bank] - to_via[first], to_via[bank] + in_min[via] - in_min[second][1:]])
    return np.concatenate([first, second[1:]]), minutes


def _usable_banks(
    terrain: Terrain, crossing: Crossing, start: int, out_min: Floats, in_min: Floats
) -> tuple[int, int] | None:
    """Cells where they put to water and land, on whichever side is quicker; None where the target cannot be reached."""
    if crossing.banks is None:
        return (start, start) if np.isfinite(in_min[start]) else None
    cells = [row * terrain.shape[1] + col for row, col in crossing.banks]
    usable = [(a, b) for a, b in (cells, cells[::-1]) if np.isfinite(out_min[a]) and np.isfinite(in_min[b])]
    return min(usable, key=lambda banks: out_min[banks[0]] + in_min[banks[1]]) if usable else None


def _sampled(terrain: Terrain, crossing: int, way: int, outward: Leg, inward: Leg, raft_min: int) -> Route:
    """The route minute by minute: to the water, over it, and on to the target."""
    raft_step = math.ceil(outward[1][-1])
    landing_step = raft_step + raft_min
    cells = np.concatenate([outward[0], inward[0]])
    times = np.concatenate([outward[1], landing_step + inward[1]])
    x, y = terrain.centre_of(*np.divmod(cells, terrain.shape[1]))
    minute = np.arange(math.ceil(times[-1]) + 1)
    x_km, y_km = np.interp(minute, times, x), np.interp(minute, times, y)
    return Route(crossing, way, x_km, y_km, terrain.flat_cell_of(x_km, y_km), raft_step, landing_step)


def lane_routes(terrain: Terrain, group: Party, lanes: tuple[Crossing, ...]) -> tuple[Route, ...]:
    """The route of a group along each lane of a front, straight from the start's northing to the target's.

    Unlike other routes a lane runs through no centres of cells, so that its place does not depend on the grid.
    """
    length_km = group.target_y_km - group.start_y_km
    pace = OFF_PATH_FACTOR * terrain.settings.cover.open.foot_factor
    minutes = 60.0 * abs(length_km) / (float(tobler_kmh(0.0)) * pace)
    minute = np.arange(math.ceil(minutes) + 1)
    y_km = group.start_y_km + length_km * np.minimum(minute / minutes, 1.0)
    found = []
    for number, lane in enumerate(lanes):
        x_km = np.full(len(y_km), lane.x_km)
        found.append(Route(number, -1, x_km, y_km, terrain.flat_cell_of(x_km, y_km), 0, 0))
    return tuple(found)
