"""Polylines: distances against a direct computation, curves through their points."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial import cKDTree

from sim.terrain import lines


def direct(points: np.ndarray, x: float, y: float) -> float:
    """Distance to a polyline, piece by piece."""
    best = np.inf
    for (ax, ay), (bx, by) in pairwise(points):
        t = ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / ((bx - ax) ** 2 + (by - ay) ** 2)
        t = min(1.0, max(0.0, t))
        best = min(best, float(np.hypot(x - ax - t * (bx - ax), y - ay - t * (by - ay))))
    return best


def by_tree(points: np.ndarray, at: np.ndarray, within_km: float) -> np.ndarray:
    """Distance, place and side (3, points) by a tree of the filled-up points and projections in numpy."""
    dense = lines.fill(points)[0]
    marks, vertex = lines.lengths(dense), cKDTree(dense).query(at, distance_upper_bound=within_km + lines.STEP_KM)[1]
    answer = np.zeros((3, len(at)))
    answer[0] = np.inf
    for first in (np.clip(vertex - 1, 0, len(dense) - 2), np.minimum(vertex, len(dense) - 2)):
        step, away = dense[first + 1] - dense[first], at - dense[first]
        share = np.clip((away * step).sum(-1) / (step * step).sum(-1), 0.0, 1.0)
        gap = np.hypot(*(away - share[:, None] * step).T)
        along = marks[first] + share * (marks[first + 1] - marks[first])
        side = np.sign(step[:, 0] * away[:, 1] - step[:, 1] * away[:, 0])
        closer = (gap < answer[0]) & (vertex < len(dense))
        answer[:, closer] = np.stack([gap, along, side])[:, closer]
    return answer


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 2**32 - 1), st.booleans(), st.sampled_from([np.inf, 6.0, 0.3]))
def test_the_nearest_point_is_the_trees(seed: int, bent: bool, within_km: float) -> None:
    """On whole kilometres many cells are equally near to two places of the line; there the tree's choice counts too."""
    rng = np.random.default_rng(seed)
    steps = rng.integers(-4, 5, (int(rng.integers(1, 9)), 2))
    points = np.cumsum(np.vstack([[[3, 3]], steps[steps.any(axis=1)], [[1, 0]]]), axis=0).astype(float)
    points = lines.smooth(points) if bent else points
    x_km, y_km = np.arange(-10, 18, 0.5)[None, :], np.arange(12, -8, -0.5)[:, None]
    near = lines.nearest(points, x_km, y_km, within_km)
    at = np.stack(np.broadcast_arrays(x_km, y_km), axis=-1).reshape(-1, 2)
    assert np.stack(near).reshape(3, -1) == pytest.approx(by_tree(points, at, within_km), abs=1e-9)


def test_far_from_a_long_line_nothing_near_is_skipped() -> None:
    """Most of a long line is jumped over."""
    rng = np.random.default_rng(7)
    course = lines.meander(np.array([[0.0, 0.0], [30.0, 9.0], [70.0, -4.0], [55.0, 40.0]]), 0.8, rng)
    at = rng.uniform(-40, 120, (400, 2))
    near = lines.nearest(course, at[:, 0], at[:, 1])
    assert np.stack(near) == pytest.approx(by_tree(course, at, np.inf), abs=1e-9)


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


def test_filled_lines_are_evenly_filled() -> None:
    points = np.random.default_rng(3).uniform(0, 20, (7, 2))
    marks = lines.lengths(points)
    pieces = [np.linspace(a, b, int(np.ceil((b - a) / 0.3)), endpoint=False) for a, b in pairwise(marks)]
    wanted = lines.point_at(points, np.concatenate([*pieces, marks[-1:]]))
    assert np.array_equal(lines.fill(points, 0.3)[0], wanted)


def test_filled_lines_keep_points_and_length() -> None:
    points = np.array([[0.0, 0.0], [3.0, 4.0], [3.0, 5.03]])
    dense = lines.fill(points, 0.1)[0]
    assert np.diff(lines.lengths(dense)).max() <= 0.1 + 1e-9
    assert lines.lengths(dense)[-1] == pytest.approx(6.03)
    assert all(np.isclose(dense, p).all(axis=1).any() for p in points)


# -- many points, one line: the compiled loop -------------------------------------------------------------------------


def test_distances_by_hand() -> None:
    """A corner of two pieces: beside the first, beyond its end, and beside the second."""
    start, vector = np.array([[0.0, 0.0], [4.0, 0.0]]), np.array([[4.0, 0.0], [0.0, 3.0]])
    found = lines.distances_to_pieces(
        np.array([1.0, -3.0, 6.0]), np.array([2.0, 4.0, 2.5]), start, vector, np.array([4.0, 3.0])
    )
    assert found.tolist() == [2.0, 5.0, 2.0]


def test_they_are_those_of_an_array_formula() -> None:
    rng = np.random.default_rng(1)
    line, x, y = rng.uniform(0, 50, (40, 2)), rng.uniform(-5, 55, 500), rng.uniform(-5, 55, 500)
    start, vector = line[:-1], np.diff(line, axis=0)
    length = np.hypot(vector[:, 0], vector[:, 1])
    offset = np.stack([x, y], axis=-1)[:, None, :] - start
    t = np.clip((offset * vector).sum(axis=-1) / length**2, 0.0, 1.0)
    rest = offset - t[..., None] * vector
    expected = np.sqrt((rest**2).sum(axis=-1)).min(axis=-1)
    np.testing.assert_array_equal(lines.distances_to_pieces(x, y, start, vector, length), expected)
