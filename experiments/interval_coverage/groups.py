"""Coverage of the interval that reports give where several groups share a replication, in drawn samples."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.statistics.clustered import clustered_difference
from sim.statistics.paired import tango_limits

BASE = 0.4
"""Share that is stopped without the change."""


class Luck(NamedTuple):
    """How the change turns outcomes, and how alike groups of one replication fare."""

    name: str
    rescued: float
    """Mean share stopped with the change among those not stopped without."""
    lost: float
    """Mean share no longer stopped among those stopped without."""
    alike: float
    """Correlation between groups of one replication, of being rescued and of being lost."""

    @property
    def difference(self) -> float:
        """The true difference."""
        return (1 - BASE) * self.rescued - BASE * self.lost

    @property
    def discordant(self) -> float:
        """Share of pairs with two outcomes."""
        return (1 - BASE) * self.rescued + BASE * self.lost


LUCKS = (
    Luck("often, little shared", 0.25, 0.10, 0.05),
    Luck("often, much shared", 0.25, 0.10, 0.6),
    Luck("seldom, little shared", 0.02, 0.005, 0.05),
    Luck("seldom, much shared", 0.02, 0.005, 0.6),
    Luck("no effect, much shared", 0.10, 0.15, 0.6),
)


def _shares(mean: float, alike: float, count: int, rng: np.random.Generator) -> np.ndarray:
    """One share for each replication: beta with that mean, such that two groups correlate as `alike`."""
    weight = 1 / alike - 1
    return rng.beta(mean * weight, (1 - mean) * weight, count)


def coverage(luck: Luck, replications: int, groups: int, samples: int, rng: np.random.Generator) -> tuple[float, float]:
    """Share of samples that hold the true difference: the clustered interval, and Tango's as if all stood alone."""
    cluster = np.repeat(np.arange(replications), groups)
    held = alone = 0
    for _ in range(samples):
        rescued, lost = (
            np.repeat(_shares(m, luck.alike, replications, rng), groups) for m in (luck.rescued, luck.lost)
        )
        y0 = rng.random(cluster.size) < BASE
        y1 = np.where(y0, rng.random(cluster.size) >= lost, rng.random(cluster.size) < rescued)
        _, low, high = clustered_difference(y1, y0, cluster)
        held += low <= luck.difference <= high
        low, high = tango_limits(int((y1 & ~y0).sum()), int((y0 & ~y1).sum()), cluster.size)
        alone += low <= luck.difference <= high
    return held / samples, alone / samples
