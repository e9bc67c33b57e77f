"""Fronts: equal lanes between two meridians, on bare, level ground alone."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_case import open_field, small_case

from sim.scenario import Scenario, ScenarioError
from sim.scenario.infiltrators import Front

FRONT = {"west_km": 2.0, "east_km": 10.0, "lanes": 4}


def field(**changes: Any) -> Scenario:
    """Level ground without a river, and a front of four lanes on it."""
    return open_field(**{"infiltrators.front": FRONT, **changes})


def test_lanes_lie_in_the_middle_of_equal_strips() -> None:
    assert field().infiltrators.front.lanes_km == (3.0, 5.0, 7.0, 9.0)


def test_one_lane_lies_in_the_middle_of_the_front() -> None:
    assert Front(west_km=1.0, east_km=2.0, lanes=1).lanes_km == (1.5,)


def test_no_front_has_no_lanes() -> None:
    assert Front().lanes_km == ()


@given(st.floats(0.0, 2000.0), st.floats(0.001, 2000.0), st.integers(1, 200))
def test_lanes_are_equally_far_apart_and_within(west_km: float, wide_km: float, lanes: int) -> None:
    front = Front(west_km=west_km, east_km=west_km + wide_km, lanes=lanes)
    apart = wide_km / lanes
    ends = (front.west_km, *front.lanes_km, front.east_km)
    gaps = [east - west for west, east in pairwise(ends)]
    assert gaps == pytest.approx([apart / 2, *[apart] * (lanes - 1), apart / 2], rel=1e-6, abs=1e-9)


RIDGE = {"name": "a ridge", "kind": "ridge", "half_width_km": 1.0, "crest_m": [650.0], "points": [[2, 8.8], [5, 8.8]]}
TOWN = {"name": "a town", "kind": "town", "x_km": 3.0, "y_km": 11.0, "radius_km": 0.6}
REFUSED: dict[str, tuple[dict[str, Any], tuple[str, ...]]] = {
    "no width": ({"infiltrators.front.east_km": 2.0}, ("infiltrators.front", "east_km is 2", "more than west_km (2)")),
    "from east to west": ({"infiltrators.front.west_km": 11.0}, ("infiltrators.front", "more than west_km (11)")),
    "off the grid": (
        {"infiltrators.front.east_km": 12.5},
        ("infiltrators.front.east_km", "12.5", "off the grid", "12"),
    ),
    "too many lanes": ({"infiltrators.front.lanes": 10_001}, ("infiltrators.front.lanes", "10000")),
    "half a lane": ({"infiltrators.front.lanes": 2.5}, ("infiltrators.front.lanes", "integer", "2.5")),
    "beside a line": ({"terrain.lines": [RIDGE]}, ("infiltrators.front.lanes", "terrain.source=flat without lines")),
    "beside a town": ({"terrain.points": [TOWN]}, ("infiltrators.front.lanes", "terrain.source=flat")),
    "on invented ground": ({"terrain.source": "synthetic"}, ("infiltrators.front.lanes", "terrain.source=flat")),
    "where nobody walks": ({"terrain.cover": {"open": {"foot_factor": 0.0}}}, ("infiltrators.front.lanes", "is 4")),
    "a march of no length": (
        {"infiltrators.groups.0.target_y_km": 2.0},
        ("infiltrators.groups.0.target_y_km", "is 2", "another than start_y_km"),
    ),
    "beside ways": (
        {"infiltrators.ways": [{"name": "detour", "x_km": 3.0, "y_km": 7.0}]},
        ("infiltrators.ways", "infiltrators.front.lanes"),
    ),
}


@pytest.mark.parametrize(("changes", "words"), REFUSED.values(), ids=REFUSED.keys())
def test_a_front_that_cannot_be_is_refused(changes: dict[str, Any], words: tuple[str, ...]) -> None:
    with pytest.raises(ScenarioError) as refusal:
        field(**changes)
    assert [word for word in words if word not in str(refusal.value)] == []


def test_a_front_of_no_lanes_may_stand_beside_a_river() -> None:
    assert small_case(**{"infiltrators.front": {"west_km": 5.0, "east_km": 1.0}}).infiltrators.front.lanes == 0
