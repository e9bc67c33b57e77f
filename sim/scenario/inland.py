"""The inland leg: the road beyond the grid, where a cue can still have mattered."""

from __future__ import annotations

from typing import Self

from pydantic import model_validator

from sim.scenario.base import Section, check_order, choice, fraction, kilometres, quantity


class Inland(Section):
    """A stage of its own: a duration, checkpoints, and an interior that cues put on alert about a group."""

    length_km: float = kilometres(
        150.0, "road from the edge of the grid to the target", source="Ishkobod lies some 200 km from Okultun", le=5000
    )
    total_hours_low: float = quantity(
        48.0,
        "shortest time from the crossing to the attack",
        "h",
        source="claimed: 3 November, night, to 6 November, 03:00",
        ge=0,
        le=2000,
    )
    total_hours_high: float = quantity(
        72.0, "longest time from the crossing to the attack", "h", source="claimed: two to three days", ge=0, le=2000
    )
    road_hours: float = quantity(6.0, "the least time on the road", "h", assumed=(4, 12), ge=0, le=2000)
    checkpoints: int = quantity(3, "checkpoints on the way", assumed=(0, 8), ge=0, le=100)
    stop_probability: float = fraction(0.03, "that a checkpoint stops them without an alert", assumed=(0, 0.1))
    alerted_stop_probability: float = fraction(0.12, "the same under an alert", assumed=(0.02, 0.4))
    search_per_hour: float = quantity(
        0.001, "rate at which the interior finds them without an alert", "1/h", assumed=(0, 0.005), ge=0, le=1000
    )
    alerted_search_per_hour: float = quantity(
        0.012, "the same under an alert", "1/h", assumed=(0.002, 0.05), ge=0, le=1000
    )
    search_teams: int = quantity(
        3, "search teams: one for each reported group, shared where groups are more", assumed=(1, 10), ge=0, le=1000
    )
    responders: int = quantity(40, "men whom the interior brings against them", "men", assumed=(15, 120), ge=1, le=5000)
    defenders: int = quantity(10, "men ready at the target when it is attacked", "men", assumed=(5, 20), ge=0, le=5000)
    warned_defenders: int = quantity(
        20, "the same under an alert; no fewer than without", "men", assumed=(10, 40), ge=0, le=5000
    )
    warned_advantage: float = quantity(
        1.5,
        "factor on the effectiveness of men at the target under an alert: they lie in wait, and shoot first",
        assumed=(1, 3),
        gt=0,
        le=1000,
    )
    enabled: bool = choice(True, "whether groups that go on by road are followed", assumed="true or false")

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        check_order(self, "total_hours_low", "total_hours_high")
        check_order(self, "stop_probability", "alerted_stop_probability")
        check_order(self, "search_per_hour", "alerted_search_per_hour")
        return self
