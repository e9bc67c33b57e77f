"""Walking speed on slopes, and how far the curved Earth lets one see."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from sim.theory.checks import Values, non_negative, real

OFF_PATH = 0.6
"""Tobler's factor for walking off a path."""

EARTH_RADIUS_KM = 6371.0
REFRACTION = 6 / 7
"""Share of the curvature that is left when standard refraction bends the ray along with the ground."""


def tobler_speed_kmh(slope: ArrayLike, off_path: bool = False) -> Values:
    """Tobler's hiking function, ``6 exp(-3.5 |s + 0.05|)`` km/h, three fifths of it off a path.

    Parameters
    ----------
    slope:
        s, rise over run in the direction of walking: positive uphill, negative downhill, finite.
    off_path:
        Whether there is no path.

    Returns
    -------
    float or array
        Speed over the ground in km/h, on the map.

    References
    ----------
    Tobler, W. (1993). Three presentations on geographical analysis and modeling. NCGIA Technical Report 93-1.

    Examples
    --------
    >>> round(float(tobler_speed_kmh(0.0)), 6)
    5.036742
    """
    speed = 6 * np.exp(-3.5 * np.abs(real("slope", slope) + 0.05))
    return OFF_PATH * speed if off_path else speed


def naismith_minutes(distance_km: ArrayLike, ascent_m: ArrayLike) -> Values:
    """Naismith's rule: 5 km/h on the map and an hour for each 600 m of ascent, in minutes.

    Parameters
    ----------
    distance_km:
        Distance on the map, at least 0.
    ascent_m:
        Sum of all ascents, at least 0; descents count nothing.

    References
    ----------
    Naismith, W. W. (1892). Excursions: Cruach Ardran, Stobinian, and Ben More. Scottish Mountaineering Club Journal
    2, 136.

    Examples
    --------
    >>> float(naismith_minutes(10.0, 300.0))
    150.0
    """
    return 12 * non_negative("distance_km", distance_km) + non_negative("ascent_m", ascent_m) / 10


def horizon_km(height_m: ArrayLike, target_height_m: ArrayLike = 0.0, refraction: bool = False) -> Values:
    """Distance at which a target of some height just shows over a level horizon; the two horizons add.

    ``sqrt(2 Re h)`` each, that is 3.57 sqrt(h) km for h in metres.

    Parameters
    ----------
    height_m, target_height_m:
        Heights of the eye and of the target over the level ground, m, at least 0.
    refraction:
        Whether standard refraction (curvature times 6/7) is taken into account.

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

    Examples
    --------
    >>> [round(-float(corrected_elevation_m(0.0, d)), 2) for d in (5, 10, 15, 20)]
    [1.96, 7.85, 17.66, 31.39]
    """
    share = REFRACTION if refraction else 1.0
    drop_km = share * non_negative("distance_km", distance_km) ** 2 / (2 * EARTH_RADIUS_KM)
    return real("elevation_m", elevation_m) - 1000 * drop_km
