"""The chain of detection added up without chance, against loops that are written out, and against the simulation."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm
from small_case import small_case, small_world

from sim.rules.movement import along_track
from sim.rules.sensing import LYING_UP, MARCHING
from sim.scenario import Scenario, ScenarioError
from sim.study.replications import Replications, build_worlds
from sim.study.verify.chain import (
    PHASES,
    March,
    chain_probability,
    march_of,
    missed_on,
    missed_on_duty,
    patrol_misses,
    places,
    post_hazard,
    route_shares,
    settings_of,
)
from sim.world import World, build_world

STEADY = {"notice_km": 0.0, "pace_low": 0.875, "pace_high": 0.875, "night_pace": 0.75}
TO_AND_FRO = {"name": "bank", "track": [[2.0, 5.6], [10.0, 5.6]], "range_km": 1.0, "duty_share": 0.5, "cycle_min": 240}
ROUND = {
    "name": "round",
    "track": [[4.0, 7.0], [8.0, 7.0], [8.0, 9.0], [4.0, 9.0], [4.0, 7.0]],
    "mode": "loop",
    "range_km": 0.8,
    "speed_kmh": 6.0,
    "duty_share": 0.7,
    "cycle_min": 300,
}


def chain_case(group: dict[str, Any] | None = None, **changes: Any) -> Scenario:
    """The small case with a post, two patrols and two weathers, and nothing that ties observers together."""
    steady = {f"infiltrators.groups.0.{key}": value for key, value in (STEADY | (group or {})).items()}
    usual = {
        "infiltrators.behaviour": "unaware",
        "infiltrators.crossing_spacing_km": 4.0,
        "infiltrators.groups.0.depart_latest_min": 25,
        "control_strip.present": False,
        "command.watches_far_bank": False,
        "sensors.thermal.rate_per_hour": 0.6,
        "patrols": [TO_AND_FRO, ROUND],
    }
    return small_case(**{**usual, **steady, **changes})


# -- a turn of duty ---------------------------------------------------------------------------------------------------


@given(st.integers(0, 10**6), st.integers(1, 40), st.floats(0.0, 1.0), st.integers(1, 80))
def test_missed_on_duty_is_the_mean_over_all_phases(seed: int, cycle: int, duty: float, minutes: int) -> None:
    """Against the loop over where on the track and in the cycle the patrol may begin."""
    rng = np.random.default_rng(seed)
    hazards, minute = rng.exponential(0.3, (3, minutes)), int(rng.integers(0, 1000)) + np.arange(minutes)
    missed = [
        math.exp(-sum(h for h, m in zip(row, minute, strict=True) if (m + phase) % cycle < duty * cycle))
        for row in hazards
        for phase in range(cycle)
    ]
    assert missed_on_duty(hazards, minute, cycle, duty) == pytest.approx(np.mean(missed), rel=1e-9)


def test_nobody_on_duty_misses_all() -> None:
    assert missed_on_duty(np.full((2, 5), 3.0), np.arange(5), 10, 0.0) == 1.0


def test_always_on_duty_does_not_hang_on_the_cycle() -> None:
    hazards = np.array([[0.2, 0.3], [0.0, 0.1]])
    wanted = (math.exp(-0.5) + math.exp(-0.1)) / 2
    assert missed_on_duty(hazards, np.array([7, 8]), 240, 1.0) == pytest.approx(wanted)


@given(st.floats(0.5, 30.0), st.floats(0.1, 50.0), st.booleans(), st.integers(0, 3000))
def test_places_are_where_the_model_puts_a_patrol(speed: float, length: float, loop: bool, minute: int) -> None:
    """From the middle of each of the equal parts of its round."""
    turns = 1 if loop else 2
    starts = [turns * length * (part + 0.5) / PHASES for part in range(PHASES)]
    wanted = [along_track(minute, start, speed, length, loop) for start in starts]
    here = places(np.array([minute]), speed, length, loop)[:, 0]
    # Where the round closes, its end is its beginning.
    off = np.abs(here - wanted)
    assert (np.minimum(off, length - off) if loop else off).max() < 1e-6 * max(1.0, length)


# -- one march, by hand -----------------------------------------------------------------------------------------------


def a_march(world: World, route: int) -> March:
    return march_of(world, route, next(iter(settings_of(world, route))))


def test_hazard_of_posts_by_hand() -> None:
    """Rate by the metre in the light of the minute, over sixty, added up over the minutes and posts."""
    world = build_world(chain_case(patrols=[]), "with_outpost")
    for route, weather in ((0, 0), (len(world.routes[0]) - 1, 1)):
        march, way, total = a_march(world, route), world.routes[0][route], 0.0
        for step, light in zip(march.step, march.light, strict=True):
            for number, post in enumerate(world.scenario.all_posts):
                metre = int(1000 * math.hypot(way.x_km[step] - post.x_km, way.y_km[step] - post.y_km))
                rates = world.post_rates(number, weather)[light]
                if metre < len(rates) and world.post_sights[number][0, world.route_spots(0, route)[step]]:
                    total += rates[metre] / 60 * world.scenario.infiltrators.parties[0].signature
        assert total > 0
        assert post_hazard(world, route, march, weather) == pytest.approx(total, rel=1e-5)


def test_who_lies_up_is_seen_by_his_factor() -> None:
    """The hazard of a march of one minute, walked and lain."""
    world = build_world(chain_case({"lying_up_factor": 0.25}, patrols=[]), "with_outpost")
    march = a_march(world, 0)
    walked, lain = (
        post_hazard(world, 0, March(march.minute, march.step, march.light, np.full_like(march.step, posture)), 0)
        for posture in (MARCHING, LYING_UP)
    )
    assert lain == pytest.approx(0.25 * walked, rel=1e-6)


def test_a_patrol_that_is_always_on_duty_misses_by_its_places_alone() -> None:
    always = build_world(chain_case(patrols=[TO_AND_FRO | {"duty_share": 1.0, "sensor": "radar"}]), "without")
    never = build_world(chain_case(patrols=[TO_AND_FRO | {"duty_share": 0.0}]), "without")
    middle = len(always.routes[0]) // 2
    march = a_march(always, middle)
    assert patrol_misses(never, middle, march, 0).tolist() == [1.0, 1.0]
    missed = patrol_misses(always, middle, march, 0)
    assert ((missed > 0) & (missed < 1)).all()
    assert missed[0] == missed[1]  # a radar does not mind the weather


def test_ways_are_taken_by_a_logit_of_their_minutes() -> None:
    world = small_world("without", **{"infiltrators.behaviour": "unaware"})
    minutes = np.array([route.steps for route in world.routes[0]])
    weight = np.exp(-minutes / world.scenario.infiltrators.spread_min)
    assert dict(route_shares(world)) == pytest.approx(dict(enumerate(weight / weight.sum())), rel=1e-9)


def test_without_a_taste_the_quickest_way_is_taken() -> None:
    world = small_world("without", **{"infiltrators.behaviour": "unaware", "infiltrators.spread_min": 0.0})
    quickest = min(range(len(world.routes[0])), key=lambda route: world.routes[0][route].steps)
    assert route_shares(world) == [(quickest, 1.0)]


def test_who_never_crosses_is_never_detected() -> None:
    late = {"depart_earliest_min": 1490, "depart_latest_min": 1499}
    world = build_world(chain_case(late), "with_outpost")
    assert [missed_on(world, route) for route in range(len(world.routes[0]))] == pytest.approx(
        [1.0] * len(world.routes[0])
    )


# -- against the simulation -------------------------------------------------------------------------------------------

CASES: dict[str, Scenario] = {
    "in the evening, rafting by night": chain_case(),
    "before dawn, lying up by day": chain_case({"depart_earliest_min": 645, "depart_latest_min": 660, "lies_up": True}),
    "by day, nothing to cross": chain_case(
        {"rafts_by_night": False, "lies_up": False, "depart_earliest_min": 840, "depart_latest_min": 855},
        **{"terrain.lines": []},
    ),
    "by day, over when the run is nearly out": chain_case({"depart_earliest_min": 715, "depart_latest_min": 740}),
    "poorly staffed, opened a month ago": chain_case(
        **{"posts.0.staffing": 0.6, "outpost.days_open": 30.0, "sensors.thermal.night_factor": 0.7}
    ),
}
FAMILYWISE_ERROR = 1e-3
REPLICATIONS = 20_000


@pytest.mark.parametrize("name", CASES)
def test_the_simulation_detects_as_often(name: str) -> None:
    """20,000 replications of each case; a right program fails in any of them once in a thousand times (Sidak)."""
    case = CASES[name]
    exact = chain_probability(case, "with_outpost")
    assert 0.02 < exact < 0.98
    rows = Replications(build_worlds(case, ("with_outpost",)), 11).run(0, REPLICATIONS)
    z = (rows["detected"].mean() - exact) / math.sqrt(exact * (1 - exact) / REPLICATIONS)
    assert abs(z) < norm.isf((1 - (1 - FAMILYWISE_ERROR) ** (1 / len(CASES))) / 2)


def test_an_outpost_only_adds_to_it() -> None:
    assert chain_probability(CASES["in the evening, rafting by night"], "without") < chain_probability(
        CASES["in the evening, rafting by night"], "with_outpost"
    )


# -- what is refused --------------------------------------------------------------------------------------------------

SECOND = {
    "name": "second",
    "start_x_km": 6.0,
    "start_y_km": 2.0,
    "target_x_km": 6.0,
    "target_y_km": 11.5,
    "inland": False,
}
REFUSED: dict[str, tuple[dict[str, Any], tuple[str, ...]]] = {
    "a stream": ({"infiltrators.streams": [SECOND | {"per_day": 3.0}]}, ("infiltrators.groups", "2 parties", "one")),
    "a danger": ({"infiltrators.behaviour": "informed"}, ("infiltrators.behaviour", "informed", "unaware")),
    "a pace that varies": (
        {"infiltrators.groups.0.pace_high": 1.0},
        ("infiltrators.groups.0.pace_high", "1.0", "0.875"),
    ),
    "who sees patrols": ({"infiltrators.groups.0.notice_km": 1.0}, ("infiltrators.groups.0.notice_km", "1.0", "0")),
    "who looks across": ({"command.watches_far_bank": True}, ("command.watches_far_bank", "true", "false")),
    "a strip": ({"control_strip.present": True}, ("control_strip.present", "true", "false")),
    "power that fails": ({"posts.0.power_cuts_per_day": 2.0}, ("posts.0.power_cuts_per_day", "2.0", "0")),
    "a patrol at random": ({"patrols.1.mode": "random"}, ("patrols.1.mode", "random", "loop")),
    "other tracks": (
        {"patrols.0.alternatives": [{"track": [[2.0, 6.0], [10.0, 6.0]], "probability": 0.5}]},
        ("patrols.0.alternatives", "1 tracks", "none"),
    ),
}


@pytest.mark.parametrize(("changes", "words"), REFUSED.values(), ids=REFUSED.keys())
def test_a_case_that_cannot_be_enumerated_is_refused(changes: dict[str, Any], words: tuple[str, ...]) -> None:
    with pytest.raises(ScenarioError) as refusal:
        chain_probability(chain_case().replace(**changes), "without")
    assert refusal.value.key == words[0]
    assert [word for word in words if word not in str(refusal.value)] == []


def test_the_outposts_power_counts_where_it_stands() -> None:
    case = chain_case(**{"outpost.power_cuts_per_day": 2.0})
    assert 0 < chain_probability(case, "without") < 1
    with pytest.raises(ScenarioError, match="power_cuts_per_day"):
        chain_probability(case, "with_outpost")
