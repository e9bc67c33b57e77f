"""The far bank: who reaches it with sensor and line of sight detects groups there; men are sent once they put to water.

Played by the compiled engine. The shares are statistical: 6 within 4 standard errors of their closed form, so that a
law that holds fails in fewer than one of 2,000 choices of the seed, which is fixed.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest
from small_case import RADAR, small_case

from sim.outcomes import in_words
from sim.scenario import Scenario
from sim.study.replications import Replications, build_worlds
from sim.world import Tables, World

TABLES = Tables()
RATE_PER_HOUR, RANGE_KM, PLACE_KM = 0.4, 2.5, (6.0, 5.6)
DEPARTURE_MIN, DARK_MIN = 10, 236
"""They set out at 14:10 and put to water at 17:56, when the twilight is over."""


def watched_bank(**changes: Any) -> Scenario:
    """A radar of a constant rate on the own bank, past which one group marches by day, as fast as the ground allows."""
    return small_case(
        **{
            "light.start": "2019-11-03T14:00",
            "sensors.radar": {**RADAR, "rate_per_hour": RATE_PER_HOUR},
            "posts": [],
            "patrols": [],
            "outpost": {
                "name": "watch",
                "x_km": PLACE_KM[0],
                "y_km": PLACE_KM[1],
                "sensors": ["radar"],
                "range_km": RANGE_KM,
                "height_m": 100.0,
                "responders": 12,
                "notice_min": 0,
                "frontage_km": 20.0,
                "days_open": 1000.0,
                "staffing": 1.0,
                "readiness_at_opening": 1.0,
                "present": True,
            },
            "terrain.cover.open.concealment": 0.0,
            "infiltrators.behaviour": "unaware",
            "infiltrators.spread_min": 0.0,
            "infiltrators.size_exponent": 0.0,
            "infiltrators.groups.0.depart_earliest_min": DEPARTURE_MIN,
            "infiltrators.groups.0.depart_latest_min": DEPARTURE_MIN,
            "infiltrators.groups.0.pace_low": 1.0,
            "infiltrators.groups.0.pace_high": 1.0,
            **changes,
        }
    )


def played(case: Scenario, replications: int = 3000) -> tuple[World, pd.DataFrame]:
    (world,) = build_worlds(case, ("without",), TABLES)
    return world, in_words(Replications((world,), 1).run(0, replications))


@pytest.mark.parametrize("lying_up_factor", [0.0, 0.3, 1.0])
@pytest.mark.parametrize("concealment", [0.0, 0.5])
def test_marching_and_waiting_within_range_give_the_chance_of_the_closed_form(
    lying_up_factor: float, concealment: float
) -> None:
    """1 - exp(-q t), where a minute of waiting counts `lying_up_factor` times as much as one of marching."""
    factor = {"infiltrators.groups.0.lying_up_factor": lying_up_factor, "terrain.cover.open.concealment": concealment}
    world, rows = played(watched_bank(**factor))
    route = min(world.routes[0], key=lambda each: each.steps)
    steps = slice(1, route.raft_step)
    marching = (np.hypot(route.x_km[steps] - PLACE_KM[0], route.y_km[steps] - PLACE_KM[1]) <= RANGE_KM).sum()
    waiting = DARK_MIN - DEPARTURE_MIN - route.raft_step + 1
    assert marching > 20
    assert waiting > 100
    assert (rows["crossed_min"] == DARK_MIN).all()
    hours = (marching + lying_up_factor * waiting) * (1.0 - concealment) / 60.0
    expected, share = 1.0 - math.exp(-RATE_PER_HOUR * hours), rows["detected_min"].between(0, DARK_MIN - 1).mean()
    assert abs(share - expected) < 4 * math.sqrt(expected * (1 - expected) / len(rows))


def test_without_the_far_bank_nobody_is_detected_before_he_puts_to_water() -> None:
    _, rows = played(watched_bank(**{"command.watches_far_bank": False}))
    assert rows["detected"].any()
    assert (rows["detected_min"] >= rows["crossed_min"])[rows["detected"]].all()


def test_reports_go_at_once_and_men_when_the_group_puts_to_water() -> None:
    """A fixed delay of 20 minutes from the detection; the own squad leaves when the raft does."""
    keys = {"command.report_delay_min": 20, "outpost.response_km": 30.0, "infiltrators.groups.0.lying_up_factor": 1.0}
    _, rows = played(watched_bank(**keys))
    early = rows["detected_min"].between(0, DARK_MIN - 21)
    assert early.sum() > 300
    assert (rows["cued_min"] - rows["detected_min"] == 20)[early].all()
    assert (rows["dispatched_min"] == DARK_MIN)[early].all()
    assert (rows["dispatched_min"] >= rows["crossed_min"])[rows["dispatched_min"] >= 0].all()
    assert (rows["intercepted_min"] > rows["crossed_min"])[rows["intercepted"]].all()


def test_who_never_puts_to_water_may_be_detected_and_is_not_met() -> None:
    keys = {"horizon_min": DARK_MIN - 1, "infiltrators.groups.0.lying_up_factor": 1.0}
    _, rows = played(watched_bank(**keys))
    assert 0.5 < rows["detected"].mean() < 1.0
    assert (rows["outcome"] == "at_large").all()
    assert (rows[["crossed_min", "dispatched_min", "intercepted_min"]] == -1).all(axis=None)
    assert (rows["cued_min"] >= 0).any()
    assert (rows["dispatches"] == 0).all()
