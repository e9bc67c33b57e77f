"""Men fight a group to the last man: Lanchester's square or linear law, as a chain of single losses (Brown 1963)."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import model_validator

from sim.scenario.base import quantity
from sim.scenario.laboratory.bench import Case, Data, symbol, word
from sim.scenario.laboratory.meeting import meeting

LEAST_P = 1e-3


class Duel(Case):
    """x men against y; the next loss is the group's with r x/(r x + y) (square) or p (linear)."""

    case: Literal["duel"] = word("which laboratory")
    x: int = quantity(..., "men who are sent", unit="men", assumed="the formula's symbol", ge=1, le=500)
    y: int = quantity(..., "people in the group", unit="persons", assumed="the formula's symbol", ge=1, le=500)
    law: Literal["square", "linear"] = word("aimed fire, or single combat", "square")
    r: float = symbol("square law: effectiveness of one man over one of the group", "", 1.0, gt=0, le=1000)
    p: float = symbol("linear law: that the next to fall is of the group", "", 0.5, ge=0, le=1)

    @model_validator(mode="after")
    def _is_valid(self) -> Self:
        if self.law == "linear" and not LEAST_P <= self.p <= 1 - LEAST_P:
            raise ValueError(f"p is {self.p:g}; allowed: {LEAST_P:g} to {1 - LEAST_P:g}, so that either side may win")
        if self.law == "linear" and self.r != 1.0:
            raise ValueError(f"r is {self.r:g}; allowed with law=linear: nothing but 1, it has no part in it")
        if self.law == "square" and self.p != 0.5:
            raise ValueError(f"p is {self.p:g}; allowed with law=square: nothing but 0.5, it has no part in it")
        return self

    def expand(self) -> Data:
        """The scenario as plain data."""
        data = meeting(self.x, {"kind": "fighters", "size": self.y, "will_to_fight": 1.0})
        effectiveness = self.r if self.law == "square" else self.p / (1.0 - self.p)
        to_the_last = {"surrender_at": 1.0, "break_off_at": 1.0, "abandon_at": 1.0}
        data["engagement"] = {"law": self.law, "effectiveness": effectiveness, **to_the_last}
        return data
