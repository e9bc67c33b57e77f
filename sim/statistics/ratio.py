"""Ratios of sums over clusters from their sums and products alone, and differences of estimates."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.statistics.clustered import NO_WIDTH, Estimate
from sim.statistics.paired import NO_INTERVAL, square_and_add, tango_limits
from sim.statistics.proportion import t95, wilson

Ints = NDArray[np.int64]

ROWS_AT_ONCE = 100_000

Ratio = tuple[int, int]
"""Which count is divided by which, both by their number among the counts."""


@dataclass(frozen=True, eq=False)
class ClusterSums:
    """What ratios of sums need of any number of clusters.

    Of each cluster there are k counts, such as groups stopped and groups in all. A ratio is the sum of one count over
    that of another, where the first counts some of the second.

    Attributes
    ----------
    clusters:
        How many there are.
    totals:
        Sum of each count over the clusters, shape (k,).
    products:
        Sum over the clusters of the products of each two counts, shape (k, k).
    alone:
        Whether no cluster holds more than one unit, so that units are independent.

    References
    ----------
    Linearised ratios: Cochran, W. G. (1977). Sampling Techniques, 3rd ed., section 6. Limits of differences and
    products from those of their parts: Zou, G. Y. and Donner, A. (2008). Construction of confidence limits about effect
    measures: a general approach. Statistics in Medicine 27, 1693-1702.

    Examples
    --------
    >>> sums = ClusterSums.of([[1, 1], [0, 1], [1, 1], [1, 1]], alone=True)
    >>> [round(value, 4) for value in sums.ratio((0, 1))]
    [0.75, 0.3006, 0.9544]
    """

    clusters: int
    totals: Ints
    products: Ints
    alone: bool

    @classmethod
    def of(cls, counts: ArrayLike, *, alone: bool) -> ClusterSums:
        """The sums of clusters with these counts, shape (clusters, k), whole numbers of at least 0."""
        values = np.asarray(counts)
        return cls(len(values), values.sum(axis=0, dtype=np.int64), summed_products(values, values), alone)

    def share(self, ratio: Ratio) -> Fraction | None:
        """A ratio without its interval; None where it divides by 0."""
        over, under = (int(self.totals[index]) for index in ratio)
        return Fraction(over, under) if under else None

    def ratio(self, ratio: Ratio) -> Estimate:
        """A ratio with Wilson's interval where units are alone, else with the linearised one and Student's t.

        Where the clusters do not differ at all that would have no width; Wilson's is given instead, counting each
        cluster as one unit.

        Returns ratio, lower and upper limit within [0, 1]. All NaN where it divides by 0; limits NaN with one cluster.
        """
        share = self.share(ratio)
        if share is None:
            return math.nan, *NO_INTERVAL
        units = int(self.totals[ratio[1]])
        if self.alone:
            return float(share), *wilson(int(self.totals[ratio[0]]), units)
        if self.clusters < 2:
            return float(share), *NO_INTERVAL
        error = math.sqrt(max(0.0, self._covariance(ratio, ratio)))
        half = t95(self.clusters - 1) * error
        if 2 * half < NO_WIDTH:
            independent = min(self.clusters, units)
            return float(share), *wilson(float(share * independent), independent)
        return float(share), max(0.0, float(share) - half), min(1.0, float(share) + half)

    def difference(self, first: Ratio, second: Ratio) -> Estimate:
        """One ratio less another of the same clusters.

        The limits are put together from those of the two, with the correlation of their linearised residuals, as
        Newcombe does for paired proportions. Where both err alike, the two being the same in every cluster, Tango's
        limits without a discordant pair are given.

        Returns difference, lower and upper limit within [-1, 1]; NaN where a number that it needs is NaN.
        """
        (e1, l1, u1), (e0, l0, u0) = self.ratio(first), self.ratio(second)
        difference = e1 - e0
        if self._err_alike(first, second):
            independent = min(self.clusters, int(self.totals[first[1]]), int(self.totals[second[1]]))
            down, up = tango_limits(0, 0, independent)
        else:
            shared = self._correlation(first, second)
            down, up = -square_and_add(e1 - l1, u0 - e0, -shared), square_and_add(u1 - e1, e0 - l0, -shared)
        return difference, max(difference + down, -1.0), min(difference + up, 1.0)

    def product(self, first: Ratio, second: Ratio) -> Estimate:
        """One ratio times another of the same clusters; limits put together as in `difference`, within [0, 1]."""
        (e1, l1, u1), (e0, l0, u0) = self.ratio(first), self.ratio(second)
        shared = self._correlation(first, second)
        product = e1 * e0
        low = product - square_and_add(e0 * (e1 - l1), e1 * (e0 - l0), shared)
        high = product + square_and_add(e0 * (u1 - e1), e1 * (u0 - e0), shared)
        return product, max(low, 0.0), min(high, 1.0)

    def _err_alike(self, first: Ratio, second: Ratio) -> bool:
        """Whether two ratios err, and always by the same."""
        if self._correlation(first, second) <= 0:
            return False
        own = self._covariance(first, first) + self._covariance(second, second)
        return own - 2 * self._covariance(first, second) <= NO_WIDTH * own

    def _correlation(self, first: Ratio, second: Ratio) -> float:
        """Of two ratios' errors; 0 where either has none or is unknown."""
        if self.clusters < 2 or self.share(first) is None or self.share(second) is None:
            return 0.0
        spread = self._covariance(first, first) * self._covariance(second, second)
        return max(-1.0, min(1.0, self._covariance(first, second) / math.sqrt(spread))) if spread > 0 else 0.0

    def _covariance(self, first: Ratio, second: Ratio) -> float:
        # In whole numbers and fractions up to the end, so that clusters which do not differ give exactly 0.
        total = sum(
            a * b * int(self.products[i, j]) for i, a in self._linearised(first) for j, b in self._linearised(second)
        )
        return float(total * Fraction(self.clusters, self.clusters - 1))

    def _linearised(self, ratio: Ratio) -> tuple[tuple[int, Fraction], tuple[int, Fraction]]:
        """By how much a ratio changes with each of its two sums."""
        over, under = ratio
        units = Fraction(1, int(self.totals[under]))
        return (over, units), (under, -int(self.totals[over]) * units * units)


def summed_products(first: NDArray[Any], second: NDArray[Any]) -> Ints:
    """Sums over the rows of the products of each two counts, ``first.T @ second``, exact.

    Floating-point numbers are multiplied many times as fast as whole ones, and are as exact as long as no sum can
    reach 2^53. Some rows are converted at a time, since there may be millions.
    """
    total = np.zeros((first.shape[1], second.shape[1]), dtype=np.int64)
    for begin in range(0, len(first), ROWS_AT_ONCE):
        one, other = first[begin : begin + ROWS_AT_ONCE], second[begin : begin + ROWS_AT_ONCE]
        exact = len(one) * int(one.max()) * int(other.max()) < 2**53
        number = np.float64 if exact else np.int64
        total += (one.T.astype(number) @ other.astype(number)).astype(np.int64)
    return total


def difference_of_estimates(last: Estimate, first: Estimate) -> Estimate:
    """The difference of two independent estimates, last minus first; NaN where a number that it needs is NaN.

    The limits are recovered from those of the two (MOVER): ``L = d - sqrt((e1 - l1)^2 + (u0 - e0)^2)`` and
    ``U = d + sqrt((u1 - e1)^2 + (e0 - l0)^2)``. With Wilson's intervals this is Newcombe's interval of the difference
    of two proportions.

    References
    ----------
    Zou, G. Y. and Donner, A. (2008). Construction of confidence limits about effect measures: a general approach.
    Statistics in Medicine 27, 1693-1702. Newcombe, R. G. (1998). Interval estimation for the difference between
    independent proportions. Statistics in Medicine 17, 873-890; method 10.

    Examples
    --------
    >>> result = difference_of_estimates((56 / 70, *wilson(56, 70)), (48 / 80, *wilson(48, 80)))
    >>> [round(value, 4) for value in result]  # Newcombe's own example (a)
    [0.2, 0.0524, 0.3339]
    """
    (e1, l1, u1), (e0, l0, u0) = last, first
    difference = e1 - e0
    return difference, difference - math.hypot(e1 - l1, u0 - e0), difference + math.hypot(u1 - e1, e0 - l0)
