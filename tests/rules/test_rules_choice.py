"""What a way seems to cost: enumeration, NumPy, and the logit that Gumbel numbers make of it."""

from __future__ import annotations

import itertools
import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sim.rules.choice import added_up, detected_by_any, least, perceived_cost
from sim.rules.randomness import Purpose, gumbel, replication_key

CHANCES = st.lists(st.floats(0, 1), max_size=6)


@given(CHANCES)
def test_detected_by_any_is_the_sum_over_all_ways_to_be_detected(chances: list[float]) -> None:
    total = 0.0
    for seen in itertools.product((False, True), repeat=len(chances)):
        if any(seen):
            total += math.prod(p if hit else 1 - p for p, hit in zip(chances, seen, strict=True))
    assert math.isclose(detected_by_any(chances), total, abs_tol=1e-12)


def test_a_sum_goes_from_left_to_right() -> None:
    """In doubles, a tenth added ten times falls short of one, and 1 is lost beside 1e16."""
    assert added_up([0.1] * 10) == 0.9999999999999999
    assert added_up([1e16, 1.0, 1.0, -1e16]) == 0.0
    assert added_up([1.0, 1.0, 1e16, -1e16]) == 2.0
    assert added_up([]) == 0.0


@given(st.lists(st.integers(-5, 5), min_size=1, max_size=8))
def test_the_first_of_the_least_is_taken(costs: list[int]) -> None:
    assert least([float(cost) for cost in costs]) == int(np.argmin(costs))


def test_a_cost_by_hand() -> None:
    """300 minutes, half a detection at 80 minutes each, and a liking worth 15."""
    assert perceived_cost(300, 80, 0.5, 15) == 325.0
    assert perceived_cost(300, 80, 0.0) == 300.0
    assert perceived_cost(300, 0, 1.0) == 300.0


def test_gumbel_tastes_make_a_logit() -> None:
    """4,000 choices among three costs against the softmax; chi-square, 1 in 1,000 (keys fixed)."""
    costs, scale = np.array([100.0, 130.0, 170.0]), 40.0
    run = replication_key(5, 0)
    counts = np.zeros(3)
    for who in range(4000):
        tastes = [scale * gumbel(run, who, Purpose.TASTE, place) for place in range(3)]
        counts[least([perceived_cost(cost, 0, 0, taste) for cost, taste in zip(costs, tastes, strict=True)])] += 1
    share = np.exp(-costs / scale) / np.exp(-costs / scale).sum()
    assert stats.chisquare(counts, 4000 * share).pvalue > 1e-3
