"""How far the curved Earth lets one see."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from sim.theory.checks import Values, non_negative, real

EARTH_RADIUS_KM = 6371.0
REFRACTION = 6 / 7
"""Share of the curvature that is left when standard refraction bends the ray along with the ground."""


def horizon_km(height_m: ArrayLike, target_height_m: ArrayLike = 0.0, refraction: bool = False) -> Values:
    """Distance at which a target of some height just shows over a level horizon; the two horizons add.

    ``sqrt(2 Re h)`` each, that is 3.57 sqrt(h) km for h in metres.

    Parameters
    ----------
    height_m, target_height_m:
        Heights of the eye and of the target over the level ground, m, at least 0.
    refraction:
        Whether standard refraction (curvature times 6/7) is taken into account.

    Raises
    ------
    ValueError
        If a height is negative or not finite.

    Examples
    --------
    >>> round(float(horizon_km(1.0)), 2)
    3.57
    >>> round(float(horizon_km(18.5, 1.7)), 1)
    20.0
    """
    eye, target = non_negative("height_m", height_m), non_negative("target_height_m", target_height_m)
    diameter = 2 * EARTH_RADIUS_KM / (REFRACTION if refraction else 1.0)
    return np.sqrt(diameter * eye / 1000) + np.sqrt(diameter * target / 1000)


def corrected_elevation_m(elevation_m: ArrayLike, distance_km: ArrayLike, refraction: bool = False) -> Values:
    """Elevation as it appears from a distance over the curved Earth, ``z - cc d^2 / (2 Re)``.

    Parameters
    ----------
    elevation_m:
        z, m above the same datum as the observer's.
    distance_km:
        d, from the observer, at least 0.
    refraction:
        Whether standard refraction is taken into account: cc = 6/7, otherwise 1.

    Raises
    ------
    ValueError
        If a distance is negative or a value is not finite.

    Examples
    --------
    >>> [round(-float(corrected_elevation_m(0.0, d)), 2) for d in (5, 10, 15, 20)]
    [1.96, 7.85, 17.66, 31.39]
    """
    share = REFRACTION if refraction else 1.0
    drop_km = share * non_negative("distance_km", distance_km) ** 2 / (2 * EARTH_RADIUS_KM)
    return real("elevation_m", elevation_m) - 1000 * drop_km
