"""A named stretch of the border."""

from __future__ import annotations

from typing import Self

from pydantic import model_validator

from sim.scenario.base import Name, Part, choice, quantity


class Sector(Part):
    """Crossing points from `west_km` up to `east_km` (east in the local frame) belong to it."""

    name: Name = choice(..., "what it is called", assumed="a label")
    title: str = choice("", "how reports call it", assumed="a label")
    west_km: float = quantity(..., "western end", unit="km", assumed="drawn by hand")
    east_km: float = quantity(..., "eastern end", unit="km", assumed="drawn by hand")

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.east_km <= self.west_km:
            raise ValueError(f"east_km is {self.east_km}; allowed: more than west_km ({self.west_km})")
        return self
