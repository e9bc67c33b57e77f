"""What an agency's records hold and miss, on rows counted by hand."""

from __future__ import annotations

import numpy as np
import pytest
from agency_rows import BY_HAND, frame_of

from sim.statistics.ratio import ClusterSums
from sim.study.compare.official_statistics import (
    AGAIN,
    CAUGHT,
    GROUPS,
    KNOWN,
    RETRIED,
    STOPPED,
    UNKNOWN,
    against_baseline,
    agency_records,
    apprehended,
    known,
)
from sim.study.pairs import Pairs


def same(first: ClusterSums, second: ClusterSums) -> bool:
    return (
        (first.clusters, first.alone) == (second.clusters, second.alone)
        and np.array_equal(first.totals, second.totals)
        and np.array_equal(first.products, second.products)
    )


def test_every_row_by_hand() -> None:
    rows = frame_of(BY_HAND)
    assert known(rows).tolist() == [True, True, True, False, *[True] * 7]
    assert apprehended(rows).tolist() == [True, False, True, False, False, True, False, True, False, False, False]


def test_counts_by_hand() -> None:
    sums = agency_records(frame_of(BY_HAND))[0]
    found = {"stopped": STOPPED, "known": KNOWN, "unknown": UNKNOWN, "groups": GROUPS}
    found |= {"caught": CAUGHT, "retried": RETRIED, "again": AGAIN}
    assert {name: int(sums.totals[count]) for name, count in found.items()} == {
        "stopped": 6,
        "known": 10,
        "unknown": 1,
        "groups": 11,
        "caught": 4,
        "retried": 3,
        "again": 1,
    }
    assert (sums.clusters, sums.alone) == (6, False)
    # By replication 0, 1, 2, 4, 5, 6: stopped 1, 1, 1, 2, 0, 1; retried 1, 1, 0, 1, 0, 0; apprehended 1, 1, 1, 1, 0, 0.
    assert sums.products[STOPPED, STOPPED] == 8
    assert sums.products[RETRIED, CAUGHT] == 3


def test_neighbours_by_hand() -> None:
    sums, chained = agency_records(frame_of(BY_HAND))
    # Neighbours are 0 and 1, 1 and 2, 4 and 5, 5 and 6. Apprehended 1 1, 1 1, 1 0, 0 0; retried 1 1, 1 0, 1 0, 0 0.
    added = chained.products - sums.products
    assert added[CAUGHT, CAUGHT] == 2 * 2
    assert added[RETRIED, CAUGHT] == added[CAUGHT, RETRIED] == 2 + 1
    assert added[RETRIED, RETRIED] == 2 * 1


@pytest.mark.parametrize("as_categories", [False, True])
def test_the_order_of_the_rows_changes_nothing(as_categories: bool) -> None:
    backwards = frame_of(BY_HAND[::-1])
    if as_categories:
        backwards = backwards.astype({"group": "category", "outcome": "category"})
    for one, other in zip(agency_records(frame_of(BY_HAND)), agency_records(backwards), strict=True):
        assert same(one, other)


def test_no_rows_at_all() -> None:
    assert [sums.clusters for sums in agency_records(frame_of([]))] == [0, 0]


def test_against_the_baseline_by_hand() -> None:
    rows = frame_of(BY_HAND)
    base = rows.assign(outcome="reached", detected=[True, *[False] * 10], intercepted=False)
    sums = against_baseline(Pairs(rows, base))
    assert sums.totals.tolist() == [6, 10, 0, 1]
    assert (sums.clusters, sums.alone) == (6, False)
    # Stopped by known in the arm: 1 x 2 + 1 x 1 + 1 x 2 + 2 x 2 + 0 x 1 + 1 x 2.
    assert sums.products[0, 1] == 11
