"""The whole chain of detection in the experiment itself, where it can be added up without chance.

This laboratory builds nothing: it takes the case at hand, and switches off what ties its watchers to one another or
to the group (power cuts, the strip, patrols that walk at random, a group that sees patrols and hides). The ground, the
lines of sight, the posts, the patrols, their turns of duty, the light and the weather stay as they are.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from sim.scenario.base import Name, quantity
from sim.scenario.laboratory.bench import Case, Data, word

STEADY_POWER = {"power_cuts_per_day": 0.0}
STEADY_WALK = {"notice_km": 0.0, "pace_low": 0.875, "pace_high": 0.875, "night_pace": 0.75}
"""Paces in binary fractions, so that what is walked is exact in whatever order it is added up."""


class DetectionChain(Case):
    """First detection of one group: 1 - mean over way and departure of exp(-H posts) x means over patrols' phases."""

    case: Literal["detection_chain"] = word("which laboratory")
    arm: Name = Field("with_outpost", description="arm that is played", json_schema_extra={"assumed": "either"})

    departures: int = quantity(
        12, "minutes of departure, from the group's earliest on, over which is added up", assumed="time", ge=1, le=1440
    )

    def expand_over(self, config: Data) -> Data:
        """The case's own posts, patrols and first group, each on its own."""
        posts = [post | STEADY_POWER for post in config["posts"]]
        patrols = [patrol | {"alternatives": [], "mode": _walk(patrol)} for patrol in config["patrols"]]
        return {
            "posts": posts,
            "outpost": STEADY_POWER,
            "patrols": patrols,
            "control_strip": {"present": False},
            "infiltrators": {
                "behaviour": "unaware",
                "groups": [self._steady(group) for group in config["infiltrators"]["groups"][:1]],
                "streams": [],
            },
        }

    def _steady(self, group: Data) -> Data:
        earliest = int(group.get("depart_earliest_min", 60))
        window = {"depart_earliest_min": earliest, "depart_latest_min": earliest + self.departures - 1}
        return {**group, **STEADY_WALK, **window}


def _walk(patrol: Data) -> str:
    mode = str(patrol.get("mode", "back_and_forth"))
    return "back_and_forth" if mode == "random" else mode
