"""The road inland by hand, and that checkpoints part it evenly."""

from __future__ import annotations

from fractions import Fraction

import pytest
from given_draws import one_draw
from hypothesis import given
from hypothesis import strategies as st

from sim.rules import road
from sim.rules.randomness import Purpose
from sim.rules.road import (
    checkpoint_minute,
    depth_on_road,
    road_end,
    road_share,
    search_hazard,
    stops_at_checkpoint,
    team_share,
)


@pytest.mark.parametrize(
    ("start_min", "crossed_min", "total_hours", "road_hours", "end_min"),
    [
        (600, 100, 20.0, 6.0, 1300),  # twenty hours after the crossing
        (1000, 100, 20.0, 6.0, 1360),  # a slow march leaves only the road's own six hours
        (940, 100, 20.0, 6.0, 1300),  # both at once
        (7, 5, 0.51, 0.26, 35),  # 30.6 and 15.6 minutes: those that are whole
        (25, 5, 0.51, 0.26, 40),
    ],
)
def test_the_end_of_the_road_by_hand(
    start_min: int, crossed_min: int, total_hours: float, road_hours: float, end_min: int
) -> None:
    assert road_end(start_min, crossed_min, total_hours, road_hours) == end_min


@given(st.integers(0, 5000), st.integers(0, 3000), st.integers(1, 12))
def test_checkpoints_part_the_road_evenly(start: int, length: int, checkpoints: int) -> None:
    for number in range(1, checkpoints + 1):
        exact = start + length * Fraction(number, checkpoints + 1)
        assert 0 <= exact - checkpoint_minute(start, start + length, number, checkpoints) < 1


@given(st.integers(0, 5000), st.integers(1, 3000), st.integers(0, 4000))
def test_the_share_of_the_road_by_fractions(start: int, length: int, walked: int) -> None:
    share = road_share(start + walked, start, start + length)
    assert share == pytest.approx(float(min(Fraction(1), Fraction(walked, length))), rel=1e-15)


def test_a_road_of_no_length_lies_behind() -> None:
    assert road_share(9, 9, 9) == 1.0
    assert road_share(9, 9, 8) == 1.0
    assert road_share(9, 9, 10) == 0.0
    assert road_share(11, 9, 10) == 1.0


def test_a_depth_on_the_road_by_hand() -> None:
    """A quarter of forty kilometres beyond the twelve where the road begins."""
    assert depth_on_road(12.0, 0.25, 40.0) == 22.0


@pytest.mark.parametrize(("share", "chance"), [(0.0, 0.2), (0.5, 0.45), (1.0, 0.7)])
def test_a_checkpoint_stops_more_under_an_alert(share: float, chance: float) -> None:
    for draw, stops in ((chance - 0.01, True), (chance + 0.01, False)):
        told = one_draw(road, draw, lambda: stops_at_checkpoint(7, 9, 3, share, 0.2, 0.7))
        assert told == (stops, [(7, 9, Purpose.CHECKPOINT, 3)])


def test_the_interior_searches_by_the_share_of_a_team() -> None:
    assert [search_hazard(share, 5, 70) for share in (0.0, 0.5, 1.0)] == [5, 37, 70]
    assert search_hazard(0.3, 70, 70) == 70


def test_reported_groups_share_the_teams() -> None:
    """Three teams: one for each of up to three groups, half a one for each of six; none for who was not reported."""
    assert [team_share(True, sought, 3) for sought in (0, 1, 3, 6)] == [1.0, 1.0, 1.0, 0.5]
    assert [team_share(False, 6, 3), team_share(True, 6, 0)] == [0.0, 0.0]
