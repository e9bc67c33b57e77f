"""Single steps over the raster: their speed, what they touch, and the minutes of all moves at once."""

from __future__ import annotations

import math
from dataclasses import replace
from math import radians, tan

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.scenario.terrain import TerrainSettings
from sim.terrain.build import build_terrain
from sim.terrain.travel import MOVES, find_strides, foot_planes, passage, tobler_kmh, walking


def test_speeds_are_those_of_the_c_library_to_the_bit() -> None:
    """numpy's own exponential is another one on some processors, and digests would be too."""
    slopes = np.random.default_rng(3).normal(0.0, 0.4, 20_000)
    assert tobler_kmh(slopes).tolist() == [6.0 * math.exp(-3.5 * abs(slope + 0.05)) for slope in slopes]
    table = slopes[:6].reshape(2, 3)
    for shaped in (table, table.T, np.asfortranarray(table), table[:, ::2], slopes[0]):
        assert tobler_kmh(shaped).tolist() == np.vectorize(lambda slope: float(tobler_kmh(slope)))(shaped).tolist()


def test_toblers_numbers() -> None:
    slope = tan(radians(10))
    assert tobler_kmh([0, slope, -slope]) == pytest.approx([5.036742, 2.717, 3.856], abs=5e-4)
    assert tobler_kmh(-0.05) == pytest.approx(6.0)


def test_sixteen_moves_and_what_they_touch() -> None:
    assert sorted(r * r + c * c for r, c in MOVES) == [1] * 4 + [2] * 4 + [5] * 8
    for move in MOVES:
        way = passage(move)
        assert sum(way.shares) == pytest.approx(1)
        for share, offset in zip(way.shares, way.through, strict=True):
            middle = np.linspace(0, 1, 4001)[1:-1, None] * np.array(move)
            inside = (np.abs(middle - np.array(offset)) < 0.5).all(axis=1).mean()
            assert inside == pytest.approx(share, abs=2e-3)


@settings(deadline=None, max_examples=20)
@given(st.integers(2, 5), st.integers(2, 6), st.integers(0, 2**32 - 1))
def test_a_step_takes_what_its_parts_take(rows: int, cols: int, seed: int) -> None:
    """One by one, from the heights and the cover of the cells that it touches; none leads off the grid."""
    rng = np.random.default_rng(seed)
    heights = rng.uniform(0, 90, (rows, cols))
    ground = replace(build_terrain(TerrainSettings(width_km=cols / 4, height_km=rows / 4)), elevation_m=heights)
    factor = walking(ground, 0.6, use_paths=True) * rng.choice([0.0, 0.5, 1.0], (rows, cols), p=[0.1, 0.3, 0.6])
    planes = foot_planes(find_strides(ground), factor)
    for plane, move in zip(planes, MOVES, strict=True):
        for row, col in np.ndindex(rows, cols):
            wanted = by_hand(heights, factor, (row, col), move)
            assert plane[row, col] == pytest.approx(wanted, rel=1e-12)


def by_hand(heights: np.ndarray, factor: np.ndarray, start: tuple[int, int], move: tuple[int, int]) -> float:
    end = (start[0] + move[0], start[1] + move[1])
    if not (0 <= end[0] < len(heights) and 0 <= end[1] < heights.shape[1]):
        return np.inf
    way, length_km = passage(move), 0.25 * float(np.hypot(*move))
    on_way = [factor[start[0] + r, start[1] + c] for r, c in way.through]
    beside = [factor[start[0] + r, start[1] + c] for r, c in way.corners]
    if min(*on_way, *beside, 1.0) == 0.0:
        return np.inf
    pace = float(tobler_kmh((heights[end] - heights[start]) / (length_km * 1000)))
    return sum(60 * share * length_km / (pace * left) for share, left in zip(way.shares, on_way, strict=True))
