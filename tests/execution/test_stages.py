"""Jobs in stages: none of a stage is run before all rows of the earlier ones are there, however the work is shared."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from toy_jobs import STAGE, Sums

from sim.execution.chunks import Chunk, ChunkPlan, missing_ranges
from sim.execution.errors import StoreError
from sim.execution.executor import run_job
from sim.execution.store import open_store, read_outcomes

WANTED = 14


def sums() -> list[int]:
    """The values worked by hand: 4 ones are 4; 5 four times and 4 are 24; and so on."""
    return [1] * 4 + [5] * 4 + [25] * 4 + [125] * 2


@pytest.mark.parametrize(
    "how",
    [
        {"kind": "serial"},
        {"kind": "serial", "chunk_size": 3},
        {"kind": "local", "workers": 2, "chunk_size": 1},
        {"kind": "local", "workers": 3, "chunk_size": 2},
        {"kind": "local", "workers": 2, "chunk_size": 100},
    ],
    ids=str,
)
def test_stages_wait_for_one_another(tmp_path, head, how):
    with open_store(tmp_path / "run", head.__class__("toy", "toy", 1, WANTED)) as store:
        run_job(Sums(store.folder), store, WANTED, stage=STAGE, **how)
        assert store.rows().frame()["value"].tolist() == sums()


def test_a_stretch_is_read_and_nothing_else(tmp_path, head):
    with open_store(tmp_path / "run", head.__class__("toy", "toy", 1, WANTED)) as store:
        run_job(Sums(store.folder), store, WANTED, kind="serial", chunk_size=3, stage=STAGE)
        (store.folder / "outcomes" / "part-000000012-000000014.parquet").write_bytes(b"broken")
        assert read_outcomes(store.folder, 2, 9)["replication"].tolist() == list(range(2, 9))
        with pytest.raises(StoreError, match="damaged"):
            read_outcomes(store.folder, 2, 13)


def test_without_an_end_it_is_all_from_the_start(tmp_path, head):
    with open_store(tmp_path / "run", head.__class__("toy", "toy", 1, WANTED)) as store:
        run_job(Sums(store.folder), store, WANTED, kind="serial", chunk_size=3, stage=STAGE)
        assert read_outcomes(store.folder, 5)["replication"].tolist() == list(range(5, WANTED))


def test_a_stretch_that_is_not_there_is_refused(tmp_path, head):
    with open_store(tmp_path / "run", head) as store:
        run_job(Sums(store.folder), store, 4, kind="serial", stage=STAGE)
        with pytest.raises(StoreError, match="replications 4 to 5 are not there"):
            read_outcomes(store.folder, 0, 6)


@given(st.sets(st.integers(0, 99)), st.none() | st.integers(1, 30), st.integers(1, 4), st.integers(1, 40))
def test_no_chunk_reaches_into_the_next_stage(held, chunk_size, workers, stage):
    plan = ChunkPlan(missing_ranges([(n, n + 1) for n in held], 100), chunk_size, workers, stage=stage)
    taken, waiting = [], []
    while plan.remaining:
        if plan.must_wait_for(waiting):
            waiting = []
        chunk = plan.take()
        assert chunk.start // stage == (chunk.stop - 1) // stage
        assert all(other.start // stage == chunk.start // stage for other in waiting)
        waiting.append(chunk)
        taken += range(*chunk)
        plan.observe(chunk.stop - chunk.start, 1.0)
    assert taken == sorted(set(range(100)) - held)


def test_chunks_of_one_stage_do_not_wait_for_each_other():
    plan = ChunkPlan([Chunk(0, 8)], chunk_size=2, stage=4)
    chunks = [plan.take() for _ in range(3)]
    assert chunks[2] == Chunk(4, 6)
    assert not plan.must_wait_for([chunks[2]])
    assert plan.must_wait_for([chunks[1], chunks[2]])


def test_the_last_chunks_of_each_stage_are_shared():
    plan = ChunkPlan([Chunk(0, 200)], None, workers=2, stage=100)
    assert plan.take() == Chunk(0, 2)
    plan.observe(2, 0.1)  # 20 a second: two seconds' work, 40, would be more than half of the stage soon
    sizes = [chunk.stop - chunk.start for chunk in (plan.take() for _ in range(5))]
    # Half of what is left of the stage, down to an eighth of two seconds' work.
    assert sizes == [32, 32, 17, 9, 5]
