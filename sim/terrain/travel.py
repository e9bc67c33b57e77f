"""Directed least-cost travel over the raster, from cell to cell.

Cells are numbered ``row * cols + col``. A graph holds minutes from each to 16 neighbours (`sim.terrain.steps`).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.terrain.dial import BUCKETS, spread, trace_back, walk_back
from sim.terrain.graph import Graph, graph_of
from sim.terrain.grid import Terrain
from sim.terrain.steps import MOVES, OFF_PATH_FACTOR, foot_planes, strides, vehicle_planes, walking

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

NOBODY = -9999
"""Predecessor of a cell that has none, as scipy marks it."""


class Graphs(NamedTuple):
    """Minutes from cell to cell on foot, on foot off roads and tracks, and by vehicle; each (cells, cells)."""

    foot: Graph
    stealthy: Graph
    vehicle: Graph


def graphs(terrain: Terrain, max_slope_deg: float) -> Graphs:
    """All three at once (see `foot_graph`, `vehicle_graph`), which takes half as long as one after the other."""
    all_strides = strides(terrain)
    stealthy = graph_of(foot_planes(terrain, all_strides, walking(terrain, OFF_PATH_FACTOR, False)), MOVES)
    walked = foot_planes(terrain, all_strides, walking(terrain, OFF_PATH_FACTOR, True))
    vehicle = graph_of(vehicle_planes(terrain, all_strides, walked, max_slope_deg), MOVES)
    return Graphs(graph_of(walked, MOVES), stealthy, vehicle)


def foot_graph(terrain: Terrain, off_path_factor: float = OFF_PATH_FACTOR, use_paths: bool = True) -> Graph:
    """Minutes on foot from cell to cell, (cells, cells).

    Parameters
    ----------
    terrain:
        The ground.
    off_path_factor:
        Share of Tobler's pace that is left away from roads and tracks (three fifths after Tobler), before the
        cover's own `foot_factor`.
    use_paths:
        Without them roads and tracks are walked like any other ground, as by people who keep off them.

    Notes
    -----
    A step takes its horizontal length over Tobler's speed at the slope between its end cells; each cell that it runs
    through slows its own share of the length. Each bank of an inland river costs half of the river's `crossing_min`.
    A step that runs through, or squeezes past the corner of, a cell with `foot_factor` 0 does not exist.
    """
    planes = foot_planes(terrain, strides(terrain), walking(terrain, off_path_factor, use_paths))
    return graph_of(planes, MOVES)


def vehicle_graph(terrain: Terrain, max_slope_deg: float, off_path_factor: float = OFF_PATH_FACTOR) -> Graph:
    """Minutes by vehicle from cell to cell, (cells, cells); never more than on foot, since a crew may dismount.

    Steps steeper than `max_slope_deg`, and cells with `vehicle_kmh` 0 (water, reeds), are not driven.
    """
    all_strides = strides(terrain)
    walked = foot_planes(terrain, all_strides, walking(terrain, off_path_factor, use_paths=True))
    return graph_of(vehicle_planes(terrain, all_strides, walked, max_slope_deg), MOVES)


def minutes_from(graph: Graph, cells: ArrayLike, limit_min: float = np.inf) -> Floats:
    """Least minutes from each of n cells to every cell, (n, cells); infinite where there is no way within the limit."""
    sources = np.atleast_1d(cells)
    minutes = np.full((len(sources), graph.size), np.inf)
    width = float(graph.minutes.max(initial=0.0)) / (BUCKETS - 2) or 1.0
    for row, source in zip(minutes, sources, strict=True):
        spread(*graph, int(source), float(limit_min), width, row)
    return minutes


def minutes_to(graph: Graph, cells: ArrayLike, limit_min: float = np.inf) -> Floats:
    """Least minutes from every cell to each of n cells, (n, cells)."""
    return minutes_from(graph.turned(), cells, limit_min)


def routes_from(graph: Graph, cells: ArrayLike, limit_min: float = np.inf) -> tuple[Floats, NDArray[np.int32]]:
    """As `minutes_from`, with the predecessor of every cell on its way from each of the n cells (see `path`)."""
    sources = np.atleast_1d(cells)
    minutes = minutes_from(graph, sources, limit_min)
    before = np.full(minutes.shape, NOBODY, dtype=np.int32)
    for row, source in enumerate(sources):
        if trace_back(*graph, minutes[row], before[row]):
            # Equally quick ways from cells reached at the same time, as on level ground: scipy's choice stands.
            from scipy.sparse.csgraph import dijkstra

            before[row] = dijkstra(graph.matrix(), indices=source, limit=limit_min, return_predecessors=True)[1]
    return minutes, before


def routes_to(graph: Graph, cells: ArrayLike, limit_min: float = np.inf) -> tuple[Floats, NDArray[np.int32]]:
    """As `minutes_to`, with the next cell on the way to each of the n cells: `path` then runs backwards, reverse it."""
    return routes_from(graph.turned(), cells, limit_min)


def path(predecessors: NDArray[np.int32], cell: int) -> Ints:
    """Cells from the source to `cell`, both included, from one row of predecessors.

    The source alone when `cell` is the source or cannot be reached; ask `minutes_from` which of the two it is.
    """
    return walk_back(predecessors, int(cell))
