"""Walking speed on slopes, and how far the curved Earth lets one see."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from sim.theory.checks import Values, non_negative, real

__all__ = ["corrected_elevation_m", "horizon_km", "naismith_minutes", "tobler_speed_kmh"]

OFF_PATH = 0.6
"""Tobler's factor for walking off a path."""

EARTH_RADIUS_KM = 6371.0
REFRACTION = 6 / 7
"""Share of the curvature that is left when standard refraction bends the ray along with the ground."""


def tobler_speed_kmh(slope: ArrayLike, off_path: bool = False) -> Values:
    """Tobler's hiking function, ``6 exp(-3.5 |s + 0.05|)`` km/h on the map, three fifths of it off a path.

    The slope s is rise over run in the direction of walking, positive uphill. Tobler, W. (1993). Three presentations
    on geographical analysis and modeling. NCGIA Technical Report 93-1.

    >>> round(float(tobler_speed_kmh(0.0)), 6)
    5.036742
    """
    speed = 6 * np.exp(-3.5 * np.abs(real("slope", slope) + 0.05))
    return OFF_PATH * speed if off_path else speed


def naismith_minutes(distance_km: ArrayLike, ascent_m: ArrayLike) -> Values:
    """Naismith's rule: 5 km/h on the map and an hour for each 600 m of all ascents; descents count nothing.

    Naismith, W. W. (1892). Excursions: Cruach Ardran, Stobinian, and Ben More. Scottish Mountaineering Club Journal 2,
    136. Both arguments at least 0.

    >>> float(naismith_minutes(10.0, 300.0))
    150.0
    """
    return 12 * non_negative("distance_km", distance_km) + non_negative("ascent_m", ascent_m) / 10


def horizon_km(height_m: ArrayLike, target_height_m: ArrayLike = 0.0, refraction: bool = False) -> Values:
    """Distance at which a target of some height just shows over a level horizon; the two horizons add.

    ``sqrt(2 Re h)`` each, that is 3.57 sqrt(h) km for h in metres over the level ground, at least 0; with standard
    refraction the curvature counts 6/7.

    >>> round(float(horizon_km(1.0)), 2), round(float(horizon_km(18.5, 1.7)), 1)
    (3.57, 20.0)
    """
    eye, target = non_negative("height_m", height_m), non_negative("target_height_m", target_height_m)
    diameter = 2 * EARTH_RADIUS_KM / (REFRACTION if refraction else 1.0)
    return np.sqrt(diameter * eye / 1000) + np.sqrt(diameter * target / 1000)


def corrected_elevation_m(elevation_m: ArrayLike, distance_km: ArrayLike, refraction: bool = False) -> Values:
    """Elevation as it appears from a distance d, at least 0, over the curved Earth: ``z - cc d^2 / (2 Re)``.

    z is above the same datum as the observer's elevation; cc = 6/7 with standard refraction, otherwise 1.

    >>> [round(-float(corrected_elevation_m(0.0, d)), 2) for d in (5, 10, 15, 20)]
    [1.96, 7.85, 17.66, 31.39]
    """
    share = REFRACTION if refraction else 1.0
    drop_km = share * non_negative("distance_km", distance_km) ** 2 / (2 * EARTH_RADIUS_KM)
    return real("elevation_m", elevation_m) - 1000 * drop_km
