"""Sensing: detection rate by distance, and rates as whole-numbered hazards.

A sensor detects a group in the first minute in which the hazard summed over the minutes so far passes an Exp(1)
threshold: the continuous-looking model of search theory, P = 1 - exp(-integral of the rate) (Koopman 1980).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.rules.randomness import UNIT

DAY, TWILIGHT, NIGHT = 0, 1, 2
"""Light classes."""

MARCHING, LYING_UP = 0, 1
"""Postures of a group."""

CERTAIN = UNIT << 8
"""Hazard of a certain detection within the minute: exp(-256) is the chance to slip by."""

REACH = {"definite_range": 1.0, "constant_rate": 1.0, "inverse_cube": 3.0, "exponential": 5.0, "logistic": 2.0}
"""Where a law is cut off, as a multiple of the sensor's range."""


def detection_rate(
    law: str, distance_km: NDArray[np.float64], range_km: float, rate_per_hour: float, softness: float = 0.1
) -> NDArray[np.float64]:
    """Detections per hour at each distance (km), for one sensor.

    ========== ==================================================================
    law        rate at distance d, with range R and rate q
    ========== ==================================================================
    definite   infinite for d <= R, else 0
    constant   q for d <= R, else 0
    cube       q (R/d)^3, cut off at 3 R
    exponential q exp(-d/R), cut off at 5 R
    logistic   q / (1 + exp((d - R) / (softness R))), cut off at 2 R
    ========== ==================================================================

    A range of 0 sees nothing under every law.

    Examples
    --------
    >>> detection_rate("inverse_cube", np.array([1.0, 2.0, 6.1]), 2.0, 3.0).tolist()
    [24.0, 3.0, 0.0]
    """
    d = np.asarray(distance_km, dtype=np.float64)
    if range_km <= 0.0:
        return np.zeros_like(d)
    if law == "definite_range":
        shape = np.full_like(d, np.inf)
    elif law == "constant_rate":
        shape = np.full_like(d, rate_per_hour)
    elif law == "inverse_cube":
        with np.errstate(divide="ignore"):
            shape = rate_per_hour * (range_km / d) ** 3 if rate_per_hour > 0 else np.zeros_like(d)
    elif law == "exponential":
        shape = rate_per_hour * np.exp(-d / range_km)
    elif law == "logistic":
        shape = rate_per_hour / (1.0 + np.exp(np.minimum((d - range_km) / (softness * range_km), 700.0)))
    else:
        raise ValueError(f"law is {law!r}; allowed: {', '.join(REACH)}")
    return np.where(d <= REACH[law] * range_km, shape, 0.0)


def hazard_units(rate_per_hour: float) -> int:
    """The hazard of one minute at a rate, in units of 2^-32, at most `CERTAIN`."""
    scaled = rate_per_hour * (UNIT / 60.0)
    return int(scaled + 0.5) if scaled < CERTAIN else CERTAIN


def visibility(signature: float, hiding: float, concealment: Any) -> Any:
    """How visible a group is over a standard target in the open; takes an array of concealments too."""
    return signature * hiding * (1.0 - concealment)


def visibility_as(posture: int, signature: float, lying_up_factor: float, concealment: Any) -> Any:
    """The same by the group's posture: who lies up is `lying_up_factor` as visible as who marches."""
    return visibility(signature, lying_up_factor if posture == LYING_UP else 1.0, concealment)


def lacks_power(minute: int, start_min: float, end_min: float) -> bool:
    """Whether a minute lies in a power cut: its beginning does, its end does not."""
    return start_min <= minute < end_min


def hazard(rate_per_hour: float, visible: float) -> int:
    """Hazard of one minute to a group that is so visible, where a standard target is detected at a rate."""
    return hazard_units(rate_per_hour * visible) if visible > 0.0 else 0


def detects(left: int, hazard: int) -> bool:
    """Whether a hazard uses up what was left of a threshold: in one minute, and never again afterwards."""
    return 0 < left <= hazard


def hazard_units_array(rate_per_hour: NDArray[np.float64]) -> NDArray[np.int64]:
    """`hazard_units` of every element: the same whole numbers."""
    scaled = rate_per_hour * (UNIT / 60.0)
    return (np.minimum(scaled, CERTAIN) + 0.5).astype(np.int64)


def effective_range(range_km: float, light_factor: float, visibility: float, sensitivity: float) -> float:
    """The range that light and weather leave of a sensor's range by day in clear air."""
    return range_km * light_factor * visibility**sensitivity
