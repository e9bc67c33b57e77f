"""Probabilities of causation: the worked example, bounds by brute force, corners."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.statistics import PairedTable, wilson
from sim.study.compare.effects import CAUSES, causation_bounds, probabilities_of_causation

counts = st.integers(0, 40)
tables = st.builds(PairedTable, counts, counts, counts, counts)


def test_the_worked_example_of_seven_and_five_in_ten() -> None:
    bounds = causation_bounds(0.7, 0.5)
    assert bounds["pn"] == pytest.approx([2 / 7, 5 / 7])
    assert bounds["ps"] == pytest.approx([0.4, 1.0])
    assert bounds["pns"] == pytest.approx([0.2, 0.5])


def test_counts_and_intervals_by_hand() -> None:
    found = probabilities_of_causation(PairedTable(both=45, only_with=25, only_without=5, neither=25))
    assert [found[name] for name in CAUSES] == pytest.approx([25 / 70, 25 / 50, 25 / 100])
    assert [found[f"{name}_ci95"] for name in CAUSES] == [list(wilson(25, whole)) for whole in (70, 50, 100)]


@given(counts, counts, counts, counts)
def test_bounds_are_the_extremes_over_all_tables_with_the_same_margins(a: int, b: int, c: int, d: int) -> None:
    n, with_it, without_it = a + b + c + d, a + b, a + c
    if n == 0:
        return
    # Every table with these margins, one for each possible number of only-with pairs.
    only_with = range(max(0, with_it - without_it), min(with_it, n - without_it) + 1)
    bounds = causation_bounds(with_it / n, without_it / n)
    for name, whole in zip(CAUSES, (with_it, n - without_it, n), strict=True):
        if whole:
            assert bounds[name] == pytest.approx([only_with[0] / whole, only_with[-1] / whole])


@given(tables)
def test_what_is_counted_lies_within_bounds_and_interval(table: PairedTable) -> None:
    found = probabilities_of_causation(table)
    for name in CAUSES:
        if found[name] is None:
            assert found[f"{name}_ci95"] is found[f"{name}_bounds"] is None
            continue
        for low, high in (found[f"{name}_ci95"], found[f"{name}_bounds"]):
            assert low - 1e-12 <= found[name] <= high + 1e-12


def test_undefined_in_the_corners() -> None:
    nothing = probabilities_of_causation(PairedTable(0, 0, 0, 0))
    assert nothing["pn"] is nothing["ps"] is nothing["pns"] is None
    never_with = probabilities_of_causation(PairedTable(0, 0, 3, 7))
    assert never_with["pn"] is None
    assert never_with["ps"] == 0.0
    always_without = probabilities_of_causation(PairedTable(8, 0, 2, 0))
    assert always_without["ps"] is None
    assert always_without["pn"] == 0.0


def test_harm_sets_the_lower_bound_to_zero() -> None:
    assert probabilities_of_causation(PairedTable(3, 1, 4, 2))["pn_bounds"][0] == 0.0
