"""The nearest of many points for a whole grid, against all distances written out."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.terrain.envelope import TIED, nearest_points

WHOLE = st.integers(-6, 6).map(float)
ANYWHERE = st.floats(-6, 6).map(lambda km: round(km, 6))


def check(points: np.ndarray, x_km: np.ndarray, y_km: np.ndarray) -> None:
    """The point found is the nearest; a tie is reported where there is one, and nowhere else."""
    found = nearest_points(points, x_km, y_km)
    assert found.shape == (len(y_km), len(x_km))
    for (row, col), number in np.ndenumerate(found):
        away = (x_km[col] - points[:, 0]) ** 2 + (y_km[row] - points[:, 1]) ** 2
        nearest = np.flatnonzero(away <= away.min() * (1 + 1e-12))
        if number != TIED:
            assert away[number] <= away.min() * (1 + 1e-12)
            assert np.abs(nearest - number).max() <= 1
        else:
            nearly = np.flatnonzero(away <= away.min() * (1 + 1e-8))
            assert len(nearly) > 1


@settings(deadline=None, max_examples=300)
@given(st.lists(st.tuples(WHOLE, WHOLE), min_size=1, max_size=12))
def test_on_whole_kilometres_ties_are_told(points: list[tuple[float, float]]) -> None:
    check(np.array(points), np.arange(-7.0, 7.5, 0.5), np.arange(5.0, -6.0, -0.5))


@settings(deadline=None, max_examples=200)
@given(st.lists(st.tuples(ANYWHERE, ANYWHERE), min_size=1, max_size=40), st.integers(1, 9))
def test_anywhere_the_nearest_is_found(points: list[tuple[float, float]], rows: int) -> None:
    check(np.array(points), np.linspace(-7, 7, 23), np.linspace(5, -5, rows))


def test_points_due_north_of_each_other_leave_the_nearer_one() -> None:
    points = np.array([[1.0, 4.0], [1.0, 1.0], [1.0, -3.0]])
    assert nearest_points(points, np.array([0.0, 9.0]), np.array([3.0, 2.5, 1.5, -1.5])).tolist() == [
        [0, 0],
        [TIED, TIED],
        [1, 1],
        [2, 2],
    ]
