"""Barrier patrol: a searcher on a line of length L, crossed at right angles at a random place and time.

All searchers detect at definite range R, sweep width W = 2R; V is the searcher's and U the crosser's speed. The
barrier lies along x, the crosser moves along y; seen from the moving crossers, the searcher draws a zigzag.

`range_km` (R) and `searcher_speed_kmh` (V) are at least 0, `length_km` (L) and `crosser_speed_kmh` (U) above 0, where a
function does not ask for more. Sources: Koopman, B. O. (1946). Search and Screening. OEG Report 56, chapter 7;
Washburn, A. R. (2014). Search and Detection, 5th ed.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.theory.checks import Values, non_negative, positive, require

__all__ = [
    "barrier_coverage",
    "barrier_patrol_back_and_forth_ends",
    "barrier_patrol_back_and_forth_inside",
    "barrier_patrol_bound",
    "barrier_patrol_random",
    "stationary_barrier",
]


def barrier_coverage(
    range_km: ArrayLike, length_km: ArrayLike, searcher_speed_kmh: ArrayLike, crosser_speed_kmh: ArrayLike
) -> Values:
    """Area swept relative to the crossers over the area they pass, ``W sqrt(V^2 + U^2)/(L U)``, without a unit.

    >>> round(float(barrier_coverage(1, 20, 10, 5)), 6)
    0.223607
    """
    reach, length = non_negative("range_km", range_km), positive("length_km", length_km)
    searcher = non_negative("searcher_speed_kmh", searcher_speed_kmh)
    crosser = positive("crosser_speed_kmh", crosser_speed_kmh)
    return 2 * reach * np.hypot(searcher, crosser) / (length * crosser)


def barrier_patrol_random(
    range_km: ArrayLike, length_km: ArrayLike, searcher_speed_kmh: ArrayLike, crosser_speed_kmh: ArrayLike
) -> Values:
    """Detection probability of a searcher who moves along the barrier without order, ``1 - exp(-coverage)``.

    >>> round(float(barrier_patrol_random(1, 20, 10, 5)), 6)
    0.200371
    """
    return -np.expm1(-barrier_coverage(range_km, length_km, searcher_speed_kmh, crosser_speed_kmh))


def barrier_patrol_bound(
    range_km: ArrayLike, length_km: ArrayLike, searcher_speed_kmh: ArrayLike, crosser_speed_kmh: ArrayLike
) -> Values:
    """Upper bound on the detection probability of any patrol of the barrier, ``min(1, coverage)``.

    Washburn, A. R. (1982). On patrolling a channel. Naval Research Logistics Quarterly 29, 609-615.

    >>> round(float(barrier_patrol_bound(1, 20, 10, 5)), 6)
    0.223607
    """
    return np.minimum(1.0, barrier_coverage(range_km, length_km, searcher_speed_kmh, crosser_speed_kmh))


def barrier_patrol_back_and_forth_ends(
    range_km: ArrayLike, length_km: ArrayLike, searcher_speed_kmh: ArrayLike, crosser_speed_kmh: ArrayLike
) -> Values:
    """Detection probability of a patrol that turns at the very ends, ``1 - max(0, 1 - coverage/2)^2``; V above 0.

    >>> round(float(barrier_patrol_back_and_forth_ends(1, 20, 10, 5)), 6)
    0.211107
    """
    searcher = positive("searcher_speed_kmh", searcher_speed_kmh)
    gap = np.maximum(0.0, 1 - barrier_coverage(range_km, length_km, searcher, crosser_speed_kmh) / 2)
    return 1 - gap**2


def barrier_patrol_back_and_forth_inside(
    range_km: ArrayLike, length_km: ArrayLike, searcher_speed_kmh: ArrayLike, crosser_speed_kmh: ArrayLike
) -> Values:
    """Detection probability of a patrol that turns one detection range R inside the ends; R and V above 0, L above 2R.

    In a frame that moves with the crossers the patrol repeats every ``D = 2 l U / V``, ``l = L - 2R``. At a distance x
    from an end it covers all within ``y_b(x)`` of its turning point and leaves a gap ``D - 2 y_b(x)``; the detection
    probability is 1 less the two ends' gaps over the area L D. The integral of the gaps is done in closed form.

    >>> round(float(barrier_patrol_back_and_forth_inside(1, 20, 10, 5)), 6)
    0.218647
    """
    reach, length = positive("range_km", range_km), positive("length_km", length_km)
    searcher = positive("searcher_speed_kmh", searcher_speed_kmh)
    slope = positive("crosser_speed_kmh", crosser_speed_kmh) / searcher
    require(length > 2 * reach, "length_km", length, "a length above twice range_km")
    half_period = (length - 2 * reach) * slope
    gap = _gap_area(reach, slope, half_period)
    # Each end leaves two mirrored halves of such a gap in every period of 2 * half_period.
    # A patrol with hardly any length to walk leaves hardly any gap: no rounding shall make it less than none.
    return np.clip(1 - 2 * gap / (length * half_period), 0.0, 1.0)


def _gap_area(
    reach: NDArray[np.float64], slope: NDArray[np.float64], half_period: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Integral of ``max(0, half_period - y_b(x))`` over x from an end, y_b an arc and then a straight line."""
    cosine = 1 / np.hypot(1.0, slope)
    sine = slope * cosine
    join = reach * (1 - sine)
    on_arc = np.minimum(half_period, reach * cosine)
    arc_end = reach - np.sqrt(np.maximum(0.0, reach**2 - on_arc**2))
    line_height = np.maximum(0.0, half_period - reach * cosine)
    line_end = np.where(line_height > 0, join, arc_end)
    arc = half_period * line_end - _half_segment(reach, line_end)
    return arc + line_height**2 / (2 * slope)


def _half_segment(reach: NDArray[np.float64], depth: NDArray[np.float64]) -> NDArray[np.float64]:
    """Half the area of a circle's segment of height `depth`: what the turning point's own disc covers."""
    across = np.sqrt(np.maximum(0.0, depth * (2 * reach - depth)))
    return (reach**2 * np.arccos(np.clip(1 - depth / reach, -1.0, 1.0)) - (reach - depth) * across) / 2


def stationary_barrier(range_km: ArrayLike, length_km: ArrayLike) -> Values:
    """Detection probability of a sensor that stands still at a uniformly random place of the barrier; R at most L.

    ``W/L - W^2/(4 L^2)`` with W = 2R; what reaches over the ends is lost.

    >>> round(float(stationary_barrier(1, 20)), 6)
    0.0975
    """
    reach, length = non_negative("range_km", range_km), positive("length_km", length_km)
    require(reach <= length, "range_km", reach, "a range of at most length_km")
    return 2 * reach / length - (reach / length) ** 2
