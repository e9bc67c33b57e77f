"""A replication that raises is left out, recorded, and tried again by the next run; the others lose nothing."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace

import pytest
from toy_jobs import Failing, ToyJob, toy_rows

from sim.execution.digest import rows_digest
from sim.execution.errors import FAILED_NAME, ExecutionError, Failure
from sim.execution.executor import run_job
from sim.execution.store import open_store, read_outcomes

WANTED = 60


@dataclass(frozen=True)
class FailingAt:
    """Raises at every replication that leaves no rest divided by `every`; `first` are spared."""

    every: int
    first: int = 0

    def run(self, start, stop):
        for number in range(start, stop):
            if number >= self.first and number % self.every == 0:
                raise ValueError(f"no ford\nat {number}")
        return toy_rows(start, stop)


@pytest.fixture
def run(tmp_path, head):
    def run(job, replications=WANTED, **settings):
        with open_store(tmp_path / "out", replace(head, replications=replications)) as store:
            return run_job(job, store, replications, **settings), store

    return run


@pytest.mark.parametrize("settings", [{"kind": "serial"}, {"kind": "local", "workers": 2, "chunk_size": 8}])
@pytest.mark.parametrize(("how", "error"), [("value", "ValueError: no ford"), ("awkward", "AwkwardError: no ford")])
def test_one_fails_and_the_others_are_there(run, tmp_path, settings, how, error):
    digest, store = run(Failing(21, how), **settings)
    assert store.failures == {21: Failure(21, None, error)}
    assert digest == rows_digest([toy_rows(0, 21), toy_rows(22, WANTED)])
    assert sorted(set(read_outcomes(tmp_path / "out")["replication"])) == [n for n in range(WANTED) if n != 21]
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert (manifest["state"], manifest["problem"]) == ("incomplete", "1 of 60 replications failed")
    [record] = json.loads((tmp_path / "out" / FAILED_NAME).read_text())
    assert record == {"replication": 21, "arm": None, "error": error, "seed": 1}


def test_the_next_run_tries_again(run, tmp_path):
    run(FailingAt(7, first=1), kind="serial", chunk_size=10)
    assert len(json.loads((tmp_path / "out" / FAILED_NAME).read_text())) == 8
    digest, store = run(ToyJob(), kind="serial")
    assert digest == rows_digest([toy_rows(0, WANTED)])
    assert (store.failures, (tmp_path / "out" / FAILED_NAME).exists()) == ({}, False)


def test_within_one_open_store_failures_are_not_tried_again(tmp_path, head):
    with open_store(tmp_path / "out", head) as store:
        run_job(FailingAt(7), store, 10, kind="serial")
        run_job(ToyJob(), store, 30, kind="serial")
        assert sorted(store.failures) == [0, 7]
        assert len(set(store.rows().frame()["replication"])) == 28


def test_when_the_first_many_fail_the_run_stops(run, tmp_path):
    with pytest.raises(ExecutionError, match=r"the first \d\d replications all failed.*ValueError") as caught:
        run(FailingAt(1), 100_000, kind="serial")
    assert "\n" not in str(caught.value)
    assert "toy_jobs" in caught.value.traceback_text or "no ford" in caught.value.traceback_text
    assert len(json.loads((tmp_path / "out" / FAILED_NAME).read_text())) < 100
    assert run(ToyJob(), WANTED, kind="serial")[0] == rows_digest([toy_rows(0, WANTED)])


def test_the_run_stops_at_the_twentieth_of_nothing_but_failures(run):
    with pytest.raises(ExecutionError, match="the first 20 replications all failed"):
        run(FailingAt(1), 100, kind="serial", chunk_size=1)


def test_when_all_of_a_few_fail_the_run_stops(run):
    with pytest.raises(ExecutionError, match="the 5 replications all failed"):
        run(FailingAt(1), 5, kind="serial")


@dataclass(frozen=True)
class FailingOn:
    """Raises at those of ten in a row whose number stands in `digits`."""

    digits: str

    def run(self, start, stop):
        for number in range(start, stop):
            if str(number % 10) in self.digits:
                raise ValueError(f"no ford\nat {number}")
        return toy_rows(start, stop)


def test_when_most_fail_the_run_stops(run, tmp_path):
    with pytest.raises(ExecutionError) as caught:
        run(FailingOn("012345"), 100_000, kind="serial", chunk_size=10, advice=lambda failure: f"; {failure.arm} again")
    assert str(caught.value) == (
        "102 of the 170 replications so far failed, 0 with ValueError: no ford at 0; None again"
    )
    assert "no ford" in caught.value.traceback_text
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert (manifest["state"], len(json.loads((tmp_path / "out" / FAILED_NAME).read_text()))) == ("failed", 102)
    assert len(set(read_outcomes(tmp_path / "out")["replication"])) == 68


def test_half_may_fail(run):
    _, store = run(FailingOn("56789"), 300, kind="serial", chunk_size=10)
    assert len(store.failures) == 150


def test_a_stage_needs_all_rows_of_those_before_it(run):
    with pytest.raises(ExecutionError, match="replication 7: ValueError: no ford at 7"):
        run(FailingAt(7, first=1), 12, kind="serial", stage=4)
