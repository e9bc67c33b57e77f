"""What a way seems to cost: enumeration, NumPy, and the logit that Gumbel numbers make of it."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from given_draws import one_draw
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sim.rules import choice
from sim.rules.choice import (
    detected_by_any,
    felt_danger,
    is_known_to,
    known_danger,
    least,
    liked,
    perceived_cost,
    taste_min,
)
from sim.rules.randomness import Purpose, gumbel_of, pair, replication_key, uniform

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
    assert known_danger([1.0] * 10, [0.1] * 10) == 0.9999999999999999
    assert known_danger([1.0] * 4, [1e16, 1.0, 1.0, -1e16]) == 0.0
    assert known_danger([1.0] * 4, [1.0, 1.0, 1e16, -1e16]) == 2.0
    assert known_danger([], []) == 0.0
    assert known_danger([1.0, 0.5, 0.0], [0.25, 0.5, 1.0]) == 0.5


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
        tastes = [scale * gumbel_of(uniform(run, who, Purpose.TASTE, place)) for place in range(3)]
        counts[least([perceived_cost(cost, 0, 0, taste) for cost, taste in zip(costs, tastes, strict=True)])] += 1
    share = np.exp(-costs / scale) / np.exp(-costs / scale).sum()
    assert stats.chisquare(counts, 4000 * share).pvalue > 1e-3


@pytest.mark.parametrize(("draw", "known"), [(0.29, True), (0.3, False)])
def test_a_post_is_known_to_as_many_as_said(draw: float, known: bool) -> None:
    told = one_draw(choice, draw, lambda: is_known_to(7, 9, 2, 0.3))
    assert told == (known, [(7, pair(9, 2), Purpose.AWARENESS, 0)])


@pytest.mark.parametrize(
    ("behaviour", "danger"),
    [("unaware", 0.0), ("learning", 0.3), ("best_response", 0.8125), ("informed", 0.75), ("quantal", 0.75)],
)
def test_danger_is_felt_by_what_a_group_knows(behaviour: str, danger: float) -> None:
    """Two posts that detect in half and a quarter of the cases, the second known by all; a patrol in half."""
    assert felt_danger(behaviour, 0.3, [0.5, 0.25], [0.5], [1.0, 1.0]) == danger
    half = felt_danger(behaviour, 0.3, [0.5, 0.25], [0.5], [0.5, 1.0])
    assert half == (0.5 if behaviour in ("informed", "quantal") else danger)


def test_a_liking_counts_as_said_and_goes_to_a_crossing_point_or_a_way() -> None:
    scales = {name: taste_min(name, 30.0, 15.0) for name in ("unaware", "informed", "learning", "quantal")}
    assert scales == {"unaware": 30.0, "informed": 30.0, "learning": 30.0, "quantal": 15.0}
    assert taste_min("best_response", 30.0, 15.0) == 0.0
    assert [liked(name, "c03", "west") for name in ("quantal", "unaware", "best_response")] == [
        "c03",
        "c03/west",
        "c03/west",
    ]
