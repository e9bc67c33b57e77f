"""Random search: a searcher moves through targets that lie at random, one in an area A.

The searcher is a post that stands still, and the targets stream past it: what counts is how they move to one another.
They pass as a Poisson stream over a front twice as wide as the sweep width, which is what a Poisson field looks like
to one who crosses it; the searcher finds at least one with probability 1 - exp(-W V t / A).
"""

from __future__ import annotations

import math
from typing import Literal, Self

from pydantic import model_validator

from sim.scenario.laboratory.bench import Case, Data, Scale, bench, post, scale, sensor, symbol, walkers, word

LANES = 256
STEPS = 64
MARGIN = 1.01
MOST_COVERAGE = 20.0
MOST_WIDTHS = 1000.0


class RandomSearch(Case):
    """Coverage C = W V t / A; the probability to find a target is 1 - exp(-C)."""

    case: Literal["random_search"] = word("which laboratory")
    W: float = symbol("sweep width of the searcher, definite range", "km", gt=0, le=1e6)
    V: float = symbol("speed of the searcher", "km/h", gt=0, le=1e6)
    t: float = symbol("time searched", "h", gt=0, le=1e9)
    A: float = symbol("area in which one target lies", "km^2", gt=0, le=1e12)

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
        usual = scale(self.W / 2, self.V, self.V, STEPS, None)
        minutes = math.ceil(searched / usual.step_min)
        units = Scale(usual.km, searched / minutes)
        reach, walking = units.reach_km(self.W / 2), units.speed_kmh(self.V)
        height, wide = 2 * MARGIN * reach, 4 * reach
        data = bench(wide + 2.0, height, walking)
        data["sensors"] = {"laboratory": sensor("definite_range")}
        data["posts"] = [post(1.0 + wide / 2, height / 2, reach)]
        data["infiltrators"]["front"] = {"west_km": 1.0, "east_km": 1.0 + wide, "lanes": LANES}
        expected = 2 * self.W * self.V * self.t / self.A
        stream = {"name": "targets", "per_day": expected * 1440.0 / minutes, "from_min": 0, "until_min": minutes}
        data["infiltrators"]["streams"] = [walkers(height) | stream]
        data["horizon_min"] = minutes + math.ceil(60 * height / walking) + 10
        return data
