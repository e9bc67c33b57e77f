"""Walking speed on slopes."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from sim.theory.checks import Values, non_negative, real

OFF_PATH = 0.6
"""Tobler's factor for walking off a path."""


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

    Raises
    ------
    ValueError
        If a slope is not finite.

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

    Raises
    ------
    ValueError
        If an argument is outside these bounds.

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
