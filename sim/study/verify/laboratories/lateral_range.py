"""People pass a post that stands still: definite range, constant rate, inverse cube."""

from __future__ import annotations

import math
from typing import Literal, Self

from pydantic import model_validator

from sim.study.verify.laboratories.base import (
    RANGE_KM,
    Data,
    PassingCase,
    Scale,
    bare_ground,
    post,
    scale,
    send_one_group,
    sensor,
    symbol,
    word,
)

LANES, STEPS = 1024, 128
"""Of a front, and in a range: over a front, errors of the steps in one lane cancel those in another."""

STEPS_AT_ONE_OFFSET, MOST_STEPS = 1024, 40_000
"""In a range, where all pass at one offset: nothing cancels, so the chord is walked in whole steps, however short."""

EDGE, MARGIN = 1e-3, 1.01
"""In ranges: how near to a definite range steps and metres decide who is seen, and how far out people start."""

CUBE_STEPS, CUBE_STEPS_AT_ONE_OFFSET = 64, 256
"""Of the inverse cube law in 10 sqrt(K): its curve has no edge to be cut."""

CUBE_KM = 40.0
"""Where the inverse cube law is cut off on the model's ground, as far out as a post may see."""

LEAST_ROOT_KM, MOST_ROOT_KM = CUBE_KM / 200, CUBE_KM / 50
"""sqrt(K) on the model's ground: the smaller, the less lies beyond; the larger, the less a metre matters."""

NEAREST_KM = 0.4005
"""How near those come who all pass at one offset, where the two allow it; in the middle of a metre."""

CUBE_FRONT = 20.0
"""Width of the front in sqrt(K)."""


class LateralRange(PassingCase):
    """What the three laws share: a post in the middle of a front, or at an offset from one way."""

    V: float = symbol("speed of those who pass", "km/h", gt=0, le=1e6)
    x: float | None = symbol(
        "offset at which all pass; null: uniform over a front, for the sweep width", "km", None, ge=-1e6, le=1e6
    )

    @property
    def front_km(self) -> float:
        """Width of the front over which people pass, in laboratory kilometres; 0 where all pass at one offset."""
        raise NotImplementedError

    @property
    def _unit(self) -> tuple[float, str]:
        """The length by which the formula measures offsets, and its symbol."""
        raise NotImplementedError

    @model_validator(mode="after")
    def _offset_is_near(self) -> Self:
        unit, name = self._unit
        if self.x is not None and abs(self.x) > 20 * unit:
            raise ValueError(f"x is {self.x:g}; allowed: up to 20 {name}, {20 * unit:g} km, to either side")
        return self

    def _passing(self, units: Scale, reach_km: float, half_height_km: float, law: str, rate: float) -> Data:
        """The scenario; all lengths in model kilometres but those of this laboratory itself."""
        wide, offset = self.front_km * units.km, abs(self.x or 0.0) * units.km
        width, height = max(wide, 2 * offset) + 2.0, 2 * half_height_km
        walking = units.speed_kmh(self.V)
        data = bare_ground(width, height, walking)
        data["sensors"] = {"laboratory": sensor(law, units.rate_per_hour(rate))}
        data["posts"] = [post(width / 2, half_height_km, reach_km)]
        send_one_group(data, height, 60 * height / walking)
        west = width / 2 - wide / 2 if wide else width / 2 + offset - 1.0
        lanes = self.lanes(self.front_km, LANES) if wide else 1
        data["infiltrators"]["front"] = {"west_km": west, "east_km": west + (wide or 2.0), "lanes": lanes}
        return data


class WithinRange(LateralRange):
    """Laws that end at a range R."""

    R: float = symbol("detection range", "km", gt=0, le=1e6)

    @property
    def front_km(self) -> float:
        """Twice as wide as what is seen, so that the share detected is far from 1 even at a high rate."""
        return 0.0 if self.x is not None else 4 * self.R

    @property
    def _unit(self) -> tuple[float, str]:
        return self.R, "R"


class DefiniteRange(WithinRange):
    """All within R are seen, nobody beyond: sweep width 2 R."""

    case: Literal["definite_range"] = word("which laboratory")

    @model_validator(mode="after")
    def _offset_is_off_the_edge(self) -> Self:
        if self.x is not None and abs(abs(self.x) - self.R) < EDGE * self.R:
            raise ValueError(f"x is {self.x:g}, at the very edge of R ({self.R:g}); allowed: {EDGE:g} R off it or more")
        return self

    def expand(self) -> Data:
        """The scenario as plain data."""
        units = scale(self.R, self.V, self.V, STEPS, self.step_min)
        reach = units.reach_km(self.R)
        return self._passing(units, reach, MARGIN * reach, "definite_range", 0.0)


class ConstantRate(WithinRange):
    """Within R, q detections an hour: sweep width pi R [I1(z) - L1(z)], z = 2 q R / V."""

    case: Literal["constant_rate"] = word("which laboratory")
    q: float = symbol("detection rate within R", "1/h", ge=0, le=1e6)

    def expand(self) -> Data:
        """The scenario as plain data."""
        units, half_way = self._units()
        return self._passing(units, units.reach_km(self.R), units.km * half_way, "constant_rate", self.q)

    def _units(self) -> tuple[Scale, float]:
        """Units, and half the length of the way in laboratory kilometres; at one offset the chord is whole steps."""
        chord = 0.0 if self.x is None else 2 * math.sqrt(max(0.0, self.R**2 - self.x**2))
        if chord == 0.0 or self.step_min is not None:
            return scale(self.R, self.V, self.V, STEPS, self.step_min), MARGIN * self.R
        step = max(chord / math.ceil(chord / self.R * STEPS_AT_ONE_OFFSET), self.R / MOST_STEPS)
        # The chord begins half a step after one, so that no rounding makes it a step more or less.
        before = math.ceil((MARGIN * self.R - chord / 2) / step) + 0.5
        return scale(self.R, self.V, self.V, self.R / step, None), before * step + chord / 2


class InverseCube(LateralRange):
    """The rate falls with the cube of the distance: l(x) = 1 - exp(-K/x^2), sweep width 2 sqrt(pi K)."""

    case: Literal["inverse_cube"] = word("which laboratory")
    K: float = symbol("coefficient of the law", "km^2", gt=0, le=1e9)

    @property
    def front_km(self) -> float:
        """So wide that what is missed outside is a few hundredths, and known (`sim.study.verify.exact`)."""
        return 0.0 if self.x is not None else CUBE_FRONT * math.sqrt(self.K)

    @property
    def _unit(self) -> tuple[float, str]:
        return math.sqrt(self.K), "sqrt(K)"

    def expand(self) -> Data:
        """The scenario as plain data."""
        root = math.sqrt(self.K)
        steps = CUBE_STEPS if self.x is None else CUBE_STEPS_AT_ONE_OFFSET
        root_km = min(MOST_ROOT_KM, max(LEAST_ROOT_KM, NEAREST_KM * root / abs(self.x))) if self.x else LEAST_ROOT_KM
        unit_km = root * RANGE_KM / root_km
        units = scale(unit_km, self.V, self.V, steps * unit_km / (10 * root), self.step_min)
        reach = units.reach_km(root * CUBE_KM / root_km)
        range_km = reach / 3
        # K = 2 q R^3 / V, in whichever units.
        rate = self.K * units.km**2 * units.speed_kmh(self.V) / (2 * range_km**3) / units.step_min
        return self._passing(units, range_km, reach, "inverse_cube", rate)
