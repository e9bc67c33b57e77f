"""Paired effects when several groups share a replication, and so its weather and its random numbers."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.statistics.paired import NO_INTERVAL, tango_interval, tango_limits
from sim.statistics.proportion import normal_quantile, t_quantile
from sim.statistics.table import PairedTable, binary_pair

NO_WIDTH = 1e-12
"""Intervals of proportions below this width come from rounding: the clusters do not differ."""

Estimate = tuple[float, float, float]
"""An estimate with its lower and upper limit."""


def clustered_difference(y1: ArrayLike, y0: ArrayLike, cluster: ArrayLike, confidence: float = 0.95) -> Estimate:
    """Paired difference of proportions with clusters as the independent units.

    Ratio estimator over clusters (sum of differences over sum of sizes) with Student's t on one degree of
    freedom fewer than there are clusters. With one unit a cluster it is the paired t interval. When the
    clusters do not differ at all (no discordant pair, say) that interval would have no width; Tango's is given
    instead, counting each cluster as one pair.

    Parameters
    ----------
    y1, y0:
        Outcomes with and without the change, shape (n,), boolean or 0 and 1.
    cluster:
        Label of each unit's cluster (the replication), shape (n,), of any sortable kind, in any order.
    confidence:
        Confidence level, strictly between 0 and 1.

    Returns
    -------
    tuple of float
        Difference, lower and upper limit within [-1, 1]. All NaN without units; limits NaN with one cluster.

    Raises
    ------
    ValueError
        If the shapes differ or an outcome is neither 0 nor 1.

    References
    ----------
    Cochran, W. G. (1977). Sampling Techniques, 3rd ed., section 6; Donner, A. and Klar, N. (2000). Design and
    Analysis of Cluster Randomization Trials in Health Research.

    Examples
    --------
    >>> y1, y0, cluster = [1, 1, 1, 0, 0, 1], [0, 0, 1, 0, 0, 0], [1, 1, 2, 2, 3, 3]
    >>> [round(value, 4) for value in clustered_difference(y1, y0, cluster)]
    [0.5, -0.7421, 1.0]
    """
    first, second = binary_pair(y1, y0)
    difference = first.astype(float) - second
    totals, sizes = _by_cluster(difference, cluster)
    mean, low, high = _ratio_estimate(totals, sizes, confidence)
    if high - low < NO_WIDTH:
        gained, lost = int((difference > 0).sum()), int((difference < 0).sum())
        low, high = tango_by_cluster(gained, lost, len(first), len(sizes), confidence)
    # The limits come first: max and min keep a NaN in that place only.
    return mean, max(low, -1.0), min(high, 1.0)


def tango_by_cluster(gained: int, lost: int, units: int, clusters: int, confidence: float) -> tuple[float, float]:
    """Tango's limits of a difference, counting each cluster as one pair."""
    share = clusters / units
    return tango_limits(gained * share, lost * share, clusters, normal_quantile(confidence))


def paired_difference(
    y1: ArrayLike, y0: ArrayLike, cluster: ArrayLike | None = None, confidence: float = 0.95
) -> Estimate:
    """Difference of proportions with the interval that fits: Tango's for single units, else the clustered one.

    Arguments and result are those of `clustered_difference`; without `cluster` every unit stands alone.

    Examples
    --------
    >>> [round(value, 4) for value in paired_difference([1, 1, 1, 0], [1, 0, 1, 0], cluster=[1, 2, 3, 4])]
    [0.25, -0.3624, 0.6994]
    """
    if cluster is not None and not _all_alone(np.asarray(cluster)):
        return clustered_difference(y1, y0, cluster, confidence)
    table = PairedTable.from_arrays(y1, y0)
    return table.difference, *tango_interval(table, confidence)


def difference_of_means_interval(
    difference: ArrayLike, cluster: ArrayLike | None = None, confidence: float = 0.95
) -> Estimate:
    """Mean of paired differences of a measured outcome (casualties, warning time in minutes) with a t interval.

    Parameters
    ----------
    difference:
        With minus without, unit by unit, shape (n,), in the outcome's own unit. Pairs in which the outcome is
        undefined in an arm must be left out before, and their number reported.
    cluster:
        Label of each unit's cluster, shape (n,); without it every unit stands alone.
    confidence:
        Confidence level, strictly between 0 and 1.

    Returns
    -------
    tuple of float
        Mean, lower and upper limit. All NaN without units; limits NaN with a single unit or cluster.

    Raises
    ------
    ValueError
        If a difference is NaN or infinite, or the shapes are wrong.

    Examples
    --------
    >>> [round(value, 4) for value in difference_of_means_interval([1.0, 3.0, 2.0, 6.0])]
    [3.0, -0.4374, 6.4374]
    """
    values = np.asarray(difference, dtype=float)
    if values.ndim != 1:
        raise ValueError(f"difference has shape {values.shape}: (n,) is needed")
    if not np.isfinite(values).all():
        raise ValueError("difference holds NaN or infinite values: leave undefined pairs out and report how many")
    totals, sizes = _by_cluster(values, np.arange(values.size) if cluster is None else cluster)
    return _ratio_estimate(totals, sizes, confidence)


def variance_reduction(y1: ArrayLike, y0: ArrayLike) -> float:
    """Variance of the difference of independent runs over that of the paired ones.

    ``(s1^2 + s0^2) / Var(y1 - y0)``, where ``Var(y1 - y0) = s1^2 + s0^2 - 2 Cov(y1, y0)``. A value of 8 says
    that independent runs would need eight times as many replications for the same interval; below 1, pairing
    does harm.

    Parameters
    ----------
    y1, y0:
        Outcomes of the same units in the two arms, shape (n,), in the same order.

    Returns
    -------
    float
        Infinite when the paired differences do not vary although the outcomes do (identical arms, for
        instance); NaN when nothing varies at all, or with fewer than two pairs.

    Examples
    --------
    >>> round(variance_reduction([1, 1, 1, 0], [1, 1, 0, 0]), 6)
    2.333333
    >>> variance_reduction([1, 0], [1, 0])
    inf
    """
    first, second = np.asarray(y1, dtype=float), np.asarray(y0, dtype=float)
    if first.ndim != 1 or first.shape != second.shape:
        raise ValueError(f"y1 and y0 have shapes {first.shape} and {second.shape}: one and the same (n,) is needed")
    if first.size < 2:
        return math.nan
    independent = float(np.var(first, ddof=1) + np.var(second, ddof=1))
    paired = float(np.var(first - second, ddof=1))
    if paired == 0:
        return math.inf if independent > 0 else math.nan
    return independent / paired


def _all_alone(labels: NDArray[Any]) -> bool:
    # Labels that ascend, as those of most runs do, need not be sorted.
    return bool((labels[1:] > labels[:-1]).all()) or len(np.unique(labels)) == labels.size


def _by_cluster(values: NDArray[np.float64], cluster: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Sum and number of the values of each cluster."""
    labels = np.asarray(cluster)
    if labels.shape != values.shape:
        raise ValueError(f"cluster has shape {labels.shape}: one label a unit, {values.shape}, is needed")
    if (labels[1:] > labels[:-1]).all():
        return values, np.ones(len(values))
    _, index = np.unique(labels, return_inverse=True)
    return np.bincount(index, weights=values).astype(float), np.bincount(index).astype(float)


def _ratio_estimate(totals: NDArray[np.float64], sizes: NDArray[np.float64], confidence: float) -> Estimate:
    """Sum of totals over sum of sizes, with linearised standard error and a t quantile."""
    clusters = len(totals)
    quantile = t_quantile(confidence, clusters - 1)
    if clusters == 0:
        return math.nan, *NO_INTERVAL
    mean = float(totals.sum() / sizes.sum())
    if clusters == 1:
        return mean, *NO_INTERVAL
    residual = float(np.sum((totals - mean * sizes) ** 2))
    half = quantile * math.sqrt(clusters / (clusters - 1) * residual) / float(sizes.sum())
    return mean, mean - half, mean + half
