"""Paired effects when several groups share a replication, and so its weather and its random numbers."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.statistics.paired import NO_INTERVAL, tango_limits
from sim.statistics.proportion import t95
from sim.statistics.table import PairedTable, binary_pair

NO_WIDTH = 1e-12
"""Intervals of proportions below this width come from rounding: the clusters do not differ."""

Estimate = tuple[float, float, float]
"""An estimate with its lower and upper 95 % limit."""


@dataclass(frozen=True)
class PairedSums:
    """What the difference of any number of pairs is computed from.

    Attributes
    ----------
    table:
        The four cells.
    clusters:
        How many clusters (replications) the pairs belong to.
    totals2, products, sizes2:
        Sums over the clusters of t^2, t m and m^2, where t is a cluster's sum of differences and m its number of pairs.

    References
    ----------
    Cochran, W. G. (1977). Sampling Techniques, 3rd ed., section 6; Donner, A. and Klar, N. (2000). Design and
    Analysis of Cluster Randomization Trials in Health Research.
    """

    table: PairedTable
    clusters: int
    totals2: int
    products: int
    sizes2: int

    @classmethod
    def of(cls, y1: ArrayLike, y0: ArrayLike, cluster: ArrayLike) -> PairedSums:
        """The sums of pairs.

        Parameters
        ----------
        y1, y0:
            Outcomes with and without the change, shape (n,), boolean or 0 and 1.
        cluster:
            Label of each pair's cluster (the replication), shape (n,), of any sortable kind, in any order.

        Raises
        ------
        ValueError
            If the shapes differ or an outcome is neither 0 nor 1.
        """
        first, second = binary_pair(y1, y0)
        totals, sizes = _by_cluster(first.astype(float) - second, cluster)
        squares = (int(one @ other) for one, other in ((totals, totals), (totals, sizes), (sizes, sizes)))
        return cls(PairedTable.from_arrays(first, second), len(totals), *squares)

    def difference(self) -> Estimate:
        """Difference of proportions with the interval that fits: Tango's for single pairs, else the clustered one."""
        if self.clusters == self.table.total:
            return self.table.difference, *tango_limits(self.table.only_with, self.table.only_without, self.clusters)
        return self.clustered_difference()

    def clustered_difference(self) -> Estimate:
        """Difference of proportions with clusters as the independent units.

        Ratio estimator over clusters (sum of differences over sum of sizes) with Student's t on one degree of freedom
        fewer than there are clusters. With one pair a cluster it is the paired t interval. When the clusters do not
        differ at all (no discordant pair, say) that interval would have no width; Tango's is given instead, counting
        each cluster as one pair.

        Returns difference, lower and upper limit within [-1, 1]. All NaN without pairs; limits NaN with one cluster.
        """
        n, mean = self.table.total, self.table.difference
        if self.clusters < 2:
            return mean, *NO_INTERVAL
        # Sum of (t - mean m)^2 with mean = gain/n; whole numbers as long as it can be, so that equal clusters give 0.
        gain = self.table.only_with - self.table.only_without
        residual = (self.totals2 * n * n - 2 * gain * n * self.products + gain * gain * self.sizes2) / n**2
        half = t95(self.clusters - 1) / n * math.sqrt(self.clusters / (self.clusters - 1) * residual)
        if 2 * half < NO_WIDTH:
            share = self.clusters / n
            return mean, *tango_limits(self.table.only_with * share, self.table.only_without * share, self.clusters)
        return mean, max(mean - half, -1.0), min(mean + half, 1.0)


def clustered_difference(y1: ArrayLike, y0: ArrayLike, cluster: ArrayLike) -> Estimate:
    """`PairedSums.clustered_difference` of pairs; arguments and errors are those of `PairedSums.of`.

    >>> y1, y0, cluster = [1, 1, 1, 0, 0, 1], [0, 0, 1, 0, 0, 0], [1, 1, 2, 2, 3, 3]
    >>> [round(value, 4) for value in clustered_difference(y1, y0, cluster)]
    [0.5, -0.7421, 1.0]
    """
    return PairedSums.of(y1, y0, cluster).clustered_difference()


def paired_difference(y1: ArrayLike, y0: ArrayLike, cluster: ArrayLike) -> Estimate:
    """`PairedSums.difference` of pairs; arguments and errors are those of `PairedSums.of`.

    >>> [round(value, 4) for value in paired_difference([1, 1, 1, 0], [1, 0, 1, 0], cluster=[1, 2, 3, 4])]
    [0.25, -0.3624, 0.6994]
    """
    return PairedSums.of(y1, y0, cluster).difference()


def difference_of_means_interval(difference: ArrayLike, cluster: ArrayLike) -> Estimate:
    """Mean of paired differences of a measured outcome (casualties, warning time in minutes) with a t interval.

    Parameters
    ----------
    difference:
        With minus without, unit by unit, shape (n,), in the outcome's own unit. Pairs in which the outcome is
        undefined in an arm must be left out before, and their number reported.
    cluster:
        Label of each unit's cluster, shape (n,).

    Returns
    -------
    tuple of float
        Mean, lower and upper limit. All NaN without units; limits NaN with a single cluster.

    Raises
    ------
    ValueError
        If a difference is NaN or infinite, or the shapes are wrong.

    Examples
    --------
    >>> [round(value, 4) for value in difference_of_means_interval([1.0, 3.0, 2.0, 6.0], [0, 1, 2, 3])]
    [3.0, -0.4374, 6.4374]
    """
    values = np.asarray(difference, dtype=float)
    if values.ndim != 1:
        raise ValueError(f"difference has shape {values.shape}: (n,) is needed")
    if not np.isfinite(values).all():
        raise ValueError("difference holds NaN or infinite values: leave undefined pairs out and report how many")
    totals, sizes = _by_cluster(values, cluster)
    clusters = len(totals)
    if clusters == 0:
        return math.nan, *NO_INTERVAL
    mean = float(totals.sum() / sizes.sum())
    if clusters == 1:
        return mean, *NO_INTERVAL
    residual = float(np.sum((totals - mean * sizes) ** 2))
    half = t95(clusters - 1) * math.sqrt(clusters / (clusters - 1) * residual) / float(sizes.sum())
    return mean, mean - half, mean + half


def variance_reduction(y1: ArrayLike, y0: ArrayLike) -> float:
    """Variance of the difference of independent runs over that of the paired ones, ``(s1^2 + s0^2) / Var(y1 - y0)``.

    A value of 8 says that independent runs would need eight times as many replications for the same interval; below 1,
    pairing does harm.

    Parameters
    ----------
    y1, y0:
        Outcomes of the same units in the two arms, shape (n,), in the same order; others raise `ValueError`.

    Returns
    -------
    float
        Infinite when the paired differences do not vary although the outcomes do (identical arms, for
        instance); NaN when nothing varies at all, or with fewer than two pairs.

    Examples
    --------
    >>> round(variance_reduction([1, 1, 1, 0], [1, 1, 0, 0]), 6)
    2.333333
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


def _by_cluster(values: NDArray[np.float64], cluster: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Sum and number of the values of each cluster."""
    labels = np.asarray(cluster)
    if labels.shape != values.shape:
        raise ValueError(f"cluster has shape {labels.shape}: one label a unit, {values.shape}, is needed")
    if (labels[1:] > labels[:-1]).all():
        # Labels that ascend, as those of most runs do, need not be sorted.
        return values, np.ones(len(values))
    _, index = np.unique(labels, return_inverse=True)
    return np.bincount(index, weights=values).astype(float), np.bincount(index).astype(float)
