"""The effect on paired yes-no outcomes: difference and ratio of proportions, with intervals and a test.

The two arms of a comparison run the same units with common random numbers, so the outcomes are dependent and
intervals for independent samples would be far too wide. All intervals are at 95 %. `n11`, `n10`, `n01`, `n00` below are
the cells `both`, `only_with`, `only_without`, `neither` of a `PairedTable`.
"""

from __future__ import annotations

import math
from functools import lru_cache

from sim.statistics.proportion import Z95, wilson
from sim.statistics.table import PairedTable

EXACT_BELOW = 25
"""`mcnemar_p` is the exact binomial test while there are fewer discordant pairs than this."""

NO_INTERVAL = (math.nan, math.nan)


def newcombe_interval(table: PairedTable) -> tuple[float, float]:
    """Square-and-add interval of the difference, from the two Wilson intervals and their correlation phi.

    Returns the lower and upper limit within [-1, 1]; both NaN without pairs.

    References
    ----------
    Newcombe, R. G. (1998). Improved confidence intervals for the difference between binomial proportions
    based on paired data. Statistics in Medicine 17, 2635-2650; method 10.

    Examples
    --------
    >>> [round(limit, 7) for limit in newcombe_interval(PairedTable(30, 15, 5, 50))]
    [0.0122161, 0.1849178]
    """
    n = table.total
    if n == 0:
        return NO_INTERVAL
    low1, high1 = wilson(table.both + table.only_with, n)
    low0, high0 = wilson(table.both + table.only_without, n)
    phi, d = _phi(table), table.difference
    down = square_and_add(table.p1 - low1, high0 - table.p0, -phi)
    up = square_and_add(high1 - table.p1, table.p0 - low0, -phi)
    return max(-1.0, d - down), min(1.0, d + up)


def square_and_add(first: float, second: float, correlation: float) -> float:
    """Length of a combined limit from those of its two parts, with the correlation of the parts' errors."""
    return math.sqrt(max(0.0, first * first + 2 * correlation * first * second + second * second))


def _phi(table: PairedTable) -> float:
    """Correlation of the outcomes, shrunk towards 0 by half a pair when positive; 0 when a margin is empty."""
    n11, n10, n01, n00 = table.both, table.only_with, table.only_without, table.neither
    margins = (n11 + n10) * (n01 + n00) * (n11 + n01) * (n10 + n00)
    cross = n11 * n00 - n10 * n01
    if margins == 0:
        return 0.0
    return (max(cross - table.total / 2, 0.0) if cross > 0 else cross) / math.sqrt(margins)


def tango_interval(table: PairedTable) -> tuple[float, float]:
    """Score interval of the difference: all values that the score test does not reject.

    It keeps a width in every corner: without discordant pairs it is ``+- z^2/(n + z^2)``.

    Returns the lower and upper limit within [-1, 1]; both NaN without pairs.

    References
    ----------
    Tango, T. (1998). Equivalence test and confidence interval for the difference in proportions for the
    paired-sample design. Statistics in Medicine 17, 891-908.

    Examples
    --------
    >>> [round(limit, 5) for limit in tango_interval(PairedTable(30, 15, 5, 50))]
    [0.01345, 0.1924]
    """
    return tango_limits(table.only_with, table.only_without, table.total)


@lru_cache(maxsize=10_000)  # The points of a sweep have the same few tables again and again.
def tango_limits(n10: float, n01: float, total: float, z: float = Z95) -> tuple[float, float]:
    """Tango's limits from the discordant counts, which may be fractions, and a critical value `z`."""
    if total == 0:
        return NO_INTERVAL
    return _tango_lower(n10, n01, total, z), -_tango_lower(n01, n10, total, z) + 0.0


def _tango_lower(n10: float, n01: float, total: float, z: float) -> float:
    """Bisection: the score falls as the difference rises, so the rejected differences lie below one point."""
    outside, inside = -1.0, (n10 - n01) / total
    while True:
        middle = 0.5 * (outside + inside)
        if not outside < middle < inside:
            return inside
        if (n10 - n01) - total * middle > z * math.sqrt(total * _null_variance(middle, n10, n01, total)):
            outside = middle
        else:
            inside = middle


def _null_variance(difference: float, n10: float, n01: float, total: float) -> float:
    """Variance of one pair's difference at the most likely table whose difference is `difference`."""
    linear = (2 * total - n10 + n01) * difference - n10 - n01
    constant = -n01 * difference * (1 - difference)
    root = math.sqrt(max(0.0, linear * linear - 8 * total * constant))
    # The larger root of 2 n q^2 + linear q + constant, in the form that loses no digits.
    q01 = (root - linear) / (4 * total) if linear <= 0 else -2 * constant / (linear + root)
    return max(0.0, 2 * q01 + difference * (1 - difference))


def mcnemar_p(table: PairedTable) -> float:
    """McNemar's two-sided p-value of no effect; 1 without discordant pairs.

    Fewer than `EXACT_BELOW` discordant pairs: the exact binomial test. Otherwise chi-square with one degree
    of freedom, ``(n10 - n01)^2/(n10 + n01)``, without continuity correction.

    References
    ----------
    McNemar, Q. (1947). Note on the sampling error of the difference between correlated proportions or
    percentages. Psychometrika 12, 153-157.

    Examples
    --------
    >>> round(mcnemar_p(PairedTable(30, 15, 5, 50)), 6)
    0.041389
    """
    from scipy import special  # slow to import, needed when the replications have been run

    b, c = table.only_with, table.only_without
    if b == c:
        return 1.0
    if b + c < EXACT_BELOW:
        return min(1.0, 2 * float(special.bdtr(min(b, c), b + c, 0.5)))
    return float(special.chdtrc(1, (b - c) ** 2 / (b + c)))


def risk_ratio(table: PairedTable) -> float:
    """Ratio of the proportions, p1/p0; infinite when only p0 is 0, NaN when both are 0 or there are no pairs.

    >>> round(risk_ratio(PairedTable(30, 15, 5, 50)), 6)
    1.285714
    """
    numerator, denominator = table.both + table.only_with, table.both + table.only_without
    if denominator == 0:
        return math.inf if numerator else math.nan
    return numerator / denominator


def risk_ratio_interval(table: PairedTable) -> tuple[float, float]:
    """Bonett and Price's hybrid of two Wilson intervals for the ratio of paired proportions.

    The pairs that fail in both arms say nothing about the ratio and are left out.

    Returns
    -------
    tuple of float
        Lower limit of at least 0 and upper limit, which is infinite when nothing succeeds without the
        change. ``(0, inf)``, that is no information, when nothing succeeds in either arm.

    References
    ----------
    Bonett, D. G. and Price, R. M. (2006). Confidence intervals for a ratio of binomial proportions based on
    paired data. Statistics in Medicine 25, 3039-3047. Recommended by Fagerland, M. W., Lydersen, S. and
    Laake, P. (2014), Statistics in Medicine 33, 2850-2875.

    Examples
    --------
    >>> [round(limit, 4) for limit in risk_ratio_interval(PairedTable(59, 6, 16, 80))]
    [0.7579, 0.991]
    """
    informative = table.both + table.discordant
    with_it, without_it = table.both + table.only_with, table.both + table.only_without
    if informative == 0:
        return 0.0, math.inf
    shrunk = Z95 * _bonett_price_factor(with_it + 1, without_it + 1, table.discordant + 2, informative + 2)
    low1, high1 = wilson(with_it, informative, shrunk)
    low0, high0 = wilson(without_it, informative, shrunk)
    return low1 / high0, high1 / low0 if low0 > 0 else math.inf


def _bonett_price_factor(with_it: int, without_it: int, discordant: int, informative: int) -> float:
    """Factor on z that makes the combined Wilson limits as wide as the log ratio's own standard error."""
    combined = math.sqrt(discordant / (with_it * without_it))
    first = math.sqrt((1 - with_it / informative) / with_it)
    second = math.sqrt((1 - without_it / informative) / without_it)
    return combined / (first + second)
