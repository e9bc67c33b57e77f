"""Polylines: distances against a direct computation, curves through their points."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from sim.terrain import lines


def direct(points: np.ndarray, x: float, y: float) -> float:
    """Distance to a polyline, piece by piece."""
    best = np.inf
    for (ax, ay), (bx, by) in pairwise(points):
        t = ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / ((bx - ax) ** 2 + (by - ay) ** 2)
        t = min(1.0, max(0.0, t))
        best = min(best, float(np.hypot(x - ax - t * (bx - ax), y - ay - t * (by - ay))))
    return best


def test_distance_agrees_with_the_direct_computation() -> None:
    rng = np.random.default_rng(5)
    for _ in range(10):
        points, at = rng.uniform(0, 20, (6, 2)), rng.uniform(-5, 25, (50, 2))
        near = lines.nearest(points, at[:, 0], at[:, 1])
        # The nearest filled-up point may belong to another piece: at most half a step of error, and never too short.
        exact = np.array([direct(points, x, y) for x, y in at])
        assert np.all(near.distance_km >= exact - 1e-12)
        assert near.distance_km == pytest.approx(exact, abs=lines.STEP_KM / 2)
        back = lines.point_at(points, near.along_km)
        assert np.hypot(*(back - at).T) == pytest.approx(near.distance_km)


def test_distance_is_exact_beside_a_straight_line() -> None:
    near = lines.nearest(np.array([[0.0, 0.0], [10.0, 0.0]]), [3.0, 3.0, 12.0], [2.0, -0.01, 0.0])
    assert near.distance_km == pytest.approx([2.0, 0.01, 2.0])
    assert near.along_km == pytest.approx([3.0, 3.0, 10.0])
    assert near.side.tolist() == [1.0, -1.0, 0.0]


def test_points_beyond_the_limit_are_infinitely_far() -> None:
    near = lines.nearest(np.array([[0.0, 0.0], [10.0, 0.0]]), [[3.0, 3.0]], [[1.0, 4.0]], within_km=2.0)
    assert near.distance_km.tolist() == [[1.0, np.inf]]


def test_curves_pass_through_their_points() -> None:
    points = np.array([[0.0, 0.0], [5.0, 1.0], [6.0, 6.0], [2.0, 9.0]])
    rng = np.random.default_rng(1)
    for curve in (lines.smooth(points), lines.meander(points, 0.4, rng)):
        assert curve[0].tolist() == [0.0, 0.0]
        assert [min(np.hypot(*(curve - p).T)) for p in points] == pytest.approx([0.0] * 4, abs=1e-9)
    assert lines.smooth(points[:2]).tolist() == points[:2].tolist()


def test_meanders_stay_near_the_line() -> None:
    points = np.array([[0.0, 0.0], [30.0, 0.0]])
    swing = np.abs(lines.meander(points, 0.5, np.random.default_rng(2))[:, 1])
    assert 0.1 < swing.max() < 0.7


def test_filled_lines_keep_points_and_length() -> None:
    points = np.array([[0.0, 0.0], [3.0, 4.0], [3.0, 5.03]])
    dense = lines.fill(points, 0.1)
    assert np.diff(lines.lengths(dense)).max() <= 0.1 + 1e-9
    assert lines.lengths(dense)[-1] == pytest.approx(6.03)
    assert all(np.isclose(dense, p).all(axis=1).any() for p in points)
