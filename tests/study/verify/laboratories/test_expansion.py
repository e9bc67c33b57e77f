"""What laboratories expand to: scenarios in which the formula's own pure numbers come back."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from laboratories import STANDING, SYMBOLS, expanded, laboratory, laboratory_scenario

import sim
from sim.scenario import Scenario, ScenarioError, load
from sim.study.settings import compose
from sim.study.verify.laboratories.base import RANGE_KM, WALKS_KMH, scale
from sim.world import build_world

ANY = st.floats(math.log(0.01), math.log(1000.0)).map(math.exp)
"""Ranges and speeds over five orders of magnitude."""


def walking_kmh(scenario: Scenario) -> float:
    return scenario.terrain.cover.open.foot_factor * WALKS_KMH


def sensor_rate(scenario: Scenario) -> float:
    return scenario.sensors["laboratory"].rate_per_hour


@settings(max_examples=25)
@given(R=ANY, V=ANY, q=ANY)
def test_a_range_becomes_four_kilometres_and_the_pure_number_stays(R: float, V: float, q: float) -> None:
    """z = 2 q R / V is the same in the model's units as in the laboratory's."""
    scenario = expanded("constant_rate", R=R, V=V, q=q)
    (post,) = scenario.posts
    assert post.range_km == RANGE_KM == 4.0
    assert 2 * sensor_rate(scenario) * post.range_km / walking_kmh(scenario) == pytest.approx(2 * q * R / V)


@settings(max_examples=25)
@given(R=ANY, L=st.floats(2.1, 500.0), V=st.floats(0.01, 100.0), U=ANY)
def test_a_barrier_keeps_its_two_proportions(R: float, L: float, V: float, U: float) -> None:
    scenario = expanded("barrier_patrol", R=R, L=L * R, V=V * U, U=U)
    (patrol,) = scenario.patrols
    front = scenario.infiltrators.front
    assert patrol.range_km == 4.0
    assert (front.east_km - front.west_km) / patrol.range_km == pytest.approx(L)
    assert patrol.speed_kmh / walking_kmh(scenario) == pytest.approx(V)
    assert [patrol.track[0][0], patrol.track[1][0]] == pytest.approx([front.west_km, front.east_km])


@settings(max_examples=25)
@given(K=ANY, V=ANY)
def test_the_inverse_cube_keeps_its_coefficient(K: float, V: float) -> None:
    """K = 2 q R^3 / V; the width of the front is 20 sqrt(K), and the law is cut off 200 sqrt(K) out."""
    scenario = expanded("inverse_cube", K=K, V=V)
    (post,) = scenario.posts
    front = scenario.infiltrators.front
    root = math.sqrt(2 * sensor_rate(scenario) * post.range_km**3 / walking_kmh(scenario))
    assert front.east_km - front.west_km == pytest.approx(20 * root)
    assert 3 * post.range_km == pytest.approx(200 * root)


@settings(max_examples=25)
@given(W=ANY, V=ANY, widths=st.floats(0.1, 1000.0), coverage=st.floats(0.01, 20.0))
def test_a_random_search_expects_twice_its_coverage(W: float, V: float, widths: float, coverage: float) -> None:
    """Over a front of two sweep widths; and the way searched, V t, is as many sweep widths as in the laboratory."""
    scenario = expanded("random_search", W=W, V=V, t=widths * W / V, A=W * widths * W / coverage)
    (stream,) = scenario.infiltrators.streams
    (post,) = scenario.posts
    front = scenario.infiltrators.front
    minutes = stream.until_min - stream.from_min
    assert stream.per_day * minutes / 1440 == pytest.approx(2 * coverage)
    assert front.east_km - front.west_km == pytest.approx(4 * post.range_km)
    assert walking_kmh(scenario) * minutes / 60 / (2 * post.range_km) == pytest.approx(widths)


@pytest.mark.parametrize("turning", ["ends", "inside"])
def test_a_patrol_turns_at_the_ends_or_inside(turning: str) -> None:
    scenario = expanded("barrier_patrol", turning=turning)
    (patrol,) = scenario.patrols
    front, inside = scenario.infiltrators.front, 4.0 if turning == "inside" else 0.0
    assert [patrol.track[0][0] - front.west_km, front.east_km - patrol.track[1][0]] == pytest.approx([inside, inside])


@pytest.mark.parametrize(("law", "symbols", "effectiveness"), [("square", {"r": 2.5}, 2.5), ("linear", {"p": 0.8}, 4)])
def test_a_duel_has_its_responders_and_its_law(law: str, symbols: dict[str, float], effectiveness: float) -> None:
    """In single combat p is r / (r + 1), so that r = p / (1 - p)."""
    scenario = expanded("duel", x=7, y=4, law=law, **symbols)
    assert scenario.posts[0].responders == 7
    assert scenario.infiltrators.groups[0].size == 4
    assert scenario.engagement.law == law
    assert scenario.engagement.effectiveness == pytest.approx(effectiveness)
    ends = (scenario.engagement.surrender_at, scenario.engagement.break_off_at, scenario.engagement.abandon_at)
    assert ends == (1.0, 1.0, 1.0)


@pytest.mark.parametrize("p", [0.001, 0.4, 0.95])
def test_twenty_glimpses_apprehend_with_p(p: float) -> None:
    rate = sensor_rate(expanded("repeat_trials", p=p, d=0.0))
    assert 1 - math.exp(-rate / 60) ** 20 == pytest.approx(p)


def test_who_is_always_apprehended_is_seen_for_certain() -> None:
    assert expanded("repeat_trials", p=1.0, d=0.5).sensors["laboratory"].law == "definite_range"


# -- networks -------------------------------------------------------------------------------------------------------

BRIDGE = [["s", "n", 0.1], ["s", "w", 0.2], ["n", "w", 0.3], ["n", "t", 0.4], ["w", "t", 0.5]]
NETWORKS: dict[str, tuple[list[list[Any]], list[list[float]]]] = {
    "one arc": ([["a", "b", 0.5]], [[0.5]]),
    "two in a row": ([[1, 2, 0.5], [2, 3, 0.25]], [[0.5, 0.25]]),
    "two side by side": ([["a", "b", 0.5], ["a", "b", 0.25]], [[0.25], [0.5]]),
    "a bridge, walked either way": (BRIDGE, [[0.1, 0.3, 0.5], [0.1, 0.4], [0.2, 0.3, 0.4], [0.2, 0.5]]),
    "dead ends": ([["a", "b", 0.5], ["b", "x", 0.1], ["x", "y", 0.1], ["b", "c", 0.25]], [[0.5, 0.25]]),
}


@pytest.mark.parametrize(("edges", "ways"), NETWORKS.values(), ids=NETWORKS.keys())
def test_ways_of_a_network(edges: list[list[Any]], ways: list[list[float]]) -> None:
    assert sorted(laboratory("reliability_path", edges=edges).paths()) == ways


def test_source_and_target_may_be_named() -> None:
    lab = laboratory("reliability_path", edges=BRIDGE, source="n", target="w")
    assert lab.ends == ("n", "w")
    assert sorted(lab.paths()) == [[0.1, 0.2], [0.3], [0.4, 0.5]]


def test_each_way_is_a_lane_and_each_arc_a_post_that_sees_no_other_lane() -> None:
    scenario = expanded("reliability_path", edges=BRIDGE)
    lanes = scenario.infiltrators.front.lanes_km
    assert len(lanes) == 4
    seen = [[post for post in scenario.posts if abs(post.x_km - lane) <= post.range_km] for lane in lanes]
    rates = [[scenario.sensors[post.sensors[0]].rate_per_hour for post in posts] for posts in seen]
    found = [[round(1 - math.exp(-rate * 20 / 60), 9) for rate in along] for along in rates]
    assert sorted(found) == NETWORKS["a bridge, walked either way"][1]
    assert sum(map(len, seen)) == len(scenario.posts)


def test_arcs_nobody_watches_have_no_post_and_certain_ones_see_all() -> None:
    scenario = expanded("reliability_path", edges=[["a", "b", 0.0], ["b", "c", 1.0]])
    (post,) = scenario.posts
    assert scenario.sensors[post.sensors[0]].law == "definite_range"


# -- steps and lanes --------------------------------------------------------------------------------------------------


def test_a_usual_step() -> None:
    """At 3 km/h a range of 1 km is crossed in 20 minutes: 128 steps of 0.15625 minutes."""
    units = scale(1.0, 3.0, 3.0, 128, None)
    assert units == pytest.approx((4.0, 0.15625))
    assert units.speed_kmh(3.0) / 60 == pytest.approx(4.0 / 128)
    assert units.rate_per_hour(3.0) == pytest.approx(0.46875)


def test_a_step_is_never_longer_than_people_can_walk() -> None:
    """At a closing speed of 1 with people at 10, forty steps would be a range each; a minute's walk is 70 m of 4 km."""
    units = scale(1.0, 10.0, 1.0, 1, None)
    assert units.speed_kmh(10.0) / 60 == pytest.approx(0.07)


def test_a_coarse_step_shrinks_the_ground() -> None:
    """Ten minutes at 3 km/h are half a kilometre; if that is 70 m, a range of 1 km is 140 m."""
    units = scale(1.0, 3.0, 3.0, 128, 10.0)
    assert units == pytest.approx((0.14, 10.0))
    assert units.speed_kmh(3.0) / 60 == pytest.approx(0.07)


def test_the_coarsest_step_leaves_a_metre() -> None:
    """Fifty ranges in a step of 70 m: a range of 1.4 m, in whole metres one."""
    assert scale(1.0, 3.0, 3.0, 128, 1000.0).km == pytest.approx(0.001)


@pytest.mark.parametrize("step_min", [0.0049, 1001.0])
def test_steps_that_leave_nothing_or_take_for_ever_are_refused(step_min: float) -> None:
    """At 3 km/h a 4000th of a kilometre takes 0.005 minutes, fifty kilometres a thousand."""
    with pytest.raises(ScenarioError, match=r"laboratory\.step_min: is .*allowed with these symbols: 0\.005 to 1e\+03"):
        expanded("definite_range", R=1.0, V=3.0, step_min=step_min)


def test_a_rate_above_certainty_changes_nothing_and_is_no_reason_to_refuse() -> None:
    assert sensor_rate(expanded("constant_rate", R=1e6, V=1e-6, q=1e6)) == 1e5


@pytest.mark.parametrize("x", [0.0, 0.3, -0.6, 0.999, 1.0 - 1e-7])
def test_a_chord_is_walked_in_whole_steps(x: float) -> None:
    """So that its length, 2 sqrt(R^2 - x^2), is exact: so many minutes, each an equal part of it."""
    world = build_world(expanded("constant_rate", x=x), "without")
    (metres,) = world.post_metres(0, 0)
    minutes = int((metres[1:] < 4000).sum())
    step_km = float(np.diff(world.routes[0][0].y_km)[0])
    assert minutes * step_km / 4 == pytest.approx(2 * math.sqrt(1 - x**2), rel=1e-6)
    assert minutes >= 1


@pytest.mark.parametrize("x", [0.3, -1.0, 1.5, 6.0])
def test_who_passes_an_inverse_cube_comes_no_nearer_than_metres_matter(x: float) -> None:
    (metres,) = build_world(expanded("inverse_cube", K=1.0, x=x), "without").post_metres(0, 0)
    root_km = {0.3: 0.8, -1.0: 0.4005, 1.5: 0.267, 6.0: 0.2}[x]
    assert metres.min() == pytest.approx(1000 * root_km * abs(x), abs=1.0)


def test_a_step_and_a_lane_of_ones_own() -> None:
    scenario = expanded("definite_range", R=1.0, V=3.0, step_min=10.0, lane_km=0.5)
    assert scenario.posts[0].range_km == 0.14
    assert scenario.infiltrators.front.lanes == 8  # over 4 R


# -- the whole ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", STANDING)
def test_the_experiment_is_its_laboratory_alone(case: str) -> None:
    """Nothing of the default case is left, and the files' own symbols are those of the formula's usual example."""
    named = {"name", "title", "question", "doubts"}
    ends = {"source": None, "target": None} if case == "reliability_path" else {}
    by_name = laboratory_scenario(case, **ends).model_dump(exclude=named)
    assert by_name == expanded(case).model_dump(exclude=named)


def test_keys_beside_the_laboratory_come_on_top() -> None:
    changed = laboratory_scenario("definite_range", "posts.0.staffing=0.5", R=2.0)
    plain = expanded("definite_range", R=2.0)
    assert (plain.posts[0].staffing, changed.posts[0].staffing) == (1.0, 0.5)
    assert changed.posts[0].model_copy(update={"staffing": 1.0}) == plain.posts[0]


def test_the_order_of_keys_on_the_command_line_does_not_matter() -> None:
    words = ["posts.0.staffing=0.5", "laboratory.R=3", "experiment=verification/definite_range"]
    assert compose(words) == compose(words[::-1])


def test_the_chain_switches_off_what_ties_observers_together() -> None:
    scenario = laboratory_scenario("detection_chain", departures=5)
    assert {post.power_cuts_per_day for post in scenario.posts} == {0.0}
    assert not any(patrol.alternatives or patrol.mode == "random" for patrol in scenario.patrols)
    assert (scenario.control_strip.present, scenario.infiltrators.behaviour) == (False, "unaware")
    (group,) = scenario.infiltrators.groups
    assert group.depart_latest_min - group.depart_earliest_min == 4
    assert group.pace_low == group.pace_high


@pytest.mark.parametrize("case", SYMBOLS)
def test_a_laboratory_is_as_good_as_a_scenario_of_its_own(case: str) -> None:
    """Whatever it expands to passes the scenario's own door, and can be changed like any other."""
    scenario = expanded(case)
    assert scenario.replace(**{"command.report_delay_min": 7}).command.report_delay_min == 7


# -- who expands it ---------------------------------------------------------------------------------------------------


def test_the_public_loader_expands_a_laboratory_and_the_scenarios_own_refuses_it() -> None:
    words = ["laboratory.x=5", "posts.0.staffing=0.5"]
    (post,) = sim.load_scenario("verification/duel", words).posts
    assert (post.responders, post.staffing) == (5, 0.5)
    with pytest.raises(ScenarioError, match=r"laboratory: is set; allowed in `sim\.load_scenario`"):
        load.load_scenario("verification/duel", words)


def test_both_loaders_read_a_case_without_a_laboratory_alike() -> None:
    assert sim.load_scenario("mechanisms") == load.load_scenario("mechanisms")
