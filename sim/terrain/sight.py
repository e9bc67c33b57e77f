"""Exact line of sight over a raster, with the curvature of the Earth and refraction.

The straight ray between two cell centres is checked at every crossing with the grid's lines through cell centres, rows
and columns alike; on such a line the height is interpolated between the two centres beside the crossing. Only ground
strictly between the two cells blocks the view.
"""

from __future__ import annotations

import math

import numpy as np

from sim.terrain import Bools, Floats, Ints
from sim.terrain.compiled import compiled, kernel

EARTH_RADIUS_M = 6_371_000.0
REFRACTED = 6.0 / 7.0
"""Share of the curvature that is left when the air bends the ray by a seventh."""
GRAZING_M = 1e-6
"""A ray that touches the ground, or dips into it by less than this, is clear."""


def sight_table(
    elevation_m: Floats,
    cell_m: float,
    observers_rc: Ints,
    observer_height_m: float,
    targets_rc: Ints,
    target_height_m: float,
    max_km: float,
    refraction: bool = True,
) -> Bools:
    """Which observers see which targets, shape (n, m); the same either way round when heights are swapped with places.

    A cell sees itself; a ray that grazes the ground (to `GRAZING_M`) is clear.

    Parameters
    ----------
    elevation_m:
        (rows, cols), heights of the cell centres.
    cell_m:
        Side of a cell.
    observers_rc, targets_rc:
        (n, 2) and (m, 2) integers, rows and columns.
    observer_height_m, target_height_m:
        Above the ground.
    max_km:
        Nothing farther than this between the centres is seen.
    refraction:
        Bend rays by a seventh of the Earth's curvature.

    Notes
    -----
    Heights are lowered by ``cc d^2 / (2 Re)`` at distance ``d``, ``cc`` = 6/7 or 1, ``Re`` = 6,371 km. Seen from the
    chord between the ends this is a bulge of ``cc D^2 t (1 - t) / (2 Re)`` at the share ``t`` of the distance ``D``.

    >>> wall = np.zeros((1, 5)); wall[0, 2] = 10.0
    >>> sight_table(wall, 100.0, np.array([[0, 0]]), 2.0, np.array([[0, 4], [0, 2]]), 2.0, 9.0).tolist()
    [[False, True]]
    """
    seen = np.zeros((len(observers_rc), len(targets_rc)), dtype=bool)
    heights, frame = (float(observer_height_m), float(target_height_m)), (float(cell_m), float(max_km))
    ground = np.ascontiguousarray(elevation_m, dtype=np.float64).view()
    ground.setflags(write=False)  # of one type, writeable or not, so that nothing is compiled twice
    curve = REFRACTED if refraction else 1.0, float(cell_m**2)
    _table(ground, curve, frame, observers_rc, targets_rc, heights, seen)
    return seen


def viewshed(
    elevation_m: Floats,
    cell_m: float,
    row: int,
    col: int,
    observer_height_m: float,
    target_height_m: float,
    max_km: float,
    refraction: bool = True,
) -> Bools:
    """Which cells (rows, cols) an observer sees; see `sight_table`."""
    observer, cells = np.array([[row, col]]), np.stack(np.divmod(np.arange(elevation_m.size), elevation_m.shape[1]), 1)
    seen = sight_table(elevation_m, cell_m, observer, observer_height_m, cells, target_height_m, max_km, refraction)
    return seen.reshape(elevation_m.shape)


@compiled
def _table(
    elevation_m: Floats,
    curve: tuple[float, float],
    frame: tuple[float, float],
    observers: Ints,
    targets: Ints,
    heights: tuple[float, float],
    seen: Bools,
) -> None:
    """Fill in who sees whom, shape (observers, targets), within the second of `frame`, where a cell has the first."""
    for one in range(len(observers)):
        row, col = observers[one]
        for other in range(len(targets)):
            to_row, to_col = targets[other]
            if math.hypot(row - to_row, col - to_col) * frame[0] / 1000.0 <= frame[1]:
                seen[one, other] = _clear(elevation_m, curve, row, col, heights[0], to_row, to_col, heights[1])


@kernel
def _clear(
    elevation_m: Floats,
    curve: tuple[float, float],
    a_row: int,
    a_col: int,
    height_a: float,
    b_row: int,
    b_col: int,
    height_b: float,
) -> bool:
    """Follow both families of grid lines, from the end that comes first in reading order whoever the observer is."""
    if b_row < a_row or (b_row == a_row and b_col < a_col):
        a_row, a_col, height_a, b_row, b_col, height_b = b_row, b_col, height_b, a_row, a_col, height_a
    rows, cols = b_row - a_row, b_col - a_col
    from_m, to_m = elevation_m[a_row, a_col] + height_a, elevation_m[b_row, b_col] + height_b
    bulge_m = curve[0] * (rows * rows + cols * cols) * curve[1] / (2 * EARTH_RADIUS_M)
    width = elevation_m.shape[1]
    flat_m, base = elevation_m.ravel(), a_row * width + a_col
    by_row = _follow(flat_m, base, rows, cols, width, 1, from_m, to_m, bulge_m)
    return by_row and _follow(flat_m, base, cols, rows, 1, width, from_m, to_m, bulge_m)


@kernel
def _follow(
    flat_m: Floats,
    base: int,
    main: int,
    cross: int,
    stride: int,
    cross_stride: int,
    from_m: float,
    to_m: float,
    bulge_m: float,
) -> bool:
    """Check the crossings with one family of lines: whole steps along `main`, a fraction between two centres across."""
    total = abs(main)
    if total < 2:
        return True
    if main < 0:
        stride = -stride
    near, whole, slip, rest = base, cross // total, cross % total, 0
    for step in range(1, total):
        near += stride + whole * cross_stride
        rest += slip
        if rest >= total:
            rest -= total
            near += cross_stride
        share = rest / total
        ground_m = flat_m[near] * (1 - share) + flat_m[near + (cross_stride if rest > 0 else 0)] * share
        t = step / total
        ray_m = from_m * (1 - t) + to_m * t - bulge_m * t * (1 - t)
        if ground_m > ray_m + GRAZING_M:
            return False
    return True
