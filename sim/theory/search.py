"""Detection by glimpses, by continuous watch and along a chain of posts and patrols; search of an area.

Source where no other is named: Koopman, B. O. (1946). Search and Screening. OEG Report 56, chapter 2.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from sim.theory.checks import Values, non_negative, positive, probability

__all__ = [
    "chain_detection",
    "continuous_detection",
    "exhaustive_search",
    "glimpse_detection",
    "inverse_cube_search",
    "mean_relative_speed",
    "random_search",
    "search_coverage",
]


def glimpse_detection(glimpse_probability: ArrayLike, axis: int = -1) -> Values:
    """Probability that at least one of several independent glimpses along an axis detects, ``1 - prod(1 - g_i)``.

    >>> round(float(glimpse_detection([0.05] * 20)), 6)
    0.641514
    """
    glimpses = np.atleast_1d(probability("glimpse_probability", glimpse_probability))
    with np.errstate(divide="ignore"):
        # In logarithms, so that many tiny chances do not drown in rounding.
        return -np.expm1(np.sum(np.log1p(-glimpses), axis=axis))


def continuous_detection(cumulative_hazard: ArrayLike) -> Values:
    """Probability of detection under continuous watch, ``1 - exp(-integral of the detection rate)``.

    The integral, of a rate per hour over hours, has no unit and is at least 0.

    >>> round(float(continuous_detection(1.0)), 6)
    0.632121
    """
    return -np.expm1(-non_negative("cumulative_hazard", cumulative_hazard))


def chain_detection(
    post_hazard: ArrayLike, patrol_hazards: Sequence[ArrayLike] = (), weights: ArrayLike | None = None
) -> Values:
    """Probability that one group is detected at all by posts and by patrols of unknown, independent phase.

    ``1 - mean over cases of exp(-H_posts) * prod over patrols of mean over phase of exp(-H_patrol)``. Exact when
    the group's route does not depend on what the patrols do and their phases are independent and uniform.

    Parameters
    ----------
    post_hazard:
        Cumulative hazard from all posts in each case (a route and a departure), shape (cases,).
    patrol_hazards:
        For each patrol its cumulative hazard by case and phase, shape (cases, phases); the number of phases may
        differ between patrols.
    weights:
        Probability of each case up to a factor, shape (cases,); equal when left out.

    Examples
    --------
    >>> round(float(chain_detection([0.0], [[[0.0, np.log(2)]], [[np.log(2), np.log(2)]]])), 6)
    0.625
    """
    missed = np.exp(-np.atleast_1d(non_negative("post_hazard", post_hazard)))
    for hazard in patrol_hazards:
        missed = missed * np.exp(-non_negative("patrol_hazards", hazard)).mean(axis=-1)
    case_weights = None if weights is None else non_negative("weights", weights)
    return 1 - np.average(missed, weights=case_weights)


def search_coverage(sweep_width_km: ArrayLike, speed_kmh: ArrayLike, hours: ArrayLike, area_km2: ArrayLike) -> Values:
    """Coverage C = W V t / A: the area swept (at least 0) over the area searched (above 0), without a unit.

    >>> float(search_coverage(2.0, 5.0, 3.0, 60.0))
    0.5
    """
    swept = non_negative("sweep_width_km", sweep_width_km) * non_negative("speed_kmh", speed_kmh)
    return swept * non_negative("hours", hours) / positive("area_km2", area_km2)


def exhaustive_search(coverage: ArrayLike) -> Values:
    """Detection probability when nothing is searched twice, ``min(1, C)``: the upper bound; C at least 0.

    >>> float(exhaustive_search(0.5))
    0.5
    """
    return np.minimum(1.0, non_negative("coverage", coverage))


def inverse_cube_search(coverage: ArrayLike) -> Values:
    """Detection probability on parallel tracks under the inverse cube law, ``erf(sqrt(pi) C / 2)``.

    Here C, at least 0, is the sweep width over the spacing of the tracks.

    >>> round(float(inverse_cube_search(1.0)), 6)
    0.789909
    """
    from scipy.special import erf

    return erf(np.sqrt(np.pi) / 2 * non_negative("coverage", coverage))


def random_search(coverage: ArrayLike) -> Values:
    """Detection probability when the searcher's track is without any order, ``1 - exp(-C)``; C at least 0.

    >>> round(float(random_search(1.0)), 6)
    0.632121
    """
    return -np.expm1(-non_negative("coverage", coverage))


def mean_relative_speed(target_speed_kmh: ArrayLike, searcher_speed_kmh: ArrayLike) -> Values:
    """Mean speed (km/h) of a target relative to a searcher when its heading is uniformly random.

    ``(2/pi)(U + V) E(m)`` with the complete elliptic integral E, parameter ``m = 4UV/(U + V)^2`` and speeds of at least
    0. Put in place of V it turns `random_search` into the law for moving targets. Koopman, B. O. (1956). The theory of
    search I: kinematic bases. Operations Research 4, 324-346.

    >>> [round(float(mean_relative_speed(u, 1.0)), 6) for u in (0.25, 0.5, 1, 2)]
    [1.015687, 1.063544, 1.27324, 2.127089]
    """
    from scipy.special import ellipe

    target = non_negative("target_speed_kmh", target_speed_kmh)
    searcher = non_negative("searcher_speed_kmh", searcher_speed_kmh)
    total = target + searcher
    shape = 4 * target * searcher / np.square(np.where(total > 0, total, 1.0))
    # Rounding may carry m a bit above 1, where E is not defined.
    return 2 / np.pi * total * ellipe(np.minimum(1.0, shape))
