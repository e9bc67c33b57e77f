"""Groups that infiltrate: who they are, when they leave, how they move, notice, hide and fight."""

from __future__ import annotations

from typing import Any, Self

from pydantic import model_validator

from sim.scenario.base import Name, Section, check_order, choice, fraction, kilometres, minutes, quantity
from sim.scenario.kind import GroupKind, KindProfile

OF_THE_KIND = ("size", "pace_low", "pace_high", "signature", "will_to_fight", "admitted_probability")
"""Values that a group may leave to its kind (`infiltrators.kinds`)."""


class Party(Section):
    """People who infiltrate together: what a single group and a stream of arrivals share."""

    name: Name = choice(..., "what it is called", assumed="a label")
    kind: GroupKind = choice("fighters", "who they are", source="the case")
    size: int | None = quantity(
        None,
        "persons; null: as is usual for the kind",
        "persons",
        source="about 20 attackers, official account of 6 November 2019",
        ge=1,
        le=5000,
    )
    start_x_km: float = quantity(..., "where they set out", "km", source="gazetteer")
    start_y_km: float = quantity(..., "where they set out", "km", source="gazetteer")
    target_x_km: float = quantity(..., "where they go on the grid", "km", source="gazetteer")
    target_y_km: float = quantity(..., "where they go on the grid", "km", source="gazetteer")
    pace_low: float | None = quantity(
        None,
        "slowest pace over plain Tobler going; null: as is usual for the kind",
        assumed="2.4 km/h cross-country against Tobler's 3.0 off path",
        gt=0,
        le=3,
    )
    pace_high: float | None = quantity(
        None, "fastest pace over plain Tobler going; null: as is usual for the kind", assumed=(0.8, 1.2), gt=0, le=3
    )
    night_pace: float = quantity(
        0.67, "pace by night over pace by day", source="marching tables: 1.6 against 2.4 km/h cross-country", gt=0, le=1
    )
    keeps_off_paths: bool = choice(True, "walks off roads and tracks", assumed="true or false")
    rafts_by_night: bool = choice(
        True, "puts to water only in the dark", source="crossings at night on rafts and tyres are reported"
    )
    lies_up: bool = choice(
        True, "hides by day once across the border", source="crossings and marches by night are reported"
    )
    lying_up_factor: float = fraction(0.1, "how visible they are while they hide, over marching", assumed=(0.02, 0.3))
    signature: float | None = quantity(
        None,
        "detection rate against such a group over that against the sensors' standard target; null: of the kind",
        assumed=(0.5, 2),
        ge=0,
        le=10,
    )
    will_to_fight: float | None = fraction(
        None, "probability that they fight when they are met; null: of the kind", assumed=(0, 1)
    )
    admitted_probability: float | None = fraction(
        None,
        "migrants: that they are admitted to procedure when stopped, not turned back; null: of the kind",
        assumed=(0, 1),
    )
    notice_km: float = kilometres(
        0.0, "distance at which they may notice a patrol by day; 0: they notice none", assumed=(0, 2), le=12
    )
    notice_night_factor: float = fraction(
        0.5, "that distance by night over that by day (voices, lamps, engines)", assumed=(0.2, 1)
    )
    notice_probability: float = fraction(0.7, "that they notice a patrol that comes so near", assumed=(0.3, 0.95))
    hide_min: int = minutes(30, "how long they stay hidden after a noticed patrol has gone", assumed=(10, 120), le=1440)
    inland: bool = choice(True, "goes on by road beyond the grid", source="the attack came some 200 km from Okultun")

    @property
    def is_fighters(self) -> bool:
        """Whether they attack those who stand at the target."""
        return self.kind == "fighters"

    @property
    def is_migrants(self) -> bool:
        """Whether they are admitted or turned back when they are stopped, and never punished."""
        return self.kind == "migrants"

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        check_order(self, "pace_low", "pace_high")
        if self.is_migrants and self.will_to_fight:
            raise ValueError(f"will_to_fight is {self.will_to_fight}; allowed for migrants: 0")
        return self

    def with_profile(self, profile: KindProfile) -> Self:
        """The same party with everything filled in that it leaves to its kind."""
        left = {name: getattr(profile, name) for name in OF_THE_KIND if getattr(self, name) is None}
        return self.model_copy(update=left)


class Group(Party):
    """One group with a time of departure of its own."""

    depart_earliest_min: int = minutes(60, "first minute of departure", assumed=(0, 1440), le=100_000)
    depart_latest_min: int = minutes(420, "last minute of departure", assumed=(0, 1440), le=100_000)

    @model_validator(mode="after")
    def _departures_are_ordered(self) -> Self:
        check_order(self, "depart_earliest_min", "depart_latest_min")
        return self


MOST_EXPECTED = 2_000.0


class Stream(Party):
    """Groups that arrive at `per_day` between two minutes of the run; the k-th is called ``NAME_k``, from 1."""

    per_day: float = quantity(..., "mean number of departures", "1/d", assumed=(0.1, 10), ge=0, le=10_000)
    from_min: int = minutes(0, "no departure before", assumed="the time of interest", le=200_000)
    until_min: int = quantity(
        1440, "no departure from here on", "min", assumed="the time of interest", ge=1, le=200_000
    )
    size_high: int | None = quantity(
        None,
        "sizes are uniform from size to here; null: all have the same size",
        "persons",
        assumed="as for size",
        ge=1,
        le=5000,
    )

    @model_validator(mode="after")
    def _bounded(self) -> Self:
        if self.until_min <= self.from_min:
            raise ValueError(f"until_min is {self.until_min}; allowed: more than from_min ({self.from_min})")
        expected = self.per_day * (self.until_min - self.from_min) / 1440.0
        if expected > MOST_EXPECTED:
            raise ValueError(f"per_day is {self.per_day:g}, {expected:g} groups a run; allowed: {MOST_EXPECTED:g}")
        return self

    @property
    def per_min(self) -> float:
        """Mean number of departures in a minute."""
        return self.per_day / 1440.0

    @property
    def size_highest(self) -> int:
        """The largest size of its groups, where what is left to the kind is filled in."""
        return self.size_high or self.size or 1

    def arrival(self, number: int, departure_min: int, size: int) -> Group:
        """The number-th group of the stream (from 1), as a group of its own; trusted, not validated again."""
        shared: dict[str, Any] = {name: getattr(self, name) for name in Party.model_fields}
        shared |= {"name": f"{self.name}_{number}", "size": size}
        return Group.model_construct(**shared, depart_earliest_min=departure_min, depart_latest_min=departure_min)
