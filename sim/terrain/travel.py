"""Directed travel over the raster: what each step takes, on foot by Tobler's function, and by vehicle.

Steps lead to 16 neighbours and are directed: up is not down. `sim.terrain.shortest_paths` adds them up.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from sim.terrain import Bools, Floats, Ints
from sim.terrain.compiled import compiled
from sim.terrain.grid import Terrain, cover_code
from sim.terrain.shortest_paths import Graph, graph_of

MOVES: tuple[tuple[int, int], ...] = tuple(
    (row, col) for row in range(-2, 3) for col in range(-2, 3) if row * row + col * col in (1, 2, 5)
)
"""The 16 steps in rows and columns: four straight, four diagonal, eight knight's moves."""
PATH_KINDS = ("track", "road")
"""Cover that counts as a path in Tobler's sense."""
OFF_PATH_FACTOR = 0.6
"""Share of Tobler's pace that is left away from roads and tracks: three fifths, after Tobler."""


class Graphs(NamedTuple):
    """Minutes from cell to cell on foot, on foot as by people who keep off roads and tracks, and by vehicle."""

    foot: Graph
    stealthy: Graph
    vehicle: Graph


def graphs(terrain: Terrain, max_slope_deg: float, off_path_factor: float = OFF_PATH_FACTOR) -> Graphs:
    """All three graphs of a ground.

    Parameters
    ----------
    max_slope_deg:
        Steps steeper than this, and cells with `vehicle_kmh` 0 (water, reeds), are not driven.
    off_path_factor:
        Share of Tobler's pace that is left away from roads and tracks, before the cover's own `foot_factor`.

    Notes
    -----
    A step takes its horizontal length over Tobler's speed at the slope between its end cells; each cell that it runs
    through slows its own share of the length. Each bank of an inland river costs half of the river's `crossing_min`.
    A step that runs through, or squeezes past the corner of, a cell with `foot_factor` 0 does not exist. A vehicle
    takes never longer than walking, since a crew may dismount.
    """
    strides = find_strides(terrain)
    stealthy = graph_of(foot_planes(strides, walking(terrain, off_path_factor, use_paths=False)), MOVES)
    walked = foot_planes(strides, walking(terrain, off_path_factor, use_paths=True))
    vehicle = graph_of(vehicle_planes(terrain, strides, walked, max_slope_deg), MOVES)
    return Graphs(graph_of(walked, MOVES), stealthy, vehicle)


def tobler_kmh(slope: ArrayLike) -> Floats:
    """Walking speed on a path: ``6 exp(-3.5 |slope + 0.05|)`` km/h; slope as rise over run, positive uphill.

    Tobler, "Three presentations on geographical analysis and modeling", 1993; off path he takes three fifths of it.

    >>> tobler_kmh([0.0, 0.17632698, -0.17632698]).round(3).tolist()
    [5.037, 2.717, 3.856]
    """
    powers = np.array(-3.5 * np.abs(np.asarray(slope, dtype=float) + 0.05), order="C")
    _exponentiate(powers.reshape(-1))
    return 6.0 * powers


@compiled
def _exponentiate(powers: Floats) -> None:
    """Put e to each power in its place, shape (powers,).

    By the C library: numpy's own function differs in the last place on processors with AVX-512, and digests would too.
    """
    for place in range(len(powers)):
        powers[place] = math.exp(powers[place])


class Passage(NamedTuple):
    """What a step touches, as offsets from its start: the cells it runs through, its share in each, corners passed."""

    through: tuple[tuple[int, int], ...]
    shares: tuple[float, ...]
    corners: tuple[tuple[int, int], ...]


def passage(move: tuple[int, int]) -> Passage:
    """Cells that a step touches.

    A knight's move runs a quarter of its length in each of four cells; a diagonal one passes the corner of two others.

    >>> passage((2, 1)).through
    ((0, 0), (1, 0), (1, 1), (2, 1))
    """
    row, col = move
    if abs(row) + abs(col) == 3:
        first = (row // 2, 0) if abs(row) == 2 else (0, col // 2)
        second = (row - first[0], col - first[1])
        return Passage(((0, 0), first, second, move), (0.25,) * 4, ())
    return Passage(((0, 0), move), (0.5, 0.5), ((row, 0), (0, col)) if row and col else ())


class Stride(NamedTuple):
    """One of the moves from every cell, shape (rows, columns) each; entries of steps off the grid have no meaning."""

    slope: Floats
    """Rise over run between the end cells."""
    tobler_min: Floats
    """Minutes on a path, by Tobler's function."""
    banks_min: Floats
    """Minutes lost at river banks: half of a crossing for each change between land and water along the step."""


def find_strides(terrain: Terrain) -> list[Stride]:
    """What a step takes apart from the cover, for each of the moves."""
    wet = terrain.cover == cover_code("river")
    found = []
    for move in MOVES:
        length_km = _length_km(terrain, move)
        # For every cell the height of that to which the move leads; one at the other edge where it leads off the grid.
        there_m = np.roll(terrain.elevation_m, (-move[0], -move[1]), axis=(0, 1))
        slope = (there_m - terrain.elevation_m) / (length_km * 1000)
        banks_min = np.zeros(terrain.shape)
        if wet.any():
            _add_banks(wet, terrain.crossing_min, np.array(passage(move).through), banks_min)
        with np.errstate(divide="ignore"):  # nobody walks up a wall
            found.append(Stride(slope, 60 * length_km / tobler_kmh(slope), banks_min))
    return found


def _length_km(terrain: Terrain, move: tuple[int, int]) -> float:
    return float(np.hypot(*move)) * terrain.cell_m / 1000


def walking(terrain: Terrain, off_path_factor: float, use_paths: bool) -> Floats:
    """Share of Tobler's pace that each cell leaves."""
    factor = terrain.by_cover("foot_factor")
    on_path = np.isin(terrain.cover, [cover_code(kind) for kind in PATH_KINDS])
    return np.where(on_path & use_paths, factor, off_path_factor * factor)


def foot_planes(strides: list[Stride], factor: Floats) -> Floats:
    """Minutes of every move on foot from every cell, (moves, rows, columns), infinite where it does not exist."""
    planes = _slowness_planes(factor)
    for plane, stride in zip(planes, strides, strict=True):
        plane *= stride.tobler_min
        plane += stride.banks_min
    return planes


def vehicle_planes(terrain: Terrain, strides: list[Stride], walked: Floats, max_slope_deg: float) -> Floats:
    """The same by vehicle, given those on foot."""
    planes, steepest = _slowness_planes(terrain.by_cover("vehicle_kmh")), np.tan(np.radians(max_slope_deg))
    for plane, on_foot, move, stride in zip(planes, walked, MOVES, strides, strict=True):
        plane *= 60 * _length_km(terrain, move)
        plane[np.abs(stride.slope) > steepest] = np.inf
        np.minimum(plane, on_foot, out=plane)
    return planes


def _slowness_planes(factor: Floats) -> Floats:
    """Mean of 1 over the pace along every move from every cell, (moves, rows, columns), infinite where none exists."""
    with np.errstate(divide="ignore"):
        slowness = np.asarray(1 / factor)
    planes = np.full((len(MOVES), *factor.shape), np.inf)
    for plane, move in zip(planes, MOVES, strict=True):
        through, shares, corners = passage(move)
        _mean_along(slowness, np.array(through), np.array(shares), np.array(corners, np.int64).reshape(-1, 2), plane)
    return planes


@compiled
def _mean_along(slowness: Floats, through: Ints, shares: Floats, corners: Ints, mean: Floats) -> None:
    """Fill in the mean slowness along a step, from every cell from which it stays on the grid, (rows, columns).

    Infinite where the step touches a cell of infinite slowness.
    """
    rows, cols, last = slowness.shape[0], slowness.shape[1], len(through) - 1
    for row in range(max(0, -through[last, 0]), rows - max(0, through[last, 0])):
        for col in range(max(0, -through[last, 1]), cols - max(0, through[last, 1])):
            total = 0.0
            for part in range(len(shares)):
                total += shares[part] * slowness[row + through[part, 0], col + through[part, 1]]
            for corner in range(len(corners)):
                if np.isinf(slowness[row + corners[corner, 0], col + corners[corner, 1]]):
                    total = np.inf
            mean[row, col] = total


@compiled
def _add_banks(wet: Bools, crossing_min: Floats, through: Ints, total: Floats) -> None:
    """Add what the banks cost to the steps from every cell from which they stay on the grid, (rows, columns)."""
    rows, cols, last = wet.shape[0], wet.shape[1], len(through) - 1
    for row in range(max(0, -through[last, 0]), rows - max(0, through[last, 0])):
        for col in range(max(0, -through[last, 1]), cols - max(0, through[last, 1])):
            for leg in range(last):
                r, c = row + through[leg, 0], col + through[leg, 1]
                r_next, c_next = row + through[leg + 1, 0], col + through[leg + 1, 1]
                if wet[r, c] != wet[r_next, c_next]:
                    total[row, col] += max(crossing_min[r, c], crossing_min[r_next, c_next]) / 2
