"""Where a value of a case comes from: a public source, or an assumption with its range."""

from __future__ import annotations

from typing import Self

from pydantic import model_validator

from sim.scenario.base import Part


class Provenance(Part):
    """Either `source`, or `assumed` (a range or a sentence); with a note where one helps."""

    source: str | None = None
    assumed: tuple[float, float] | str | None = None
    note: str = ""

    @model_validator(mode="after")
    def _one_of_two(self) -> Self:
        if (self.source is None) == (self.assumed is None):
            raise ValueError("needs either 'source' or 'assumed'")
        return self
