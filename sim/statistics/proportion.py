"""A single proportion with its interval, and the critical values of all intervals."""

from __future__ import annotations

import math

CONFIDENCE = 0.95
"""Level of the intervals that have no other."""


def wilson(successes: float, trials: float, confidence: float = 0.95) -> tuple[float, float]:
    """Wilson's score interval for a proportion.

    Unlike the textbook interval it keeps a width at 0 and at `trials` successes and never leaves [0, 1].

    Parameters
    ----------
    successes, trials:
        Counts, ``0 <= successes <= trials``. Fractions are accepted, as effective sample sizes need them.
    confidence:
        Confidence level, strictly between 0 and 1.

    Returns
    -------
    tuple of float
        Lower and upper limit; both NaN when there are no trials.

    Raises
    ------
    ValueError
        If the counts are not ordered as above, or `confidence` is outside (0, 1).

    References
    ----------
    Wilson, E. B. (1927). Probable inference, the law of succession, and statistical inference. JASA 22, 209-212.

    Examples
    --------
    >>> [round(limit, 4) for limit in wilson(8, 10)]
    [0.4902, 0.9433]
    >>> wilson(0, 0)
    (nan, nan)
    """
    return wilson_at(successes, trials, normal_quantile(confidence))


def wilson_at(successes: float, trials: float, z: float) -> tuple[float, float]:
    """Wilson's interval for a critical value `z` instead of a confidence level (see `wilson`)."""
    if not 0 <= successes <= trials:
        raise ValueError(f"successes = {successes!r} of trials = {trials!r}: 0 <= successes <= trials is needed")
    if trials == 0:
        return math.nan, math.nan
    proportion = successes / trials
    centre = (proportion + z * z / (2 * trials)) / (1 + z * z / trials)
    spread = z * math.sqrt(proportion * (1 - proportion) / trials + (z / (2 * trials)) ** 2) / (1 + z * z / trials)
    # At the corners the limits are 0 and 1 exactly; rounding would miss them by one bit.
    low = 0.0 if successes == 0 else max(0.0, centre - spread)
    high = 1.0 if successes == trials else min(1.0, centre + spread)
    return low, high


def normal_quantile(confidence: float) -> float:
    """Half-width of the central interval of a standard normal variable; `confidence` is strictly between 0 and 1.

    Examples
    --------
    >>> round(normal_quantile(0.95), 6)
    1.959964
    """
    from scipy import special  # slow to import, needed when the replications have been run

    _check(confidence)
    return float(special.ndtri(0.5 + confidence / 2))


def t_quantile(confidence: float, degrees_of_freedom: float) -> float:
    """Half-width of the central interval of Student's t; NaN without degrees of freedom.

    Examples
    --------
    >>> round(t_quantile(0.95, 10), 6)
    2.228139
    """
    from scipy import special

    _check(confidence)
    return float(special.stdtrit(degrees_of_freedom, 0.5 + confidence / 2)) if degrees_of_freedom > 0 else float("nan")


def _check(confidence: float) -> None:
    if not 0.0 < confidence < 1.0:
        raise ValueError(f"confidence = {confidence!r}: a number strictly between 0 and 1 is needed, such as 0.95")
