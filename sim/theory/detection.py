"""Detection by repeated glimpses, by continuous watch, and along a whole chain of posts and patrols."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from sim.theory.checks import Values, non_negative, probability


def glimpse_detection(glimpse_probability: ArrayLike, axis: int = -1) -> Values:
    """Probability that at least one of several independent glimpses detects, ``1 - prod(1 - g_i)``.

    Parameters
    ----------
    glimpse_probability:
        Detection probability of each glimpse, 0 to 1; the glimpses lie along `axis`.
    axis:
        Axis of the glimpses.

    Raises
    ------
    ValueError
        If a probability is outside [0, 1].

    References
    ----------
    Koopman, B. O. (1946). Search and Screening. OEG Report 56, chapter 2.

    Examples
    --------
    >>> round(float(glimpse_detection([0.05] * 20)), 6)
    0.641514
    """
    glimpses = np.atleast_1d(probability("glimpse_probability", glimpse_probability))
    with np.errstate(divide="ignore"):
        # In logarithms, so that many tiny chances do not drown in rounding.
        return -np.expm1(np.sum(np.log1p(-glimpses), axis=axis))


def continuous_detection(cumulative_hazard: ArrayLike) -> Values:
    """Probability of detection under continuous watch, ``1 - exp(-integral of the detection rate)``.

    Parameters
    ----------
    cumulative_hazard:
        Integral of the detection rate (per hour) over time (hours), so without a unit; at least 0.

    Raises
    ------
    ValueError
        If it is negative or not finite.

    References
    ----------
    Koopman, B. O. (1946). Search and Screening. OEG Report 56, chapter 2.

    Examples
    --------
    >>> round(float(continuous_detection(1.0)), 6)
    0.632121
    """
    return -np.expm1(-non_negative("cumulative_hazard", cumulative_hazard))


def chain_detection(
    post_hazard: ArrayLike, patrol_hazards: Sequence[ArrayLike] = (), weights: ArrayLike | None = None
) -> Values:
    """Probability that one group is detected at all by posts and by patrols of unknown, independent phase.

    ``1 - mean over cases of exp(-H_posts) * prod over patrols of mean over phase of exp(-H_patrol)``. Exact when
    the group's way does not depend on what the patrols do and their phases are independent and uniform.

    Parameters
    ----------
    post_hazard:
        Cumulative hazard from all posts in each case (a way and a departure), shape (cases,).
    patrol_hazards:
        For each patrol its cumulative hazard by case and phase, shape (cases, phases); the number of phases may
        differ between patrols.
    weights:
        Probability of each case up to a factor, shape (cases,); equal when left out.

    Raises
    ------
    ValueError
        If a hazard or a weight is negative or not finite.

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
