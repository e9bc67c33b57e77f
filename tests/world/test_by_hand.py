"""Small cases worked on paper: strips, tracks, crossing points, forks, exposures, limits and bounds."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from small_case import open_field, small_case, small_world

from sim.rules.randomness import UNIT
from sim.rules.sensing import DAY, NIGHT, TWILIGHT
from sim.scenario import ScenarioError
from sim.scenario.light import Weather
from sim.scenario.post import Post, Sensor
from sim.scenario.terrain import TerrainSettings
from sim.terrain.build import build_terrain
from sim.terrain.grid import cover_code
from sim.world import Tables, build_world
from sim.world.build import travel_minutes
from sim.world.crossings import Crossing, find_crossings
from sim.world.hazards import UNSEEN_M, marching_hazards, rates_by_metre, working_sensors
from sim.world.routes import Route, _usable_banks, fork_step
from sim.world.strip import StripCrossing, strip_crossings
from sim.world.track import Track, circle_around, fill_distances, ground_share, lay_track
from sim.world.views import PostHazards, Steps, detection_chances, hazards_along, steps_of, views_along

FIELD = build_terrain(TerrainSettings(width_km=12, height_km=12))
"""Level ground of 48 x 48 cells of 250 m."""
HALF = round(math.log(2) * UNIT)
"""A hazard after which half are detected."""


def route(x_km: list[float], y_km: list[float], raft: int = 0, landing: int = 0) -> Route:
    """A route with these places, a step each."""
    x, y = np.array(x_km), np.array(y_km)
    return Route(0, -1, x, y, FIELD.flat_cell_of(x, y), raft, landing)


def north(raft: int = 0, landing: int = 0) -> Route:
    """Due north along x = 5: a kilometre a step, from y = 0 to 10."""
    return route([5.0] * 11, [float(y) for y in range(11)], raft, landing)


# -- tracks --------------------------------------------------------------------------------------------------------


def test_a_track_with_a_corner_is_sampled_each_quarter_of_a_kilometre_and_at_its_end() -> None:
    track = lay_track(FIELD, ((2.0, 6.0), (3.0, 6.0), (3.0, 6.6)), loop=False)
    assert track.length_km == pytest.approx(1.6)
    assert track.x_km.tolist() == pytest.approx([2.0, 2.25, 2.5, 2.75, 3.0, 3.0, 3.0, 3.0])
    assert track.y_km.tolist() == pytest.approx([6.0, 6.0, 6.0, 6.0, 6.0, 6.25, 6.5, 6.6])
    # Columns are x / 0.25; y = 6 is in the 25th row from the south, that is row 47 - 24.
    assert (track.cell // 48).tolist() == [23, 23, 23, 23, 23, 22, 21, 21]
    assert (track.cell % 48).tolist() == [8, 9, 10, 11, 12, 12, 12, 12]
    assert track.anchors.tolist() == [0]


def test_anchors_are_two_kilometres_apart() -> None:
    track = lay_track(FIELD, ((2.0, 6.0), (6.1, 6.0)), loop=False)
    assert len(track.cell) == 18
    assert track.anchors.tolist() == [0, 8, 16]
    assert track.x_km[track.anchors].tolist() == [2.0, 4.0, 6.0]


def test_a_loop_of_three_four_and_five_kilometres() -> None:
    track = lay_track(FIELD, ((2.0, 2.0), (6.0, 2.0), (6.0, 5.0)), loop=True)
    assert track.length_km == pytest.approx(12.0)
    assert len(track.cell) == 49
    # Nine kilometres on: two down the slope, which falls 3 in 5.
    assert (track.x_km[36], track.y_km[36]) == pytest.approx((6.0 - 2.0 * 0.8, 5.0 - 2.0 * 0.6))
    assert (track.x_km[48], track.y_km[48]) == pytest.approx((2.0, 2.0))


def test_the_circle_around_two_tracks() -> None:
    tracks = [lay_track(FIELD, points, loop=False) for points in (((1.0, 2.0), (5.0, 2.0)), ((1.0, 5.0), (1.0, 4.0)))]
    # Centre of the box from (1, 2) to (5, 5); its far corner (5, 2) is 2.5 km away.
    assert circle_around(tracks) == (pytest.approx((3.0, 3.5)), pytest.approx(2.5))


# -- control strips --------------------------------------------------------------------------------------------------


Corners = tuple[tuple[float, float], ...]
FAR, NEAR, ASIDE = ((1.0, 8.0), (9.0, 8.0)), ((9.0, 4.0), (2.0, 4.0)), ((8.0, 1.0), (8.0, 9.0))


def crossed(
    way: Route, *lines: Corners, near_km: float = 0.3, walks: tuple[tuple[Corners, ...], ...] = ((FAR,), (NEAR,))
) -> list[tuple[int, int, int, int, Any]]:
    """Where a route crosses these lines, of which patrols walk those tracks."""
    laid = tuple(lay_track(FIELD, corners, loop=False) for own in walks for corners in own)
    numbers = iter(range(len(laid)))
    own_tracks = tuple(tuple(next(numbers) for _ in own) for own in walks)
    return list(strip_crossings((way,), lines, own_tracks, laid, near_km)[0])


def test_lines_are_crossed_in_the_order_of_the_march_and_not_of_their_list() -> None:
    """The first line comes last. The second patrol's track runs westward: its place is 4 km from the eastern end."""
    found = crossed(north(), FAR, NEAR)
    assert found == [StripCrossing(4, 1, 1, 0, pytest.approx(4.0)), StripCrossing(8, 0, 0, 0, pytest.approx(4.0))]


def test_a_line_counts_from_the_landing_on_and_within_its_distance() -> None:
    assert [one[0] for one in crossed(north(landing=4), FAR, NEAR)] == [4, 8]
    assert [one[0] for one in crossed(north(landing=5), FAR, NEAR)] == [8]
    # From a kilometre away they are crossed a step earlier.
    assert [one[0] for one in crossed(north(), FAR, NEAR, near_km=1.0)] == [3, 7]
    assert crossed(north(), ASIDE, near_km=2.9, walks=((ASIDE,),)) == []
    assert [one[0] for one in crossed(north(), ASIDE, near_km=3.0, walks=((ASIDE,),))] == [1]


def test_a_line_is_read_from_every_track_that_comes_near_the_place_and_from_no_other() -> None:
    """The route crosses the line at (5, 4), within 300 m of it from (5, 4) on.

    The second patrol's main track passes 250 m north of there, its other one ends 250 m west of it, and the third's
    runs 350 m to the south. No track brings a line with it.
    """
    close, ends, south = ((1.0, 4.25), (9.0, 4.25)), ((1.0, 4.0), (4.75, 4.0)), ((1.0, 3.65), (9.0, 3.65))
    found = crossed(north(), NEAR, walks=((FAR,), (close, ends), (south,)))
    assert found == [StripCrossing(4, 0, 1, 0, pytest.approx(4.0)), StripCrossing(4, 0, 1, 1, pytest.approx(3.75))]
    assert crossed(north(), walks=((NEAR,),)) == []


def test_what_is_left_lies_on_the_line_and_not_where_the_group_is() -> None:
    """The route comes within a kilometre of the line at (5, 3); a track along y = 4.9 is near the line alone."""
    beyond = ((1.0, 4.9), (9.0, 4.9))
    assert crossed(north(), NEAR, near_km=1.0, walks=((beyond,),)) == [(3, 0, 0, 0, pytest.approx(4.0))]


# -- crossing points and forks -------------------------------------------------------------------------------------


def test_crossing_points_of_a_straight_river() -> None:
    """It flows east along y = 5 from x = -1 to 13, two rows of cells wide: rows 27 and 28 of 48."""
    terrain = small_world("without").terrain
    found = find_crossings(terrain, 4.0)
    assert [(one.name, one.x_km, one.y_km, one.along_km) for one in found] == [
        ("c00", 1.0, 5.0, 2.0),
        ("c01", 5.0, 5.0, 6.0),
        ("c02", 9.0, 5.0, 10.0),
    ]
    # North is to the left of the stream.
    assert [one.banks for one in found] == [((26, col), (29, col)) for col in (4, 20, 36)]


def test_the_quicker_side_to_put_to_water_is_taken() -> None:
    """Cells 0 and 1 are the banks: out and on take 10 + 7 minutes one way round, and 4 + 9 the other."""
    crossing = Crossing("c00", 0.25, 11.9, 0.0, ((0, 0), (0, 1)))
    out_min, in_min = np.array([10.0, 4.0]), np.array([9.0, 7.0])
    assert _usable_banks(FIELD, crossing, 5, out_min, in_min) == (1, 0)
    assert _usable_banks(FIELD, crossing, 5, np.array([10.0, np.inf]), in_min) == (0, 1)
    assert _usable_banks(FIELD, crossing, 5, np.array([10.0, np.inf]), np.array([9.0, np.inf])) is None


def test_where_routes_fork() -> None:
    here = route([1.0, 2.0, 3.0, 4.0], [1.0, 1.0, 1.0, 1.0])
    assert fork_step(here, route([1.0, 2.0, 3.0, 3.0], [1.0, 1.0, 1.0, 2.0])) == 2
    assert fork_step(here, route([1.0, 2.0], [1.0, 1.0])) == 1
    assert fork_step(here, route([1.0, 2.0, 3.0, 4.0], [1.0, 1.0, 1.5, 1.0])) == 1
    assert fork_step(here, route([2.0, 2.0], [1.0, 1.0])) == -1
    assert fork_step(here, here) == 3


def test_a_detour_of_just_the_longest_is_offered() -> None:
    """Without a river from (0.1, 0.1) to (1.9, 0.1): over a place due north of the middle both legs are longer."""
    place = {"name": "hill", "x_km": 1.1, "y_km": 1.6}
    ends = {"start_x_km": 0.1, "start_y_km": 0.1, "target_x_km": 2.1, "target_y_km": 0.1}
    changes = {f"infiltrators.groups.0.{key}": value for key, value in ends.items()} | {"infiltrators.ways": [place]}

    def routes(longest_min: int) -> tuple[Route, ...]:
        case = open_field(**changes, **{"infiltrators.detour_max_min": longest_min})
        return build_world(case, "without").routes[0]

    # Eight cells straight, against twice 4 x 6 cells: four knight's moves would be 4 x 8, so 2 of them and 2 others.
    pace = 60 * 0.25 / (6.0 * math.exp(-3.5 * 0.05) * 0.6)
    over = 2 * (2 * math.sqrt(5) + 2 * math.sqrt(2))
    longer = (over - 8) * pace
    assert [one.way for one in routes(math.ceil(longer))] == [-1, 0]
    assert [one.way for one in routes(math.floor(longer))] == [-1]
    assert routes(math.ceil(longer))[1].steps == math.ceil(over * pace)


# -- what posts and patrols detect ---------------------------------------------------------------------------------


STEPS = Steps(
    first=np.array([0, 4, 9]),
    x_km=np.zeros(9),
    y_km=np.zeros(9),
    spot=np.zeros(9, dtype=np.int64),
    concealment=np.zeros(9),
    afloat=np.array([2, 5]),
)
"""Two routes, of steps 0 to 3 and 4 to 8; they put to water at the third step and at the second."""


def seen_at(step: list[int], *by_night: list[int]) -> PostHazards:
    """Hazards by night, a list a weather; by day and in twilight ten times as high."""
    hazards = np.array([[[10 * one for one in row]] * 2 + [row] for row in by_night], dtype=np.int64)
    return PostHazards(np.array(step), np.zeros(len(step), dtype=np.int64), hazards)


def test_detections_count_from_the_water_on() -> None:
    """Each view halves those undetected: after the water there is one on the first route, two on the second."""
    found = seen_at([0, 1, 3, 4, 5, 8], [HALF] * 6)
    assert detection_chances(found, STEPS, (1.0,)) == pytest.approx([0.5, 0.75], abs=1e-9)


def test_detection_begins_with_the_very_step_that_puts_to_water_and_ends_with_the_last() -> None:
    assert detection_chances(seen_at([2], [HALF]), STEPS, (1.0,)) == pytest.approx([0.5, 0.0], abs=1e-9)
    assert detection_chances(seen_at([8], [HALF]), STEPS, (1.0,)) == pytest.approx([0.0, 0.5], abs=1e-9)


def test_detections_are_weighed_by_the_weathers() -> None:
    found = seen_at([3, 6], [HALF, 0], [2 * HALF, HALF])
    # 0.8 x 1/2 + 0.2 x 3/4, and 0.2 x 1/2.
    assert detection_chances(found, STEPS, (0.8, 0.2)) == pytest.approx([0.55, 0.1], abs=1e-9)


def test_the_walk_to_the_water_is_no_exposure() -> None:
    """A post and a patrol stand by the start, a kilometre's sight around them, and see nobody beyond the river."""
    start = {"x_km": 6.0, "y_km": 3.0, "sensors": ["radar"], "range_km": 1.5}
    walker = {"name": "w", "track": [[6.0, 3.0], [6.01, 3.0]], "sensor": "radar", "range_km": 1.5, "duty_share": 1.0}
    changes = {"posts": [{"name": "south", **start}], "patrols": [walker], "command.sharing_radius_km": 0.0}
    world = small_world("without", **changes)
    middle = next(n for n, one in enumerate(world.routes[0]) if world.crossings[one.crossing].x_km == 6.0)
    assert (world.post_metres(0, middle)[0] < 1500).sum() > 20
    assert world.exposures(0)[middle].tolist() == [0.0]
    assert world.patrol_exposures(0)[middle].tolist() == [0.0]


def gaps(track: Track, habits: tuple[int, float, float, float, bool], *march: np.ndarray, sight: Any) -> np.ndarray:
    """How far a patrol is from a group in each minute of a march, for each of 32 phases; infinite where unseen."""
    found = np.full((32, len(march[0])), np.inf)
    fill_distances(*march, track.x_km, track.y_km, sight, habits, found)
    return found


@pytest.mark.parametrize(
    ("loop", "places"),
    [
        # Two kilometres there and two back: the first of 32 phases is 1/64 of that, 62.5 m; the 17th 33/64.
        (False, {0: [0.0, 1.0, 2.0, 1.0], 16: [2.0, 1.0, 0.0, 1.0]}),
        (True, {0: [0.0, 1.0, 0.0, 1.0], 16: [1.0, 0.0, 1.0, 0.0]}),
    ],
)
def test_where_a_patrol_of_four_kilometres_an_hour_is_each_quarter_of_an_hour(
    loop: bool, places: dict[int, list[float]]
) -> None:
    """To the nearest quarter of a kilometre, seen from the beginning of its track."""
    track, nought = lay_track(FIELD, ((0.0, 0.0), (2.0, 0.0)), loop=False), np.zeros(4)
    minute, sight = np.array([0, 15, 30, 45]), np.ones((9, 4), dtype=bool)
    found = gaps(track, (60, 1.0, 4.0, 2.0, loop), minute, nought, nought, sight=sight)
    for phase, along_km in places.items():
        assert found[phase].tolist() == pytest.approx(along_km)


def test_what_a_patrol_has_in_view_while_it_is_on_duty() -> None:
    """It walks from (2, 5.6) eastward at 4 km/h, from a quarter of a kilometre on when the group puts to water.

    On duty for two of four hours: an hour later it is at (6.25, 5.6), and after two it does not watch any more.
    """
    world = small_world("without")
    middle = next(n for n, one in enumerate(world.routes[0]) if world.crossings[one.crossing].x_km == 6.0)
    way, patrol, track = world.routes[0][middle], world.scenario.patrols[0], world.tracks[0]
    steps = way.raft_step + np.array([0, 60, 119, 120])
    habits = (patrol.cycle_min, patrol.duty_share, patrol.speed_kmh, track.length_km, False)
    march = (steps - way.raft_step, way.x_km[steps], way.y_km[steps])
    found = gaps(track, habits, *march, sight=world.patrol_sight[0][:, world.route_spots(0, middle)[steps]])
    for number, x_km in ((0, 2.25), (1, 6.25)):
        assert found[0, number] == pytest.approx(
            math.hypot(way.x_km[steps[number]] - x_km, way.y_km[steps[number]] - 5.6)
        )
    assert np.isfinite(found[0, 2])
    assert np.isinf(found[0, 3])


def test_steps_are_laid_end_to_end() -> None:
    spots = np.unique(np.concatenate([north().cell, route([2.0, 3.0], [1.0, 1.0]).cell]))
    laid = steps_of((north(raft=3, landing=5), route([2.0, 3.0], [1.0, 1.0], raft=1, landing=1)), spots, FIELD)
    assert laid.first.tolist() == [0, 11, 13]
    assert laid.afloat.tolist() == [3, 12]
    assert laid.x_km.tolist() == [5.0] * 11 + [2.0, 3.0]
    assert laid.y_km.tolist() == [*range(11), 1.0, 1.0]
    assert (spots[laid.spot] == np.concatenate([north().cell, route([2.0, 3.0], [1.0, 1.0]).cell])).all()


def test_views_and_hazards_of_a_post_three_kilometres_east() -> None:
    """At (8, 2): 3 km at the second step, 3.162 at its neighbours, 3.605 after them; constant rate within 3.2 km."""
    laid = steps_of((north(),), np.unique(north().cell), FIELD)
    views = views_along(laid, 8.0, 2.0, np.ones((1, 11), dtype=bool))
    assert views.step.tolist() == list(range(11))
    assert views.metre[:5].tolist() == [3605, 3162, 3000, 3162, 3605]
    rates = ((np.full(3200, 6.0), np.full(3100, 12.0), np.zeros(0)),)
    found = hazards_along(views, laid, rates, 0.5)
    assert found.step.tolist() == [1, 2, 3]
    # 6 an hour at a signature of a half are 1 in 20 a minute, 12 an hour 1 in 10; 3,162 m are beyond 3,100.
    expected = [[[0.05, 0.05, 0.05], [0.0, 0.1, 0.0], [0.0, 0.0, 0.0]]]
    assert found.hazards.shape == (1, 3, 3)
    np.testing.assert_allclose(found.hazards / UNIT, expected, atol=1e-9)


def test_only_what_is_in_sight_is_a_view() -> None:
    laid = steps_of((north(),), np.sort(north().cell), FIELD)
    # Cells are numbered from the north: the last of them is where the route begins.
    sight = np.zeros((1, 11), dtype=bool)
    sight[0, 10] = True
    assert views_along(laid, 5.0, 4.0, sight).step.tolist() == [0]
    assert views_along(laid, 5.0, 4.0, sight).metre.tolist() == [4000]


def test_metres_from_posts_are_those_of_what_is_in_view() -> None:
    world = small_world("with_outpost")
    for number, way in enumerate(world.routes[0]):
        metres, spots = world.post_metres(0, number), world.route_spots(0, number)
        for post, sight, row in zip(world.scenario.all_posts, world.post_sights, metres, strict=True):
            gaps_km = np.hypot(way.x_km - post.x_km, way.y_km - post.y_km)
            assert row == pytest.approx(np.where(sight[0, spots], gaps_km * 1000 - 0.5, UNSEEN_M), abs=0.501)


def test_a_hazard_is_a_rate_by_the_hour_over_sixty_minutes() -> None:
    rates = np.array([60.0, 30.0, 6.0])
    metres, open_to = np.array([0, 1, 2, 3, UNSEEN_M]), np.array([0.5, 1.0, 1.0, 1.0, 1.0])
    assert (marching_hazards(rates, metres, open_to) / UNIT).round(9).tolist() == [0.5, 0.5, 0.1, 0.0, 0.0]


def test_rates_of_two_sensors_add_up_as_far_as_each_reaches() -> None:
    """By day 2 km and 1 km; by night half and a quarter; in twilight as by day and half; haze takes a half more."""
    sure = {"law": "constant_rate", "weather_sensitivity": 1.0}
    near = Sensor(**sure, range_km=1.0, rate_per_hour=4.0, twilight_factor=0.5, night_factor=0.25, powered=True)
    far = Sensor(**sure, rate_per_hour=10.0, twilight_factor=1.0, night_factor=0.5)
    post = Post(name="a", x_km=0.0, y_km=0.0, sensors=("far", "near"), range_km=2.0)
    catalogue = {"far": far, "near": near}
    haze = Weather(name="haze", probability=1.0, visibility=0.5)
    by_light = rates_by_metre(working_sensors(post, catalogue), 0.5, haze)
    # (reach of the far one, rate over its own ground, reach of the near one, rate where both see), in metres.
    for light, reach, both in ((DAY, 1000, 500), (TWILIGHT, 1000, 250), (NIGHT, 500, 125)):
        assert len(by_light[light]) == reach
        assert set(by_light[light][:both]) == {7.0}
        assert set(by_light[light][both:]) == {5.0}
    dark = rates_by_metre(working_sensors(post, catalogue, power=False), 1.0, haze)
    assert set(dark[DAY]) == {10.0}


# -- limits and bounds -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell_m", "vehicle", "within_km", "beyond_km", "minutes"),
    [
        # 300 minutes at 3.022 km/h are 15.11 km, 60 cells of 250 m; 720 at 15 km/h are 180 km, 90 cells of 2 km.
        (250.0, False, 15.0, 15.25, 60 * 15.0 / (6.0 * math.exp(-3.5 * 0.05) * 0.6)),
        (2000.0, True, 180.0, 182.0, 720.0),
    ],
)
def test_how_far_men_are_sent(cell_m: float, vehicle: bool, within_km: float, beyond_km: float, minutes: float) -> None:
    cell_km = cell_m / 1000
    terrain = build_terrain(TerrainSettings(width_km=beyond_km + 2 * cell_km, height_km=2 * cell_km, cell_m=cell_m))
    spots = np.array([round(within_km / cell_km), round(beyond_km / cell_km)])
    found = travel_minutes(terrain, Tables(), np.array([0]), vehicle, spots)
    assert found[0, 0] == pytest.approx(minutes)
    assert np.isinf(found[0, 1])


def test_sharing_that_just_reaches_a_neighbour_is_allowed() -> None:
    """The outpost at (4.5, 6.5) has its only neighbour 3.5 km to the east."""
    alone = {"patrols": [], "posts.0.x_km": 8.0}
    build_world(small_case(**alone, **{"command.sharing_radius_km": 3.5}), "without")
    with pytest.raises(ScenarioError, match=r"is 3.4, .* at least 3.5 \(to old_post\)"):
        build_world(small_case(**alone, **{"command.sharing_radius_km": 3.4}), "without")


@pytest.mark.parametrize("key", ["outpost.x_km", "outpost.y_km"])
def test_the_edge_of_the_grid_belongs_to_it(key: str) -> None:
    alone = {"command.sharing_radius_km": 0.0}
    build_world(small_case(**alone, **{key: 12.0}), "without")
    with pytest.raises(ScenarioError, match=rf"{key}: is 12.01, off the grid; allowed: 0 to 12 km"):
        build_world(small_case(**alone, **{key: 12.01}), "without")


def test_danger_is_told_of_crossing_points_that_there_are() -> None:
    spread = {"infiltrators.crossing_spacing_km": 4.0}
    assert small_world("without", **spread, **{"infiltrators.danger": {"c02": 0.5}}).crossings[2].name == "c02"
    with pytest.raises(ScenarioError, match=r"danger\.c03: is 0.5, .* allowed: c00 to c02"):
        small_world("without", **spread, **{"infiltrators.danger": {"c03": 0.5}})


WALKED = 0.6 * 5.036742
"""Kilometres an hour on open, level ground on foot; who drives makes 15."""


@pytest.mark.parametrize(
    ("vehicle", "share"),
    [
        (False, 3.0 / (1.75 + 0.25 / 0.8 + 1.0 / 0.6)),
        (True, 3.0 / (1.75 + 0.25 * 15.0 / (0.8 * WALKED) + 15.0 / (0.6 * WALKED))),
    ],
)
def test_the_ground_slows_a_patrol_by_hand(vehicle: bool, share: float) -> None:
    """1.75 km in the open, a quarter half in reeds, and one in reeds, where men walk at 0.6 of it and nobody drives."""
    cover = np.zeros_like(FIELD.cover)
    track = lay_track(FIELD, ((2.0, 6.125), (5.0, 6.125)), loop=False)
    cover.ravel()[track.cell[8:]] = cover_code("reeds")
    found = ground_share(replace(FIELD, cover=cover), track, vehicle)
    assert found == pytest.approx(share, rel=1e-6)
    assert ground_share(FIELD, track, vehicle) == pytest.approx(1.0)


def test_a_slope_slows_a_patrol_by_the_mean_of_both_ways() -> None:
    """Ten degrees, by Tobler 2.717 km/h up and 3.856 down, against 5.037 on the level."""
    track = lay_track(FIELD, ((2.125, 6.125), (4.125, 6.125)), loop=False)
    rises = np.broadcast_to(np.arange(48) * 250.0 * math.tan(math.radians(10)), FIELD.shape)
    found = ground_share(replace(FIELD, elevation_m=np.ascontiguousarray(rises)), track, False)
    assert found == pytest.approx(2.0 / (5.036742 / 2.717 + 5.036742 / 3.856), rel=1e-3)
