"""Hazards by hand for single posts and steps, and that nobody sees through a hill."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hazard_table import hazards
from small_case import default_world, open_field, small_world

from sim.rules.randomness import UNIT
from sim.rules.sensing import CERTAIN, DAY, LYING_UP, MARCHING, NIGHT, TWILIGHT
from sim.world import World, build_world

CHANGES = {
    "posts": [
        {
            "name": "only",
            "x_km": 7.0,
            "y_km": 6.5,
            "sensors": ["thermal", "eye"],
            "range_km": 2.0,
            "staffing": 0.5,
            "days_open": 15.0,
            "readiness_at_opening": 0.4,
            "readiness_days": 30.0,
        }
    ],
    "sensors.eye.twilight_factor": 0.6,
    "sensors.eye.night_factor": 0.5,
    "infiltrators.groups.0.signature": 1.5,
    "infiltrators.groups.0.lying_up_factor": 0.2,
    "terrain.cover.open.concealment": 0.3,
}


def logistic(distance: float, range_km: float, rate: float, softness: float) -> float:
    return rate / (1 + math.exp((distance - range_km) / (softness * range_km))) if distance <= 2 * range_km else 0.0


@pytest.mark.parametrize(
    ("light", "thermal_left", "eye_left"), [(DAY, 1.0, 1.0), (TWILIGHT, 1.0, 0.6), (NIGHT, 1.0, 0.5)]
)
@pytest.mark.parametrize(("weather", "visibility"), [(0, 1.0), (1, 0.5)])
@pytest.mark.parametrize(("posture", "hiding"), [(MARCHING, 1.0), (LYING_UP, 0.2)])
def test_the_hazard_of_a_minute_by_hand(
    light: int, thermal_left: float, eye_left: float, weather: int, visibility: float, posture: int, hiding: float
) -> None:
    world = build_world(open_field(**CHANGES), "without")
    route = world.routes[0][0]
    for step in (0, 60, 100, 140):
        distance = math.hypot(route.x_km[step] - 7.0, route.y_km[step] - 6.5)
        distance = (math.floor(distance * 1000) + 0.5) / 1000  # rates are those at the middle of each metre
        # The main sensor has the post's range of 2 km, the other its own of 1.5 km; thermal: visibility^0.7.
        rate = logistic(distance, 2.0 * thermal_left * visibility**0.7, 3.0, 0.1)
        rate += logistic(distance, 1.5 * eye_left * visibility, 6.0, 0.15)
        readiness = 0.4 + 0.6 * 15 / 30
        expected = rate * 0.5 * readiness * 1.5 * hiding * (1 - 0.3) / 60
        assert hazards(world, 0, 0, weather)[light, posture, step, 0] / UNIT == pytest.approx(expected, abs=2 / UNIT)


def test_a_definite_range_is_certain_within_and_nothing_beyond() -> None:
    changes = {"posts.0.sensors": ["radar"], "posts.0.range_km": 3.0, "sensors.radar.law": "definite_range"}
    world = build_world(open_field(**changes), "without")
    route, post = world.routes[0][0], world.scenario.posts[0]
    within = np.hypot(route.x_km - post.x_km, route.y_km - post.y_km) <= 3.0
    assert within.any()
    assert not within.all()
    table = hazards(world, 0, 0, 0)[NIGHT, MARCHING, :, 0]
    np.testing.assert_array_equal(table, np.where(within, CERTAIN, 0))


@pytest.mark.parametrize(
    "blind",
    [
        {"posts.0.staffing": 0.0},
        {"posts.0.range_km": 0.0},
        {"infiltrators.groups.0.signature": 0.0},
        {"posts.0.readiness_at_opening": 0.0, "posts.0.days_open": 0.0},
        {"terrain.cover.open.concealment": 1.0},
    ],
    ids=lambda changes: next(iter(changes)),
)
@pytest.mark.parametrize("law", ["logistic", "definite_range", "inverse_cube"])
def test_what_cannot_see_or_be_seen_has_no_hazard(blind: dict[str, float], law: str) -> None:
    """Even where the rate itself is infinite."""
    case = open_field(**{"posts.0.x_km": 6.125, "posts.0.y_km": 6.125, "sensors.thermal.law": law})
    assert hazards(build_world(case, "without"), 0, 0, 0).any()
    assert not hazards(build_world(case.replace(**blind), "without"), 0, 0, 0).any()


def test_no_hazard_out_of_sight() -> None:
    world = default_world("with_outpost")
    hidden = 0
    for number in range(0, len(world.routes[0]), 7):
        seen = np.vstack(world.post_sights)[:, world.route_spots(0, number)]
        table = hazards(world, 0, number, 0).max(axis=(0, 1)).T
        assert not table[~seen].any()
        route = world.routes[0][number]
        for post, line in zip(world.scenario.all_posts, seen, strict=True):
            near = np.hypot(route.x_km - post.x_km, route.y_km - post.y_km) < post.range_km
            hidden += int((near & ~line).sum())
    assert hidden  # some ground within range is out of sight, so that the test means something


def test_a_hill_hides_what_is_behind_it() -> None:
    ridge = {
        "name": "wall",
        "kind": "ridge",
        "points": [[0.0, 7.5], [12.0, 7.5]],
        "crest_m": [700.0],
        "half_width_km": 1.0,
    }
    river = {"name": "the border", "kind": "border_river", "width_km": 0.3, "points": [[-1.0, 4.0], [13.0, 4.0]]}
    world = small_world(
        "without",
        **{
            "terrain.source": "gazetteer",
            "terrain.lines": [river, ridge],
            "terrain.rolling_m": 0.0,
            "posts.0.y_km": 6.0,
            "posts.0.range_km": 6.0,
            "patrols": [],
            "outpost.y_km": 5.5,
        },
    )
    for number, route in enumerate(world.routes[0]):
        table = hazards(world, 0, number, 0)[NIGHT, MARCHING, :, 0]
        near = np.hypot(route.x_km - 8.0, route.y_km - 6.0) < 6.0
        assert not table[near & (route.y_km > 9.0)].any()
        assert table[near & (route.y_km < 6.0)].any()


def test_exposures_by_hand() -> None:
    """The chance to be detected while marching the whole route by night, averaged over the weathers."""
    world = build_world(open_field(), "without")
    expected = sum(
        weather.probability * -math.expm1(-int(hazards(world, 0, 0, index)[NIGHT, MARCHING, :, 0].sum()) / UNIT)
        for index, weather in enumerate(world.scenario.light.weather)
    )
    assert 0.05 < expected < 0.95
    assert world.exposures(0)[0, 0] == pytest.approx(expected, abs=1e-12)


def test_patrol_rates_by_hand() -> None:
    world = small_world("without")
    for light, left in ((DAY, 1.0), (TWILIGHT, 0.6), (NIGHT, 0.5)):
        rates = world.patrol_rates(0, 1)[light]
        reach = 1.0 * left * 0.5
        assert len(rates) == int(2 * reach * 1000)
        for metre in (0, 100, len(rates) - 1):
            assert rates[metre] == pytest.approx(logistic((metre + 0.5) / 1000, reach, 6.0, 0.15))


def test_more_of_anything_is_seen_no_less() -> None:
    def total(**changes: float) -> int:
        world: World = build_world(open_field(**changes), "without")
        return int(hazards(world, 0, 0, 1)[NIGHT, MARCHING].sum())

    base = total()
    assert total(**{"posts.0.range_km": 3.0}) > base
    assert total(**{"posts.0.staffing": 1.0}) > base
    assert total(**{"light.weather.1.visibility": 0.9}) > base
    assert total(**{"posts.0.days_open": 0.0}) < base
    assert total(**{"terrain.cover.open.concealment": 0.5}) < base
