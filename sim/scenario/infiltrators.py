"""The infiltrators: the groups, and how they choose where to cross."""

from __future__ import annotations

from typing import Literal

from sim.scenario.base import Part, choice, quantity
from sim.scenario.group import Group
from sim.scenario.way import Way

Behaviour = Literal["unaware", "informed"]


class Infiltrators(Part):
    """All groups of a run, and what they know of the posts."""

    behaviour: Behaviour = choice(
        "informed",
        "unaware: the quickest way; informed: the quickest way that avoids the posts they know of",
        assumed="what they believed about the posts is not known; both are run in the experiment",
    )
    aversion: float = quantity(
        60.0,
        "minutes of detour accepted to avoid one expected detection",
        unit="min",
        assumed=(0.0, 600.0),
        ge=0,
        le=100_000,
    )
    awareness_standing: float = quantity(0.8, "probability to know of a standing post", assumed=(0.4, 1.0), ge=0, le=1)
    awareness_new: float = quantity(0.2, "probability to know of the new outpost", assumed=(0.0, 1.0), ge=0, le=1)
    spread_min: float = quantity(
        60.0,
        "scale of what makes groups differ in taste between crossing points (Gumbel)",
        unit="min",
        assumed=(0.0, 180.0),
        ge=0,
        le=100_000,
    )
    crossing_spacing_km: float = quantity(
        2.5, "distance between crossing points along the border", unit="km", assumed=(1.0, 5.0), ge=0.25, le=100
    )
    raft_min: int = quantity(20, "from bank to bank, on rafts and tyres", unit="min", assumed=(10, 60), ge=1, le=1440)
    ways: tuple[Way, ...] = choice(
        (), "places that routes may lead over, beside the quickest way", source="the case's rival ways"
    )
    detour_max_min: int = quantity(
        360,
        "ways that take so much longer than the quickest are not offered",
        unit="min",
        assumed=(120, 720),
        ge=0,
        le=20_000,
    )
    groups: tuple[Group, ...] = choice(..., "at least one", source="the case")
