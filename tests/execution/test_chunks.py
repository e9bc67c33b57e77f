"""Every missing replication is handed out once, in pieces of a bearable size."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from sim.execution.chunks import FIRST_CHUNK, LARGEST_CHUNK, Chunk, ChunkPlan, missing_ranges


@given(st.sets(st.integers(0, 60)), st.integers(0, 50))
def test_missing_ranges_are_the_complement(held, replications):
    gaps = missing_ranges([(number, number + 1) for number in held], replications)
    listed = [number for gap in gaps for number in range(*gap)]
    assert listed == sorted(set(range(replications)) - held)
    # In as few ranges as can be: no two touch, none is empty.
    assert all(first.stop < second.start for first, second in itertools.pairwise(gaps))
    assert all(gap.start < gap.stop for gap in gaps)


def test_ranges_that_overlap_leave_no_false_gap():
    assert missing_ranges([(0, 10), (2, 4), (12, 13)], 15) == [Chunk(10, 12), Chunk(13, 15)]


@given(st.sets(st.integers(0, 400)), st.none() | st.integers(1, 70), st.integers(1, 5), st.data())
def test_each_missing_replication_is_taken_once_in_order(held, chunk_size, workers, data):
    gaps = missing_ranges([(number, number + 1) for number in held], 400)
    plan = ChunkPlan(gaps, chunk_size, workers)
    taken = []
    while (chunk := plan.take()) is not None:
        taken += range(*chunk)
        assert 1 <= chunk.stop - chunk.start <= (chunk_size or LARGEST_CHUNK)
        assert plan.remaining == 400 - len(held - {400}) - len(taken)
        plan.observe(chunk.stop - chunk.start, data.draw(st.floats(0, 100)))
    assert taken == sorted(set(range(400)) - held)


def test_sizes_follow_the_measured_rate():
    plan = ChunkPlan([Chunk(0, 1_000_000)], chunk_seconds=2.0)
    sizes = []
    for _ in range(4):
        chunk = plan.take()
        sizes.append(chunk.stop - chunk.start)
        plan.observe(sizes[-1], sizes[-1] / 100)  # 100 a second
    # Two to begin with, at most sixteen times more, and then two seconds' worth.
    assert sizes == [FIRST_CHUNK, 32, 200, 200]
    assert plan.seconds_left() == plan.remaining / 100


def test_no_chunk_is_larger_than_the_largest():
    sizes = sizes_of(ChunkPlan([Chunk(0, 200_000)], chunk_seconds=2.0), rate=1e6)
    assert max(sizes) == LARGEST_CHUNK == 20_000


def sizes_of(plan: ChunkPlan, rate: float) -> list[int]:
    sizes = []
    while (chunk := plan.take()) is not None:
        sizes.append(chunk.stop - chunk.start)
        plan.observe(sizes[-1], sizes[-1] / rate)
    return sizes


def test_the_end_is_shared_among_the_workers():
    # Four a second, so eight in two seconds; below 32 left, a quarter of them each time.
    plan = ChunkPlan([Chunk(0, 102)], workers=4, chunk_seconds=2.0)
    assert sizes_of(plan, rate=4.0) == [2, *[8] * 9, 7, 6, 4, 3, 2, 2, 1, 1, 1, 1]


def test_the_shares_stay_worth_their_bookkeeping():
    # A thousand a second: chunks of 2000, shrinking no further than to 250, but for the last.
    sizes = sizes_of(ChunkPlan([Chunk(0, 20_000)], workers=2, chunk_seconds=2.0), rate=1000.0)
    assert max(sizes) == 2000
    assert min(sizes[3:-1]) >= 250


def test_chunks_left_counts_what_a_fixed_size_gives():
    plan = ChunkPlan([Chunk(0, 10), Chunk(20, 21)], chunk_size=4)
    assert plan.chunks_left() == 4
    count = 0
    while plan.take():
        count += 1
    assert count == 4


def test_names_for_people():
    assert str(Chunk(4, 5)) == "replication 4"
    assert str(Chunk(4, 10)) == "replications 4 to 9"
