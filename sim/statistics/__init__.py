"""Intervals, paired effects and probabilities of causation; plain numbers and arrays in, plain numbers out."""

from __future__ import annotations

from sim.statistics.causation import (
    Causation,
    necessity_and_sufficiency_bounds,
    necessity_bounds,
    necessity_if_monotone,
    probabilities_of_causation,
    sufficiency_bounds,
    sufficiency_if_monotone,
)
from sim.statistics.clustered import (
    clustered_difference,
    difference_of_means_interval,
    paired_difference,
    variance_reduction,
)
from sim.statistics.paired import (
    mcnemar_method,
    mcnemar_p,
    newcombe_interval,
    risk_ratio,
    risk_ratio_interval,
    tango_interval,
    wald_interval,
)
from sim.statistics.proportion import wilson
from sim.statistics.ratio import difference_of_estimates
from sim.statistics.table import PairedTable

__all__ = [
    "Causation",
    "PairedTable",
    "clustered_difference",
    "difference_of_estimates",
    "difference_of_means_interval",
    "mcnemar_method",
    "mcnemar_p",
    "necessity_and_sufficiency_bounds",
    "necessity_bounds",
    "necessity_if_monotone",
    "newcombe_interval",
    "paired_difference",
    "probabilities_of_causation",
    "risk_ratio",
    "risk_ratio_interval",
    "sufficiency_bounds",
    "sufficiency_if_monotone",
    "tango_interval",
    "variance_reduction",
    "wald_interval",
    "wilson",
]
