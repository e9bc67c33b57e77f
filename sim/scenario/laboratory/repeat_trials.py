"""People who are apprehended try again until they are through or give up (Espenshade 1990)."""

from __future__ import annotations

import math
from typing import Literal, Self

from pydantic import model_validator

from sim.scenario.laboratory.bench import Case, Data, sensor, symbol, word
from sim.scenario.laboratory.meeting import GLIMPSES, meeting

MOST_AGAIN = 0.95
"""Of p (1 - d): beyond it attempts hardly ever end."""


class RepeatTrials(Case):
    """N persons, apprehended with p at each attempt; after an apprehension a share d gives up, the others try again."""

    case: Literal["repeat_trials"] = word("which laboratory")
    N: float = symbol("persons", "persons", 1000.0, gt=0, le=1e12)
    p: float = symbol("apprehension probability of an attempt", ge=0, le=1)
    d: float = symbol("that a person gives up after an apprehension", "", 0.0, ge=0, le=1)

    @model_validator(mode="after")
    def _is_valid(self) -> Self:
        again = self.p * (1 - self.d)
        if again > MOST_AGAIN:
            raise ValueError(f"p is {self.p:g}, which makes p (1 - d) {again:g}; allowed: up to {MOST_AGAIN:g}")
        return self

    def expand(self) -> Data:
        """The scenario of one attempt as plain data."""
        data = meeting(4, {"kind": "smugglers", "size": 1})
        data["engagement"] = {"capture_probability": 1.0}
        if self.p < 1:
            data["sensors"] = {"laboratory": sensor("constant_rate", glimpse_rate(self.p))}
        return data


def glimpse_rate(probability: float) -> float:
    """Detections per hour at which so many glimpses of a minute, put together, detect with a probability below 1."""
    return -math.log1p(-probability) * 60.0 / GLIMPSES
