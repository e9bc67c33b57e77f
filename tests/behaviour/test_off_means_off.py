"""Off means off: with a mechanism switched off, none of its other keys changes a row; with it on, each of them does.

Rows are compared by their digest, on the small case made busy enough that each mechanism has something to do.
"""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pytest
from small_case import FLOW, TWO_WAYS, small_case

from sim.execution.digest import rows_digest
from sim.scenario import Scenario
from sim.study.replications import Replications
from sim.world import Tables, build_world

TABLES = Tables()
BUSY: dict[str, Any] = {
    "posts.0.false_alarms_per_day": 2.0,
    "outpost.false_alarms_per_day": 6.0,
    "patrols.0.duty_share": 1.0,
    "infiltrators.ways": TWO_WAYS,
    "infiltrators.behaviour": "informed",
    "outpost.range_km": 4.0,
    "sensors.thermal.rate_per_hour": 15.0,
    "command.contact_per_man_hour": 1.0,
}
POWERED = {"sensors.thermal.powered": True}
CUTS = {"outpost.power_cuts_per_day": 8.0}
LAW = "command.report_delay_law"
STRIP = {"patrols.0.range_km": 0.0, "posts.0.range_km": 0.0, "outpost.range_km": 0.0}
SHADOWED = {"command.engage_ratio": 3.0, "command.shadow_loss_per_hour": 6.0, "command.contact_km": 2.0}
KNOWING = {"infiltrators.awareness_standing": 0.5, "infiltrators.aversion": 600.0, "infiltrators.awareness_new": 0.5}
INLAND = {"infiltrators.groups.0.inland": True, "inland.total_hours_low": 6.0, "inland.total_hours_high": 12.0}
INLAND |= {"inland.road_hours": 2.0, "command.contact_per_man_hour": 0.0}
BEHAVIOUR = "infiltrators.behaviour"
UNAWARE, INFORMED, QUANTAL, LEARNING = ({BEHAVIOUR: name} for name in ("unaware", "informed", "quantal", "learning"))
SHY = {"infiltrators.aversion": 300.0}
SHARP = {"infiltrators.quantal_min": 3.0}
DANGER = {"infiltrators.danger": {"c03": 1.0, "c02": 0.5, "c04": 0.9}}
NIGHT = "infiltrators.groups.0.notice_night_factor"
WARY = {"patrols.0.range_km": 1.5, NIGHT: 1.0}

# Mechanism, keys that hold in both, switched off by, switched on by, and other keys with a value that is not in force.
CASES: list[tuple[str, dict[str, Any], dict[str, Any], dict[str, Any], dict[str, Any]]] = [
    ("power: no cuts", {**POWERED}, {"outpost.power_cuts_per_day": 0.0}, CUTS, {"outpost.power_cut_hours": 11.0}),
    ("power: nothing powered", {}, {"sensors.thermal.powered": False}, POWERED, CUTS),
    (
        "readiness",
        {},
        {"outpost.readiness_at_opening": 1.0},
        {"outpost.readiness_at_opening": 0.1, "outpost.days_open": 10.0},
        {"outpost.days_open": 3.0, "outpost.readiness_days": 90.0},
    ),
    (
        "false alarms",
        {},
        {"outpost.false_alarms_per_day": 0.0, "posts.0.false_alarms_per_day": 0.0},
        {"outpost.false_alarms_per_day": 30.0},
        {"command.false_alarm_min": 20},
    ),
    (
        "check: no alarms to catch",
        {"command.false_alarm_check": True},
        {"outpost.false_alarms_per_day": 0.0, "posts.0.false_alarms_per_day": 0.0},
        {"outpost.false_alarms_per_day": 30.0},
        {"command.check_catches": 0.0},
    ),
    (
        "check",
        {"outpost.false_alarms_per_day": 30.0},
        {"command.false_alarm_check": False},
        {"command.false_alarm_check": True},
        {"command.check_min": 50, "command.check_catches": 0.05},
    ),
    ("delay fixed", {}, {LAW: "fixed"}, {LAW: "erlang"}, {"command.report_delay_stages": 1}),
    ("delay exponential", {}, {LAW: "exponential"}, {LAW: "erlang"}, {"command.report_delay_stages": 7}),
    (
        "interior never cued",
        INLAND,
        {"command.cue_interior": False},
        {"command.cue_interior": True},
        {"command.interior_delay_min": 900, "command.alert_hours": 1.0},
    ),
    (
        "search for the lost",
        SHADOWED,
        {"command.lost_search_min": 0},
        {"command.lost_search_min": 120},
        {},
    ),
    (
        "strip",
        STRIP,
        {"control_strip.present": False},
        {"control_strip.present": True},
        {
            "control_strip.lines": [[[1.0, 7.0], [11.0, 7.0]]],
            "control_strip.near_km": 2.0,
            "control_strip.find_probability": 0.05,
            "control_strip.night_factor": 0.1,
            "control_strip.lasting_hours": 0.3,
            "control_strip.trail_pace": 2.5,
            "control_strip.trail_loss_per_hour": 20.0,
        },
    ),
    (
        "evasion",
        {"patrols.0.range_km": 1.5},
        {"infiltrators.groups.0.notice_km": 0.0},
        {"infiltrators.groups.0.notice_km": 2.0},
        {
            NIGHT: 0.1,
            "infiltrators.groups.0.notice_probability": 0.1,
            "infiltrators.groups.0.hide_min": 200,
        },
    ),
    (
        "attacks on men who shadow",
        {"command.engage_ratio": 20.0, "command.contact_km": 2.0},
        {"engagement.attacks_per_hour": 0.0},
        {"engagement.attacks_per_hour": 5.0, "engagement.attack_ratio": 0.9},
        {"engagement.attack_ratio": 0.1},
    ),
    (
        "inland",
        INLAND,
        {"inland.enabled": False},
        {"inland.enabled": True},
        {
            "inland.total_hours_high": 20.0,
            "inland.total_hours_low": 1.0,
            "inland.road_hours": 5.0,
            "inland.length_km": 900.0,
            "inland.checkpoints": 90,
            "inland.alerted_stop_probability": 0.9,
            "inland.alerted_search_per_hour": 2.0,
            "inland.defenders": 30,
            "inland.warned_defenders": 40,
            "inland.warned_advantage": 3.0,
            "inland.responders": 1,
        },
    ),
    (
        "no alert in the interior's way",
        {},
        {"inland.enabled": False},
        {"inland.enabled": True, **INLAND},
        {
            "command.interior_delay_min": 900,
        },
    ),
    (
        "behaviour: unaware",
        KNOWING,
        UNAWARE,
        INFORMED,
        {"infiltrators.aversion": 0.0, "infiltrators.awareness_standing": 0.0, "infiltrators.awareness_new": 1.0},
    ),
    (
        "behaviour: not quantal",
        KNOWING,
        INFORMED,
        QUANTAL,
        {"infiltrators.quantal_min": 3.0},
    ),
    (
        "behaviour: not quantal, unaware",
        {},
        UNAWARE,
        QUANTAL,
        {"infiltrators.quantal_min": 3.0},
    ),
    (
        "behaviour: not learning",
        SHY,
        INFORMED,
        LEARNING,
        DANGER,
    ),
    (
        "behaviour: quantal is not learning",
        SHY,
        QUANTAL,
        LEARNING,
        DANGER,
    ),
    (
        "behaviour: no taste in quantal",
        {},
        QUANTAL,
        UNAWARE,
        {"infiltrators.spread_min": 300.0},
    ),
    (
        "behaviour: the best response knows all",
        KNOWING,
        {BEHAVIOUR: "best_response"},
        QUANTAL,
        {"infiltrators.awareness_standing": 1.0, "infiltrators.awareness_new": 0.0, "infiltrators.quantal_min": 5.0},
    ),
    (
        "behaviour: learning knows no posts",
        KNOWING,
        LEARNING,
        INFORMED,
        {"infiltrators.awareness_standing": 1.0, "infiltrators.awareness_new": 0.0},
    ),
]
KEYS = [
    pytest.param(base, off, on, {key: value}, id=f"{name}: {key}")
    for name, base, off, on, others in CASES
    for key, value in others.items()
]


@cache
def _digest(changes: str, arm: str, replications: int) -> str:
    world = build_world(small_case(**json.loads(changes)), arm, TABLES)
    return rows_digest([Replications((world,), 1).run(0, replications)])


def digest(*changes: dict[str, Any], arm: str = "with_outpost", replications: int = 60) -> str:
    """Digest of the rows of the busy case with some changes, later ones in force over earlier ones."""
    merged: dict[str, Any] = {}
    for change in (BUSY, *changes):
        merged |= change
    return _digest(json.dumps(merged), arm, replications)


@pytest.mark.parametrize(("base", "off", "on", "other"), KEYS)
def test_off_means_off(base: dict[str, Any], off: dict[str, Any], on: dict[str, Any], other: dict[str, Any]) -> None:
    assert digest(base, off, other) == digest(base, off)


@pytest.mark.parametrize(("base", "off", "on", "other"), KEYS)
def test_on_means_something(
    base: dict[str, Any], off: dict[str, Any], on: dict[str, Any], other: dict[str, Any]
) -> None:
    """The same key does change the rows once the mechanism is on: so that the test above is able to fail."""
    assert digest(base, on, other) != digest(base, on)


SWITCHES = [
    pytest.param(base, off, on, id=name) for name, base, off, on, _ in CASES if not name.startswith("behaviour")
]


@pytest.mark.parametrize(("base", "off", "on"), SWITCHES)
def test_the_switch_itself_does_something(base: dict[str, Any], off: dict[str, Any], on: dict[str, Any]) -> None:
    keys = {"outpost.power_cuts_per_day": 8.0} if "sensors.thermal.powered" in on else {}
    assert digest(base, off, keys) != digest(base, on, keys)


# -- defaults are off ------------------------------------------------------------------------------------------------

OFF: dict[str, Any] = {
    "posts.0.power_cuts_per_day": 0.0,
    "outpost.power_cuts_per_day": 0.0,
    "command.false_alarm_check": False,
    LAW: "fixed",
    "command.common_picture": True,
    "command.route_guess_probability": 1.0,
    "command.lost_search_min": 0,
    "engagement.attacks_per_hour": 0.0,
    "patrols.0.mode": "back_and_forth",
    "patrols.0.alternatives": [],
    "control_strip.present": False,
    "infiltrators.groups.0.notice_km": 0.0,
    "infiltrators.groups.0.rafts_by_night": True,
    "infiltrators.streams": [],
}


@pytest.mark.parametrize("key", OFF)
def test_what_is_left_out_is_off(key: str) -> None:
    assert digest({key: OFF[key]}) == digest()


ON = [
    ({"command.common_picture": False}, {"command.force_ratio": 1.0, "patrols.0.range_km": 3.0}),
    ({"command.route_guess_probability": 0.0}, {}),
    ({"patrols.0.mode": "random"}, {}),
    ({"patrols.0.alternatives": [{"track": [[3.0, 8.0], [9.0, 8.0]], "probability": 0.6}]}, {}),
    ({"infiltrators.groups.0.rafts_by_night": False}, {"light.start": "2019-11-03T10:00"}),
    ({"infiltrators.streams": [{**FLOW, "per_day": 3.0}]}, {}),
    ({"command.lost_search_min": 90}, SHADOWED),
]


@pytest.mark.parametrize(("on", "base"), ON, ids=[next(iter(on)) for on, _ in ON])
def test_other_mechanisms_do_something_when_they_are_on(on: dict[str, Any], base: dict[str, Any]) -> None:
    assert digest(base, on) != digest(base)


def test_a_track_that_is_never_drawn_changes_nothing() -> None:
    """The other track takes part in nothing: not in how near a group must come for the patrol to look."""
    never = [{"track": [[3.0, 8.0], [9.0, 8.0]], "probability": 0.0}]
    assert digest({"patrols.0.alternatives": never}) == digest()


def test_a_stream_without_arrivals_changes_nothing() -> None:
    assert digest({"infiltrators.streams": [{**FLOW, "per_day": 0.0}]}) == digest()


# -- seasons and appraisal -------------------------------------------------------------------------------------------

OUTSIDE: dict[str, Any] = {
    "season.seasons": 3,
    "season.trials": 7,
    "season.weight": 0.9,
    "season.forgetting": 0.4,
    "season.redeploy_share": 0.5,
    "appraisal.groups_per_year": 3.0,
    "appraisal.years": 2.0,
    "appraisal.value_usd": 1.0,
    "appraisal.deterred_share": 0.3,
}


@pytest.mark.parametrize("key", OUTSIDE)
def test_seasons_and_appraisal_change_no_run(key: str) -> None:
    assert digest({key: OUTSIDE[key]}) == digest()


def test_the_digest_tells_rows_apart() -> None:
    case: Scenario = small_case(**BUSY)
    assert case.replace(**{"season.trials": 7}).digest() != case.digest()
    assert digest({"command.report_delay_min": 90}) != digest()
