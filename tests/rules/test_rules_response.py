"""Where men can first meet a group, against trying out every step."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.rules.response import earliest_meeting, expected_minutes, strong_enough

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
