"""What records hold and miss: on rows counted by hand, and the same whatever the parts they come in."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kept_records import BY_HAND, counted, frame_of

from sim.statistics.ratio import ClusterSums
from sim.study.compare import official_statistics as records_module
from sim.study.compare.official_statistics import (
    AGAIN,
    CAUGHT,
    GROUPS,
    KNOWN,
    RETRIED,
    STOPPED,
    UNKNOWN,
    Records,
    against_baseline,
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
    sums = counted(frame_of(BY_HAND)).sums()
    told = {"stopped": STOPPED, "known": KNOWN, "unknown": UNKNOWN, "groups": GROUPS}
    told |= {"caught": CAUGHT, "retried": RETRIED, "again": AGAIN}
    assert {name: int(sums.totals[count]) for name, count in told.items()} == {
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
    records = counted(frame_of(BY_HAND))
    # Neighbours are 0 and 1, 1 and 2, 4 and 5, 5 and 6. Apprehended 1 1, 1 1, 1 0, 0 0; retried 1 1, 1 0, 1 0, 0 0.
    added = records.chained().products - records.sums().products
    assert added[CAUGHT, CAUGHT] == 2 * 2
    assert added[RETRIED, CAUGHT] == added[CAUGHT, RETRIED] == 2 + 1
    assert added[RETRIED, RETRIED] == 2 * 1


@settings(max_examples=25)
@given(st.sets(st.sampled_from([0, 1, 2, 4, 5, 6])), st.booleans())
def test_the_same_whatever_the_parts(stops: set[int], as_categories: bool) -> None:
    rows = frame_of(BY_HAND)
    part_of = np.searchsorted(sorted(stops), rows["replication"].to_numpy(), side="right")
    parts = [part for _, part in rows.groupby(part_of)]
    if as_categories:
        parts = [part.astype({"group": "category", "outcome": "category"}) for part in parts]
    whole, split = counted(rows), counted(*parts)
    assert same(whole.sums(), split.sums())
    assert same(whole.chained(), split.chained())


@pytest.mark.parametrize("piece_rows", [1, 2, 3, 5])
def test_the_same_whatever_the_pieces(piece_rows: int, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = frame_of(BY_HAND)
    pairs = Pairs(rows, rows.assign(outcome=rows["outcome"].iloc[::-1].to_numpy()))
    whole, against = counted(rows), against_baseline(pairs)
    monkeypatch.setattr(records_module, "PIECE_ROWS", piece_rows)
    assert same(counted(rows).chained(), whole.chained())
    assert same(against_baseline(pairs), against)


def test_looking_at_the_sums_changes_nothing() -> None:
    rows, records = frame_of(BY_HAND), Records()
    for _, part in rows.groupby("replication"):
        records.add(part)
        records.sums(), records.chained()
    assert same(records.chained(), counted(rows).chained())


def test_rows_that_are_not_in_order_are_put_in_order() -> None:
    assert same(counted(frame_of(BY_HAND[::-1])).chained(), counted(frame_of(BY_HAND)).chained())


def test_no_rows_at_all() -> None:
    for records in (Records(), counted(frame_of([]))):
        assert records.sums().clusters == records.chained().clusters == 0


def test_against_the_baseline_by_hand() -> None:
    rows = frame_of(BY_HAND)
    base = rows.assign(outcome="reached", detected=[True, *[False] * 10], intercepted=False)
    sums = against_baseline(Pairs(rows, base))
    assert sums.totals.tolist() == [6, 10, 0, 1]
    assert (sums.clusters, sums.alone) == (6, False)
    # Stopped by known in the arm: 1 x 2 + 1 x 1 + 1 x 2 + 2 x 2 + 0 x 1 + 1 x 2.
    assert sums.products[0, 1] == 11
