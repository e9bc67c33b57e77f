"""Poisson streams against the closed form, SciPy's distributions, and hand-worked gaps."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from sim.rules.arrivals import CUTS_BEFORE, drawn_between, drawn_whole, next_arrival, poisson_times

PER_MIN, LONG = 0.04, 250_000.0


def stream(seed: int, per_min: float, start: float, end: float) -> list[float]:
    draws = np.random.default_rng(seed).random(int(2 * per_min * (end - start)) + 50)
    return poisson_times(per_min, start, end, lambda count: float(draws[count]))


def test_moments_are_the_sums_of_exponential_gaps() -> None:
    """The inverse of the exponential distribution, summed by NumPy: another way to the same moments."""
    draws = np.random.default_rng(3).random(500)
    told = poisson_times(0.05, 100.0, 2100.0, lambda count: float(draws[count]))
    expected = 100.0 + np.cumsum(-np.log(draws) / 0.05)
    np.testing.assert_allclose(told, expected[expected <= 2100.0], rtol=1e-12)


def test_the_next_arrival_by_hand() -> None:
    """ln 4 at one in two minutes: 2.77 minutes after the one before."""
    assert next_arrival(10.0, 0.5, 0.25) == pytest.approx(10.0 + 2.0 * math.log(4.0), rel=1e-15)


def test_an_arrival_at_the_very_end_is_still_told() -> None:
    end = next_arrival(next_arrival(0.0, 0.5, 0.5), 0.5, 0.5)
    assert len(poisson_times(0.5, 0.0, end, [0.5, 0.5, 0.5].__getitem__)) == 2
    assert len(poisson_times(0.5, 0.0, math.nextafter(end, 0.0), [0.5, 0.5].__getitem__)) == 1


def test_a_stream_begins_so_early_that_hardly_a_cut_of_before_is_missed() -> None:
    """An exponential length is above this many means once in 480 million."""
    assert math.exp(-CUTS_BEFORE) == pytest.approx(1 / 480e6, rel=0.02)


def test_gaps_are_exponential() -> None:
    """Kolmogorov-Smirnov over some 10,000 gaps; refuses a right sampler once in 1,000 seeds, and this seed is fixed."""
    times = stream(1, PER_MIN, 0.0, LONG)
    assert stats.kstest(np.diff([0.0, *times]), "expon", args=(0.0, 1.0 / PER_MIN)).pvalue > 1e-3


def test_the_number_is_poisson() -> None:
    """Mean and variance of 2,000 counts of mean 4.8; both bounds fail a right sampler once in 1,000 seeds (fixed)."""
    counts = np.array([len(stream(seed, 0.04, 30.0, 150.0)) for seed in range(2000)])
    mean = 0.04 * 120.0
    low, high = stats.poisson.ppf([0.0005, 0.9995], mean * len(counts))
    assert low <= counts.sum() <= high
    dispersion = ((counts - counts.mean()) ** 2).sum() / counts.mean()
    assert stats.chi2.ppf(0.0005, len(counts) - 1) < dispersion < stats.chi2.ppf(0.9995, len(counts) - 1)


def test_moments_lie_evenly_in_the_span() -> None:
    """Given their number, arrivals are uniform: Kolmogorov-Smirnov, 1 in 1,000 (seed fixed)."""
    times = np.concatenate([stream(seed, 0.1, -50.0, 50.0) for seed in range(400)])
    assert times.min() > -50.0
    assert times.max() <= 50.0
    assert stats.kstest(times, "uniform", args=(-50.0, 100.0)).pvalue > 1e-3


@pytest.mark.parametrize(("rate", "end"), [(0.0, 1e6), (0.5, 0.0)])
def test_nothing_comes_at_no_rate_or_in_no_time(rate: float, end: float) -> None:
    assert poisson_times(rate, 0.0, end, [0.5].__getitem__) == []


def test_a_drawn_number_lies_between_its_bounds() -> None:
    assert [drawn_between(draw, 2.0, 6.0) for draw in (0.0, 0.25, 1.0)] == [2.0, 3.0, 6.0]


def test_each_whole_number_has_the_same_share_the_last_one_too() -> None:
    """Three to six: a quarter each."""
    assert [drawn_whole(k / 8, 3, 6) for k in range(8)] == [3, 3, 4, 4, 5, 5, 6, 6]
    assert drawn_whole(0.999, 5, 5) == 5
