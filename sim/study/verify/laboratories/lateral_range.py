"""People pass a post that stands still: definite range, constant rate, inverse cube."""

from __future__ import annotations

import math
from typing import ClassVar, Literal, Self

from pydantic import model_validator

from sim import theory
from sim.study.verify.laboratories.base import (
    KOOPMAN,
    RANGE_KM,
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
"""sqrt(K) on the model's ground: the smaller, the less is beyond; the larger, the less a metre matters."""

NEAREST_KM = 0.4005
"""How near those come who all pass at one offset, where the two allow it; in the middle of a metre."""


class LateralRange(PassingCase):
    """What the three laws share: a post in the middle of a front, or at an offset from one route."""

    V: float = symbol("speed of those who pass", "km/h", gt=0, le=1e6)
    x: float | None = symbol(
        "offset at which all pass; null: uniform over a front, for the sweep width", "km", None, ge=-1e6, le=1e6
    )

    front: ClassVar[float]
    """Width of the front over which people pass, in the unit of the law."""

    @property
    def unit(self) -> tuple[float, str]:
        """The length by which the formula measures offsets, km, and its symbol."""
        raise NotImplementedError

    @property
    def front_km(self) -> float:
        """Width of the front in laboratory kilometres; 0 where all pass at one offset."""
        return 0.0 if self.x is not None else self.front * self.unit[0]

    def _width(self, within_km: float, formula: str, beyond_km: float = 0.0) -> Expectation:
        """The sweep width, from what of it lies within the front, so that a share is detected, and what beyond."""
        front = self.front_km
        return share("sweep width", within_km / front, formula, KOOPMAN, unit="km", factor=front, offset=beyond_km)

    @model_validator(mode="after")
    def _offset_is_near(self) -> Self:
        unit, name = self.unit
        if self.x is not None and abs(self.x) > 20 * unit:
            raise ValueError(f"x is {self.x:g}; allowed: up to 20 {name}, {20 * unit:g} km, to either side")
        return self

    def _passing(self, units: Scale, reach_km: float, half_height_km: float, law: str, rate: float) -> Data:
        """The scenario; all lengths in model kilometres but those of this laboratory itself."""
        wide, offset = self.front_km * units.km, abs(self.x or 0.0) * units.km
        width, height = max(wide, 2 * offset) + 2.0, 2 * half_height_km
        walking = units.speed_kmh(self.V)
        west = width / 2 - wide / 2 if wide else width / 2 + offset - 1.0
        front = (west, west + (wide or 2.0), self.lanes(self.front_km, LANES) if wide else 1)
        data = bare_ground((width, height), walking, front, sensor(law, units.rate_per_hour(rate)))
        data["posts"] = [post(width / 2, half_height_km, reach_km)]
        send_one_group(data, height, walking)
        return data


class WithinRange(LateralRange):
    """Laws that end at a range R."""

    R: float = symbol("detection range", "km", gt=0, le=1e6)
    # Twice as wide as what is seen, so that the share detected is far from 1 even at a high rate.
    front: ClassVar[float] = 4.0

    @property
    def unit(self) -> tuple[float, str]:
        """The range."""
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

    def closed_form(self) -> Expectation:
        """The sweep width, or whether one is seen at the offset."""
        if self.x is None:
            return self._width(float(theory.sweep_width_definite_range(self.R)), "W = 2 R")
        seen = float(theory.lateral_range_definite_range(self.x, self.R))
        return share("detected at the offset", seen, "1 for |x| <= R, else 0", KOOPMAN)


class ConstantRate(WithinRange):
    """Within R, q detections an hour: sweep width pi R [I1(z) - L1(z)], z = 2 q R / V."""

    case: Literal["constant_rate"] = word("which laboratory")
    q: float = symbol("detection rate within R", "1/h", ge=0, le=1e6)

    def expand(self) -> Data:
        """The scenario as plain data."""
        units, half_way = self._units()
        return self._passing(units, units.reach_km(self.R), units.km * half_way, "constant_rate", self.q)

    def closed_form(self) -> Expectation:
        """The sweep width, or the probability to be seen at the offset."""
        if self.x is None:
            width = float(theory.sweep_width_constant_rate(self.R, self.q, self.V))
            return self._width(width, "W = pi R [I1(z) - L1(z)], z = 2 q R / V")
        seen = float(theory.lateral_range_constant_rate(self.x, self.R, self.q, self.V))
        return share("detected at the offset", seen, "1 - exp(-2 q sqrt(R^2 - x^2) / V)", KOOPMAN)

    def _units(self) -> tuple[Scale, float]:
        """Units, and half the length of the route in laboratory kilometres; at one offset the chord is whole steps."""
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
    # What is missed outside is a few hundredths, and known (`closed_form`).
    front: ClassVar[float] = 20.0

    @property
    def unit(self) -> tuple[float, str]:
        """The offset at which the exponent is 1."""
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

    def closed_form(self) -> Expectation:
        """The sweep width, or the probability to be seen at the offset."""
        if self.x is not None:
            seen = float(theory.lateral_range_inverse_cube(self.x, self.K))
            return share("detected at the offset", seen, "1 - exp(-K / x^2)", KOOPMAN)
        # The curve has no end; its integral up to the edge of the front, b, has a closed form too.
        b, root = self.front_km / 2, math.sqrt(self.K)
        within = 2 * (-b * math.expm1(-self.K / b**2) + math.sqrt(math.pi) * root * math.erfc(root / b))
        return self._width(within, "W = 2 sqrt(pi K)", float(theory.sweep_width_inverse_cube(self.K)) - within)
