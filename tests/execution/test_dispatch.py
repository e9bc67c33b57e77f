"""Replications that kill their worker are found, recorded and left out; the others lose nothing."""

from __future__ import annotations

import json
import multiprocessing
import re
from dataclasses import replace

import pytest
from toy_jobs import Deadly, ToyJob, toy_rows

from sim.execution.chunks import Chunk
from sim.execution.digest import rows_digest
from sim.execution.dispatch import MOST_DEATHS, MOST_IN_A_ROW, MOST_RETRIES, CrashIsolation, Lost
from sim.execution.errors import FAILED_NAME, ExecutionError
from sim.execution.executor import run_job
from sim.execution.store import open_store, read_outcomes

WANTED = 40
DIED = re.compile(r"the worker process died (\d+) times \(killed, out of memory or crashed\)")


def without(*crashess):
    """The digest of all rows but theirs."""
    return rows_digest([toy_rows(number, number + 1) for number in range(WANTED) if number not in crashess])


@pytest.fixture
def run(tmp_path, head):
    def run(job, **settings):
        with open_store(tmp_path / "out", replace(head, replications=WANTED)) as store:
            return run_job(job, store, WANTED, **{"workers": 2, **settings}), store

    return run


@pytest.mark.parametrize(("killed", "chunk_size"), [(True, 2), pytest.param(False, 10, marks=pytest.mark.long)])
def test_the_replication_that_crashes_is_found_and_the_others_are_there(run, tmp_path, killed, chunk_size):
    digest, store = run(Deadly((13,), killed), chunk_size=chunk_size)
    assert digest == without(13)
    assert list(store.failures) == [13]
    # Four times in its chunk, then in its halves down to itself: of 2 to 1, or of 10 to 5, to 3 or 2, to 1.
    halvings = {2: {1}, 10: {3, 4}}[chunk_size]
    assert int(DIED.fullmatch(store.failures[13].error)[1]) - 4 in halvings
    [record] = json.loads((tmp_path / "out" / FAILED_NAME).read_text())
    assert (record["replication"], record["error"]) == (13, store.failures[13].error)
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert (manifest["state"], manifest["problem"]) == ("incomplete", "1 of 40 replications failed")
    assert multiprocessing.active_children() == []
    # A better job goes on from there.
    assert run(ToyJob(), kind="serial")[0] == rows_digest([toy_rows(0, WANTED)])


@pytest.mark.long
def test_several_in_chunks_of_one(run):
    digest, store = run(Deadly((8, 9, 30)), chunk_size=1)
    assert digest == without(8, 9, 30)
    assert {DIED.fullmatch(failure.error)[1] for failure in store.failures.values()} == {"4"}


@pytest.mark.long
def test_when_all_die_the_run_ends_with_one_message(run, tmp_path):
    with pytest.raises(ExecutionError, match=r"(first \d\d replications all failed, 0 with|times in a row)") as caught:
        run(Deadly(tuple(range(WANTED))), chunk_size=20)
    assert "\n" not in str(caught.value)
    assert json.loads((tmp_path / "out" / "manifest.json").read_text())["state"] == "failed"
    assert multiprocessing.active_children() == []


def test_a_job_in_stages_ends(run, tmp_path):
    with pytest.raises(ExecutionError, match=rf"replication 13: {DIED.pattern}$"):
        run(Deadly((13,)), chunk_size=2, stage=10)
    assert set(range(10)) <= set(read_outcomes(tmp_path / "out")["replication"])


def search(crashing, chunk):
    """Run a search in a chunk that was lost in company; gives who was given up, and how many workers died."""
    isolation, given_up, deaths = CrashIsolation(lambda text: None), [], 1
    isolation.add([Lost(chunk)], alone=False)
    while isolation:
        one = isolation.take()
        if crashing & set(range(*one)):
            deaths += 1
            given_up += isolation.add([Lost(one)], alone=True)
        else:
            isolation.finished(one)
    return [failure.replication for _, failures in given_up for failure in failures], deaths


@pytest.mark.parametrize("crashes", [0, 1, 9_999, 13_337, 19_999])
def test_one_is_found_in_the_largest_chunk(crashes):
    assert search({crashes}, Chunk(0, 20_000)) == ([crashes], pytest.approx(18.5, abs=1))


def test_many_are_not_searched_for_ever():
    given_up, deaths = search(set(range(0, 1000, 5)), Chunk(0, 1000))
    assert set(range(0, 1000, 5)) <= set(given_up)
    assert deaths <= MOST_DEATHS + 12
    assert len(given_up) == len(set(given_up))


def test_no_chunk_is_given_up_for_deaths_shared_with_others():
    isolation = CrashIsolation(lambda text: None)
    for _ in range(MOST_IN_A_ROW - 1):
        assert isolation.add([Lost(Chunk(0, 1), 4)], alone=False) == []
        assert isolation.take() == Chunk(0, 1)
    with pytest.raises(ExecutionError, match=f"died {MOST_IN_A_ROW} times in a row"):
        isolation.add([Lost(Chunk(0, 1))], alone=False)


def test_a_finished_chunk_ends_the_row_of_deaths():
    isolation = CrashIsolation(lambda text: None)
    for number in range(2 * MOST_IN_A_ROW):
        isolation.add([Lost(Chunk(number, number + 1))], alone=False)
        isolation.finished(isolation.take())


def test_deaths_over_a_finished_chunk_are_forgotten():
    isolation, chunk = CrashIsolation(lambda text: None), Chunk(0, 2)
    for _ in range(2):
        for _ in range(MOST_RETRIES):
            assert isolation.add([Lost(chunk)], alone=True) == []
            assert isolation.take() == chunk
        isolation.finished(chunk)
    # Without a finish in between it is halved at the next death.
    for _ in range(MOST_RETRIES + 1):
        isolation.add([Lost(chunk)], alone=True)
    assert (isolation.take(), isolation.take()) == (Chunk(0, 1), Chunk(1, 2))
