"""The story of a group, of the men sent after it, and of the road inland, with times and places worked by hand."""

from __future__ import annotations

import math

import pytest
from small_case import small_model, small_rows

from sim.model.group import Stage
from sim.rules.sensing import DAY, LYING_UP, NIGHT


def test_a_group_never_goes_faster_than_its_pace_and_arrives_when_it_should() -> None:
    """Nobody in its way: departure, walk, raft and march by hand."""
    quiet = {
        "posts": [],
        "patrols": [],
        "reaction_force.responders": 0,
        "infiltrators.groups.0.pace_low": 0.8,
        "infiltrators.groups.0.pace_high": 0.8,
        "infiltrators.groups.0.night_pace": 0.5,
        "outpost.range_km": 0.0,
        "light.start": "2019-11-03T18:00",
    }
    model = small_model("without", **quiet)
    group = model.groups[0]
    steps = group.route.steps
    model.run()
    row = model.rows()[0]
    # All in the dark: 0.8 x 0.5 steps a minute, the minute of departure counted; the wait at the bank costs nothing.
    assert row["departed_min"] == group.departure_min
    assert row["crossed_min"] == group.departure_min + math.ceil(group.route.raft_step / 0.4) - 1
    # A step on the water takes a minute, whatever the pace on foot.
    rafting = group.route.landing_step - group.route.raft_step
    assert rafting > 0
    assert row["ended_min"] == group.departure_min + math.ceil((steps - rafting) / 0.4) - 1 + rafting
    assert (row["outcome"], row["escaped"]) == ("reached", 8)


def test_a_group_waits_for_the_dark_and_lies_up_by_day() -> None:
    model = small_model(
        "without",
        **{
            "light.start": "2019-11-03T02:00",
            "infiltrators.groups.0.depart_earliest_min": 200,
            "infiltrators.groups.0.depart_latest_min": 200,
            "posts": [],
            "patrols": [],
        },
    )
    group = model.groups[0]
    lay_up = 0
    while model.running:
        before = group.step_index
        model.step()
        if group.stage is Stage.ABROAD and before >= group.route.landing_step and model.light == DAY:
            assert group.posture == LYING_UP
            assert group.step_index == before
            lay_up += 1
    # 02:00 and 200 minutes: it reaches the bank by daylight, crosses after dusk, and is there before the morning.
    crossed = group.record["crossed_min"]
    assert model.world.lights[crossed] == NIGHT
    assert model.world.lights[crossed - 1] != NIGHT
    assert lay_up == 0


def test_a_group_that_does_not_hide_marches_on_by_day() -> None:
    late = {
        "light.start": "2019-11-03T05:00",
        "posts": [],
        "patrols": [],
        "infiltrators.groups.0.start_y_km": 4.6,
        "infiltrators.groups.0.depart_earliest_min": 5,
        "infiltrators.groups.0.depart_latest_min": 5,
    }
    ended = {}
    for lies_up in (True, False):
        model = small_model("without", **late, **{"infiltrators.groups.0.lies_up": lies_up})
        model.run()
        ended[lies_up] = model.rows()[0]["ended_min"]
    # The band that hides waits for the dusk at 17:29.
    assert ended[False] < 300
    assert ended[True] > 12 * 60 + 29


def test_the_interior_stops_an_alerted_group_and_calls_it_cued() -> None:
    changes = {
        "infiltrators.groups.0.inland": True,
        "inland.alerted_stop_probability": 1.0,
        "inland.stop_probability": 0.0,
        "inland.search_per_hour": 0.0,
        "inland.alerted_search_per_hour": 0.0,
        "inland.responders": 500,
        "inland.total_hours_low": 12.0,
        "inland.total_hours_high": 12.0,
        "command.interior_delay_min": 0,
        "command.report_delay_min": 0,
        "posts.0.responders": 0,
        "patrols": [],
        "reaction_force.responders": 0,
        "posts.0.range_km": 40.0,
        "sensors.thermal.rate_per_hour": 1000.0,
        "inland.checkpoints": 1,
    }
    model = small_model("without", **changes)
    model.run()
    row = model.rows()[0]
    assert (row["mechanism"], row["intercepted_by"], row["cued_from"]) == ("cued", "checkpoint_1", "old_post")
    assert row["outcome"] in ("killed", "captured")
    # The only checkpoint stands half way along the road.
    half = (row["crossed_min"] + 720 + model.groups[0].inland.start_min) / 2  # type: ignore[union-attr]
    assert row["intercepted_min"] == pytest.approx(half, abs=1)
    assert row["depth_km"] == pytest.approx(6.5 + 150 / 2, abs=0.5)


def test_without_an_alert_nobody_stops_it_inland() -> None:
    changes = {
        "infiltrators.groups.0.inland": True,
        "inland.stop_probability": 0.0,
        "inland.search_per_hour": 0.0,
        "inland.total_hours_low": 12.0,
        "inland.total_hours_high": 12.0,
        "posts": [],
        "patrols": [],
        "infiltrators.groups.0.kind": "smugglers",
    }
    model = small_model("without", **changes)
    model.run()
    row = model.rows()[0]
    assert (row["outcome"], row["detected"], row["mechanism"]) == ("reached", False, "")
    assert row["ended_min"] == row["crossed_min"] + 720


def test_migrants_are_turned_back_or_admitted_and_nobody_is_hurt() -> None:
    changes = {
        "infiltrators.groups.0.kind": "migrants",
        "posts.0.range_km": 40.0,
        "sensors.thermal.rate_per_hour": 1e4,
        "command.contact_per_man_hour": 1000.0,
        "posts.0.response_km": 50.0,
        "posts.0.frontage_km": 100.0,
        "patrols": [],
        "reaction_force.responders": 0,
        "posts.0.responders": 20,
    }
    rows = small_rows(("without",), 12, **changes)
    stopped = rows[rows["outcome"].isin(["turned_back", "admitted"])]
    assert set(rows["outcome"]) <= {"turned_back", "admitted", "reached"}
    assert len(stopped) >= 6
    assert (stopped["mechanism"] == "own").all()
    assert not rows[["killed", "own_killed"]].any().any()


def test_a_weak_unit_shadows_and_calls_for_more() -> None:
    """Four men of the post dare not take on eight; the reserve, called by them, does."""
    changes = {
        "posts.0.range_km": 40.0,
        "sensors.thermal.rate_per_hour": 1e4,
        "posts.0.responders": 4,
        "patrols": [],
        "posts.0.response_km": 50.0,
        "posts.0.frontage_km": 100.0,
        "command.contact_per_man_hour": 1000.0,
        "command.pursuit_limit_min": 5000,
        "command.engage_ratio": 2.5,
        "infiltrators.groups.0.kind": "smugglers",
        "reaction_force.notice_min": 30,
        "command.report_delay_min": 10,
    }
    model = small_model("without", **changes)
    shadowed = False
    while model.running:
        model.step()
        shadowed |= model.groups[0].shadowed
    row = model.rows()[0]
    assert shadowed
    assert (row["intercepted_by"], row["mechanism"]) == ("reserve", "cued")
    assert row["dispatches"] == 2
    assert row["detected_min"] < row["crossed_min"]
    assert row["dispatched_min"] == row["crossed_min"]
    assert row["intercepted_min"] >= row["detected_min"] + 10 + 30


def test_false_alarms_keep_a_squad_busy() -> None:
    model = small_model(**{"outpost.false_alarms_per_day": 20.0, "command.false_alarm_min": 60})
    post = model.posts[1]
    assert len(post.false_alarms) > 5
    first = post.false_alarms[0]
    while model.minute < max(first, 1):
        model.step()
    assert not post.available
    assert post.busy_until == model.minute + 60
