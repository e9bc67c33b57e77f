"""However a job is run, the rows are the same; whatever goes wrong, what was written is kept."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import threading
from dataclasses import replace
from types import SimpleNamespace

import pytest
from lost_interrupt import Closing
from toy_jobs import Failing, KilledOnce, Looking, ToyJob, Unpackable, toy_rows

from sim.execution import executor
from sim.execution.digest import rows_digest
from sim.execution.errors import ExecutionError
from sim.execution.executor import run_job
from sim.execution.progress import Progress
from sim.execution.store import open_store, read_outcomes

EXPECTED_30 = rows_digest([toy_rows(0, 30)])


@pytest.fixture
def run(tmp_path, head):
    """Run a job on a folder of that name; gives the digest."""

    def run(job, replications, folder="out", **settings):
        with open_store(tmp_path / folder, replace(head, replications=replications)) as store:
            return run_job(job, store, replications, **settings)

    return run


@pytest.fixture
def manifest(tmp_path):
    return lambda folder="out": json.loads((tmp_path / folder / "manifest.json").read_text())


def held(tmp_path, folder="out"):
    return sorted(set(read_outcomes(tmp_path / folder)["replication"]))


@pytest.mark.parametrize("chunk_size", [1, 7, 30, 100, None])
def test_serial_runs_of_any_cut_agree(run, manifest, chunk_size):
    assert run(ToyJob(), 30, kind="serial", chunk_size=chunk_size) == EXPECTED_30
    assert manifest()["state"] == "complete"
    assert manifest()["digest"] == EXPECTED_30


@pytest.mark.parametrize("workers", [1, 2])
def test_local_runs_of_any_number_of_workers_agree(run, workers):
    assert run(ToyJob(), 30, workers=workers, chunk_size=4) == EXPECTED_30
    assert multiprocessing.active_children() == []


def test_an_extension_equals_a_run_of_all(run, tmp_path):
    short = run(ToyJob(), 10, kind="serial", chunk_size=3)
    assert short == rows_digest([toy_rows(0, 10)])
    assert run(ToyJob(), 30, kind="serial", chunk_size=8) == EXPECTED_30
    assert held(tmp_path) == list(range(30))


def test_a_complete_run_is_not_run_again(run):
    run(ToyJob(), 30, kind="serial")
    assert run(Failing(0), 30, kind="serial") == EXPECTED_30


def test_rising_numbers_on_one_open_store(tmp_path, head):
    with open_store(tmp_path / "out", head) as store:
        for replications in (10, 20, 30):
            digest = run_job(ToyJob(), store, replications, kind="serial")
            assert digest == rows_digest([toy_rows(0, replications)])
        assert store.manifest["replications"] == 30


def test_the_first_chunks_are_run_here_and_the_rest_in_a_pool(run, tmp_path, monkeypatch):
    monkeypatch.setattr(executor, "_ALONE_SECONDS", 0.0)
    monkeypatch.setattr(executor, "_POOL_WORTH_SECONDS", 0.0)
    run(Looking(), 500, workers=2)
    processes = read_outcomes(tmp_path / "out").groupby("process")["replication"].agg(["min", "max"])
    here = processes.loc[os.getpid()]
    assert here["min"] == 0
    assert 2 <= here["max"] < 499
    assert len(processes) >= 2


def test_short_work_starts_no_pool(run, tmp_path):
    run(Looking(), 500, workers=2)
    assert set(read_outcomes(tmp_path / "out")["process"]) == {os.getpid()}


def test_workers_take_one_thread_and_no_interrupt(run, tmp_path, monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", "5")
    monkeypatch.delenv("MKL_NUM_THREADS", raising=False)
    run(Looking(), 8, workers=2, chunk_size=2)
    rows = read_outcomes(tmp_path / "out")
    assert os.getpid() not in set(rows["process"])
    assert set(rows["threads"]) == {"1"}
    assert rows["deaf"].all()
    # And nothing of it stays here.
    assert os.environ["OMP_NUM_THREADS"] == "5"
    assert "MKL_NUM_THREADS" not in os.environ


def test_a_killed_worker_costs_nothing_but_time(run, tmp_path):
    notes: list[str] = []
    silent = SimpleNamespace(start=print, advance=print, close=print, note=notes.append)
    job = KilledOnce(victim=13, scar=tmp_path / "scar")
    assert run(job, 30, workers=2, chunk_size=5, progress=silent) == EXPECTED_30
    assert (tmp_path / "scar").exists()
    assert len(notes) == 1
    assert multiprocessing.active_children() == []


def test_a_job_that_leaves_the_program_does_not_take_it_along(run):
    with pytest.raises(ExecutionError, match="SystemExit: 5"):
        run(Failing(1, "exit"), 8, workers=2, chunk_size=2)


@pytest.mark.parametrize(
    ("job", "message"),
    [(SimpleNamespace(run=lambda start, stop: None), "cannot be sent"), (Unpackable(), "cannot be unpacked")],
)
def test_jobs_that_cannot_travel_are_refused(run, manifest, job, message):
    with pytest.raises(ExecutionError, match=f"{message} .*execution=serial"):
        run(job, 8, workers=2, chunk_size=2)
    assert manifest()["state"] == "failed"


def test_ctrl_c_in_a_serial_run(run, manifest, tmp_path):
    class Interrupted:
        def run(self, start, stop):
            if start >= 12:
                raise KeyboardInterrupt
            return toy_rows(start, stop)

    with pytest.raises(KeyboardInterrupt):
        run(Interrupted(), 30, kind="serial", chunk_size=4)
    assert manifest()["state"] == "interrupted"
    assert held(tmp_path) == list(range(12))
    assert run(ToyJob(), 30, kind="serial") == EXPECTED_30


def test_an_unknown_kind_is_refused(run):
    with pytest.raises(ValueError, match="local, serial, dask, mpi"):
        run(ToyJob(), 3, kind="cloud")


def test_no_thread_is_left(run):
    before = set(threading.enumerate())
    run(ToyJob(), 8, workers=2, chunk_size=2)
    assert [thread.name for thread in set(threading.enumerate()) - before] == []


class ThrowsAway(Progress):
    """Throws that away as the second part is done."""

    advances = 0

    def advance(self, replications):
        self.advances += 1
        if self.advances == 2:
            Closing()


@pytest.mark.skipif(os.name != "posix", reason="signals")
@pytest.mark.parametrize("kind", ["serial", "local"])
def test_a_ctrl_c_that_python_forgets_ends_the_run_all_the_same(run, manifest, tmp_path, kind):
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt):
            run(ToyJob(), 40, kind=kind, workers=2, chunk_size=4, progress=ThrowsAway())
    finally:
        signal.signal(signal.SIGINT, before)
    assert manifest()["state"] == "interrupted"
    assert len(held(tmp_path)) < 40
    assert multiprocessing.active_children() == []
    assert run(ToyJob(), 40, kind="serial") == rows_digest([toy_rows(0, 40)])
