"""Probabilities of causation: the worked example, bounds by brute force, corners."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.statistics.causation import (
    necessity_and_sufficiency_bounds,
    necessity_bounds,
    necessity_if_monotone,
    probabilities_of_causation,
    sufficiency_bounds,
    sufficiency_if_monotone,
)
from sim.statistics.proportion import wilson
from sim.statistics.table import PairedTable

counts = st.integers(0, 40)
tables = st.builds(PairedTable, counts, counts, counts, counts)


def test_the_worked_example_of_seven_and_five_in_ten() -> None:
    assert necessity_bounds(0.7, 0.5) == pytest.approx((2 / 7, 5 / 7))
    assert sufficiency_bounds(0.7, 0.5) == pytest.approx((0.4, 1.0))
    assert necessity_and_sufficiency_bounds(0.7, 0.5) == pytest.approx((0.2, 0.5))
    assert necessity_if_monotone(0.7, 0.5) == pytest.approx(0.285714, abs=5e-7)
    assert sufficiency_if_monotone(0.7, 0.5) == pytest.approx(0.4)


def test_counts_and_intervals_by_hand() -> None:
    result = probabilities_of_causation(PairedTable(both=45, only_with=25, only_without=5, neither=25), 0.9)
    assert (result.pn, result.ps, result.pns) == pytest.approx((25 / 70, 25 / 50, 25 / 100))
    assert result.pn_interval == wilson(25, 70, 0.9)
    assert result.ps_interval == wilson(25, 50, 0.9)
    assert result.pns_interval == wilson(25, 100, 0.9)
    assert result.pns_monotone == pytest.approx(0.2)
    assert result.confidence == 0.9


@given(counts, counts, counts, counts)
def test_bounds_are_the_extremes_over_all_tables_with_the_same_margins(a: int, b: int, c: int, d: int) -> None:
    n, with_it, without_it = a + b + c + d, a + b, a + c
    if n == 0:
        return
    # Every table with these margins, one for each possible number of only-with pairs.
    only_with = range(max(0, with_it - without_it), min(with_it, n - without_it) + 1)
    p1, p0 = with_it / n, without_it / n
    assert necessity_and_sufficiency_bounds(p1, p0) == pytest.approx((only_with[0] / n, only_with[-1] / n))
    if with_it:
        assert necessity_bounds(p1, p0) == pytest.approx((only_with[0] / with_it, only_with[-1] / with_it))
    if n - without_it:
        failed = n - without_it
        assert sufficiency_bounds(p1, p0) == pytest.approx((only_with[0] / failed, only_with[-1] / failed))


@given(tables)
def test_what_is_counted_lies_within_bounds_and_interval(table: PairedTable) -> None:
    result = probabilities_of_causation(table)
    for name in ("pn", "ps", "pns"):
        value = getattr(result, name)
        if value is None:
            assert getattr(result, f"{name}_interval") is None
            assert getattr(result, f"{name}_bounds") is None
            assert getattr(result, f"{name}_monotone") is None
            continue
        for low, high in (getattr(result, f"{name}_interval"), getattr(result, f"{name}_bounds")):
            assert low - 1e-12 <= value <= high + 1e-12


@given(counts, counts, counts)
def test_without_spoilt_successes_the_monotone_values_are_the_counts(both: int, only_with: int, neither: int) -> None:
    result = probabilities_of_causation(PairedTable(both, only_with, 0, neither))
    for name in ("pn", "ps", "pns"):
        value = getattr(result, name)
        if value is not None:
            assert getattr(result, f"{name}_monotone") == pytest.approx(value, abs=1e-12)


def test_undefined_in_the_corners() -> None:
    nothing = probabilities_of_causation(PairedTable(0, 0, 0, 0))
    assert nothing.pn is nothing.ps is nothing.pns is None
    never_with = probabilities_of_causation(PairedTable(0, 0, 3, 7))
    assert never_with.pn is None
    assert never_with.ps == 0.0
    always_without = probabilities_of_causation(PairedTable(8, 0, 2, 0))
    assert always_without.ps is None
    assert always_without.pn == 0.0


def test_harm_refutes_monotonicity() -> None:
    result = probabilities_of_causation(PairedTable(3, 1, 4, 2))
    assert result.pn_monotone is result.ps_monotone is result.pns_monotone is None
    assert result.pn_bounds is not None
    assert result.pn_bounds[0] == 0.0


@pytest.mark.parametrize(("p1", "p0"), [(-0.1, 0.5), (0.5, 1.1), (math.nan, 0.5)])
def test_margins_that_are_no_probabilities_are_refused(p1: float, p0: float) -> None:
    for bounds in (necessity_bounds, sufficiency_bounds, necessity_and_sufficiency_bounds):
        with pytest.raises(ValueError, match=r"^p[01] = "):
            bounds(p1, p0)
