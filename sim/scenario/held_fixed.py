"""What a comparison holds fixed, so that no arm may change it: the night, how long it lasts, and who sets out in it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from sim.scenario.base import ScenarioError

WHO_AND_WHEN = (
    "name",
    "kind",
    "size",
    "size_high",
    *("start_x_km", "start_y_km", "target_x_km", "target_y_km"),
    *("depart_earliest_min", "depart_latest_min"),
    *("per_day", "from_min", "until_min"),
)
"""Keys of a group or stream that say who sets out, when, from where and where to. How they move, notice, hide, show and
fight may be changed: an experiment on the model's mechanisms does so on purpose."""

HELD_FIXED = re.compile(
    r"horizon_min|terrain\.terrain_seed|light\.(start|sunrise|sunset|twilight_min)|infiltrators\.kinds\.\w+\.size"
    rf"|infiltrators\.(groups|streams)(\.\d+)?(\.({'|'.join(WHO_AND_WHEN)}))?"
)


def check_changes(keys: Iterable[str]) -> None:
    """Refuse an arm that changes what the comparison holds fixed; its changes are named by their dotted keys.

    >>> check_changes(["outpost.range_km", "infiltrators.groups.0.lies_up", "light.weather"])
    """
    for key in keys:
        if HELD_FIXED.fullmatch(key):
            problem = "an arm may not change it: arms are compared on the same groups in the same night"
            raise ScenarioError(key, f"{problem}; allowed: a value for all arms, in the case itself")
