"""Clustered paired effects: hand-worked values, agreement with known intervals, and their coverage."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sim.statistics.clustered import (
    clustered_difference,
    difference_of_means_interval,
    paired_difference,
    variance_reduction,
)
from sim.statistics.paired import tango_interval, tango_limits
from sim.statistics.table import PairedTable


def test_ratio_estimator_by_hand_with_unequal_clusters() -> None:
    y1, y0 = [1, 1, 0, 1, 1, 0], [0, 1, 0, 0, 0, 1]
    cluster = ["c", "c", "a", "b", "b", "b"]
    # Sums of differences a 0, b 1 + 1 - 1 = 1, c 1; sizes 1, 3, 2; mean 2/6.
    residual = (0 - 1 / 3) ** 2 + (1 - 3 / 3) ** 2 + (1 - 2 / 3) ** 2
    half = stats.t.ppf(0.975, 2) * math.sqrt(3 / 2 * residual) / 6
    assert clustered_difference(y1, y0, cluster) == pytest.approx((1 / 3, 1 / 3 - half, 1 / 3 + half))


def test_one_unit_a_cluster_gives_the_paired_t_interval() -> None:
    rng = np.random.default_rng(11)
    y1, y0 = rng.random(200) < 0.6, rng.random(200) < 0.4
    expected = stats.ttest_rel(y1.astype(float), y0.astype(float)).confidence_interval(0.95)
    mean, low, high = clustered_difference(y1, y0, rng.permutation(200))
    assert (low, high) == pytest.approx((expected.low, expected.high))
    assert mean == pytest.approx(y1.mean() - y0.mean())


def test_doubling_every_unit_inside_its_cluster_changes_nothing() -> None:
    rng = np.random.default_rng(12)
    y1, y0, cluster = rng.random(60) < 0.6, rng.random(60) < 0.4, rng.integers(0, 20, 60)
    doubled = clustered_difference(np.repeat(y1, 2), np.repeat(y0, 2), np.repeat(cluster, 2))
    assert doubled == pytest.approx(clustered_difference(y1, y0, cluster))


@given(st.lists(st.tuples(st.booleans(), st.booleans(), st.integers(0, 6)), min_size=2, max_size=40))
def test_order_does_not_matter_and_exchanging_arms_changes_the_sign(rows: list[tuple[bool, bool, int]]) -> None:
    y1, y0, cluster = map(np.array, zip(*rows, strict=True))
    mean, low, high = clustered_difference(y1, y0, cluster)
    backwards = clustered_difference(y1[::-1], y0[::-1], cluster[::-1])
    assert backwards == pytest.approx((mean, low, high), nan_ok=True)
    assert clustered_difference(y0, y1, cluster) == pytest.approx((-mean, -high, -low), nan_ok=True)
    if len(set(cluster.tolist())) > 1:
        assert -1 <= low <= mean <= high <= 1
        assert low < high


def test_identical_arms_keep_a_width_that_counts_clusters_only() -> None:
    y = np.tile([True, False, True], 40)
    mean, low, high = clustered_difference(y, y, np.repeat(np.arange(40), 3))
    assert mean == 0.0
    assert (low, high) == pytest.approx(tango_interval(PairedTable(40, 0, 0, 0)))


def test_too_few_clusters_have_no_interval() -> None:
    mean, low, high = clustered_difference([1, 1], [1, 0], [7, 7])
    assert mean == 0.5
    assert math.isnan(low)
    assert math.isnan(high)
    assert all(math.isnan(value) for value in clustered_difference([], [], []))


def test_coverage_under_shared_random_numbers() -> None:
    # 1,500 samples of 80 replications with 6 groups each, correlated within a replication. A 95 % interval leaves
    # [0.925, 0.97] with probability below 2e-4 (binomial, four standard errors of 0.0056), and the seed is fixed.
    rng = np.random.default_rng(20191103)
    cluster, truth, samples = np.repeat(np.arange(80), 6), 0.7 * 0.8 / 2.8, 1500
    covered = naive = 0
    for _ in range(samples):
        rescued = np.repeat(rng.beta(0.8, 2.0, 80), 6)
        y0 = rng.random(480) < 0.3
        y1 = y0 | (rng.random(480) < rescued)
        _, low, high = clustered_difference(y1, y0, cluster)
        covered += low <= truth <= high
        low, high = tango_interval(PairedTable.from_arrays(y1, y0))
        naive += low <= truth <= high
    assert 0.925 < covered / samples < 0.97
    assert naive / samples < 0.9


def test_paired_difference_takes_tango_for_single_units_and_clusters_otherwise() -> None:
    y1, y0 = [1, 1, 0, 1], [1, 0, 0, 0]
    table = PairedTable.from_arrays(y1, y0)
    expected = (table.difference, *tango_interval(table))
    assert paired_difference(y1, y0, [4, 3, 2, 1]) == expected
    assert paired_difference(y1, y0, [1, 1, 2, 2]) == clustered_difference(y1, y0, [1, 1, 2, 2])


def test_difference_of_means_agrees_with_the_paired_t_test() -> None:
    rng = np.random.default_rng(13)
    values = rng.normal(3, 2, 50)
    expected = stats.ttest_1samp(values, 0).confidence_interval(0.95)
    result = difference_of_means_interval(values, np.arange(50))
    assert result == pytest.approx((values.mean(), expected.low, expected.high))
    assert difference_of_means_interval([4.0, 4.0, 4.0], [0, 1, 2]) == (4.0, 4.0, 4.0)


def test_equal_clusters_of_a_measured_outcome_give_the_t_interval_of_their_means() -> None:
    rng = np.random.default_rng(14)
    values = rng.normal(0, 1, (30, 4)) + rng.normal(0, 1, (30, 1))
    expected = stats.ttest_1samp(values.mean(axis=1), 0).confidence_interval(0.95)
    _, low, high = difference_of_means_interval(values.ravel(), np.repeat(np.arange(30), 4))
    assert (low, high) == pytest.approx((expected.low, expected.high))


@pytest.mark.parametrize("bad", [[1.0, math.nan], [math.inf, 0.0], [[1.0], [2.0]]])
def test_undefined_differences_are_refused(bad: list[float]) -> None:
    with pytest.raises(ValueError, match="difference"):
        difference_of_means_interval(bad, np.arange(len(bad)))


def test_a_missing_label_is_refused() -> None:
    with pytest.raises(ValueError, match="cluster"):
        clustered_difference([1, 0], [0, 0], [1])
    assert math.isnan(difference_of_means_interval([], [])[0])
    assert math.isnan(difference_of_means_interval([2.0], [0])[1])


def test_variance_reduction_is_the_ratio_with_and_without_covariance() -> None:
    rng = np.random.default_rng(5)
    shared = rng.normal(size=400)
    y1, y0 = shared + rng.normal(size=400), shared + rng.normal(size=400)
    covariance = np.cov(y1, y0)
    independent = covariance[0, 0] + covariance[1, 1]
    assert variance_reduction(y1, y0) == pytest.approx(independent / (independent - 2 * covariance[0, 1]))


def test_variance_reduction_when_uncorrelated_is_one_and_opposed_is_a_half_by_hand() -> None:
    assert variance_reduction([0, 0, 1, 1], [0, 1, 0, 1]) == pytest.approx(1.0)
    assert variance_reduction([0, 1], [1, 0]) == pytest.approx(0.5)


def test_variance_reduction_of_booleans_and_in_corners() -> None:
    y = np.array([True, False, True])
    assert variance_reduction(y, y) == math.inf
    assert variance_reduction(y, ~y) == pytest.approx(0.5)
    assert math.isnan(variance_reduction([1, 1, 1], [0, 0, 0]))
    assert math.isnan(variance_reduction([1], [0]))
    assert math.isnan(variance_reduction([], []))


def test_variance_reduction_needs_equal_shapes() -> None:
    with pytest.raises(ValueError, match="shapes"):
        variance_reduction([1, 0], [1, 0, 1])


@pytest.mark.parametrize("copies", [2, 3, 7])
def test_clusters_that_do_not_differ_keep_a_width(copies: int) -> None:
    cluster = np.repeat(np.arange(10), copies)
    mean, low, high = paired_difference([1] * 10 * copies, [0] * 10 * copies, cluster)
    assert mean == 1
    assert (low, high) == pytest.approx(tango_limits(10, 0, 10))
    assert low < high
