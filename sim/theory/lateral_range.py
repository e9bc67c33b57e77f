"""Lateral range curves (detection probability by closest distance on a straight pass) and their sweep widths.

A sensor stands still, or moves in a straight line, and a target passes at constant relative speed; the lateral range
is the closest distance between them, `offset_km` of either sign. The sweep width (km) is the integral of the curve over
both sides: the width of a strip searched perfectly that would detect as many.

Source of the laws: Koopman, B. O. (1946). Search and Screening. OEG Report 56, chapter 2.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.theory.checks import Values, non_negative, positive, real

__all__ = [
    "inverse_cube_coefficient_km2",
    "lateral_range_constant_rate",
    "lateral_range_definite_range",
    "lateral_range_inverse_cube",
    "sweep_width",
    "sweep_width_constant_rate",
    "sweep_width_definite_range",
    "sweep_width_inverse_cube",
]

_SERIES_ABOVE = 100.0
"""Beyond this z four terms of the asymptotic series are exact to the last bit."""


def sweep_width(lateral_range: Callable[[float], float], limit_km: float = np.inf) -> float:
    """Sweep width of any symmetric lateral range curve, by numerical integration.

    `lateral_range` gives the detection probability at an offset in km; nothing is detected beyond `limit_km`.

    >>> round(sweep_width(lambda x: np.exp(-x)), 6)
    2.0
    """
    from scipy.integrate import quad

    if not limit_km > 0:
        raise ValueError(f"limit_km = {limit_km}: a number above 0 is allowed")
    return 2 * float(quad(lateral_range, 0.0, limit_km, limit=200)[0])


def lateral_range_definite_range(offset_km: ArrayLike, range_km: ArrayLike) -> Values:
    """Definite range law: 1 up to the range R, at least 0, and 0 beyond.

    >>> lateral_range_definite_range([0.5, 1.5], range_km=1.0)
    array([1., 0.])
    """
    return np.where(np.abs(real("offset_km", offset_km)) <= non_negative("range_km", range_km), 1.0, 0.0)[()]


def sweep_width_definite_range(range_km: ArrayLike) -> Values:
    """Sweep width of the definite range law, W = 2R, for R of at least 0.

    >>> float(sweep_width_definite_range(1.5))
    3.0
    """
    return 2 * non_negative("range_km", range_km)


def inverse_cube_coefficient_km2(
    rate_per_h: ArrayLike, target_area_km2: ArrayLike, observer_height_km: ArrayLike, speed_kmh: ArrayLike
) -> Values:
    """Coefficient K of the inverse cube law, K = 2 k A h / V, in km^2.

    The detection rate is k (per hour and steradian) times the solid angle that the target's area A on the ground
    fills, seen from height h: k A h / r^3 at a distance r much larger than h. The relative speed V is above 0, the
    others at least 0.

    >>> round(float(inverse_cube_coefficient_km2(1e6, 1e-6, 2.0, 4.0)), 6)
    1.0
    """
    rate, area = non_negative("rate_per_h", rate_per_h), non_negative("target_area_km2", target_area_km2)
    height = non_negative("observer_height_km", observer_height_km)
    return 2 * rate * area * height / positive("speed_kmh", speed_kmh)


def lateral_range_inverse_cube(offset_km: ArrayLike, coefficient_km2: ArrayLike) -> Values:
    """Inverse cube law: ``1 - exp(-K/x^2)``, and 1 at x = 0, for K above 0 (see `inverse_cube_coefficient_km2`).

    >>> round(float(lateral_range_inverse_cube(sweep_width_inverse_cube(1.0) / 2, 1.0)), 6)
    0.272623
    """
    with np.errstate(divide="ignore", over="ignore"):
        return -np.expm1(-positive("coefficient_km2", coefficient_km2) / np.square(real("offset_km", offset_km)))


def sweep_width_inverse_cube(coefficient_km2: ArrayLike) -> Values:
    """Sweep width of the inverse cube law, ``W = 2 sqrt(pi K)``, for K of at least 0.

    >>> round(float(sweep_width_inverse_cube(1.0)), 6)
    3.544908
    """
    return 2 * np.sqrt(np.pi * non_negative("coefficient_km2", coefficient_km2))


def lateral_range_constant_rate(
    offset_km: ArrayLike, range_km: ArrayLike, rate_per_h: ArrayLike, speed_kmh: ArrayLike
) -> Values:
    """Constant rate law: ``1 - exp(-2 q sqrt(R^2 - x^2)/v)`` up to the range R, 0 beyond.

    The rate q while within range is at least 0, R and the relative speed v are above 0.

    >>> round(float(lateral_range_constant_rate(0.6, 1.0, rate_per_h=2.5, speed_kmh=4.0)), 6)
    0.632121
    """
    offset, reach = real("offset_km", offset_km), positive("range_km", range_km)
    rate, speed = non_negative("rate_per_h", rate_per_h), positive("speed_kmh", speed_kmh)
    return -np.expm1(-2 * rate * np.sqrt(np.maximum(0.0, reach**2 - offset**2)) / speed)


def sweep_width_constant_rate(range_km: ArrayLike, rate_per_h: ArrayLike, speed_kmh: ArrayLike) -> Values:
    """Sweep width of the constant rate law, ``W = pi R [I1(z) - L1(z)]`` with ``z = 2 q R / v``.

    I1 is the modified Bessel and L1 the modified Struve function (Abramowitz, M. and Stegun, I. A. (1964). Handbook of
    Mathematical Functions, 12.2). Both overflow for large z and their difference loses all digits long before, so it is
    evaluated from ``2 R * integral over 0..pi/2 of cos(a) (1 - exp(-z cos(a)))`` and from its asymptotic series
    ``2 R (1 - 1/z^2 - 3/z^4 - 45/z^6 - ...)``; the limit is 2R. Arguments as in `lateral_range_constant_rate`.

    >>> [round(float(sweep_width_constant_rate(1.0, z / 2, 1.0)), 6) for z in (0.5, 1, 2, 5)]
    [0.640734, 1.063098, 1.532711, 1.908286]
    """
    reach = positive("range_km", range_km)
    rate, speed = non_negative("rate_per_h", rate_per_h), positive("speed_kmh", speed_kmh)
    z = 2 * rate * reach / speed
    return (reach * np.where(z > _SERIES_ABOVE, _width_series(z), _width_quadrature(z)))[()]


def _width_quadrature(z: NDArray[np.float64]) -> NDArray[np.float64]:
    angles, weights = _quadrature()
    cosine = np.cos(np.pi / 4 * (angles + 1))
    exposure = np.minimum(z, _SERIES_ABOVE)[..., np.newaxis] * cosine
    return np.asarray(np.pi / 2 * np.sum(weights * cosine * -np.expm1(-exposure), axis=-1))


def _width_series(z: NDArray[np.float64]) -> NDArray[np.float64]:
    square = np.maximum(z, _SERIES_ABOVE) ** -2.0
    return np.asarray(2 * (1 - square * (1 + square * (3 + square * (45 + square * 1575)))))


@cache
def _quadrature() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Places and weights of Gauss and Legendre's rule of 128 points, from -1 to 1."""
    return np.polynomial.legendre.leggauss(128)
