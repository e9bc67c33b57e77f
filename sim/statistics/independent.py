"""The difference of two estimates that were made independently of each other."""

from __future__ import annotations

import math

from sim.statistics.clustered import Estimate


def difference_of_estimates(last: Estimate, first: Estimate) -> Estimate:
    """The difference of two independent estimates, each with its own interval.

    The limits are recovered from those of the two (MOVER): ``L = d - sqrt((e1 - l1)^2 + (u0 - e0)^2)`` and
    ``U = d + sqrt((u1 - e1)^2 + (e0 - l0)^2)``. With Wilson's intervals this is Newcombe's interval of the difference
    of two proportions. The level is that of the two intervals.

    Parameters
    ----------
    last, first:
        Estimate, lower and upper limit.

    Returns
    -------
    tuple of float
        Difference, last minus first, lower and upper limit; NaN where a number that it needs is NaN.

    References
    ----------
    Zou, G. Y. and Donner, A. (2008). Construction of confidence limits about effect measures: a general approach.
    Statistics in Medicine 27, 1693-1702. Newcombe, R. G. (1998). Interval estimation for the difference between
    independent proportions. Statistics in Medicine 17, 873-890; method 10.

    Examples
    --------
    >>> from sim.statistics.proportion import wilson
    >>> told = difference_of_estimates((56 / 70, *wilson(56, 70)), (48 / 80, *wilson(48, 80)))
    >>> [round(value, 4) for value in told]  # Newcombe's own example (a)
    [0.2, 0.0524, 0.3339]
    """
    (e1, l1, u1), (e0, l0, u0) = last, first
    difference = e1 - e0
    return difference, difference - math.hypot(e1 - l1, u0 - e0), difference + math.hypot(u1 - e1, e0 - l0)
