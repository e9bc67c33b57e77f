"""What a closed form says of a laboratory: the mean of what is measured in each replication, and what it stands for."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Expectation:
    """An exact value, and how the mean over replications becomes an estimate of it.

    Attributes
    ----------
    quantity, unit:
        What is estimated, in words, and its unit; empty for pure numbers.
    mean, variance:
        Exact, of what is measured in one replication.
    factor, offset:
        The quantity is ``offset + factor * mean``: a sweep width is a share times the width of the front, and beyond
        the front comes what is known.
    formula:
        The closed form, as people write it.
    source:
        Where it stands.
    """

    quantity: str
    mean: float
    variance: float
    formula: str
    source: str
    unit: str = ""
    factor: float = 1.0
    offset: float = 0.0

    @property
    def exact(self) -> float:
        """The closed form's own value of the quantity."""
        return self.told(self.mean)

    @property
    def is_share(self) -> bool:
        """Whether 0 or 1 is measured in each replication."""
        return self.variance == self.mean * (1 - self.mean)

    def told(self, mean: float) -> float:
        """The quantity for some mean over replications.

        >>> Expectation("width", 0.5, 0.25, "2 R", "", factor=4.0).told(0.25)
        1.0
        """
        return self.offset + self.factor * mean

    def z(self, mean: float, trials: int) -> float:
        """Standard errors, by the exact variance, between a mean over trials and the exact one.

        Where nothing is left to chance it is 0 or infinite.

        >>> Expectation("share", 0.5, 0.25, "", "").z(0.6, 100)
        1.99...
        """
        error = math.sqrt(self.variance / trials)
        if error > 0:
            return (mean - self.mean) / error
        return 0.0 if mean == self.mean else math.copysign(math.inf, mean - self.mean)


def share(quantity: str, probability: float, formula: str, source: str) -> Expectation:
    """The expectation of a share of replications."""
    return Expectation(quantity, probability, probability * (1 - probability), formula, source)


def width(probability: float, front_km: float, formula: str, source: str, beyond_km: float = 0.0) -> Expectation:
    """The expectation of a sweep width, from the share detected over a front and the width that lies beyond it."""
    variance = probability * (1 - probability)
    return Expectation("sweep width", probability, variance, formula, source, "km", front_km, beyond_km)
