"""How high a target must stand to be seen, ray by ray: written apart from the project's own test, by slopes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from experiments.line_of_sight.grounds import View
from sim.terrain.sight import EARTH_RADIUS_M, REFRACTED

Floats = NDArray[np.float64]
ROUNDING = 1e-9
"""A place this little short of a centre is on it."""


def margin_m(view: View) -> Floats:
    """Metres by which a target stands above what hides its feet, (rows, cols): seen where it is 0 or more.

    The steepest rise from the eye to the ground (per share of the way) at any crossing is carried on to the target.
    Infinite next to the observer, where nothing lies between.
    """
    z, eye_m = view.elevation_m, float(view.elevation_m[view.row, view.col]) + view.height_m
    rows, cols = (axis.ravel() for axis in np.indices(z.shape))
    down, right = rows - view.row, cols - view.col
    fall_m = (REFRACTED if view.refraction else 1.0) * (down**2 + right**2) * view.cell_m**2 / (2 * EARTH_RADIUS_M)
    steepest = np.full(rows.size, -np.inf)
    for along in (down, right):
        count = np.abs(along)
        for step in range(1, int(count.max())):
            on = np.flatnonzero(count > step)
            share = step / count[on]
            ground_m = _ground_at(z, view.row + down[on] * share, view.col + right[on] * share)
            rise = (ground_m - fall_m[on] * share**2 - eye_m) / share
            steepest[on] = np.maximum(steepest[on], rise)
    return np.asarray(z + view.target_m - fall_m.reshape(z.shape) - (eye_m + steepest.reshape(z.shape)))


def _ground_at(z: Floats, row: Floats, col: Floats) -> Floats:
    """Heights on the lines through cell centres: bilinear, of which there only two centres are left."""
    top, left = np.floor(row + ROUNDING).astype(int), np.floor(col + ROUNDING).astype(int)
    south, east = np.maximum(row - top, 0.0), np.maximum(col - left, 0.0)
    below, beyond = np.minimum(top + 1, z.shape[0] - 1), np.minimum(left + 1, z.shape[1] - 1)
    north_m = z[top, left] * (1 - east) + z[top, beyond] * east
    return np.asarray(north_m * (1 - south) + (z[below, left] * (1 - east) + z[below, beyond] * east) * south)
