"""L6, others' business: groups compete for the state's attention, and for nothing else; here, for the interior's.

Groups have the same time on the road, so that without competition a group is met there with
1 - exp(-rate x hours) x (1 - chance) ^ checkpoints. A bound of 4 standard errors fails by chance once in 30,000 times.
"""

from __future__ import annotations

import math
import random
from typing import Any

import numpy as np
import pandas as pd
import pytest
from small_case import BASE, small_case

from sim.outcomes import in_words
from sim.study.replications import Replications, build_worlds

BOUND = 4.0
SAME = ["outcome", "ended_min", "intercepted_by", "intercepted_min", "mechanism", "killed", "captured", "own_killed"]
FIGHTERS = {**BASE["infiltrators"]["groups"][0], "inland": True}
SMUGGLERS = {
    **{key: value for key, value in FIGHTERS.items() if not key.startswith("depart")},
    "name": "smugglers",
    "kind": "smugglers",
}
POSTS_ONLY = {
    "patrols": [],
    "posts.0.responders": 0,
    "outpost.responders": 0,
    "reaction_force.responders": 0,
    "command.report_delay_min": 0,
    "command.interior_delay_min": 0,
    "command.alert_hours": 200.0,
    "inland.total_hours_low": 0.0,
    "inland.total_hours_high": 0.0,
    "inland.responders": 500,
    "horizon_min": 3000,
}
"""Nobody acts but the interior, which knows at once of whoever is reported, and never calls off its alert."""


def played(replications: int, groups: list[dict[str, Any]], per_day: float = 0.0, **changes: Any) -> pd.DataFrame:
    """Rows of the groups that are no stream's, with so many smuggler groups a day beside them."""
    streams = [{**SMUGGLERS, "per_day": per_day}] if per_day else []
    case = small_case(**{**POSTS_ONLY, **changes, "infiltrators.groups": groups, "infiltrators.streams": streams})
    rows = in_words(Replications(build_worlds(case, ("without",)), 61).run(0, replications))
    return rows[~rows["group"].str.startswith("smugglers_")].reset_index(drop=True)


def drawn(number: int) -> tuple[dict[str, Any], float]:
    """An interior drawn at random, and the chance that it meets a group that was not reported."""
    draw = random.Random(number)
    hours, checkpoints, chance, rate = (
        draw.randint(4, 20),
        draw.randint(0, 4),
        draw.uniform(0.0, 0.1),
        draw.uniform(0.0, 0.02),
    )
    keys = {
        "inland.road_hours": float(hours),
        "inland.checkpoints": checkpoints,
        "inland.stop_probability": chance,
        "inland.alerted_stop_probability": draw.uniform(chance, 0.4),
        "inland.search_per_hour": rate,
        "inland.alerted_search_per_hour": draw.uniform(rate, 0.2),
        "inland.search_teams": draw.randint(1, 3),
    }
    return keys, met_with(rate, hours, chance, checkpoints)


def met_with(rate: float, hours: float, chance: float, checkpoints: int) -> float:
    return 1.0 - math.exp(-rate * hours) * (1.0 - chance) ** checkpoints


def z_of(met: pd.Series, chance: float) -> float:
    return float((met.mean() - chance) / math.sqrt(chance * (1.0 - chance) / len(met)))


@pytest.mark.parametrize("number", range(3))
def test_smugglers_change_nothing_for_undetected_fighters(number: int) -> None:
    """Met as often as by the quiet effort alone; and each as without smugglers, in the same minute."""
    keys, quiet = drawn(number)
    alone, beside = (played(20_000, [FIGHTERS], per_day, **keys) for per_day in (0.0, 8.0))
    unseen = ~beside["detected"]
    assert 4_000 < unseen.sum() < 16_000
    assert z_of(beside[unseen]["intercepted"], quiet) < BOUND
    pd.testing.assert_frame_equal(alone[unseen][SAME], beside[unseen][SAME])


@pytest.mark.parametrize("number", range(3))
def test_smugglers_take_teams_from_reported_fighters(number: int) -> None:
    """Fewer of them are met where one team looks for all; where teams are without number, the same to the minute."""
    keys, _ = drawn(number)
    keys |= {"inland.alerted_search_per_hour": 0.2}
    for teams in (1, 1000):
        keys |= {"inland.search_teams": teams}
        alone, beside = (played(4_000, [FIGHTERS], per_day, **keys) for per_day in (0.0, 8.0))
        seen = beside["detected"]
        if teams == 1:
            less = alone[seen]["intercepted"].astype(int) - beside[seen]["intercepted"].astype(int)
            assert less.mean() / (less.std() / math.sqrt(seen.sum())) > BOUND
        else:
            pd.testing.assert_frame_equal(alone[SAME], beside[SAME])


SEEN = {"posts.0.range_km": 40.0, "sensors.thermal.rate_per_hour": 1e4}


@pytest.mark.parametrize(
    ("rate", "hours", "chance", "checkpoints"), [(0.05, 12, 0.0, 0), (0.0, 6, 0.2, 3), (0.1, 5, 0.1, 2)]
)
def test_one_reported_group_has_a_team_to_itself(rate: float, hours: int, chance: float, checkpoints: int) -> None:
    keys = {
        "inland.road_hours": float(hours),
        "inland.checkpoints": checkpoints,
        "inland.stop_probability": 0.0,
        "inland.alerted_stop_probability": chance,
        "inland.search_per_hour": 0.0,
        "inland.alerted_search_per_hour": rate,
        "inland.search_teams": 1,
    }
    met = played(4_000, [FIGHTERS], **SEEN, **keys)
    assert met["detected"].all()
    assert abs(z_of(met["intercepted"], met_with(rate, hours, chance, checkpoints))) < BOUND
    assert set(met[met["intercepted"]]["mechanism"]) == {"cued"}


def test_one_team_finds_no_more_however_many_are_reported() -> None:
    """Six smuggler groups on the road at once, who give up when met: one team finds a Poisson number of them."""
    together = {**SMUGGLERS, "depart_earliest_min": 10, "depart_latest_min": 10, "pace_low": 1.0, "pace_high": 1.0}
    groups = [{**together, "name": f"six_{number}", "will_to_fight": 0.0} for number in range(6)]
    keys = {"inland.road_hours": 10.0, "inland.checkpoints": 0, "inland.search_per_hour": 0.0}
    keys |= {"inland.alerted_search_per_hour": 0.4, "inland.search_teams": 1, "infiltrators.spread_min": 0}
    rows = played(4_000, groups, **SEEN, **keys)
    assert rows["detected"].all()
    found = rows.groupby("replication")["intercepted"].sum()
    chances = [math.exp(-4.0) * 4.0**k / math.factorial(k) for k in range(6)]
    expected = np.array([*chances, 1.0 - sum(chances)]) @ np.arange(7)
    assert abs(found.mean() - expected) / (found.std() / math.sqrt(len(found))) < BOUND
