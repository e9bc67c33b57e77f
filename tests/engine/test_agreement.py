"""The compiled engine tells what the Mesa model tells: every column, to the bit, on whole scenarios drawn at random.

The scenarios range over all of the configuration: grounds, forces, behaviours, laws, arrivals. There is nothing
statistical in this: one difference is one too many. `make test-long` runs over 100,000 replications of 240 scenarios.
"""

from __future__ import annotations

from typing import Any

import pytest
from agreement import between_engines, between_engines_with_fixed_routes, differences
from drawn_scenarios import ARMS, scenarios
from hypothesis import HealthCheck, given, seed, settings
from small_case import FLOW, default_world, small_case

import sim
from sim.model import BorderModel, Patrol
from sim.outcomes import in_words
from sim.scenario import Scenario
from sim.study.replications import Replications, build_worlds

SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]


@settings(max_examples=30, deadline=None, suppress_health_check=SLOW)
@given(scenarios())
def test_the_engines_agree_on_drawn_scenarios(scenario: Scenario) -> None:
    assert between_engines(build_worlds(scenario, ARMS), 7, 0, 4) == []


@settings(max_examples=15, deadline=None, suppress_health_check=SLOW)
@given(scenarios())
def test_they_agree_where_groups_keep_the_ways_of_the_baseline(scenario: Scenario) -> None:
    assert between_engines_with_fixed_routes(build_worlds(scenario, ARMS), 3, 4) == []


@pytest.mark.long
@pytest.mark.parametrize("batch", range(12))
def test_they_agree_in_a_hundred_thousand_replications(batch: int) -> None:
    """12 batches for processes to share: 20 scenarios and two that all batches have; three arms, 140 runs each."""

    @seed(batch)
    @settings(max_examples=22, deadline=None, suppress_health_check=SLOW)
    @given(scenarios())
    def agree(scenario: Scenario) -> None:
        assert between_engines(build_worlds(scenario, ARMS), 11, 1000, 1140) == []

    agree()


@pytest.mark.parametrize("arm", ["without", "with_outpost"])
def test_they_agree_on_the_default_experiment(arm: str) -> None:
    assert between_engines((default_world(arm),), 5, 0, 40) == []


@pytest.mark.parametrize("behaviour", ["unaware", "informed", "quantal", "best_response", "learning"])
def test_they_agree_on_every_behaviour(behaviour: str) -> None:
    case = small_case(**{"infiltrators.behaviour": behaviour, "infiltrators.danger": {"c00": 0.9, "c02": 0.4}})
    assert between_engines(build_worlds(case, ("without", "with_outpost")), 2, 0, 25) == []


BLIND_POSTS = {"posts.0.range_km": 0.0, "patrols.0.duty_share": 1.0, "patrols.0.range_km": 0.3}
WALKER: dict[str, Any] = {"range_km": 0.3, "duty_share": 0.9, "cycle_min": 60}
READERS: list[dict[str, Any]] = [
    {"name": "changing", "track": [[2.0, 5.6], [10.0, 5.6]], **WALKER}
    | {"alternatives": [{"track": [[2.0, 5.7], [7.0, 5.7]], "probability": 0.4}]},
    {"name": "two", "track": [[4.0, 5.8], [8.0, 5.8]], **WALKER, "speed_kmh": 9.0, "responders": 2},
    {"name": "nobody", "track": [[3.0, 5.6], [9.0, 5.6]], **WALKER, "range_km": 0.0, "responders": 0},
]
BOUNDS: dict[str, dict[str, Any]] = {
    "tracks are followed": {
        **BLIND_POSTS,
        "control_strip.present": True,
        "control_strip.find_probability": 1.0,
        "control_strip.trail_pace": 2.5,
        "control_strip.trail_loss_per_hour": 0.2,
    },
    "several patrols, and one of nobody, read several lines": {
        **BLIND_POSTS,
        "patrols": READERS,
        "control_strip": {
            "present": True,
            "lines": [[[2.0, 5.6], [10.0, 5.6]], [[2.0, 5.9], [10.0, 5.9]], [[3.0, 8.0], [9.0, 8.0]]],
            "find_probability": 0.3,
        },
        "infiltrators.groups.0.size": 3,
        "infiltrators.groups.0.notice_km": 1.0,
        "infiltrators.streams": [{**FLOW, "size": 1, "size_high": 40, "per_day": 12.0}],
    },
    "men find, lose and look for it": {
        "command.contact_km": 1.5,
        "command.contact_per_man_hour": 0.5,
        "command.engage_ratio": 2.0,
        "command.shadow_loss_per_hour": 6.0,
        "command.lost_search_min": 240,
    },
    "men are led to it": {
        "command.engage_ratio": 5.0,
        "command.contact_per_man_hour": 20.0,
        "command.contact_km": 1.0,
        "command.force_ratio": 5.0,
        "command.wait_min": 5,
        "command.search_pace": 3.0,
    },
    "men wait for it": {
        "command.contact_km": 0.3,
        "command.contact_per_man_hour": 0.05,
        "command.contact_day_factor": 3.0,
        "command.wait_min": 300,
        "command.engage_ratio": 0.5,
    },
    "it comes near a patrol as the light changes": {
        "light.start": "2019-11-03T04:00",
        "posts.0.range_km": 0.0,
        "outpost.range_km": 0.0,
        "patrols.0.track": [[5.8, 10.0], [6.2, 10.0]],
        "patrols.0.range_km": 3.0,
        "patrols.0.duty_share": 1.0,
        "infiltrators.groups.0.lies_up": False,
        "infiltrators.groups.0.pace_low": 0.95,
        "infiltrators.groups.0.pace_high": 0.99,
        "infiltrators.groups.0.night_pace": 1.0,
    },
    "the run ends while a post looks on": {
        "infiltrators.groups.0.lies_up": False,
        "infiltrators.groups.0.night_pace": 0.02,
        "infiltrators.groups.0.notice_km": 1.0,
    },
    "it waits at the bank for a patrol to pass": {
        "control_strip.present": True,
        "patrols.0.duty_share": 1.0,
        "patrols.0.cycle_min": 45,
        "infiltrators.groups.0.notice_km": 1.5,
        "infiltrators.groups.0.notice_night_factor": 1.0,
        "infiltrators.groups.0.notice_probability": 0.8,
        "infiltrators.groups.0.hide_min": 7,
    },
    "it attacks men who shadow it": {
        "command.contact_km": 1.5,
        "command.contact_per_man_hour": 20.0,
        "command.engage_ratio": 5.0,
        "command.shadow_loss_per_hour": 1.0,
        "command.lost_search_min": 60,
        "engagement.attacks_per_hour": 3.0,
        "engagement.attack_ratio": 0.6,
        "infiltrators.groups.0.size": 12,
        "infiltrators.groups.0.will_to_fight": 0.5,
    },
    "a post cues the interior alone": {
        "outpost.cues_units": False,
        "infiltrators.groups.0.inland": True,
        "inland.total_hours_low": 4.0,
        "inland.total_hours_high": 10.0,
        "inland.road_hours": 1.0,
    },
    "it attacks a target that may have been warned": {
        "command.alert_hours": 6.0,
        "infiltrators.groups.0.inland": True,
        "infiltrators.groups.0.size": 20,
        "inland.total_hours_low": 4.0,
        "inland.total_hours_high": 10.0,
        "inland.road_hours": 1.0,
    },
    "reported groups share a search team": {
        "infiltrators.streams": [{**FLOW, "per_day": 40.0, "until_min": 240, "inland": True}],
        "command.interior_delay_min": 130,
        "command.alert_hours": 2.51,
        "command.sharing_radius_km": 0.0,
        "reaction_force.responders": 0,
        "inland.search_teams": 1,
        "inland.alerted_search_per_hour": 0.5,
        "inland.alerted_stop_probability": 0.6,
        "inland.total_hours_low": 4.0,
        "inland.total_hours_high": 9.0,
    },
}
"""Cases in which one thing, and the bound by which it is passed over, decides what becomes of the group."""


@pytest.mark.parametrize("name", BOUNDS)
def test_they_agree_where_one_bound_decides(name: str) -> None:
    assert between_engines(build_worlds(small_case(**BOUNDS[name]), ("with_outpost",)), 4, 0, 100) == []


def test_a_room_that_is_too_small_grows_and_changes_nothing() -> None:
    """Hundreds of groups, alarms and power cuts: far more than there is room for at first."""
    crowd = {
        "infiltrators.streams": [
            {
                "name": "crowd",
                "kind": "smugglers",
                "per_day": 200.0,
                "start_x_km": 6.0,
                "start_y_km": 1.0,
                "target_x_km": 6.0,
                "target_y_km": 11.0,
            }
        ],
        "posts.0.false_alarms_per_day": 90.0,
        "posts.0.power_cuts_per_day": 90.0,
    }
    worlds = build_worlds(small_case(**crowd), ("with_outpost",))
    assert between_engines(worlds, 1, 0, 2) == []
    assert len(Replications(worlds, 1).run(0, 2)) > 200


def test_what_was_run_before_does_not_matter() -> None:
    job = Replications((default_world("with_outpost"),), 1)
    among = in_words(job.run(0, 40))
    assert differences(among[among["replication"] == 17], in_words(job.run(17, 18))) == []


class Blind(Patrol):
    """Sees nothing."""

    def hazard(self, *_: object) -> int:
        return 0


class BlindModel(BorderModel):
    """A model whose patrols see nothing."""

    patrol_class = Blind


def test_a_subclass_is_run_by_its_agents_whatever_the_engine() -> None:
    case = small_case(**{"patrols.0.duty_share": 1.0, "control_strip.present": False})
    seeing = sim.run(case, "without", 40)
    blind = sim.run(case, "without", 40, model=BlindModel)
    names = [patrol.name for patrol in case.patrols]
    assert seeing["detected_by"].isin(names).any()
    assert not blind["detected_by"].isin(names).any()
