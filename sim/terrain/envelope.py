"""The nearest of many points for all cells of a grid, row by row, as lower envelopes of parabolas.

Along a row the squared distance to each point is a parabola, and all are of one shape: which of them is the lowest
changes from west to east in the order of the points. Felzenszwalb and Huttenlocher, "Distance transforms of sampled
functions", Theory of Computing 8, 2012.
"""

from __future__ import annotations

import numpy as np

from sim.terrain import Bools, Floats, Ints
from sim.terrain.compiled import compiled, kernel

TIED = -2
"""In place of a point: several are equally near, or so nearly that rounding might have confused them."""
ROUNDED = 1 - 1e-9
"""Leaves room for rounding."""
SLACK_KM = 1e-6
"""By so much a point's stretch of a row may fall short of being one: it may still be one of several equally near."""
NEIGHBOURS = 3
"""So many neighbours on the envelope are checked on either side for one that is equally near."""


def nearest_points(points_km: Floats, x_km: Floats, y_km: Floats) -> Ints:
    """Number of the point nearest to each cell, (rows, columns), or `TIED`.

    Neighbours in the list count as tied only where one is due south of the other.

    Parameters
    ----------
    points_km:
        (points, 2), such as those of a line that is filled up.
    x_km, y_km:
        Of the columns, ascending, and of the rows; shapes (columns,) and (rows,).

    Examples
    --------
    >>> nearest_points(np.array([[0.0, 0.0], [2.0, 0.0], [2.0, 9.0]]), np.array([0.5, 1.75]), np.array([1.0])).tolist()
    [[0, 1]]
    """
    found = np.empty((len(y_km), len(x_km)), dtype=np.int64)
    _rows(points_km, np.argsort(points_km[:, 0], kind="stable"), x_km, y_km, found)
    return found


@compiled
def _rows(points: Floats, from_west: Ints, x: Floats, y: Floats, found: Ints) -> None:
    """Fill in the nearest points; `from_west` has all points in the order of their eastings."""
    lowest, begins = np.empty(len(points), np.int64), np.empty(len(points))
    several = np.empty(len(points), np.bool_)
    for row in range(len(y)):
        size = _envelope(points, from_west, y[row], lowest, begins, several)
        here = 0
        for col in range(len(x)):
            while here + 1 < size and begins[here + 1] <= x[col]:
                here += 1
            first, end = max(here - NEIGHBOURS, 0), min(here + NEIGHBOURS + 1, size)
            found[row, col] = _nearest_of(points, lowest[first:end], several[first:end], x[col], y[row])


@kernel
def _envelope(points: Floats, from_west: Ints, y: float, lowest: Ints, begins: Floats, several: Bools) -> int:
    """Fill in the points that are nearest anywhere along a row, and from where on each is; returns how many.

    Of several due south and north of each other that are equally near one stands for all, and is marked.
    """
    size = 0
    for point in from_west:
        height, begin, kept = (y - points[point, 1]) ** 2, -np.inf, True
        while size > 0:
            last = lowest[size - 1]
            east, below = points[point, 0] - points[last, 0], (y - points[last, 1]) ** 2
            if east > 0.0:
                begin = (points[point, 0] + points[last, 0]) / 2 + (height - below) / (2 * east)
                stays = begin > begins[size - 1] - SLACK_KM
            else:
                kept, stays = height < below * ROUNDED, height >= below * ROUNDED
                several[size - 1] = several[size - 1] or (stays and height * ROUNDED <= below)
            if stays:
                break
            size, begin = size - 1, -np.inf
        if kept:
            lowest[size], begins[size], several[size] = point, begin, False
            size += 1
    return size


@kernel
def _nearest_of(points: Floats, lowest: Ints, several: Bools, x: float, y: float) -> int:
    """The nearest of a few points of the envelope, or `TIED`."""
    best, found, tied = np.inf, lowest[0], False
    for number in range(len(lowest)):
        point = lowest[number]
        away = (x - points[point, 0]) ** 2 + (y - points[point, 1]) ** 2
        if away * ROUNDED <= best and best * ROUNDED <= away:
            tied = tied or several[number] or abs(point - found) > 1
        elif away < best:
            tied = several[number]
        if away < best:
            best, found = away, point
    return TIED if tied else found
