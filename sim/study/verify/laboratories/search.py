"""Searches: a patrol on a barrier, a searcher in an area, and the whole chain of detection in the case at hand."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal, Self

from pydantic import Field, model_validator

from sim import theory
from sim.scenario.base import Name, quantity
from sim.study.verify.laboratories.base import (
    KOOPMAN,
    Case,
    Data,
    Expectation,
    PassingCase,
    Scale,
    bare_ground,
    post,
    scale,
    send_one_group,
    sensor,
    share,
    symbol,
    walkers,
    word,
)

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario

BARRIER_LANES = 512
STEPS, MOST_STEPS = 40, 4000
"""At the speed at which patrol and crosser close, in a range; more where the outcome depends on the turning points."""

LONGEST_MIN = 90_000
"""Of a crosser within range, in minutes of the model."""

SHIFT, MOST_SHIFT = 0.3, 1.5
"""How far steps may shift the outcome, in standard errors of a million replications: as a rule, and at most."""

MOST_LENGTH = 500.0
"""Length of the barrier over R: the model's ground ends at 4,000 km and 2,000 cells."""

MOST_SPEEDS = 100.0
"""Speed of the patrol over that of those who cross: a run takes so many times longer."""

SEARCH_LANES, SEARCH_STEPS, MARGIN = 256, 64, 1.01
MOST_COVERAGE, MOST_WIDTHS = 20.0, 1000.0

STEADY_POWER = {"power_cuts_per_day": 0.0}
STEADY_WALK = {"notice_km": 0.0, "pace_low": 0.875, "pace_high": 0.875, "night_pace": 0.75}
"""Paces in binary fractions, so that distances walked are exact in whatever order they are added up."""


class BarrierPatrol(PassingCase):
    """A patrol with a definite range walks to and fro on a barrier; people cross it at a uniform place and time."""

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
                f"L is {self.L:g}, with a gap so small that it depends on the model's steps; "
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
        front = (1.0, 1.0 + length, self.lanes(self.L, BARRIER_LANES))
        data = bare_ground((length + 2.0, height), walking, front, sensor("definite_range"))
        send_one_group(data, height, walking)
        inside = reach if self.turning == "inside" else 0.0
        track = [[1.0 + inside, height / 2], [1.0 + length - inside, height / 2]]
        walk: Data = {"name": "patrol", "track": track, "mode": "back_and_forth", "speed_kmh": units.speed_kmh(self.V)}
        steady: Data = {"duty_share": 1.0, "responders": 0, "height_m": 50.0}
        data["patrols"] = [{**walk, **steady, "sensor": "laboratory", "range_km": reach}]
        return data

    def closed_form(self) -> Expectation:
        """The probability that one who crosses is detected."""
        if self.turning == "ends":
            formula = "1 - max(0, 1 - lam/2)^2, lam = W sqrt(V^2 + U^2) / (L U)"
            seen = theory.barrier_patrol_back_and_forth_ends(self.R, self.L, self.V, self.U)
        else:
            formula = "1 - gaps / (L D)"
            seen = theory.barrier_patrol_back_and_forth_inside(self.R, self.L, self.V, self.U)
        return share("crosser detected", float(seen), formula, "Washburn 2014")


class RandomSearch(Case):
    """A searcher among targets at random places, one in an area A: one is found with 1 - exp(-W V t / A).

    The searcher is a post that stands still, and the targets stream past it, since only relative motion counts. They
    pass as a Poisson stream over a front twice as wide as the sweep width, as a Poisson field does when one crosses it.
    """

    case: Literal["random_search"] = word("which laboratory")
    W: float = symbol("sweep width of the searcher, definite range", "km", gt=0, le=1e6)
    V: float = symbol("speed of the searcher", "km/h", gt=0, le=1e6)
    t: float = symbol("time searched", "h", gt=0, le=1e9)
    A: float = symbol("area that has one target", "km^2", gt=0, le=1e12)

    @model_validator(mode="after")
    def _is_valid(self) -> Self:
        coverage, widths = self.W * self.V * self.t / self.A, self.V * self.t / self.W
        if coverage > MOST_COVERAGE:
            raise ValueError(f"t is {self.t:g}, which makes the coverage W V t / A {coverage:g}; allowed: up to 20")
        if not 0.1 <= widths <= MOST_WIDTHS:
            raise ValueError(f"t is {self.t:g}, which makes V t / W {widths:g}; allowed: 0.1 to {MOST_WIDTHS:g}")
        return self

    def expand(self) -> Data:
        """The scenario as plain data."""
        searched = 60.0 * self.t
        usual = scale(self.W / 2, self.V, self.V, SEARCH_STEPS, None)
        minutes = math.ceil(searched / usual.step_min)
        units = Scale(usual.km, searched / minutes)
        reach, walking = units.reach_km(self.W / 2), units.speed_kmh(self.V)
        height, wide = 2 * MARGIN * reach, 4 * reach
        front = (1.0, 1.0 + wide, SEARCH_LANES)
        data = bare_ground((wide + 2.0, height), walking, front, sensor("definite_range"))
        data["posts"] = [post(1.0 + wide / 2, height / 2, reach)]
        expected = 2 * self.W * self.V * self.t / self.A
        stream = {"name": "targets", "per_day": expected * 1440.0 / minutes, "from_min": 0, "until_min": minutes}
        data["infiltrators"]["streams"] = [walkers(height) | stream]
        data["horizon_min"] = minutes + math.ceil(60 * height / walking) + 10
        return data

    def closed_form(self) -> Expectation:
        """The probability that the target is found."""
        found = float(theory.random_search(theory.search_coverage(self.W, self.V, self.t, self.A)))
        return share("target found", found, "1 - exp(-W V t / A)", KOOPMAN)


class DetectionChain(Case):
    """First detection of one group in the case at hand: 1 - mean of exp(-H posts) x means over patrols' phases.

    What ties its observers to one another or to the group is switched off (power cuts, the strip, patrols that walk at
    random, a group that sees patrols and hides). Ground, lines of sight, posts, patrols, their turns of duty, light and
    weather stay as they are.
    """

    case: Literal["detection_chain"] = word("which laboratory")
    arm: Name = Field("with_outpost", description="arm that is run", json_schema_extra={"assumed": "either"})

    departures: int = quantity(
        12, "minutes of departure, from the group's earliest on, over which is added up", assumed="time", ge=1, le=1440
    )

    def expand_over(self, config: Data) -> Data:
        """The case's own posts, patrols and first group, each on its own."""
        return {
            "posts": [post | STEADY_POWER for post in config["posts"]],
            "outpost": STEADY_POWER,
            "patrols": [patrol | {"alternatives": [], "mode": _walk(patrol)} for patrol in config["patrols"]],
            "control_strip": {"present": False},
            "command": {"watches_far_bank": False},
            "infiltrators": {
                "behaviour": "unaware",
                "groups": [self._steady(group) for group in config["infiltrators"]["groups"][:1]],
                "streams": [],
            },
        }

    def expectation(self, scenario: Scenario) -> Expectation:
        """The probability of a detection in the scenario; raises `ScenarioError` where that cannot be enumerated."""
        # The World is loaded only for those who enumerate.
        from sim.study.verify.chain import chain_probability

        formula = "1 - mean of exp(-H posts) prod mean of exp(-H patrol)"
        return share("first detection", chain_probability(scenario, self.arm), formula, "enumeration")

    def arm_in(self, scenario: Scenario) -> str:  # noqa: ARG002
        """The arm that the symbols name."""
        return self.arm

    def _steady(self, group: Data) -> Data:
        earliest = int(group.get("depart_earliest_min", 60))
        window = {"depart_earliest_min": earliest, "depart_latest_min": earliest + self.departures - 1}
        return {**group, **STEADY_WALK, **window}


def _walk(patrol: Data) -> str:
    mode = str(patrol.get("mode", "back_and_forth"))
    return "back_and_forth" if mode == "random" else mode
