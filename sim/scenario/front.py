"""A front: parallel lanes over bare, level ground, for laboratories and for teaching."""

from __future__ import annotations

from typing import Self

from pydantic import model_validator

from sim.scenario.base import Part, quantity


class Front(Part):
    """So many equal strips between two meridians; a group that takes one walks straight along the middle of it."""

    west_km: float = quantity(0.0, "western end of the front", unit="km", assumed="the question's", ge=0, le=4000)
    east_km: float = quantity(0.0, "eastern end of the front", unit="km", assumed="the question's", ge=0, le=4000)
    lanes: int = quantity(
        0, "equal strips, each walked along its middle; 0: no front", assumed="the question's", ge=0, le=10_000
    )

    @model_validator(mode="after")
    def _has_a_width(self) -> Self:
        if self.lanes and self.east_km <= self.west_km:
            raise ValueError(f"east_km is {self.east_km:g}; allowed: more than west_km ({self.west_km:g})")
        return self

    @property
    def lanes_km(self) -> tuple[float, ...]:
        """The middle of each lane, kilometres east, from west to east.

        >>> Front(west_km=1.0, east_km=3.0, lanes=2).lanes_km
        (1.5, 2.5)
        """
        width = self.east_km - self.west_km
        return tuple(self.west_km + width * (lane + 0.5) / self.lanes for lane in range(self.lanes))
