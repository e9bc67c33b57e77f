"""Wilson's interval against statsmodels and the test that it inverts; critical values against scipy."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

from sim.statistics.proportion import Z95, t95, wilson


@pytest.mark.parametrize(("successes", "trials"), [(0, 1), (1, 1), (0, 50), (50, 50), (8, 10), (333, 1000)])
@pytest.mark.parametrize("confidence", [0.8, 0.95, 0.99])
def test_wilson_agrees_with_statsmodels(successes: int, trials: int, confidence: float) -> None:
    expected = proportion_confint(successes, trials, alpha=1 - confidence, method="wilson")
    assert wilson(successes, trials, stats.norm.ppf(0.5 + confidence / 2)) == pytest.approx(expected, abs=1e-12)


def test_without_trials_the_interval_is_undefined() -> None:
    assert all(math.isnan(limit) for limit in wilson(0, 0))


@given(st.integers(1, 10_000), st.data())
def test_limits_enclose_the_proportion_and_lie_on_the_edge_of_the_score_test(trials: int, data: st.DataObject) -> None:
    successes = data.draw(st.integers(0, trials))
    low, high = wilson(successes, trials)
    observed = successes / trials
    assert 0 <= low <= observed <= high <= 1
    for limit in (low, high):
        if limit not in (0.0, 1.0):
            score = (observed - limit) ** 2 / (limit * (1 - limit) / trials)
            assert score == pytest.approx(1.959963984540054**2, rel=1e-6)


@given(st.integers(1, 1000), st.data())
def test_failures_mirror_successes(trials: int, data: st.DataObject) -> None:
    successes = data.draw(st.integers(0, trials))
    low, high = wilson(successes, trials)
    assert wilson(trials - successes, trials) == pytest.approx((1 - high, 1 - low), abs=1e-12)


@pytest.mark.parametrize(("successes", "trials"), [(-1, 5), (6, 5), (1, 0), (math.nan, 5)])
def test_impossible_counts_are_refused(successes: float, trials: float) -> None:
    with pytest.raises(ValueError, match="successes"):
        wilson(successes, trials)


def test_critical_values_agree_with_the_distributions() -> None:
    assert pytest.approx(stats.norm.ppf(0.975), rel=1e-12) == Z95
    assert t95(7) == pytest.approx(stats.t.ppf(0.975, 7), rel=1e-10)


def test_t_without_degrees_of_freedom_is_undefined() -> None:
    assert math.isnan(t95(0))
    assert math.isnan(t95(-1))
