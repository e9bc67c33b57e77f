"""Who can be sent, where men can first meet a group, against trying out every step, and the way home by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.rules.response import (
    can_be_sent,
    earliest_meeting,
    expected_minute,
    expected_minutes,
    first_minute,
    in_time,
    is_free,
    is_own_frontage,
    minutes_home,
    strong_enough,
)

TRAVEL = st.lists(st.one_of(st.floats(0, 500), st.just(np.inf)), max_size=40)


@given(TRAVEL, st.floats(0, 300), st.floats(0.2, 2.0), st.integers(0, 100))
def test_the_earliest_meeting_is_the_first_step_that_can_be_reached(
    travel: list[float], ready: float, pace: float, last_min: int
) -> None:
    expected = expected_minutes(len(travel) + 3, 3, last_min, pace)
    found = earliest_meeting(np.array(travel), ready, expected)
    tried = [step for step in range(len(travel)) if ready + travel[step] <= last_min + step / pace]
    assert found == (tried[0] if tried else -1)


def test_nothing_to_meet() -> None:
    assert earliest_meeting(np.array([]), 0.0, np.array([])) == -1
    assert earliest_meeting(np.array([np.inf]), 0.0, np.array([1e9])) == -1


@given(TRAVEL.filter(bool), st.floats(0, 300), st.floats(0, 300))
def test_those_who_leave_later_meet_no_earlier(travel: list[float], one: float, other: float) -> None:
    group = np.arange(len(travel)) * 7.0
    early, late = (earliest_meeting(np.array(travel), ready, group) for ready in sorted((one, other)))
    assert late == -1 or 0 <= early <= late


def test_expected_minutes_by_hand() -> None:
    np.testing.assert_allclose(expected_minutes(6, 2, 30, 0.8), [30, 31.25, 32.5, 33.75])


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


def test_when_a_group_is_expected_by_hand() -> None:
    """Last seen at step 10 in minute 100; at half a step a minute it is at step 16 twelve minutes later."""
    assert expected_minute(16, 10, 100, 0.5) == 112.0
    assert expected_minute(10, 10, 100, 0.5) == 100.0
    assert expected_minute(np.array([10, 11, 13]), 10, 100, 0.5).tolist() == [100.0, 102.0, 106.0]


@pytest.mark.parametrize(("travel_min", "there"), [(29.0, True), (30.0, True), (30.5, False), (math.inf, False)])
def test_who_is_there_with_the_group_is_in_time(travel_min: float, there: bool) -> None:
    """They leave in minute 70, and the group comes in minute 100."""
    assert in_time(travel_min, 70.0, 100.0) is there


@pytest.mark.parametrize(
    ("men", "has_task", "minute", "sent"),
    [(5, False, 50, True), (0, False, 50, False), (5, True, 50, False), (5, False, 49, False)],
)
def test_who_can_be_sent_by_hand(men: int, has_task: bool, minute: int, sent: bool) -> None:
    """Back in minute 50."""
    assert can_be_sent(men, has_task, minute, 50) is sent
