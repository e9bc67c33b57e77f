"""The same place under two names, and how far sectors lie from a new post."""

from __future__ import annotations

import pytest
from small_case import open_field, small_case

from sim.scenario import Scenario
from sim.study.compare.displacement import along_km, new_posts, sector_distances_km
from sim.study.compare.fixed_routes import names_in
from sim.study.replications import build_worlds

SECTORS = [
    {"name": "west", "west_km": 0.0, "east_km": 4.0},
    {"name": "east", "west_km": 4.0, "east_km": 12.0},
    {"name": "beyond", "west_km": 50.0, "east_km": 60.0},
]


def elsewhere() -> Scenario:
    """Crossing points at 1, 3, 5 ... km along a border that begins 1 km west of the grid; in one arm at 3, 9 km."""
    return small_case(
        sectors=SECTORS,
        **{"arms.sparse": {"changes": {"infiltrators.crossing_spacing_km": 6.0}}},
    )


def test_a_crossing_point_is_known_by_its_place() -> None:
    base, sparse = build_worlds(elsewhere(), ("without", "sparse"))
    ours, theirs = along_km(base), along_km(sparse)
    names = names_in(sparse, base)
    assert 0 < len(names) < len(ours)
    for name, called in names.items():
        assert ours[name] == pytest.approx(theirs[called])
    assert any(name != called for name, called in names.items())
    assert names_in(base, base) == {name: name for name in ours}


def test_without_a_river_all_cross_at_the_same_place() -> None:
    base, arm = build_worlds(open_field(), ("without", "with_outpost"))
    assert names_in(arm, base) == {"direct": "direct"}
    assert along_km(arm) == {"direct": 0.0}


def test_sectors_lie_so_far_from_the_new_post() -> None:
    """The post stands at (4.5, 6.5); the river at y = 5 is crossed at x = 2, 4, 6 ... (the border begins at -1)."""
    base, arm = build_worlds(elsewhere(), ("without", "with_outpost"))
    assert [post.name for post in new_posts(arm, base)] == ["new_post"]
    places = {crossing.x_km: crossing.y_km for crossing in arm.crossings}
    found = sector_distances_km(arm, base)
    for name, low, high in (("west", 0.0, 4.0), ("east", 4.0, 12.0)):
        gaps = [((x - 4.5) ** 2 + (y - 6.5) ** 2) ** 0.5 for x, y in places.items() if low <= x < high]
        assert found[name] == pytest.approx(min(gaps))
    assert found["beyond"] is None


def test_without_a_new_post_there_is_no_distance() -> None:
    base, same = build_worlds(elsewhere(), ("without", "same"))
    assert new_posts(same, base) == ()
    assert set(sector_distances_km(same, base).values()) == {None}


def test_a_post_that_is_moved_is_new() -> None:
    case = small_case(**{"arms.moved": {"changes": {"posts.0.x_km": 9.0}}})
    base, moved = build_worlds(case, ("without", "moved"))
    assert [post.x_km for post in new_posts(moved, base)] == [9.0]
