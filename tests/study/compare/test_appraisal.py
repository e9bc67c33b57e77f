"""What an arm's money buys, by hand."""

from __future__ import annotations

import math

import pytest

from sim.scenario.costs import Appraisal
from sim.study.compare.appraisal import appraise, most_per_dollar

TERMS = Appraisal(groups_per_year=50.0, years=10.0, discount_rate=0.0, value_usd=20_000.0)


def test_a_clear_effect() -> None:
    """0.1 x 50 x 10 = 50 more groups for 900,000; each must be worth 18,000, or 45 groups a year must come."""
    found = appraise(0.1, [0.05, 0.2], 900_000.0, TERMS)
    assert found["extra_per_year"] == pytest.approx(5.0)
    assert found["extra_per_year_ci95"] == pytest.approx([2.5, 10.0])
    assert found["cost_per_interdiction_usd"] == pytest.approx(18_000.0)
    assert found["cost_per_interdiction_ci95"] == pytest.approx([9_000.0, 36_000.0])
    assert found["break_even_groups_per_year"] == pytest.approx(45.0)
    assert found["break_even_groups_ci95"] == pytest.approx([22.5, 90.0])


@pytest.mark.parametrize(("low", "high", "ends"), [(-0.1, 0.2, [9_000.0, None]), (0.0, 0.2, [9_000.0, None])])
def test_an_interval_that_holds_zero_has_no_upper_limit(low: float, high: float, ends: list[float | None]) -> None:
    assert appraise(0.05, [low, high], 900_000.0, TERMS)["cost_per_interdiction_ci95"] == pytest.approx(ends)


def test_an_arm_that_stops_fewer_has_no_price() -> None:
    found = appraise(-0.1, [-0.2, -0.05], 900_000.0, TERMS)
    assert found["cost_per_interdiction_usd"] is None
    assert found["cost_per_interdiction_ci95"] == [None, None]
    assert found["break_even_groups_per_year"] is None


@pytest.mark.parametrize("cost", [0.0, -300_000.0])
@pytest.mark.parametrize("ends", [[0.05, 0.2], [-0.2, 0.05]])
def test_what_costs_no_more_has_no_price(cost: float, ends: list[float]) -> None:
    """Money saved over groups stopped is no cost of an interdiction, and must not look like one with ends swapped."""
    found = appraise(sum(ends) / 2, ends, cost, TERMS)
    assert found["verdict"] == "saves"
    assert found["cost_per_interdiction_usd"] is found["extra_per_million_usd"] is None
    assert found["cost_per_interdiction_ci95"] == found["break_even_groups_ci95"] == [None, None]


@pytest.mark.parametrize(
    ("ends", "verdict"),
    [
        ([0.05, 0.2], "priced"),
        ([0.0, 0.2], "open"),
        ([-0.1, 0.0], "dominated"),
        ([-0.2, -0.1], "dominated"),
        ([math.nan, math.nan], "unknown"),
    ],
)
def test_the_verdict_tells_why_an_end_is_missing(ends: list[float], verdict: str) -> None:
    assert appraise(0.0, ends, 900_000.0, TERMS)["verdict"] == verdict


def test_groups_for_a_million_by_hand() -> None:
    """0.1 x 50 x 10 = 50 groups for 0.9 million; it is defined where a price is not."""
    found = appraise(-0.1, [-0.2, 0.1], 900_000.0, TERMS)
    assert found["extra_per_million_usd"] == pytest.approx(-50 / 0.9)
    assert found["extra_per_million_ci95"] == pytest.approx([-100 / 0.9, 50 / 0.9])


def test_equal_arms_share_a_rank() -> None:
    found = {name: {"extra_per_million_usd": rate} for name, rate in zip("abcd", (3.0, None, 5.0, 3.0), strict=True)}
    assert most_per_dollar(found) == {"a": 2, "b": None, "c": 1, "d": 2}


def test_worthless_interdictions_never_pay() -> None:
    found = appraise(
        0.1, [0.05, 0.2], 900_000.0, Appraisal(groups_per_year=50.0, years=10.0, discount_rate=0.0, value_usd=0.0)
    )
    assert found["break_even_groups_per_year"] is None
    assert found["break_even_groups_ci95"] == [None, None]


def test_break_even_is_where_worth_and_cost_meet() -> None:
    """With as many groups as break even, one more interdiction costs just what it is held to be worth."""
    groups = appraise(0.07, [0.02, 0.1], 900_000.0, TERMS)["break_even_groups_per_year"]
    again = appraise(0.07, [0.02, 0.1], 900_000.0, TERMS.model_copy(update={"groups_per_year": groups}))
    assert again["cost_per_interdiction_usd"] == pytest.approx(TERMS.value_usd)
