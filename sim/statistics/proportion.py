"""A single proportion with its interval, and the critical values of all intervals."""

from __future__ import annotations

import math

Z95 = 1.959963984540054
"""Half-width of the central 95 % interval of a standard normal variable."""


def wilson(successes: float, trials: float, z: float = Z95) -> tuple[float, float]:
    """Wilson's score interval for a proportion, which keeps a width at 0 and at `trials` successes.

    Parameters
    ----------
    successes, trials:
        Counts, ``0 <= successes <= trials``. Fractions are accepted, as effective sample sizes need them.
    z:
        Critical value.

    Returns
    -------
    tuple of float
        Lower and upper limit within [0, 1]; both NaN when there are no trials.

    Raises
    ------
    ValueError
        If the counts are not ordered as above.

    References
    ----------
    Wilson, E. B. (1927). Probable inference, the law of succession, and statistical inference. JASA 22, 209-212.

    Examples
    --------
    >>> [round(limit, 4) for limit in wilson(8, 10)]
    [0.4902, 0.9433]
    """
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


def t95(degrees_of_freedom: float) -> float:
    """Half-width of the central 95 % interval of Student's t; NaN without degrees of freedom.

    >>> round(t95(10), 6)
    2.228139
    """
    from scipy import special  # slow to import, needed when the replications have been run

    return float(special.stdtrit(degrees_of_freedom, 0.975)) if degrees_of_freedom > 0 else math.nan
