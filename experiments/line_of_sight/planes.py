"""GDAL's method written anew: horizons handed on from cell to cell by planes, without any line of sight.

Wang, Robinson and White, "Generating viewsheds without using sightlines", 2000. The horizon above a cell lies in the
plane through the eye and the horizons of the two neighbours towards it; the cell's own ground may then raise it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from experiments.line_of_sight.grounds import View
from sim.terrain.sight import EARTH_RADIUS_M, REFRACTED

Floats = NDArray[np.float64]


def lowered(view: View) -> Floats:
    """Heights (rows, cols) less what the Earth falls away from the observer's level."""
    rows, cols = np.indices(view.elevation_m.shape)
    squared = ((rows - view.row) ** 2 + (cols - view.col) ** 2) * view.cell_m**2
    return np.asarray(view.elevation_m - (REFRACTED if view.refraction else 1.0) * squared / (2 * EARTH_RADIUS_M))


def seen_by_planes(view: View, raised: bool = True) -> NDArray[np.bool_]:
    """Which cells (rows, cols) are seen.

    Parameters
    ----------
    raised:
        As GDAL 3.6 does: what lies next to the observer to the north, the south and aslant is taken to be no lower than
        the ground under him. Without it no neighbour has a horizon before it.
    """
    ground = lowered(view)
    eye_m = float(view.elevation_m[view.row, view.col]) + view.height_m
    horizon = np.full(ground.shape, -np.inf)
    for down in (-1, 1):
        for right in (-1, 1):
            _quadrant(
                ground[view.row :: down, view.col :: right], horizon[view.row :: down, view.col :: right], eye_m, raised
            )
    rows, cols = np.indices(ground.shape)
    near = np.hypot(rows - view.row, cols - view.col) * view.cell_m <= view.limit_km * 1000
    return np.asarray((ground + view.target_m >= horizon) & near)


def _quadrant(ground: Floats, horizon: Floats, eye_m: float, raised: bool) -> None:
    """Fill in the horizon above the cells of a quadrant, shape (rows, cols), the observer in its first cell.

    Ring by ring: the cells `far` rows away, then, with rows and columns exchanged, those `far` columns away.
    """
    tops = np.array(ground)
    for far in range(1, max(ground.shape)):
        for over, above, top in ((ground, horizon, tops), (ground.T, horizon.T, tops.T)):
            if far < over.shape[0]:
                off = np.arange(min(far + 1, over.shape[1]))
                above[far, off] = _handed_on(top[far - 1], far, off, eye_m)
        if far == 1:
            _beside_the_observer(ground, horizon, raised)
        np.maximum(ground[: far + 1, : far + 1], horizon[: far + 1, : far + 1], out=tops[: far + 1, : far + 1])


def _handed_on(last: Floats, far: int, off: NDArray[np.int64], eye_m: float) -> Floats:
    """Horizon at the offsets `off` of ring `far`, from the tops of the ring before it."""
    if far == 1:
        return np.full(len(off), -np.inf)
    aslant, beside = last[np.maximum(off - 1, 0)] - eye_m, last[np.minimum(off, far - 1)] - eye_m
    return np.asarray((aslant * off + beside * (far - off)) / (far - 1) + eye_m)


def _beside_the_observer(ground: Floats, horizon: Floats, raised: bool) -> None:
    if raised:
        horizon[1:2, :2] = ground[0, 0]
