"""Crossing points: one bank on either side, spaced along the river; and distances along and from the border."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_case import default_world, open_field, small_world

from sim.terrain.grid import Terrain, cover_code
from sim.world import World, build_world
from sim.world.crossings import DIRECT, along_border_km, distance_to_border_km

BEND = np.array([[0.0, 0.0], [3.0, 4.0], [3.0, 10.0]])  # 5 km, then 6 km north
PLACES = st.tuples(st.floats(-5, 15), st.floats(-5, 15))


def side_of_river(terrain: Terrain, cell: tuple[int, int]) -> int:
    """-1 or 1 for the banks: the sign of the area spanned with the nearest piece of the border's middle line."""
    point = np.array(terrain.centre_of(*cell))
    line = terrain.border_km
    pieces = list(itertools.pairwise(line))
    gaps = [
        np.linalg.norm(point - (a + np.clip((point - a) @ (b - a) / ((b - a) @ (b - a)), 0, 1) * (b - a)))
        for a, b in pieces
    ]
    a, b = pieces[int(np.argmin(gaps))]
    return int(np.sign((b - a)[0] * (point - a)[1] - (b - a)[1] * (point - a)[0]))


@pytest.fixture(scope="module", params=["small", "default"])
def world(request: pytest.FixtureRequest) -> World:
    return small_world("without") if request.param == "small" else default_world("without")


def test_each_crossing_has_one_dry_bank_on_either_side(world: World) -> None:
    terrain, river = world.terrain, cover_code("border_river")
    foot = terrain.by_cover("foot_factor")
    for crossing in world.crossings:
        assert crossing.banks is not None
        for bank in crossing.banks:
            assert terrain.cover[bank] != river
            assert foot[bank] > 0
        # Looking downstream the first bank is on the left, where the area is positive.
        assert [side_of_river(terrain, bank) for bank in crossing.banks] == [1, -1], crossing.name


def test_each_bank_is_the_first_dry_cell_on_a_walk_from_the_middle(world: World) -> None:
    terrain, half_cell_km = world.terrain, world.terrain.cell_m / 2000
    dry = (terrain.cover != cover_code("border_river")) & (terrain.by_cover("foot_factor") > 0)
    for crossing in world.crossings:
        middle = np.array([crossing.x_km, crossing.y_km])
        pieces = list(itertools.pairwise(terrain.border_km))
        gaps = [
            np.linalg.norm(middle - a - np.clip((middle - a) @ (b - a) / ((b - a) @ (b - a)), 0, 1) * (b - a))
            for a, b in pieces
        ]
        a, b = pieces[int(np.argmin(gaps))]
        across = np.array([a[1] - b[1], b[0] - a[0]]) / math.dist(a, b)
        for side, bank in zip((1, -1), crossing.banks or (), strict=True):
            walk = (terrain.cell_of(*(middle + side * across * half_cell_km * step)) for step in itertools.count(1))
            assert bank == next((int(row), int(col)) for row, col in walk if dry[row, col]), crossing.name


def test_crossings_lie_on_the_river_in_order(world: World) -> None:
    river = cover_code("border_river")
    for crossing in world.crossings:
        assert int(world.terrain.cover_at(crossing.x_km, crossing.y_km)) == river, crossing.name
        along = along_border_km(world.terrain.border_km, crossing.x_km, crossing.y_km)
        assert along == pytest.approx(crossing.along_km, abs=1e-6)
    order = [crossing.along_km for crossing in world.crossings]
    assert order == sorted(order)
    spacing = world.scenario.infiltrators.crossing_spacing_km
    assert np.diff(order).min() > spacing - 1e-9


def test_the_default_case_has_many_crossings_and_the_rival_ways() -> None:
    world = default_world("without")
    used = {world.crossings[route.crossing].name for route in world.routes[0]}
    assert len(used) >= 24
    ways = {world.way_name(route.way) for route in world.routes[0]}
    assert ways == {"quickest", "teshiktosh_pass", "southern_foot", "eastern_mountains"}
    sectors = world.scenario.sectors
    for sector in sectors:
        assert any(sector.west_km <= world.crossings[r.crossing].x_km < sector.east_km for r in world.routes[0]), (
            sector.name
        )


def test_without_a_border_river_there_is_nothing_to_cross() -> None:
    world = build_world(open_field(), "without")
    assert world.crossings == (DIRECT,)
    assert [(route.raft_step, route.landing_step) for route in world.routes[0]] == [(0, 0)]
    assert np.isnan(world.depth_km(0, 0)).all()


@pytest.mark.parametrize(
    ("place", "along", "gap"),
    [
        ((0.0, 0.0), 0.0, 0.0),
        ((3.0, 4.0), 5.0, 0.0),
        ((5.0, 7.0), 8.0, 2.0),
        ((-1.0, -1.0), 0.0, math.sqrt(2)),
        ((3.0, 12.0), 11.0, 2.0),
        ((5.5, -1.0 + 0.125), 2.6, 4.925),
    ],
)
def test_distances_by_hand(place: tuple[float, float], along: float, gap: float) -> None:
    assert along_border_km(BEND, *place) == pytest.approx(along)
    assert distance_to_border_km(BEND, np.array([place[0]]), np.array([place[1]]))[0] == pytest.approx(gap)


@given(PLACES)
def test_distance_against_points_laid_densely_on_the_line(place: tuple[float, float]) -> None:
    along = np.linspace(0, 11, 11_001)
    x = np.interp(along, [0, 5, 11], BEND[:, 0])
    y = np.interp(along, [0, 5, 11], BEND[:, 1])
    gaps = np.hypot(x - place[0], y - place[1])
    found = distance_to_border_km(BEND, np.array([place[0]]), np.array([place[1]]))[0]
    assert found <= gaps.min() + 1e-12
    assert gaps.min() <= found + 1e-3
    nearest = along_border_km(BEND, *place)
    at = np.interp(nearest, [0, 5, 11], BEND[:, 0]), np.interp(nearest, [0, 5, 11], BEND[:, 1])
    assert math.dist(at, place) == pytest.approx(found, abs=1e-9)


def test_a_post_acts_alone_on_who_crosses_on_its_own_frontage() -> None:
    """The river runs due east, so that the distance along it is the distance east."""
    world = small_world("without", **{"posts.0.x_km": 8.0, "posts.0.frontage_km": 4.0})
    east = [crossing.x_km for crossing in world.crossings]
    own = [abs(x - 8.0) <= 2.0 for x in east]
    assert set(own) == {True, False}
    assert world.own_crossings(0).tolist() == own


def test_where_no_river_is_the_border_all_of_it_is_the_own_frontage() -> None:
    assert build_world(open_field(), "without").own_crossings(0).tolist() == [True]
