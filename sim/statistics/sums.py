"""Paired effects from sums alone, so that nothing of the single pairs need be kept."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

from sim.statistics.clustered import NO_WIDTH, Estimate, tango_by_cluster
from sim.statistics.paired import NO_INTERVAL, tango_limits
from sim.statistics.proportion import normal_quantile, t_quantile
from sim.statistics.table import PairedTable


@lru_cache(maxsize=10_000)
def _tango(only_with: int, only_without: int, total: int, confidence: float) -> tuple[float, float]:
    """Tango's limits, cached: the points of a sweep have the same few tables again and again."""
    return tango_limits(only_with, only_without, total, normal_quantile(confidence))


@dataclass(frozen=True)
class PairedSums:
    """What `paired_difference` needs of any number of pairs.

    Attributes
    ----------
    table:
        The four cells.
    clusters:
        How many clusters (replications) the pairs belong to.
    totals2, products, sizes2:
        Sums over the clusters of t^2, t m and m^2, where t is a cluster's sum of differences and m its number of pairs.

    Examples
    --------
    >>> alone = PairedSums(PairedTable(1, 1, 0, 2), clusters=4, totals2=1, products=1, sizes2=4)
    >>> [round(value, 4) for value in alone.difference()]
    [0.25, -0.3624, 0.6994]
    """

    table: PairedTable
    clusters: int
    totals2: int
    products: int
    sizes2: int

    def difference(self, confidence: float = 0.95) -> Estimate:
        """Difference of proportions with the interval that fits, as `paired_difference` gives it of the pairs.

        Tango's interval where every pair is a cluster of its own, else the clustered one; all NaN without pairs.
        """
        if self.clusters == self.table.total:
            return self.table.difference, *_tango(
                self.table.only_with, self.table.only_without, self.clusters, confidence
            )
        mean = self.table.difference
        low, high = self._clustered(mean, confidence)
        return mean, max(low, -1.0), min(high, 1.0)

    def _clustered(self, mean: float, confidence: float) -> tuple[float, float]:
        if self.clusters < 2:
            return NO_INTERVAL
        # Sum of (t - mean m)^2 with mean = gain/n; whole numbers as long as it can be, so that equal clusters give 0.
        n, gain = self.table.total, self.table.only_with - self.table.only_without
        residual = (self.totals2 * n * n - 2 * gain * n * self.products + gain * gain * self.sizes2) / n**2
        half = t_quantile(confidence, self.clusters - 1) / n * math.sqrt(self.clusters / (self.clusters - 1) * residual)
        if 2 * half < NO_WIDTH:
            return tango_by_cluster(self.table.only_with, self.table.only_without, n, self.clusters, confidence)
        return mean - half, mean + half
