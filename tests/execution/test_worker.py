"""A chunk becomes a part or an error in words, never an exception that could break a pool."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest
from toy_jobs import Failing, ToyJob, Unpackable, toy_rows

from sim.execution import worker
from sim.execution.chunks import Chunk
from sim.execution.errors import Failure
from sim.execution.worker import PackedJob, compute, serve


@dataclass(frozen=True)
class WrongRows:
    def run(self, start, stop):
        return ToyJob().run(start, stop + 1)


def test_a_chunk_becomes_a_part():
    result = compute(ToyJob(), Chunk(0, 5), "run")
    assert result.error is None
    [(chunk, part)] = result.parts
    assert chunk == Chunk(0, 5)
    assert part.startswith(b"PAR1")


@pytest.mark.parametrize(("how", "message"), [("value", "ValueError: no ford"), ("awkward", "AwkwardError: no ford")])
def test_an_exception_leaves_one_replication_out(how, message):
    result = compute(Failing(3, how), Chunk(0, 5), "run")
    assert result.error is None
    assert result.failures == (Failure(3, None, message),)
    assert "toy_jobs.py" in result.traceback_text
    assert [chunk for chunk, _ in result.parts] == [Chunk(0, 3), Chunk(4, 5)]


def test_an_error_names_its_arm():
    class InArm:
        def run(self, start, stop):
            error = ValueError("no ford")
            error.add_note("in arm with_outpost")
            raise error

    assert compute(InArm(), Chunk(7, 8), "run").failures == (Failure(7, "with_outpost", "ValueError: no ford"),)


def test_what_works_alone_but_not_together_fails_and_is_reported():
    class Greedy:
        def run(self, start, stop):
            if stop - start > 1:
                raise MemoryError
            return toy_rows(start, stop)

    result = compute(Greedy(), Chunk(0, 3), "run")
    assert result.parts == ()
    assert [failure.error for failure in result.failures] == ["MemoryError"] * 3


def test_wrong_rows_are_the_jobs_error():
    assert "asked for replications 0 to 4" in compute(WrongRows(), Chunk(0, 5), "run").error


def test_ctrl_c_is_no_error_of_the_job():
    class Interrupted:
        def run(self, start, stop):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        compute(Interrupted(), Chunk(0, 5), "run")


@pytest.mark.parametrize(
    ("job", "message"),
    [
        (ToyJob(), None),
        (Failing(3, "exit"), "SystemExit: 5"),
        (Unpackable(), "cannot be unpacked .*AttributeError.* execution=serial"),
    ],
)
def test_a_worker_reports_every_error(monkeypatch, job, message):
    monkeypatch.setattr(worker, "_served", [PackedJob(job, "run")])
    for chunk in (Chunk(0, 5), Chunk(3, 4)):
        result = serve(*chunk)
        if message is None:
            assert result.error is None
        else:
            assert re.search(message, result.error)
