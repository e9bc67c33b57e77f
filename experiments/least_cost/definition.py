"""The cost of a step as docs/ODD.md tells it, one step at a time and without arrays: nothing of sim/terrain/travel.py.

The cells that a step runs through are found by geometry, in fractions: its line is cut at the borders of the cells.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from sim.terrain.grid import COVER_KINDS, Terrain

Cell = tuple[int, int]
STEPS: tuple[Cell, ...] = tuple((row, col) for row in range(-2, 3) for col in range(-2, 3) if math.gcd(row, col) == 1)
"""All steps of at most two rows and two columns that pass no other cell's centre: sixteen."""
HALF = Fraction(1, 2)


class Going(NamedTuple):
    """How somebody travels."""

    off_path_factor: float = 0.6
    use_paths: bool = True
    max_slope_deg: float | None = None
    """Steepest slope for the vehicle; None: on foot."""


ON_FOOT = Going()


def numpys_exp(value: float) -> float:
    """numpy's exponential function, which may differ in the last place from the C library's, which the project uses."""
    return float(np.exp(value))


@cache
def run(step: Cell) -> tuple[tuple[tuple[Cell, Fraction], ...], tuple[Cell, ...]]:
    """Cells that a step runs through, in order, with the share of its length in each; and those it only touches."""
    inside: list[tuple[Fraction, Cell, Fraction]] = []
    touched = []
    for row in range(min(0, step[0]), max(0, step[0]) + 1):
        for col in range(min(0, step[1]), max(0, step[1]) + 1):
            begin, end = _clip(step, (row, col))
            if begin < end:
                inside.append((begin, (row, col), end - begin))
            elif begin == end:
                touched.append((row, col))
    return tuple((cell, share) for _, cell, share in sorted(inside)), tuple(touched)


def _clip(step: Cell, cell: Cell) -> tuple[Fraction, Fraction]:
    """From which to which share of its way a step lies in a cell's square; the first is greater if it never does."""
    begin, end = Fraction(0), Fraction(1)
    for way, centre in zip(step, cell, strict=True):
        if way == 0:
            continue
        ends = sorted((Fraction(centre - HALF) / way, Fraction(centre + HALF) / way))
        begin, end = max(begin, ends[0]), min(end, ends[1])
    return begin, end


def edges(
    terrain: Terrain, going: Going = ON_FOOT, exp: Callable[[float], float] = math.exp
) -> Iterator[tuple[int, int, float]]:
    """Every step that exists: from cell, to cell (``row * cols + col``), minutes."""
    rows, cols = terrain.shape
    for row in range(rows):
        for col in range(cols):
            for step in STEPS:
                there = row + step[0], col + step[1]
                if 0 <= there[0] < rows and 0 <= there[1] < cols:
                    minutes = _minutes(terrain, going, exp, (row, col), step)
                    if math.isfinite(minutes):
                        yield row * cols + col, there[0] * cols + there[1], minutes


def _minutes(terrain: Terrain, going: Going, exp: Callable[[float], float], start: Cell, step: Cell) -> float:
    way = [((start[0] + cell[0], start[1] + cell[1]), float(share)) for cell, share in run(step)[0]]
    corners = [(start[0] + cell[0], start[1] + cell[1]) for cell in run(step)[1]]
    length_km = math.hypot(*step) * terrain.cell_m / 1000
    rise_m = float(terrain.elevation_m[way[-1][0]]) - float(terrain.elevation_m[start])
    slope = rise_m / (length_km * 1000)
    factors = {cell: _foot_factor(terrain, going, cell) for cell in [*(cell for cell, _ in way), *corners]}
    on_foot = math.inf
    if min(factors.values()) > 0:
        kmh = 6 * exp(-3.5 * abs(slope + 0.05))
        on_foot = 60 * length_km / kmh * sum(share * (1 / factors[cell]) for cell, share in way)
        on_foot += sum(_bank(terrain, a, b) for (a, _), (b, _) in pairwise(way))
    if going.max_slope_deg is None:
        return on_foot
    speeds = {cell: _of_cover(terrain, cell, "vehicle_kmh") for cell in factors}
    if min(speeds.values()) == 0 or abs(slope) > math.tan(math.radians(going.max_slope_deg)):
        return on_foot
    return min(on_foot, 60 * length_km * sum(share * (1 / speeds[cell]) for cell, share in way))


def _of_cover(terrain: Terrain, cell: Cell, column: str) -> float:
    return float(getattr(getattr(terrain.settings.cover, COVER_KINDS[terrain.cover[cell]]), column))


def _foot_factor(terrain: Terrain, going: Going, cell: Cell) -> float:
    factor = _of_cover(terrain, cell, "foot_factor")
    on_path = going.use_paths and COVER_KINDS[terrain.cover[cell]] in ("road", "track")
    return factor if on_path else going.off_path_factor * factor


def _bank(terrain: Terrain, a: Cell, b: Cell) -> float:
    """Half of the crossing's minutes where one of two cells is an inland river's and the other is not."""
    wet = [COVER_KINDS[terrain.cover[cell]] == "river" for cell in (a, b)]
    return max(float(terrain.crossing_min[a]), float(terrain.crossing_min[b])) / 2 if wet[0] != wet[1] else 0.0
