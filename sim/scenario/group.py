"""A group that infiltrates: who they are, when they leave, how they move, and how they fight."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import model_validator

from sim.scenario.base import Name, Part, choice, quantity

GroupKind = Literal["fighters", "traffickers", "smugglers", "migrants"]


class Group(Part):
    """One group of people with a start south of the border and a target north of it."""

    name: Name = choice(..., "what it is called", assumed="a label")
    kind: GroupKind = choice("fighters", "who they are; only fighters fight", source="the case")
    size: int = quantity(
        20, "persons", unit="persons", source="about 20 attackers, official account of 6 November 2019", ge=1, le=5000
    )
    start_x_km: float = quantity(..., "where they set out", unit="km", source="gazetteer")
    start_y_km: float = quantity(..., "where they set out", unit="km", source="gazetteer")
    target_x_km: float = quantity(..., "where they go on the grid", unit="km", source="gazetteer")
    target_y_km: float = quantity(..., "where they go on the grid", unit="km", source="gazetteer")
    depart_earliest_min: int = quantity(
        60, "first minute of departure", unit="min", assumed=(0, 1440), ge=0, le=100_000
    )
    depart_latest_min: int = quantity(420, "last minute of departure", unit="min", assumed=(0, 1440), ge=0, le=100_000)
    pace_low: float = quantity(
        0.7,
        "slowest pace over plain Tobler going",
        source="2.4 km/h cross-country against Tobler's 3.0 off path",
        gt=0,
        le=3,
    )
    pace_high: float = quantity(1.0, "fastest pace over plain Tobler going", assumed=(0.8, 1.2), gt=0, le=3)
    night_pace: float = quantity(
        0.67, "pace by night over pace by day", source="marching tables: 1.6 against 2.4 km/h cross-country", gt=0, le=1
    )
    keeps_off_paths: bool = choice(True, "walks off roads and tracks", assumed="true or false")
    lies_up: bool = choice(
        True, "hides by day once across the border", source="crossings and marches by night are reported"
    )
    lying_up_factor: float = quantity(
        0.1, "how visible they are while they hide, over marching", assumed=(0.02, 0.3), ge=0, le=1
    )
    signature: float = quantity(
        1.0,
        "detection rate against such a group over that against the sensors' standard target",
        assumed=(0.5, 2.0),
        ge=0,
        le=10,
    )
    inland: bool = choice(True, "goes on by road beyond the grid", source="the attack came some 200 km from Okultun")

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.depart_latest_min < self.depart_earliest_min:
            raise ValueError(
                f"depart_latest_min is {self.depart_latest_min}; allowed: no less than "
                f"depart_earliest_min ({self.depart_earliest_min})"
            )
        if self.pace_high < self.pace_low:
            raise ValueError(f"pace_high is {self.pace_high}; allowed: no less than pace_low ({self.pace_low})")
        return self
