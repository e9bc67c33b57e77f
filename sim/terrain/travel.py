"""Directed least-cost travel over the raster, from cell to cell.

Cells are numbered ``row * cols + col``. A graph holds minutes from each to 16 neighbours (`sim.terrain.steps`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.terrain.compiled import compiled
from sim.terrain.dial import BUCKETS, spread, trace_back, walk_back
from sim.terrain.grid import Terrain
from sim.terrain.steps import MOVES, OFF_PATH_FACTOR, foot_planes, strides, vehicle_planes, walking

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

NOBODY = -9999
"""Predecessor of a cell that has none, as scipy marks it."""


class Graphs(NamedTuple):
    """Minutes from cell to cell on foot, on foot off roads and tracks, and by vehicle; each (cells, cells)."""

    foot: csr_matrix
    stealthy: csr_matrix
    vehicle: csr_matrix


def graphs(terrain: Terrain, max_slope_deg: float) -> Graphs:
    """All three at once (see `foot_graph`, `vehicle_graph`), which takes half as long as one after the other."""
    all_strides, shape = strides(terrain), terrain.shape
    stealthy = _assemble(foot_planes(terrain, all_strides, walking(terrain, OFF_PATH_FACTOR, False)), shape)
    walked = foot_planes(terrain, all_strides, walking(terrain, OFF_PATH_FACTOR, True))
    vehicle = _assemble(vehicle_planes(terrain, all_strides, walked, max_slope_deg), shape)
    return Graphs(_assemble(walked, shape), stealthy, vehicle)


def foot_graph(terrain: Terrain, off_path_factor: float = OFF_PATH_FACTOR, use_paths: bool = True) -> csr_matrix:
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
    return _assemble(planes, terrain.shape)


def vehicle_graph(terrain: Terrain, max_slope_deg: float, off_path_factor: float = OFF_PATH_FACTOR) -> csr_matrix:
    """Minutes by vehicle from cell to cell, (cells, cells); never more than on foot, since a crew may dismount.

    Steps steeper than `max_slope_deg`, and cells with `vehicle_kmh` 0 (water, reeds), are not driven.
    """
    all_strides = strides(terrain)
    walked = foot_planes(terrain, all_strides, walking(terrain, off_path_factor, use_paths=True))
    return _assemble(vehicle_planes(terrain, all_strides, walked, max_slope_deg), terrain.shape)


def minutes_from(graph: csr_matrix, cells: ArrayLike, limit_min: float = np.inf) -> Floats:
    """Least minutes from each of n cells to every cell, (n, cells); infinite where there is no way within the limit."""
    sources = np.atleast_1d(cells)
    minutes = np.full((len(sources), graph.shape[0]), np.inf)
    width = float(graph.data.max(initial=0.0)) / (BUCKETS - 2) or 1.0
    for row, source in zip(minutes, sources, strict=True):
        spread(graph.indptr, graph.indices, graph.data, int(source), float(limit_min), width, row)
    return minutes


def minutes_to(graph: csr_matrix, cells: ArrayLike, limit_min: float = np.inf) -> Floats:
    """Least minutes from every cell to each of n cells, (n, cells)."""
    return minutes_from(graph.T.tocsr(), cells, limit_min)


def routes_from(graph: csr_matrix, cells: ArrayLike, limit_min: float = np.inf) -> tuple[Floats, NDArray[np.int32]]:
    """As `minutes_from`, with the predecessor of every cell on its way from each of the n cells (see `path`)."""
    sources = np.atleast_1d(cells)
    minutes = minutes_from(graph, sources, limit_min)
    before = np.full(minutes.shape, NOBODY, dtype=np.int32)
    for row, source in enumerate(sources):
        if trace_back(graph.indptr, graph.indices, graph.data, minutes[row], before[row]):
            # Equally quick ways from cells reached at the same time, as on level ground: scipy's choice stands.
            from scipy.sparse.csgraph import dijkstra

            before[row] = dijkstra(graph, indices=source, limit=limit_min, return_predecessors=True)[1]
    return minutes, before


def routes_to(graph: csr_matrix, cells: ArrayLike, limit_min: float = np.inf) -> tuple[Floats, NDArray[np.int32]]:
    """As `minutes_to`, with the next cell on the way to each of the n cells: `path` then runs backwards, reverse it."""
    return routes_from(graph.T.tocsr(), cells, limit_min)


def path(predecessors: NDArray[np.int32], cell: int) -> Ints:
    """Cells from the source to `cell`, both included, from one row of predecessors.

    The source alone when `cell` is the source or cannot be reached; ask `minutes_from` which of the two it is.
    """
    return walk_back(predecessors, int(cell))


def _assemble(planes: Floats, shape: tuple[int, int]) -> csr_matrix:
    """One sparse matrix of all steps that exist; the moves are in the order of the cells that they lead to."""
    from scipy.sparse import csr_matrix

    flat = planes.reshape(len(MOVES), -1)
    ends, entries = np.zeros(flat.shape[1] + 1, dtype=np.int32), np.isfinite(flat).sum()
    minutes, cells = np.empty(entries), np.empty(entries, dtype=np.int32)
    _fill_rows(flat, np.array([row * shape[1] + col for row, col in MOVES]), ends, minutes, cells)
    return csr_matrix((minutes, cells, ends), shape=(flat.shape[1],) * 2)


@compiled
def _fill_rows(
    planes: Floats, offsets: Ints, ends: NDArray[np.int32], minutes: Floats, cells: NDArray[np.int32]
) -> None:
    """Write all steps that exist cell by cell; planes (moves, cells) are infinite where none exists."""
    entry = 0
    for cell in range(planes.shape[1]):
        for move in range(len(offsets)):
            if np.isfinite(planes[move, cell]):
                minutes[entry], cells[entry] = planes[move, cell], cell + offsets[move]
                entry += 1
        ends[cell + 1] = entry
