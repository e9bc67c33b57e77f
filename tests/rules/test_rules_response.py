"""Where men can first meet a group, against trying out every step."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sim.rules.response import earliest_meeting, expected_minutes, report_delay, strong_enough

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


# -- the report delay ---------------------------------------------------------------------------------------------

LAWS = pytest.mark.parametrize("stages", [1, 2, 3, 10])


def delays(mean_min: float, stages: int, number: int) -> np.ndarray:
    draws = np.random.default_rng(stages).random((number, max(1, stages)))
    return np.array([report_delay(mean_min, stages, lambda k, row=row: float(row[k])) for row in draws])


@LAWS
def test_a_report_delay_is_a_gamma_number(stages: int) -> None:
    """A mean of a million minutes leaves nothing of the rounding; Kolmogorov-Smirnov, 1 in 1,000 (seed fixed)."""
    found = delays(1e6, stages, 3000)
    assert stats.kstest(found, "gamma", args=(stages, 0.0, 1e6 / stages)).pvalue > 1e-3


@LAWS
def test_the_mean_is_kept_and_the_variance_is_its_square_over_the_stages(stages: int) -> None:
    """8,000 delays: the mean within 4 standard errors (1 in 16,000), the variance within 15 per cent (seed fixed)."""
    found = delays(30, stages, 8000)
    assert abs(found.mean() - 30.0) < 4 * 30.0 / np.sqrt(stages * len(found))
    assert found.var() == pytest.approx(30.0**2 / stages + 1 / 12, rel=0.15)


def test_a_fixed_delay_draws_nothing() -> None:
    def nothing(stage: int) -> float:
        raise AssertionError(stage)

    assert report_delay(45, 0, nothing) == 45


@LAWS
def test_no_delay_is_no_delay(stages: int) -> None:
    assert report_delay(0, stages, lambda stage: 0.001) == 0


def test_each_stage_has_a_draw_of_its_own() -> None:
    """Two stages of mean 10 at -ln 0.5 = 0.693 and -ln 0.1 = 2.303: 29.96 minutes."""
    assert report_delay(20, 2, lambda stage: (0.5, 0.1)[stage]) == 30
