"""Effects from sums are those from the pairs themselves."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.statistics import PairedTable, paired_difference
from sim.statistics.sums import PairedSums


def sums_of(y1, y0, cluster):
    y1, y0, cluster = (np.asarray(values) for values in (y1, y0, cluster))
    groups = [cluster == label for label in np.unique(cluster)]
    totals = np.array([int((y1[g].astype(int) - y0[g]).sum()) for g in groups], dtype=int)
    sizes = np.array([int(g.sum()) for g in groups], dtype=int)
    squares = (int((a * b).sum()) for a, b in ((totals, totals), (totals, sizes), (sizes, sizes)))
    return PairedSums(PairedTable.from_arrays(y1, y0), len(groups), *squares)


@given(st.lists(st.tuples(st.booleans(), st.booleans(), st.integers(0, 6)), min_size=1, max_size=40))
def test_sums_tell_what_the_pairs_tell(rows):
    y1, y0, cluster = (list(column) for column in zip(*rows, strict=True))
    result = sums_of(y1, y0, cluster).difference()
    assert result == pytest.approx(paired_difference(y1, y0, cluster), abs=1e-12, nan_ok=True)


@pytest.mark.parametrize("copies", [2, 3, 7])
def test_clusters_that_do_not_differ_keep_a_width(copies):
    y1, y0, cluster = [1] * 10 * copies, [0] * 10 * copies, np.repeat(np.arange(10), copies)
    mean, low, high = sums_of(y1, y0, cluster).difference()
    assert mean == 1
    assert low < high
    assert (mean, low, high) == pytest.approx(paired_difference(y1, y0, cluster))


def test_without_pairs_nothing_is_told():
    assert all(math.isnan(value) for value in PairedSums(PairedTable(0, 0, 0, 0), 0, 0, 0, 0).difference())
