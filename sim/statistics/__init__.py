"""Intervals and paired effects; plain numbers and arrays in, plain numbers out."""

from __future__ import annotations

from sim.statistics.clustered import (
    clustered_difference,
    difference_of_means_interval,
    paired_difference,
    variance_reduction,
)
from sim.statistics.paired import mcnemar_p, newcombe_interval, risk_ratio, risk_ratio_interval, tango_interval
from sim.statistics.proportion import wilson
from sim.statistics.ratio import difference_of_estimates
from sim.statistics.table import PairedTable

__all__ = [
    "PairedTable",
    "clustered_difference",
    "difference_of_estimates",
    "difference_of_means_interval",
    "mcnemar_p",
    "newcombe_interval",
    "paired_difference",
    "risk_ratio",
    "risk_ratio_interval",
    "tango_interval",
    "variance_reduction",
    "wilson",
]
