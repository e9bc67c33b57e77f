"""A patrol walks to and fro on a barrier that people cross at right angles."""

from __future__ import annotations

import math
from typing import Literal, Self

from pydantic import model_validator

from sim.scenario.laboratory.bench import RANGE_KM, Data, PassingCase, at_once, bench, scale, sensor, symbol, word

LANES = 512
STEPS, MOST_STEPS = 40, 4000
"""At the speed at which patrol and crosser close, in a range; more where much hangs on where exactly a patrol turns."""

LONGEST_MIN = 90_000
"""Of a crosser within range, in minutes of the model."""

SHIFT, MOST_SHIFT = 0.3, 1.5
"""How far steps may shift the outcome, in standard errors of a million replications: as a rule, and at most."""

MOST_LENGTH = 500.0
"""Length of the barrier over R: the model's ground ends at 4,000 km and 2,000 cells."""

MOST_SPEEDS = 100.0
"""Speed of the patrol over that of those who cross: so many times longer does a run take."""


class BarrierPatrol(PassingCase):
    """One patrol, definite range, the crosser's place and time uniform; turning at the ends, or R inside them."""

    case: Literal["barrier_patrol"] = word("which laboratory")
    R: float = symbol("detection range", "km", gt=0, le=1e6)
    L: float = symbol("length of the barrier", "km", gt=0, le=1e9)
    V: float = symbol("speed of the patrol", "km/h", gt=0, le=1e6)
    U: float = symbol("speed of those who cross", "km/h", gt=0, le=1e6)
    turning: Literal["ends", "inside"] = word("where it turns: at the very ends, or R inside them", "ends")

    @model_validator(mode="after")
    def _is_valid(self) -> Self:
        if self.turning == "inside" and self.L <= 2 * self.R:
            raise ValueError(f"L is {self.L:g}; allowed with turning=inside: more than 2 R ({2 * self.R:g})")
        if not self.R / 4 <= self.L <= MOST_LENGTH * self.R:
            low, high = self.R / 4, MOST_LENGTH * self.R
            raise ValueError(f"L is {self.L:g}; allowed: from R/4 to {MOST_LENGTH:g} R ({low:g} to {high:g})")
        if self.V > MOST_SPEEDS * self.U:
            raise ValueError(f"V is {self.V:g}; allowed: up to {MOST_SPEEDS:g} U ({MOST_SPEEDS * self.U:g})")
        if self.turning == "inside" and self._shift > MOST_SHIFT * self._most_steps:
            raise ValueError(
                f"L is {self.L:g}, with a gap so small that it hangs on the model's steps; "
                "allowed with turning=inside: a longer barrier, or a slower patrol"
            )
        return self

    @property
    def _shift(self) -> float:
        """Shift of the outcome by a step of a whole range, in standard errors of a million replications.

        A patrol is on average a quarter of its step off the point where it turns when it comes nearest to it. What it
        covers of the barrier's end shrinks by so much, over its own disc or half a period, whichever is less.
        """
        along = self.R * self.V / math.hypot(self.U, self.V)
        half_period = (self.L - 2 * self.R) * self.U / self.V
        missed = min(0.25, half_period**2 / (3 * self.R * self.L))
        lost = along / 2 * min(1.0, along / half_period) / self.L
        return lost * 1e3 / math.sqrt(missed * (1 - missed))

    @property
    def _most_steps(self) -> float:
        return min(MOST_STEPS, LONGEST_MIN * self.U / math.hypot(self.U, self.V))

    def _steps(self) -> float:
        if self.turning == "ends":
            return STEPS
        return max(STEPS, min(self._shift / SHIFT, self._most_steps))

    def expand(self) -> Data:
        """The scenario as plain data."""
        units = scale(self.R, self.U, math.hypot(self.U, self.V), self._steps(), self.step_min)
        reach, length, walking = units.reach_km(self.R), units.km * self.L, units.speed_kmh(self.U)
        height = 2 * reach + 4 * walking / 60
        data = bench(length + 2.0, height, walking)
        data["sensors"] = {"laboratory": sensor("definite_range")}
        group = at_once(height, 60 * height / walking)
        data["horizon_min"] = group.pop("horizon_min")
        data["infiltrators"] |= group
        data["infiltrators"]["front"] = {
            "west_km": 1.0,
            "east_km": 1.0 + length,
            "lanes": self.lanes(self.L, LANES),
        }
        inside = reach if self.turning == "inside" else 0.0
        track = [[1.0 + inside, height / 2], [1.0 + length - inside, height / 2]]
        data["patrols"] = [_patrol(track, units.speed_kmh(self.V), reach)]
        return data


def _patrol(track: list[list[float]], speed_kmh: float, range_km: float) -> Data:
    walk: Data = {"name": "patrol", "track": track, "mode": "back_and_forth", "speed_kmh": speed_kmh}
    always: Data = {"duty_share": 1.0, "responders": 0, "height_m": 50.0}
    return {**walk, **always, "sensor": "laboratory", "range_km": range_km}


assert RANGE_KM <= 12.0, "a patrol sees no farther"
