"""Who can be sent, where men can first meet a group, against trying out every step, and the way home by hand."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.rules.response import (
    can_be_sent,
    expected_step,
    first_minute,
    in_time,
    is_free,
    is_own_frontage,
    minutes_home,
    strong_enough,
)


@pytest.mark.parametrize(
    ("men", "persons", "ratio", "enough"),
    [(9, 10, 0.9, True), (8, 10, 0.9, False), (0, 0, 0.0, False), (1, 50, 0, True)],
)
def test_strength_by_hand(men: int, persons: int, ratio: float, enough: bool) -> None:
    assert strong_enough(men, persons, ratio) is enough


@pytest.mark.parametrize(
    ("has_task", "minute", "free"), [(False, 50, True), (False, 51, True), (False, 49, False), (True, 60, False)]
)
def test_who_is_free_by_hand(has_task: bool, minute: int, free: bool) -> None:
    """Back at minute 50."""
    assert is_free(has_task, minute, 50) is free


@pytest.mark.parametrize(("along_km", "own"), [(8.0, True), (12.0, True), (7.9, False), (12.1, False), (10.0, True)])
def test_half_of_the_frontage_lies_on_either_side(along_km: float, own: bool) -> None:
    """Four kilometres in front of a post at kilometre 10."""
    assert is_own_frontage(along_km, 10.0, 4.0) is own


@pytest.mark.parametrize(
    ("minute", "home"),
    [(100, 0), (99, 0), (110, 10), (130, 30), (131, 30), (500, 30)],
)
def test_who_is_recalled_goes_back_the_way_already_gone(minute: int, home: int) -> None:
    """Left at 100, was to arrive at 130: no farther back than half an hour, and not before the departure."""
    assert minutes_home(True, minute, 100, 130, 7.0) == home


@pytest.mark.parametrize(("travel_min", "home"), [(7.0, 7), (7.01, 8), (0.0, 0), (math.inf, 30)])
def test_who_has_arrived_goes_home_by_the_quickest_way_from_there(travel_min: float, home: int) -> None:
    """In whole minutes; where there is no way, as long as it came."""
    assert minutes_home(False, 500, 100, 130, travel_min) == home


def test_the_first_minute_is_kept() -> None:
    assert [first_minute(noted, 90) for noted in (-1, 0, 30, 95)] == [90, 0, 30, 95]


def test_where_a_group_is_expected_by_hand() -> None:
    """Seen on land at step 10 in minute 100; at half a step a minute of walking it is at step 16 after twelve."""
    assert expected_step(112, 10, 100, 0, 12.0, 0.5) == 16.0
    assert expected_step(100, 10, 100, 0, 0.0, 0.5) == 10.0
    # A quarter of an hour was left on the water, where a step takes a minute; then ten minutes by night, at 0.6.
    assert expected_step(114, 10, 100, 15, 0.0, 0.5) == 24.0
    assert expected_step(115, 10, 100, 15, 0.0, 0.5) == 25.0
    assert expected_step(125, 10, 100, 15, 6.0, 0.5) == 28.0


@given(st.lists(st.sampled_from([0.0, 0.67, 1.0]), max_size=80), st.integers(0, 20), st.floats(0.1, 3.0))
def test_a_group_is_never_expected_to_go_back(shares: list[float], afloat: int, pace: float) -> None:
    walked, steps = 0.0, []
    for minute, share in enumerate(shares):
        steps.append(expected_step(minute, 7, 0, afloat, walked, pace))
        walked += share if minute >= afloat else 0.0
    assert steps == sorted(steps)


@pytest.mark.parametrize(("expected", "there"), [(39.0, True), (40.0, True), (40.1, False), (math.inf, False)])
def test_who_is_there_before_the_group_is_in_time(expected: float, there: bool) -> None:
    """At step 40, in a minute in which the group is expected at another."""
    assert in_time(expected, 40) is there


@pytest.mark.parametrize(
    ("men", "has_task", "minute", "sent"),
    [(5, False, 50, True), (0, False, 50, False), (5, True, 50, False), (5, False, 49, False)],
)
def test_who_can_be_sent_by_hand(men: int, has_task: bool, minute: int, sent: bool) -> None:
    """Back in minute 50."""
    assert can_be_sent(men, has_task, minute, 50) is sent
