"""Paired intervals and McNemar's test: golden values, an independent inversion, corners, invariances."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from scipy.special import xlogy
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.proportion import proportion_confint

from sim.statistics.paired import (
    EXACT_BELOW,
    mcnemar_p,
    newcombe_interval,
    risk_ratio,
    risk_ratio_interval,
    tango_interval,
    tango_limits,
)
from sim.statistics.table import PairedTable

Z = 1.959963984540054
INTERVALS = [newcombe_interval, tango_interval]
counts = st.integers(0, 400)
tables = st.builds(PairedTable, counts, counts, counts, counts).filter(lambda table: table.total > 0)


def test_golden_values_of_the_example_of_100_pairs() -> None:
    table = PairedTable(30, 15, 5, 50)
    assert newcombe_interval(table) == pytest.approx((0.0122161, 0.1849178), abs=5e-8)
    assert tango_interval(table) == pytest.approx((0.01345, 0.19240), abs=5e-6)


def test_newcombes_own_example_with_an_empty_cell() -> None:
    # Newcombe (1998), method 10, cells 36, 12, 2, 0.
    assert newcombe_interval(PairedTable(36, 12, 2, 0)) == pytest.approx((0.0569, 0.3404), abs=5e-5)


def test_published_intervals_of_161_patients_before_and_after_therapy() -> None:
    # Fagerland, Lydersen and Laake (2014), complete response in Cavo et al. (2012).
    table = PairedTable(59, 6, 16, 80)
    assert newcombe_interval(table) == pytest.approx((-0.1186, -0.0046), abs=5e-5)
    assert risk_ratio_interval(table) == pytest.approx((0.7579, 0.9910), abs=5e-5)
    assert risk_ratio(table) == pytest.approx(0.8667, abs=5e-5)


def test_published_intervals_of_21_children_before_and_after_transplantation() -> None:
    # Fagerland, Lydersen and Laake (2014), airway hyper-responsiveness in Bentur et al. (2009); the R package ratesci
    # notes the same limits of Tango's interval.
    table = PairedTable(1, 1, 7, 12)
    assert tango_interval(table) == pytest.approx((-0.517, -0.026), abs=5e-4)
    assert newcombe_interval(table) == pytest.approx((-0.507, -0.026), abs=5e-4)


def test_tango_agrees_with_propcis_at_90_percent() -> None:
    # scoreci.mp(25, 28, 618, conf.level = 0.90) of the R package PropCIs, which estimates (second - first) / n.
    assert tango_limits(28, 25, 618, stats.norm.ppf(0.95)) == pytest.approx((-0.0148, 0.0247), abs=5e-5)


@pytest.mark.parametrize("cells", [(0, 0, 0, 9), (9, 0, 0, 0), (0, 9, 0, 0), (0, 0, 9, 0), (4, 5, 0, 0), (0, 5, 0, 4)])
def test_newcombe_with_empty_cells_is_the_sum_of_squares_of_two_wilson_intervals(cells: tuple[int, ...]) -> None:
    # With an empty margin the correlation counts as 0 (Newcombe 1998), and the limits follow from Wilson's alone.
    table, n = PairedTable(*cells), sum(cells)
    wilson = [proportion_confint(count, n, method="wilson") for count in (cells[0] + cells[1], cells[0] + cells[2])]
    (low1, high1), (low0, high0), d = *wilson, table.difference
    lower = d - math.hypot(table.p1 - low1, high0 - table.p0)
    upper = d + math.hypot(high1 - table.p1, table.p0 - low0)
    assert newcombe_interval(table) == pytest.approx((max(-1, lower), min(1, upper)), abs=1e-12)


def most_likely_q01(difference: np.ndarray, n10: int, n01: int, total: int) -> np.ndarray:
    """Maximise the trinomial likelihood by ternary search, knowing nothing of its closed form."""
    low, high = np.maximum(0.0, -difference), (1 - difference) / 2
    for _ in range(120):
        left, right = low + (high - low) / 3, high - (high - low) / 3
        likelihood = [
            xlogy(n10, np.maximum(0, q + difference))
            + xlogy(n01, q)
            + xlogy(total - n10 - n01, np.maximum(0, 1 - 2 * q - difference))
            for q in (left, right)
        ]
        better_right = likelihood[1] > likelihood[0]
        low, high = np.where(better_right, left, low), np.where(better_right, high, right)
    return (low + high) / 2


@pytest.mark.parametrize("total", [1, 4, 9])
def test_tango_inverts_the_score_test_on_every_small_table(total: int) -> None:
    grid = np.linspace(-1, 1, 2001)
    for n10 in range(total + 1):
        for n01 in range(total + 1 - n10):
            q01 = most_likely_q01(grid, n10, n01, total)
            # The maximiser is known to about 1e-8, which is why a zero variance is not quite one.
            deviation = total * (2 * q01 + grid - grid**2)
            accepted = grid[(n10 - n01 - total * grid) ** 2 <= Z**2 * deviation + 1e-6]
            low, high = tango_limits(n10, n01, total, Z)
            assert low == pytest.approx(accepted.min(), abs=0.0011)
            assert high == pytest.approx(accepted.max(), abs=0.0011)


@pytest.mark.parametrize("total", [1, 2, 50, 10**6])
def test_tango_in_the_corners(total: int) -> None:
    quiet, lopsided = Z**2 / (total + Z**2), (total - Z**2) / (total + Z**2)
    assert tango_interval(PairedTable(total, 0, 0, 0)) == pytest.approx((-quiet, quiet), rel=1e-6)
    assert tango_interval(PairedTable(0, 0, 0, total)) == pytest.approx((-quiet, quiet), rel=1e-6)
    assert tango_interval(PairedTable(0, total, 0, 0)) == pytest.approx((lopsided, 1.0), abs=1e-9)
    assert tango_interval(PairedTable(0, 0, total, 0)) == pytest.approx((-1.0, -lopsided), abs=1e-9)


def swapped(table: PairedTable) -> PairedTable:
    return PairedTable(table.both, table.only_without, table.only_with, table.neither)


@given(tables)
def test_exchanging_the_arms_changes_the_sign_and_inverts_the_ratio(table: PairedTable) -> None:
    for interval in INTERVALS:
        low, high = interval(table)
        assert interval(swapped(table)) == pytest.approx((-high, -low), abs=1e-12)
    low, high = risk_ratio_interval(table)
    inverse = (0.0 if high == math.inf else 1 / high, math.inf if low == 0 else 1 / low)
    assert risk_ratio_interval(swapped(table)) == pytest.approx(inverse, rel=1e-9)
    assert mcnemar_p(swapped(table)) == mcnemar_p(table)


@given(tables)
def test_intervals_enclose_the_estimate_and_stay_in_range(table: PairedTable) -> None:
    for interval in INTERVALS:
        low, high = interval(table)
        assert -1 <= low <= table.difference <= high <= 1
        assert low < high
    low, high = risk_ratio_interval(table)
    assert 0 <= low < high
    if not math.isnan(risk_ratio(table)):
        assert low <= risk_ratio(table) <= high


@given(tables, st.integers(0, 100))
def test_tango_does_not_ask_which_outcome_the_concordant_pairs_share(table: PairedTable, moved: int) -> None:
    moved = min(moved, table.both)
    other = PairedTable(table.both - moved, table.only_with, table.only_without, table.neither + moved)
    assert tango_interval(other) == tango_interval(table)


def test_both_meet_walds_in_large_samples() -> None:
    table = PairedTable(3_000_000, 1_500_000, 500_000, 5_000_000)
    half = Z * math.sqrt(2_000_000 - 1_000_000**2 / 10_000_000) / 10_000_000
    for interval in INTERVALS:
        assert interval(table) == pytest.approx((0.1 - half, 0.1 + half), abs=2e-6)


def test_a_table_without_pairs_has_no_effect_to_speak_of() -> None:
    empty = PairedTable(0, 0, 0, 0)
    for interval in INTERVALS:
        assert all(math.isnan(limit) for limit in interval(empty))
    assert math.isnan(risk_ratio(empty))
    assert risk_ratio_interval(empty) == (0.0, math.inf)
    assert mcnemar_p(empty) == 1.0


def test_risk_ratio_in_the_corners() -> None:
    gained = PairedTable(0, 3, 0, 7)
    assert risk_ratio(gained) == math.inf
    low, high = risk_ratio_interval(gained)
    assert 0 < low < math.inf
    assert high == math.inf
    assert risk_ratio(swapped(gained)) == 0.0
    assert risk_ratio_interval(swapped(gained)) == pytest.approx((0.0, 1 / low))
    assert math.isnan(risk_ratio(PairedTable(0, 0, 0, 7)))
    assert risk_ratio_interval(PairedTable(0, 0, 0, 7)) == (0.0, math.inf)


@given(counts, st.integers(0, 60), st.integers(0, 60), counts)
def test_mcnemar_agrees_with_statsmodels(both: int, gained: int, lost: int, neither: int) -> None:
    table = PairedTable(both, gained, lost, neither)
    exact = gained + lost < EXACT_BELOW
    if gained + lost:
        expected = mcnemar([[both, gained], [lost, neither]], exact=exact, correction=False).pvalue
        assert mcnemar_p(table) == pytest.approx(expected, rel=1e-9)
    else:
        assert mcnemar_p(table) == 1.0


def test_mcnemar_is_exact_below_25_discordant_pairs_and_not_at_25() -> None:
    for gained, exact in ((16, True), (17, False)):
        table = PairedTable(0, gained, 8, 0)
        expected = mcnemar([[0, gained], [8, 0]], exact=exact, correction=False).pvalue
        assert mcnemar_p(table) == pytest.approx(expected, rel=1e-9)
