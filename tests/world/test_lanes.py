"""Lanes: straight, a minute a step, and off the grid's centres; and a world with a front is a world like any other."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from agreement import between_engines
from hypothesis import given, settings
from hypothesis import strategies as st
from laboratories import STANDING, expanded
from small_case import flow, open_field

from sim.outcomes import in_words
from sim.scenario import Scenario, ScenarioError
from sim.scenario.infiltrators import Front
from sim.study.replications import Replications, build_worlds
from sim.world import World, build_world
from sim.world.crossings import find_lanes

FLAT_KMH = 6.0 * math.exp(-3.5 * 0.05) * 0.6  # Tobler on level ground, off path: 3.022 km/h
FRONT = {"west_km": 2.0, "east_km": 10.0, "lanes": 4}


def field(**changes: Any) -> Scenario:
    """Level ground of 12 km without a river; who takes the second lane walks past the post at (4.5, 6.5)."""
    return open_field(**{"infiltrators.front": FRONT, **changes})


def world_of(arm: str = "with_outpost", **changes: Any) -> World:
    return build_world(field(**changes), arm)


def test_crossing_points_are_the_lanes() -> None:
    lanes = find_lanes(Front(west_km=2.0, east_km=10.0, lanes=2))
    listed = [(lane.name, lane.x_km, lane.along_km) for lane in lanes]
    assert listed == [("lane_0000", 4.0, 2.0), ("lane_0001", 8.0, 6.0)]
    assert all(math.isnan(lane.y_km) for lane in lanes)


def test_each_lane_is_a_route_straight_from_the_start_to_the_target() -> None:
    """9.5 km at 3.022 km/h are 188.6 minutes: 189 steps, the last one shorter."""
    routes = world_of().routes[0]
    assert [route.crossing for route in routes] == [0, 1, 2, 3]
    assert [set(route.x_km.tolist()) for route in routes] == [{3.0}, {5.0}, {7.0}, {9.0}]
    for route in routes:
        assert route.steps == math.ceil(60 * 9.5 / FLAT_KMH) == 189
        assert (route.y_km[0], route.y_km[-1]) == (2.0, 11.5)
        np.testing.assert_allclose(np.diff(route.y_km)[:-1], FLAT_KMH / 60)
        assert 0 < route.y_km[-1] - route.y_km[-2] < FLAT_KMH / 60
        assert (route.raft_step, route.landing_step) == (0, 0)


def test_easier_ground_is_walked_in_fewer_steps() -> None:
    routes = world_of(**{"terrain.cover": {"open": {"foot_factor": 1.5}}}).routes[0]
    assert routes[0].steps == math.ceil(60 * 9.5 / (1.5 * FLAT_KMH)) == 126


def test_lanes_may_lead_south() -> None:
    party = {"infiltrators.groups.0.start_y_km": 11.5, "infiltrators.groups.0.target_y_km": 2.0}
    north, south = world_of().routes[0][0], world_of(**party).routes[0][0]
    assert south.steps == north.steps
    np.testing.assert_allclose(south.y_km, 13.5 - north.y_km)


def test_a_lane_lies_where_it_is_told_whatever_the_cells() -> None:
    """Other routes run through centres of cells; a lane must not hang on the grid."""
    fine, coarse = (world_of(**{"terrain.cell_m": metres}).routes[0][1] for metres in (250.0, 1000.0))
    np.testing.assert_array_equal(fine.x_km, coarse.x_km)
    np.testing.assert_array_equal(fine.y_km, coarse.y_km)


def test_cells_are_where_the_points_are() -> None:
    world = world_of()
    for route in world.routes[0]:
        row, col = world.terrain.cell_of(route.x_km, route.y_km)
        np.testing.assert_array_equal(route.cell, row * world.terrain.shape[1] + col)


def test_distance_to_a_post_by_hand() -> None:
    """The post at (4.5, 6.5) is half a kilometre from the lane at 5.0; the group is abreast after 4.5 km, 89.3 min."""
    metres = world_of().post_metres(0, 1)[1]
    assert abs(int(metres.argmin()) - 4.5 / (FLAT_KMH / 60)) < 0.5
    assert metres.min() == 500
    # At the start: sqrt(0.5^2 + 4.5^2) = 4.528 km.
    assert metres[0] == 4527


def test_dangers_are_told_of_lanes_by_name() -> None:
    learned = {"infiltrators.behaviour": "learning", "infiltrators.danger": {"lane_0002": 0.5}}
    assert world_of(**learned).scenario.infiltrators.danger == {"lane_0002": 0.5}
    with pytest.raises(ScenarioError, match="lane_0000"):
        world_of(**{**learned, "infiltrators.danger": {"c00": 0.5}})


# -- an ordinary scenario with a front -----------------------------------------------------------------------------


def test_groups_take_every_lane_equally_often_and_all_are_accounted_for() -> None:
    """A stream of some thousand that feels no danger and likes lanes by chance: a quarter each, 4 standard errors."""
    unaware = {"infiltrators.behaviour": "unaware", "infiltrators.spread_min": 30.0}
    worlds = build_worlds(field(**flow(per_day=1500.0), **unaware), ("without",))
    rows = in_words(Replications(worlds, 1).run(0, 1))
    assert len(rows) > 1000
    shares = rows["crossing"].value_counts(normalize=True)
    assert set(shares.index) == {f"lane_{number:04d}" for number in range(4)}
    assert (shares - 0.25).abs().max() < 4 * math.sqrt(0.25 * 0.75 / len(rows))
    people = rows["killed"] + rows["captured"] + rows["escaped"]
    assert (people == rows["size"]).all()
    lanes = dict(zip(("lane_0000", "lane_0001", "lane_0002", "lane_0003"), (3.0, 5.0, 7.0, 9.0), strict=True))
    assert (rows["crossing_x_km"] == rows["crossing"].map(lanes).astype(float)).all()
    stopped = rows["x_km"].notna()
    assert stopped.any()


def test_a_group_walks_a_step_a_minute() -> None:
    """At a pace of 1 by day and night and with nobody about, 189 minutes after setting out it has arrived."""
    steady = {"pace_low": 1.0, "pace_high": 1.0, "night_pace": 1.0, "lies_up": False, "rafts_by_night": False}
    changes = {f"infiltrators.groups.0.{key}": value for key, value in steady.items()}
    world = build_world(field(**{"posts": [], **changes}), "without")
    rows = in_words(Replications((world,), 1).run(0, 20))
    assert (rows["outcome"] == "reached").all()
    assert set(rows["ended_min"] - rows["crossed_min"]) == {189}


@pytest.mark.parametrize("behaviour", ["unaware", "informed", "quantal", "best_response", "learning"])
def test_the_engines_agree_on_a_front(behaviour: str) -> None:
    changes = {"infiltrators.behaviour": behaviour, "infiltrators.danger": {"lane_0001": 0.9}}
    worlds = build_worlds(field(**changes, patrols=PATROLS), ("without", "with_outpost"))
    assert between_engines(worlds, 2, 0, 15) == []


PATROLS = [{"name": "walkers", "track": [[2.0, 8.0], [10.0, 8.0]], "range_km": 1.0, "duty_share": 0.7}]


# -- the laboratories: to the bit, by both ways to run ----------------------------------------------------------------

FEWER = {"definite_range": {"lane_km": 0.1}, "constant_rate": {"lane_km": 0.1}, "inverse_cube": {"lane_km": 0.4}}
FEW = {"barrier_patrol": 8, "random_search": 8}
"""Replications of those in which the model has thousands of minutes to step through."""


def test_tracks_at_the_very_start_are_left_with_the_first_step_alike() -> None:
    """A slow group stays for some minutes on the step on which it begins, where a track runs past."""
    patrol = {"name": "at_the_start", "track": [[2.0, 2.0], [10.0, 2.0]], "range_km": 0.3, "speed_kmh": 6.0}
    slow = {"infiltrators.groups.0.pace_low": 0.15, "infiltrators.groups.0.pace_high": 0.35}
    strip = {"present": True, "lines": [patrol["track"]]}
    world = world_of(**{"patrols": [patrol], "control_strip": strip, "horizon_min": 700, **slow})
    assert all(world.strip_crossings(0, route)[0].step == 0 for route in range(4))
    rows = Replications((world,), 3).run(0, 60)
    assert (rows["detected_how"] == "tracks").any()
    assert between_engines((world,), 3, 0, 60) == []


PLAYED: dict[str, tuple[str, dict[str, Any]]] = {case: (case, FEWER.get(case, {})) for case in STANDING} | {
    "constant_rate at an offset": ("constant_rate", {"x": 0.6, "step_min": 0.5}),
    "inverse_cube at an offset": ("inverse_cube", {"x": 1.5, "step_min": 2.0}),
    "barrier_patrol inside": ("barrier_patrol", {"turning": "inside", "lane_km": 0.5}),
    "barrier_patrol, as fast as may be": ("barrier_patrol", {"L": 2.0, "V": 100.0, "lane_km": 0.5}),
    "linear duel": ("duel", {"x": 8, "y": 9, "law": "linear", "p": 0.45}),
    "long duel": ("duel", {"x": 60, "y": 50, "r": 0.8}),
    "network with certain arcs": (
        "reliability_path",
        {"edges": [["a", "b", 1.0], ["a", "c", 0.0], ["c", "b", 0.3], ["b", "d", 0.6]]},
    ),
    "trial that always ends so": ("repeat_trials", {"p": 1.0, "d": 0.5}),
}


@pytest.mark.parametrize(("case", "symbols"), PLAYED.values(), ids=PLAYED.keys())
def test_the_engines_agree_on_every_laboratory(case: str, symbols: dict[str, Any]) -> None:
    world = build_world(expanded(case, **symbols), "without")
    assert between_engines((world,), 3, 0, FEW.get(case, 24)) == []


@settings(max_examples=6)
@given(st.integers(0, 10**9), st.integers(0, 10**15))
def test_the_engines_agree_whatever_the_seed_and_the_replication(seed: int, first: int) -> None:
    """Repeated trials are numbered into the quadrillions."""
    assert between_engines((DUEL,), seed, first, first + 3) == []


DUEL = build_world(expanded("duel"), "without")
