"""Exact line of sight over a raster, with the curvature of the Earth and refraction.

The straight ray between two cell centres is checked at every crossing with the grid's lines through cell centres, rows
and columns alike; on such a line the height is interpolated between the two centres beside the crossing. Only ground
strictly between the two cells blocks: the target's own height belongs to the target, never to the horizon of what
lies behind it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

EARTH_RADIUS_M = 6_371_000.0
REFRACTED = 6.0 / 7.0
"""Share of the curvature that is left when the air bends the ray by a seventh."""
GRAZING_M = 1e-6
"""A ray that touches the ground, or dips into it by less than this, is clear."""
CHUNK = 1 << 16


class Rays(NamedTuple):
    """Rays under way, one entry each: start, steps in rows and columns, heights of both ends, and the bulge in m."""

    start_row: Ints
    start_col: Ints
    rows: Ints
    cols: Ints
    from_m: Floats
    to_m: Floats
    bulge_m: Floats

    def where(self, keep: Bools) -> Rays:
        """The rays that are kept."""
        return Rays(
            self.start_row[keep],
            self.start_col[keep],
            self.rows[keep],
            self.cols[keep],
            self.from_m[keep],
            self.to_m[keep],
            self.bulge_m[keep],
        )


def line_of_sight(
    elevation_m: Floats,
    cell_m: float,
    observers_rc: ArrayLike,
    observer_height_m: ArrayLike,
    targets_rc: ArrayLike,
    target_height_m: ArrayLike,
    refraction: bool = True,
) -> Bools:
    """Whether each observer sees its target; the same either way round when heights are swapped with places.

    Parameters
    ----------
    elevation_m:
        (rows, cols), heights of the cell centres.
    cell_m:
        Side of a cell.
    observers_rc, targets_rc:
        (n, 2) integers, row and column; either may be a single pair, which is then used for all.
    observer_height_m, target_height_m:
        (n,) or a single number, above the ground.
    refraction:
        Bend rays by a seventh of the Earth's curvature.

    Returns
    -------
    (n,) bool. A cell sees itself; a ray that grazes the ground (to `GRAZING_M`) is clear.

    Notes
    -----
    Heights are lowered by ``cc d^2 / (2 Re)`` at distance ``d``, ``cc`` = 6/7 or 1, ``Re`` = 6,371 km. Seen from the
    chord between the ends this is a bulge of ``cc D^2 t (1 - t) / (2 Re)`` at the share ``t`` of the distance ``D``.

    >>> wall = np.zeros((1, 5)); wall[0, 2] = 10.0
    >>> line_of_sight(wall, 100.0, [(0, 0), (0, 0)], [2.0, 2.0], [(0, 4), (0, 2)], [2.0, 0.0]).tolist()
    [False, True]
    """
    a = np.atleast_2d(np.asarray(observers_rc, dtype=np.int64))
    b = np.atleast_2d(np.asarray(targets_rc, dtype=np.int64))
    n = max(len(a), len(b))
    a, b = np.broadcast_to(a, (n, 2)), np.broadcast_to(b, (n, 2))
    height_a = np.broadcast_to(np.asarray(observer_height_m, dtype=float), (n,))
    height_b = np.broadcast_to(np.asarray(target_height_m, dtype=float), (n,))
    clear = np.empty(n, dtype=bool)
    for start in range(0, n, CHUNK):
        part = slice(start, start + CHUNK)
        rays = _rays(elevation_m, cell_m, a[part], height_a[part], b[part], height_b[part], refraction)
        clear[part] = _clear(np.ascontiguousarray(elevation_m), rays)
    return clear


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
    """Which cells (rows, cols) an observer sees, out to `max_km` between the cells' centres.

    Heights in metres above the ground; see `line_of_sight`.
    """
    rows, cols = elevation_m.shape
    reach = int(max_km * 1000 / cell_m)
    top, left = max(0, row - reach), max(0, col - reach)
    near = np.mgrid[top : min(rows, row + reach + 1), left : min(cols, col + reach + 1)].reshape(2, -1).T
    away_m = np.hypot(near[:, 0] - row, near[:, 1] - col) * cell_m
    targets = near[away_m <= max_km * 1000]
    seen = np.zeros((rows, cols), dtype=bool)
    seen[tuple(targets.T)] = line_of_sight(
        elevation_m, cell_m, (row, col), observer_height_m, targets, target_height_m, refraction
    )
    return seen


def _rays(
    elevation_m: Floats, cell_m: float, a: Ints, height_a: Floats, b: Ints, height_b: Floats, refraction: bool
) -> Rays:
    """Rays from the end that comes first in reading order, so that both directions compute the same bits."""
    swap = (b[:, 0] < a[:, 0]) | ((b[:, 0] == a[:, 0]) & (b[:, 1] < a[:, 1]))
    start, end = np.where(swap[:, None], b, a), np.where(swap[:, None], a, b)
    low, high = np.where(swap, height_b, height_a), np.where(swap, height_a, height_b)
    rows, cols = (end - start).T
    share = REFRACTED if refraction else 1.0
    bulge_m = share * (rows * rows + cols * cols) * cell_m**2 / (2 * EARTH_RADIUS_M)
    from_m, to_m = elevation_m[tuple(start.T)] + low, elevation_m[tuple(end.T)] + high
    return Rays(start[:, 0], start[:, 1], rows, cols, from_m, to_m, bulge_m)


def _clear(elevation_m: Floats, rays: Rays) -> Bools:
    """Follow both families of grid lines; rays that are blocked or have arrived drop out."""
    width = elevation_m.shape[1]
    base = rays.start_row * width + rays.start_col
    by_row = _follow(elevation_m.ravel(), rays, base, rays.rows, rays.cols, width, 1)
    by_col = np.zeros(len(by_row), dtype=bool)
    left = by_row.nonzero()[0]
    some = rays.where(by_row)
    by_col[left] = _follow(elevation_m.ravel(), some, base[left], some.cols, some.rows, 1, width)
    return by_col


def _follow(flat_m: Floats, rays: Rays, base: Ints, main: Ints, cross: Ints, stride: int, cross_stride: int) -> Bools:
    """Check the crossings with one family of lines: whole steps along `main`, a fraction between two centres across."""
    clear = np.ones(len(base), dtype=bool)
    index, total, sign = np.arange(len(base)), np.abs(main), np.sign(main)
    step = 1
    while True:
        alive = clear[index] & (total > step)
        if not alive.all():
            index, base, total, sign, cross = (v[alive] for v in (index, base, total, sign, cross))
            rays = rays.where(alive)
        if not len(index):
            return clear
        whole, rest = np.divmod(step * cross, total)
        near = base + step * sign * stride + whole * cross_stride
        share = rest / total
        ground_m = flat_m[near] * (1 - share) + flat_m[near + (rest > 0) * cross_stride] * share
        t = step / total
        ray_m = rays.from_m * (1 - t) + rays.to_m * t - rays.bulge_m * t * (1 - t)
        clear[index] = ground_m <= ray_m + GRAZING_M
        step += 1
