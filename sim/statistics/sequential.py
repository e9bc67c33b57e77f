"""Interim looks at a paired difference: the interval of one look, and limits that hold at all looks together."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.statistics.clustered import PairedSums
from sim.statistics.paired import NO_INTERVAL
from sim.statistics.proportion import Z95
from sim.statistics.table import PairedTable

MOST_BET = 0.5
"""Bound on the weights of `confidence_sequence`."""


def agresti_min_interval(table: PairedTable) -> tuple[float, float]:
    """Adjusted interval of a paired difference: Wald's after half a pair was added to each of the four cells.

    It never has zero width, and so cannot stop a sequence of looks at a time when no pair has been discordant yet.

    Returns the lower and upper limit, clipped to [-1, 1]; both NaN without pairs.

    References
    ----------
    Agresti, A. and Min, Y. (2005). Simple improved confidence intervals for comparing matched proportions. Statistics
    in Medicine 24, 729-740.

    Examples
    --------
    >>> [round(limit, 4) for limit in agresti_min_interval(PairedTable(30, 15, 5, 50))]
    [0.0121, 0.184]
    """
    if table.total == 0:
        return NO_INTERVAL
    n, b, c = table.total + 2.0, table.only_with + 0.5, table.only_without + 0.5
    centre = (b - c) / n
    half = Z95 * math.sqrt(b + c - (b - c) ** 2 / n) / n
    return max(-1.0, centre - half), min(1.0, centre + half)


def interim_interval(y1: ArrayLike, y0: ArrayLike, cluster: ArrayLike) -> tuple[float, float]:
    """The interval by which one look judges whether a paired difference is known well enough.

    With one pair a cluster it is `agresti_min_interval`, else the clustered interval (which falls back on Tango's where
    the clusters do not differ).

    Parameters
    ----------
    y1, y0:
        Outcomes with and without the change, shape (n,), boolean.
    cluster:
        The replication of each pair, shape (n,).
    """
    sums = PairedSums.of(y1, y0, cluster)
    return agresti_min_interval(sums.table) if sums.clusters == sums.table.total else sums.clustered_difference()[1:]


def confidence_sequence(differences: ArrayLike) -> tuple[NDArray[np.float64], ...]:
    """Limits that hold at all looks together: the mean lies within them at every n with a probability of 95 %.

    The empirical Bernstein confidence sequence with predictable plug-in weights: nothing is assumed but that each
    difference lies in [-1, 1], that they come one after the other, and that all have the same mean.

    Parameters
    ----------
    differences:
        One number for each replication, shape (n,), each in [-1, 1].

    Returns
    -------
    tuple of arrays
        Lower and upper limits after each replication, shape (n,) each; they never widen (running intersection).

    Raises
    ------
    ValueError
        If a difference lies outside [-1, 1].

    References
    ----------
    Waudby-Smith, I. and Ramdas, A. (2024). Estimating means of bounded random variables by betting. Journal of the
    Royal Statistical Society B 86, 1-27; theorem 2.

    Examples
    --------
    >>> low, high = confidence_sequence([1, 0, 0, 1] * 250)
    >>> round(float(low[-1]), 3), round(float(high[-1]), 3)
    (0.444, 0.556)
    """
    d = np.asarray(differences, dtype=np.float64)
    if d.size and (d.min() < -1.0 or d.max() > 1.0):
        raise ValueError(f"differences reach from {d.min():g} to {d.max():g}; allowed: -1 to 1")
    x, t = (d + 1.0) / 2.0, np.arange(1, d.size + 1)
    mean = (0.5 + np.cumsum(x)) / (t + 1.0)
    variance = (0.25 + np.cumsum((x - mean) ** 2)) / (t + 1.0)
    # What is used at a time may depend on what came before only.
    mean_before, variance_before = np.append(0.5, mean[:-1]), np.append(0.25, variance[:-1])
    budget = math.log(2.0 / (1.0 - 0.95))
    weight = np.minimum(np.sqrt(2.0 * budget / (variance_before * t * np.log1p(t))), MOST_BET)
    total = np.cumsum(weight)
    cost = (x - mean_before) ** 2 * (-np.log1p(-weight) - weight)
    half = (budget + np.cumsum(cost)) / total
    centre = np.cumsum(weight * x) / total
    low, high = np.clip(centre - half, 0.0, 1.0), np.clip(centre + half, 0.0, 1.0)
    return 2.0 * np.maximum.accumulate(low) - 1.0, 2.0 * np.minimum.accumulate(high) - 1.0
