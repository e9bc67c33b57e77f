"""Interim looks: the adjusted interval against its formula, coverage under looking, and the confidence sequence."""

from __future__ import annotations

import math

import numpy as np
import pytest
from statsmodels.stats.proportion import proportion_confint

from sim.statistics import PairedTable
from sim.statistics.paired import tango_limits
from sim.statistics.sequential import agresti_min_interval, confidence_sequence, interim_interval

CORNERS = {"rare, one way": (0.03, 0.0), "common": (0.15, 0.05), "null": (0.04, 0.04), "nearly all": (0.45, 0.02)}


def differences(rng: np.random.Generator, runs: int, n: int, p10: float, p01: float) -> np.ndarray:
    return rng.choice([1, -1, 0], size=(runs, n), p=[p10, p01, 1 - p10 - p01]).astype(np.int8)


def test_the_adjusted_interval_is_walds_with_half_a_pair_more_in_each_cell() -> None:
    """By hand: b = 15.5, c = 5.5, n = 102; 10/102 +- 1.959964 sqrt(21 - 100/102) / 102."""
    half = 1.959963984540054 * math.sqrt(21 - 100 / 102) / 102
    assert agresti_min_interval(PairedTable(30, 15, 5, 50)) == pytest.approx((10 / 102 - half, 10 / 102 + half))


def test_the_adjusted_interval_has_a_width_without_discordant_pairs() -> None:
    low, high = agresti_min_interval(PairedTable(10, 0, 0, 190))
    assert low == pytest.approx(-high)
    assert high == pytest.approx(1.959963984540054 / 202)


def test_no_pairs_no_interval() -> None:
    assert all(map(math.isnan, agresti_min_interval(PairedTable(0, 0, 0, 0))))


def test_a_look_takes_clusters_into_account() -> None:
    """Twelve groups a replication that all fare alike are one observation, not twelve."""
    rng = np.random.default_rng(5)
    y1, y0 = np.repeat(rng.random(40) < 0.6, 12), np.repeat(rng.random(40) < 0.4, 12)
    together = interim_interval(y1, y0, np.repeat(np.arange(40), 12))
    apart = interim_interval(y1, y0, np.arange(480))
    assert together[1] - together[0] > 3 * (apart[1] - apart[0])


@pytest.mark.parametrize("corner", CORNERS)
def test_the_interval_reported_after_stopping_keeps_its_coverage(corner: str) -> None:
    """Looks at every hundred from 200 on, by the adjusted interval, to 0.02; then Tango's interval. 1,000 runs.

    At a true coverage of 0.95 fewer than 0.93 of them would cover with a probability of 0.003.
    """
    p10, p01 = CORNERS[corner]
    n = np.arange(100, 6001, 100)
    cells = np.random.default_rng(11).multinomial(100, [p10, p01, 1 - p10 - p01], size=(1000, len(n))).cumsum(axis=1)
    b, c = cells[:, 1:, 0], cells[:, 1:, 1]
    half = 1.959964 * np.sqrt(b + c + 1 - (b - c) ** 2 / (n[1:] + 2)) / (n[1:] + 2)
    assert (half[:, -1] <= 0.02).all()
    first = (half <= 0.02).argmax(axis=1)
    covered = 0
    for run, stop in enumerate(first):
        low, high = tango_limits(int(b[run, stop]), int(c[run, stop]), int(n[1 + stop]), 1.959964)
        covered += low <= p10 - p01 <= high
    assert covered >= 930


@pytest.mark.parametrize("corner", CORNERS)
def test_the_confidence_sequence_holds_at_all_times_together(corner: str) -> None:
    """400 runs of 2,000 at 95 %: the share of runs whose limits ever miss the mean is at most 0.05 by theory.

    The test fails when the lower Clopper-Pearson limit of that share, at 99.9 %, lies above 0.05.
    """
    p10, p01 = CORNERS[corner]
    d = differences(np.random.default_rng(3), 400, 2000, p10, p01)
    missed = 0
    for row in d:
        low, high = confidence_sequence(row)
        missed += bool((low > p10 - p01).any() or (high < p10 - p01).any())
    assert proportion_confint(missed, 400, alpha=0.002, method="beta")[0] <= 0.05


def test_the_confidence_sequence_is_that_of_the_theorem_step_by_step() -> None:
    """Theorem 2 and equation 24 of Waudby-Smith and Ramdas in a plain loop: each weight from earlier numbers alone."""
    d = [1, 0, 0, -1, 1, 1, 0, 1, -1, 0, 0, 0, 1, 1, 0] * 10  # weights are below their bound from the 50th on
    budget = math.log(2 / 0.05)
    seen: list[float] = []
    squares, total, weighted, cost, lowest, highest = 0.25, 0.0, 0.0, 0.0, 0.0, 1.0
    for t, (difference, low, high) in enumerate(zip(d, *confidence_sequence(d), strict=True), start=1):
        x, mean, variance = (difference + 1) / 2, (0.5 + sum(seen)) / t, squares / t
        weight = min(math.sqrt(2 * budget / (variance * t * math.log(1 + t))), 0.5)
        total, weighted = total + weight, weighted + weight * x
        cost += 4 * (x - mean) ** 2 * (-math.log(1 - weight) - weight) / 4
        lowest = max(lowest, (weighted - budget - cost) / total)
        highest = min(highest, (weighted + budget + cost) / total)
        assert (low, high) == pytest.approx((2 * lowest - 1, 2 * highest - 1))
        seen.append(x)
        squares += (x - (0.5 + sum(seen)) / (t + 1)) ** 2


def test_the_confidence_sequence_closes_in_on_the_mean() -> None:
    d = differences(np.random.default_rng(9), 1, 50_000, 0.12, 0.02)[0]
    low, high = confidence_sequence(d)
    assert (np.diff(low) >= 0).all()
    assert (np.diff(high) <= 0).all()
    assert low[-1] < 0.1 < high[-1]
    wald = 2 * 1.96 * math.sqrt(0.14 - 0.01) / math.sqrt(50_000)
    assert wald < high[-1] - low[-1] < 4 * wald


def test_differences_beyond_one_are_refused() -> None:
    with pytest.raises(ValueError, match=r"-1 to 1"):
        confidence_sequence([0.0, 1.5])
