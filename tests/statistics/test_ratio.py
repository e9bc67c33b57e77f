"""Ratios of sums: against the estimator of means by cluster, Newcombe, and their coverage."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import gammaln, xlogy

from sim.statistics import PairedTable, difference_of_means_interval, newcombe_interval, tango_interval, wilson
from sim.statistics.ratio import ClusterSums, summed_products

HITS, KNOWN, UNKNOWN, ALL = range(4)
COUNTS = st.lists(st.tuples(*[st.integers(0, 5)] * 3), min_size=2, max_size=12)
EXPERIMENTS, CLUSTERS, SIZE = 400, 60, 5
LEAST = 0.95 - 4 * math.sqrt(0.95 * 0.05 / EXPERIMENTS)
"""A method that covers 95 % falls below it once in 30,000 times; the seeds are fixed."""


def counts_of(hits: int, got_away: int, unknown: int) -> np.ndarray:
    """Units alone, as rows of HITS, KNOWN, UNKNOWN, ALL."""
    kinds = np.array([[1, 1, 0, 1], [0, 1, 0, 1], [0, 0, 1, 1]])
    return np.repeat(kinds, [hits, got_away, unknown], axis=0)


@given(COUNTS)
def test_a_ratio_over_clusters_is_the_mean_by_cluster(drawn: list[tuple[int, int, int]]) -> None:
    hits, others = np.array([(a, b) for a, b, _ in drawn]).T
    if not (hits + others).sum():
        return
    result = ClusterSums.of(np.column_stack([hits, hits + others]), alone=False).ratio((0, 1))
    # A cluster without units adds nothing to the sums, but counts as one that was looked at.
    units = np.concatenate([np.repeat([1.0, 0.0], pair) for pair in zip(hits, others, strict=True)])
    labels = np.repeat(np.arange(len(drawn)), hits + others)
    mean, low, high = difference_of_means_interval(units, labels)
    assert result[0] == pytest.approx(mean)
    if (hits + others).all() and high - low > 1e-9:
        assert result[1:] == pytest.approx((max(0.0, low), min(1.0, high)))


def test_units_that_stand_alone_have_wilsons_interval() -> None:
    sums = ClusterSums.of(counts_of(7, 5, 8), alone=True)
    assert sums.ratio((HITS, KNOWN)) == pytest.approx((7 / 12, *wilson(7, 12)))
    assert sums.ratio((HITS, ALL)) == pytest.approx((7 / 20, *wilson(7, 20)))


@pytest.mark.parametrize("hits", [0, 3])
def test_clusters_that_do_not_differ_keep_a_width(hits: int) -> None:
    sums = ClusterSums.of([[hits, 3]] * 8, alone=False)
    assert sums.ratio((0, 1)) == pytest.approx((hits / 3, *wilson(8 * hits / 3, 8)))


def test_the_difference_of_paired_proportions_is_newcombes_without_his_correction() -> None:
    # With a negative correlation he corrects nothing: (n11, n10, n01, n00) = (5, 20, 15, 3).
    table = PairedTable(5, 20, 15, 3)
    rows = np.repeat([[1, 1, 1], [1, 0, 1], [0, 1, 1], [0, 0, 1]], [5, 20, 15, 3], axis=0)
    result = ClusterSums.of(rows, alone=True).difference((0, 2), (1, 2))
    assert result == pytest.approx((table.difference, *newcombe_interval(table)))


def test_two_ratios_that_never_differ_differ_by_no_more_than_tangos_limits() -> None:
    rows = np.repeat([[1, 1, 1], [0, 0, 1]], [10, 20], axis=0)
    result = ClusterSums.of(rows, alone=True).difference((0, 2), (1, 2))
    assert result == pytest.approx((0.0, *tango_interval(PairedTable(10, 0, 0, 20))))


def test_nothing_to_divide_by_is_undefined() -> None:
    none = ClusterSums.of(np.zeros((0, 4)), alone=True)
    unknown_only = ClusterSums.of(counts_of(0, 0, 5), alone=True)
    for sums in (none, unknown_only):
        for result in (sums.ratio((HITS, KNOWN)), sums.product((HITS, KNOWN), (UNKNOWN, ALL))):
            assert all(map(math.isnan, result))
        difference, low, high = sums.difference((HITS, KNOWN), (HITS, ALL))
        assert all(map(math.isnan, (difference, low, high)))
    one = ClusterSums.of([[1, 2, 0, 2]], alone=False)
    assert one.ratio((HITS, KNOWN))[0] == 0.5
    assert all(map(math.isnan, one.ratio((HITS, KNOWN))[1:]))


@pytest.mark.parametrize("largest", [3, 2**27 + 1, 2**30 + 1])
def test_products_are_exact_however_large(largest: int) -> None:
    rows = np.array([[largest, 1], [largest - 1, 2], [1, largest]])
    wanted = [[sum(int(row[i]) * int(row[j]) for row in rows) for j in range(2)] for i in range(2)]
    assert summed_products(rows, rows).tolist() == wanted


# -- coverage --------------------------------------------------------------------------------------------------------


# Shares of hits, got-aways and unknown: middling, nearly all known, nearly none known, nearly all hits, hardly any.
SHARES = [(0.4, 0.2, 0.4), (0.5, 0.47, 0.03), (0.04, 0.06, 0.9), (0.9, 0.02, 0.08), (0.03, 0.6, 0.37)]


def test_the_bias_of_units_alone_is_covered_exactly() -> None:
    """All tables of 40 units, each weighed by its probability: nothing is drawn."""
    size = 40
    tables = np.array([(a, b, size - a - b) for a in range(size + 1) for b in range(size + 1 - a)])
    result = [ClusterSums.of(counts_of(*row), alone=True) for row in tables.tolist()]
    limits = np.array([sums.product((HITS, KNOWN), (UNKNOWN, ALL))[1:] for sums in result])
    covered = []
    for shares in SHARES:
        hits, got_away, unknown = shares
        chance = np.exp(gammaln(size + 1) + (xlogy(tables, shares) - gammaln(tables + 1)).sum(axis=1))
        bias = hits / (hits + got_away) * unknown
        # A table in which nobody was known has no limits; it makes no statement.
        stated = ~np.isnan(limits[:, 0])
        inside = (limits[:, 0] <= bias) & (bias <= limits[:, 1]) & stated
        covered.append(chance[inside].sum() / chance[stated].sum())
    assert min(covered) > 0.92
    assert 0.94 < np.mean(covered) < 0.99


def drawn_clusters(rng: np.random.Generator) -> np.ndarray:
    """Two arms under one weather: columns HITS, KNOWN, UNKNOWN, ALL of the arm, then of the baseline."""
    clear = rng.random((CLUSTERS, 1)) < 0.5
    seen, stopped = rng.random((2, CLUSTERS, SIZE))
    arms = []
    for more in (0.2, 0.0):
        known = seen < np.where(clear, 0.7, 0.3) + more
        hits = known & (stopped < np.where(clear, 0.7, 0.4) - more / 2)
        arms += [hits.sum(axis=1), known.sum(axis=1), SIZE - known.sum(axis=1), np.full(CLUSTERS, SIZE)]
    return np.column_stack(arms)


def test_intervals_of_clusters_cover() -> None:
    observed = [(0.5 * (0.9 * 0.6 + 0.5 * 0.3)) / 0.7, (0.5 * (0.7 * 0.7 + 0.3 * 0.4)) / 0.5]
    truths = [observed[0], observed[0] * 0.3, observed[0] - observed[1]]
    rng = np.random.default_rng(5)
    inside = np.zeros(3)
    for _ in range(EXPERIMENTS):
        sums = ClusterSums.of(drawn_clusters(rng), alone=False)
        result = (
            sums.ratio((HITS, KNOWN)),
            sums.product((HITS, KNOWN), (UNKNOWN, ALL)),
            sums.difference((HITS, KNOWN), (4 + HITS, 4 + KNOWN)),
        )
        inside += [low <= truth <= high for (_, low, high), truth in zip(result, truths, strict=True)]
    assert (inside / EXPERIMENTS).min() > LEAST
    assert (inside / EXPERIMENTS).max() < 0.99
