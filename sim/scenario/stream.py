"""A stream: groups of one description that arrive by chance, as a Poisson process."""

from __future__ import annotations

from typing import Any, Self

from pydantic import model_validator

from sim.scenario.base import quantity
from sim.scenario.group import Group, Party

MOST_EXPECTED = 2_000.0


class Stream(Party):
    """Groups that arrive at `per_day` between two minutes of the run; the k-th is called ``NAME_k``, from 1."""

    per_day: float = quantity(..., "mean number of departures", unit="1/d", assumed=(0.1, 10.0), ge=0, le=10_000)
    from_min: int = quantity(0, "no departure before", unit="min", assumed="the time of interest", ge=0, le=200_000)
    until_min: int = quantity(
        1440, "no departure from here on", unit="min", assumed="the time of interest", ge=1, le=200_000
    )
    size_high: int | None = quantity(
        None,
        "sizes are uniform from size to here; null: all have the same size",
        unit="persons",
        assumed="as for size",
        ge=1,
        le=5000,
    )

    @model_validator(mode="after")
    def _bounded(self) -> Self:
        if self.until_min <= self.from_min:
            raise ValueError(f"until_min is {self.until_min}; allowed: more than from_min ({self.from_min})")
        expected = self.per_day * (self.until_min - self.from_min) / 1440.0
        if expected > MOST_EXPECTED:
            raise ValueError(f"per_day is {self.per_day:g}, {expected:g} groups a run; allowed: {MOST_EXPECTED:g}")
        return self

    def arrival(self, number: int, departure_min: int, size: int) -> Group:
        """The number-th group of the stream (from 1), as a group of its own; trusted, not validated again."""
        shared: dict[str, Any] = {name: getattr(self, name) for name in Party.model_fields}
        shared |= {"name": f"{self.name}_{number}", "size": size}
        return Group.model_construct(**shared, depart_earliest_min=departure_min, depart_latest_min=departure_min)
