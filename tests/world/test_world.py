"""The World as a whole: pickling, what its arms share, travel, and places that are refused."""

from __future__ import annotations

import math
import pickle
from typing import Any

import numpy as np
import pytest
from hazard_table import hazards
from small_case import RIVER, small_case, small_world

from sim.model import BorderModel
from sim.scenario import ScenarioError
from sim.world import build_world
from sim.world.track import lay_track


def test_a_world_can_be_sent_to_another_process() -> None:
    world = small_world()
    hazards(world, 0, 0, 0)
    copy = pickle.loads(pickle.dumps(world))
    assert copy.scenario == world.scenario
    assert copy.arm == world.arm
    np.testing.assert_array_equal(hazards(copy, 0, 0, 0), hazards(world, 0, 0, 0))
    one, other = (BorderModel(rng=3, replication=2, world=each) for each in (world, copy))
    one.run()
    other.run()
    assert repr(one.rows()) == repr(other.rows())


def test_what_was_computed_on_the_way_does_not_travel_along() -> None:
    world = small_world()
    before = len(pickle.dumps(world))
    hazards(world, 0, 0, 0)
    world.exposures(0)
    assert len(pickle.dumps(world)) == before


def test_arms_share_ground_crossings_and_routes() -> None:
    with_it, without = small_world("with_outpost"), small_world("without")
    assert with_it.crossings == without.crossings
    np.testing.assert_array_equal(with_it.spots, without.spots)
    np.testing.assert_array_equal(with_it.post_sights[:1], without.post_sights)
    np.testing.assert_array_equal(with_it.post_travel[:1], without.post_travel)
    for one, other in zip(with_it.routes[0], without.routes[0], strict=True):
        np.testing.assert_array_equal(one.cell, other.cell)


def test_spots_are_the_cells_of_all_routes_once_and_in_order() -> None:
    world = small_world()
    passed = np.unique(np.concatenate([route.cell for ways in world.routes for route in ways]))
    np.testing.assert_array_equal(world.spots, passed)
    assert world.spots.dtype == passed.dtype


def test_nobody_travels_across_the_border_river_to_respond() -> None:
    world = small_world()
    _, y = world.terrain.centre_of(world.spots // world.terrain.shape[1], world.spots % world.terrain.shape[1])
    for table in (world.post_travel, world.force_travel[None], *world.patrol_travel):
        assert np.isinf(table[:, y < 4.8]).all()
        assert np.isfinite(table[:, y > 5.3]).all()


def test_travel_takes_no_less_than_the_fastest_going() -> None:
    """60 km/h is the fastest that any ground here allows a vehicle, 15 km/h in the open."""
    world = small_world()
    x, y = world.terrain.centre_of(world.spots // world.terrain.shape[1], world.spots % world.terrain.shape[1])
    for post, minutes in zip(world.scenario.all_posts, world.post_travel, strict=True):
        px, py = world.terrain.centre_of(*world.terrain.cell_of(post.x_km, post.y_km))
        km = np.hypot(x - px, y - py)
        fast = np.isfinite(minutes)
        assert (minutes[fast] >= 60 * km[fast] / 15.0 - 1e-9).all()
        assert (minutes[fast & (y > 5.5)] <= 60 * 1.03 * km[fast & (y > 5.5)] / 15.0 + 1e-9).all()


def test_a_track_is_sampled_from_end_to_end() -> None:
    world = small_world()
    track = world.tracks[0]
    assert track.length_km == 8.0
    gaps = np.hypot(np.diff(track.x_km), np.diff(track.y_km))
    assert gaps.max() <= 0.25 + 1e-9
    assert (track.x_km[0], track.x_km[-1]) == (2.0, 10.0)
    for along in np.linspace(0, 8, 81):
        assert abs(track.x_km[track.sample_at(along)] - (2 + along)) <= 0.125 + 1e-9
        assert abs(track.x_km[track.anchors[track.anchor_at(along)]] - (2 + along)) <= 1.0 + 1e-9


def test_a_loop_closes_the_ring() -> None:
    changes = {"patrols.0.mode": "loop", "patrols.0.track": [[2.0, 6.0], [5.0, 6.0], [5.0, 10.0]]}
    case = small_case(**changes)
    track = lay_track(small_world().terrain, case.patrols[0].track, loop=True)
    assert track.length_km == pytest.approx(3 + 4 + 5)
    assert (track.x_km[-1], track.y_km[-1]) == (2.0, 6.0)


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"outpost.x_km": 13.0}, ["outpost.x_km", "13", "0 to 12"]),
        ({"posts.0.y_km": -0.5}, ["posts.0.y_km", "-0.5", "0 to 12"]),
        ({"outpost.y_km": 5.0}, ["outpost", "border_river", "dry ground"]),
        ({"reaction_force.y_km": 13.0}, ["reaction_force.y_km", "13", "0 to 12"]),
        ({"infiltrators.groups.0.target_x_km": 40.0}, ["infiltrators.groups.0.target_x_km", "40"]),
        ({"infiltrators.groups.0.start_y_km": 5.0}, ["infiltrators.groups.0", "border_river"]),
        ({"patrols.0.track": [[2.0, 5.6], [20.0, 5.6]]}, ["patrols.0.track.1", "20"]),
        ({"patrols.0.track": [[2.0, 3.0], [2.0, 8.0]]}, ["patrols.0.track", "crosses the border river", "one bank"]),
        ({"command.sharing_radius_km": 0.1}, ["command.sharing_radius_km", "0.1", "0 for no sharing", "bank"]),
        ({"infiltrators.ways": [{"name": "off", "x_km": 30.0, "y_km": 1.0}]}, ["infiltrators.ways.0.x_km", "30"]),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_places_that_cannot_be_are_refused(changes: dict[str, Any], named: list[str]) -> None:
    with pytest.raises(ScenarioError) as refused:
        build_world(small_case(**changes), "without")
    assert all(word in str(refused.value) for word in named)


def test_lights_follow_the_clock() -> None:
    lights = small_world().lights
    assert len(lights) == 1501
    # From 17:00: sunset at 17:29, dark 27 minutes later, twilight again at 06:28, day at 06:55.
    assert [lights.index(light) for light in (0, 1, 2)] == [0, 29, 56]
    assert (lights[807], lights[808], lights[834], lights[835]) == (2, 1, 1, 0)


def test_cost_is_the_arms() -> None:
    case = small_case(**{"arms.with_outpost.cost_usd": 900_000.0})
    assert [build_world(case, arm).cost_usd for arm in ("without", "with_outpost")] == [0.0, 900_000.0]


def test_depth_is_the_distance_from_the_river() -> None:
    world = small_world()
    for number, route in enumerate(world.routes[0]):
        np.testing.assert_allclose(world.depth_km(0, number), np.abs(route.y_km - RIVER["points"][0][1]), atol=1e-9)
        assert math.isclose(world.depth_km(0, number)[-1], 6.5, abs_tol=0.2)


@pytest.mark.parametrize("key", ["posts.0.x_km", "terrain.cell_m", "patrols.0.cycle_min", "infiltrators.danger.c01"])
def test_a_key_on_which_its_fields_depend_is_not_changed_in_a_world(key: str) -> None:
    with pytest.raises(ValueError, match=f"{key}.*build another World"):
        small_world().with_changes(**{"patrols.0.duty_share": 0.5, key: 1.0})


def test_a_fresh_world_is_the_same_with_nothing_kept() -> None:
    world = small_world()
    steps = world.steps(0)
    assert world.fresh().scenario is world.scenario
    assert not world.fresh()._kept
    assert world.steps(0) is steps
