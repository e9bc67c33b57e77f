"""Law: without observers nothing is detected, a perfect one detects all; without reports there is no cue, without men
nobody is stopped. Counted on drawn cases, without an error rate: one exception is one too many."""

from __future__ import annotations

from typing import Any

import pandas as pd
from law_cases import drawn_case, played

from sim.scenario import Scenario

CASES, REPLICATIONS = 12, 100
NOBODY = {"outpost.responders": 0, "reaction_force.responders": 0, "inland.enabled": False}
ALL_SEEING = {"kind": "eye", "law": "definite_range", "range_km": 20.0, "twilight_factor": 1.0, "night_factor": 1.0}


def of_all(case: Scenario, **values: Any) -> dict[str, Any]:
    """The same values for all posts, or all patrols, by ``posts`` or ``patrols`` and the key."""
    return {
        f"{kind}.{place}.{key}": value
        for kind_key, value in values.items()
        for kind, _, key in [kind_key.partition("__")]
        for place in range(len(getattr(case, kind)))
    }


def rows(number: int, arm: str = "with_outpost", **changes: Any) -> pd.DataFrame:
    return played(drawn_case(number).replace(**changes), arm, REPLICATIONS)


def without_observers(number: int) -> dict[str, Any]:
    case = drawn_case(number)
    return {"outpost.sensors": [], "patrols": [], **of_all(case, posts__sensors=[])}


def test_without_an_observer_nothing_is_detected_and_no_unit_is_sent() -> None:
    for number in range(CASES):
        found = rows(number, **without_observers(number), **{"outpost.false_alarms_per_day": 0.0})
        assert not found["detected"].any(), number
        assert set(found["mechanism"]) <= {"", "unprompted"}, number


def test_a_perfect_observer_over_all_detects_all() -> None:
    """One that sees as far as the ground is wide, on level ground, in any weather and light, of all who march."""
    perfect = {
        "sensors.eye": {**ALL_SEEING, "weather_sensitivity": 0.0},
        "outpost.sensors": ["eye"],
        "outpost.range_km": 20.0,
        "outpost.height_m": 60.0,
        "outpost.readiness_at_opening": 1.0,
        "outpost.staffing": 1.0,
        "terrain.lines": [{"name": "r", "kind": "border_river", "points": [[-1.0, 5.0], [13.0, 5.0]]}],
    }
    for number in range(CASES):
        case = drawn_case(number, level=True).replace(**perfect)
        assert played(case, "with_outpost", REPLICATIONS)["detected"].all(), number


def test_without_reports_there_is_no_cue() -> None:
    """Reports reach nobody: neighbours are out of reach, and neither the interior nor the reserve is told."""
    deaf = {"command.sharing_radius_km": 0.0, "command.cue_interior": False}
    for number in range(CASES):
        found = rows(number, **deaf)
        assert not (found["mechanism"] == "cued").any(), number


def test_without_men_nobody_is_stopped() -> None:
    for number in range(CASES):
        case = drawn_case(number)
        found = rows(number, **NOBODY, **of_all(case, posts__responders=0, patrols__responders=0))
        assert set(found["outcome"]) == {"reached"}, number
        assert not found["intercepted"].any(), number
