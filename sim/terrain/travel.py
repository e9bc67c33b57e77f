"""Directed least-cost travel over the raster: on foot by Tobler's function, by vehicle on roads and gentle ground.

Cells are numbered ``row * cols + col``. A graph holds minutes from cell to cell over 16 neighbours: up is not down.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.terrain.compiled import compiled
from sim.terrain.dial import BUCKETS, spread, trace_back, walk_back
from sim.terrain.grid import Terrain, cover_code

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

MOVES: tuple[tuple[int, int], ...] = tuple(
    (row, col) for row in range(-2, 3) for col in range(-2, 3) if row * row + col * col in (1, 2, 5)
)
"""The 16 steps in rows and columns: four straight, four diagonal, eight knight's moves."""
PATH_KINDS = ("track", "road")
"""Cover that counts as a path in Tobler's sense."""
OFF_PATH_FACTOR = 0.6
"""Share of Tobler's pace that is left away from roads and tracks: three fifths, after Tobler."""
NOBODY = -9999
"""Predecessor of a cell that has none, as scipy marks it."""


class Passage(NamedTuple):
    """What a step touches: the cells it runs through, its length's share in each, and the corners it squeezes by."""

    through: tuple[tuple[int, int], ...]
    shares: tuple[float, ...]
    beside: tuple[tuple[int, int], ...]


def tobler_kmh(slope: ArrayLike) -> Floats:
    """Walking speed on a path: ``6 exp(-3.5 |slope + 0.05|)`` km/h; slope as rise over run, positive uphill.

    Tobler, "Three presentations on geographical analysis and modeling", 1993; off path he takes three fifths of it.

    >>> tobler_kmh([0.0, 0.17632698, -0.17632698]).round(3).tolist()
    [5.037, 2.717, 3.856]
    """
    return np.asarray(6.0 * np.exp(-3.5 * np.abs(np.asarray(slope, dtype=float) + 0.05)))


def passage(move: tuple[int, int]) -> Passage:
    """Cells that a step touches, as offsets from its start.

    A knight's move runs a quarter of its length in each of four cells; a diagonal one passes the corner of two others.

    >>> passage((2, 1)).through
    ((0, 0), (1, 0), (1, 1), (2, 1))
    """
    row, col = move
    if abs(row) + abs(col) == 3:
        first = (row // 2, 0) if abs(row) == 2 else (0, col // 2)
        second = (row - first[0], col - first[1])
        return Passage(((0, 0), first, second, move), (0.25,) * 4, ())
    beside = ((row, 0), (0, col)) if row and col else ()
    return Passage(((0, 0), move), (0.5, 0.5), beside)


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
    factor = _walking(terrain, off_path_factor, use_paths)
    steps = [_foot_step(terrain, factor, move) for move in MOVES]
    return _assemble(terrain.shape, steps)


def vehicle_graph(terrain: Terrain, max_slope_deg: float, off_path_factor: float = OFF_PATH_FACTOR) -> csr_matrix:
    """Minutes by vehicle from cell to cell, (cells, cells); never more than on foot, since a crew may dismount.

    Steps steeper than `max_slope_deg`, and cells with `vehicle_kmh` 0 (water, reeds), are not driven.
    """
    speed = terrain.by_cover("vehicle_kmh")
    walking = _walking(terrain, off_path_factor, use_paths=True)
    steps = []
    for move in MOVES:
        slope, length_km = _slope(terrain, move)
        driving = 60 * length_km * _pace(speed, move)
        driving = np.where(np.abs(slope) <= np.tan(np.radians(max_slope_deg)), driving, np.inf)
        steps.append(np.minimum(driving, _foot_step(terrain, walking, move)))
    return _assemble(terrain.shape, steps)


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
    # Loaded where ways are sought only, as `csr_matrix` below: most processes get theirs ready made.
    from scipy.sparse.csgraph import dijkstra

    sources = np.atleast_1d(cells)
    minutes = minutes_from(graph, sources, limit_min)
    before = np.full(minutes.shape, NOBODY, dtype=np.int32)
    for row, source in enumerate(sources):
        if trace_back(graph.indptr, graph.indices, graph.data, minutes[row], before[row]):
            # Equally quick ways from cells reached at the same time, as on level ground: scipy's choice stands.
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


def _walking(terrain: Terrain, off_path_factor: float, use_paths: bool) -> Floats:
    """Share of Tobler's pace that each cell leaves."""
    factor = terrain.by_cover("foot_factor")
    on_path = np.isin(terrain.cover, [cover_code(kind) for kind in PATH_KINDS])
    return np.where(on_path & use_paths, factor, off_path_factor * factor)


def _window(values: NDArray, move: tuple[int, int], offset: tuple[int, int]) -> NDArray:
    """The values at `offset` from the start, for every start from which `move` stays on the grid."""
    rows, cols = values.shape
    top, left = max(0, -move[0]), max(0, -move[1])
    bottom, right = rows - max(0, move[0]), cols - max(0, move[1])
    return values[top + offset[0] : bottom + offset[0], left + offset[1] : right + offset[1]]


def _slope(terrain: Terrain, move: tuple[int, int]) -> tuple[Floats, float]:
    """Slope of a step from every start, and its length in km."""
    length_km = float(np.hypot(*move)) * terrain.cell_m / 1000
    start, end = (_window(terrain.elevation_m, move, at) for at in ((0, 0), move))
    return (end - start) / (length_km * 1000), length_km


def _pace(factor: Floats, move: tuple[int, int]) -> Floats:
    """Mean of 1 / factor along a step, infinite where the step touches a cell of factor 0."""
    way = passage(move)
    with np.errstate(divide="ignore"):
        slowness = 1 / factor
    total = sum(share * _window(slowness, move, at) for at, share in zip(way.through, way.shares, strict=True))
    for corner in way.beside:
        total = np.where(np.isinf(_window(slowness, move, corner)), np.inf, total)
    return np.asarray(total)


def _foot_step(terrain: Terrain, factor: Floats, move: tuple[int, int]) -> Floats:
    """Minutes of one step on foot from every start."""
    slope, length_km = _slope(terrain, move)
    return 60 * length_km / tobler_kmh(slope) * _pace(factor, move) + _crossing(terrain, move)


def _crossing(terrain: Terrain, move: tuple[int, int]) -> Floats:
    """Minutes lost at river banks: half of a crossing for each change between land and water along the step."""
    wet = terrain.cover == cover_code("river")
    total = np.zeros(_window(wet, move, (0, 0)).shape)
    first = np.array([max(0, -move[0]), max(0, -move[1])])
    _add_banks(wet, terrain.crossing_min, first, np.array(passage(move).through), total)
    return total


@compiled
def _add_banks(wet: Bools, crossing_min: Floats, first: Ints, through: Ints, total: Floats) -> None:
    """Add what the banks cost to the steps from every start, (rows, cols), of which `first` is the north-western."""
    for row in range(total.shape[0]):
        for col in range(total.shape[1]):
            for leg in range(len(through) - 1):
                r, c = first[0] + row + through[leg, 0], first[1] + col + through[leg, 1]
                r_next, c_next = first[0] + row + through[leg + 1, 0], first[1] + col + through[leg + 1, 1]
                if wet[r, c] != wet[r_next, c_next]:
                    total[row, col] += max(crossing_min[r, c], crossing_min[r_next, c_next]) / 2


def _assemble(shape: tuple[int, int], steps: list[Floats]) -> csr_matrix:
    """One sparse matrix of all steps that exist; the moves are in the order of the cells that they lead to."""
    from scipy.sparse import csr_matrix

    grids = np.full((len(MOVES), *shape), np.inf)
    for grid, move, step in zip(grids, MOVES, steps, strict=True):
        _window(grid, move, (0, 0))[...] = step
    planes = grids.reshape(len(MOVES), -1)
    ends = np.zeros(planes.shape[1] + 1, dtype=np.int32)
    np.cumsum(np.isfinite(planes).sum(axis=0), out=ends[1:])
    minutes, cells = np.empty(ends[-1]), np.empty(ends[-1], dtype=np.int32)
    _fill_rows(planes, np.array([row * shape[1] + col for row, col in MOVES]), minutes, cells)
    return csr_matrix((minutes, cells, ends), shape=(planes.shape[1],) * 2)


@compiled
def _fill_rows(planes: Floats, offsets: Ints, minutes: Floats, cells: NDArray[np.int32]) -> None:
    """Write all steps that exist cell by cell; planes (moves, cells) are infinite where a step does not exist."""
    entry = 0
    for cell in range(planes.shape[1]):
        for move in range(len(offsets)):
            if np.isfinite(planes[move, cell]):
                minutes[entry], cells[entry] = planes[move, cell], cell + offsets[move]
                entry += 1
