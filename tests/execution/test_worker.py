"""A chunk becomes a part or an error told in words, never an exception that could break a pool."""

from __future__ import annotations

import pickle
import re
from dataclasses import dataclass

import pytest
from toy_jobs import Failing, ToyJob, Unpackable

from sim.execution import worker
from sim.execution.chunks import Chunk
from sim.execution.worker import compute, serve


@dataclass(frozen=True)
class WrongRows:
    def run(self, start, stop):
        return ToyJob().run(start, stop + 1)


def test_a_chunk_becomes_a_part():
    result = compute(ToyJob(), Chunk(0, 5), "run")
    assert result.error is None
    assert result.part.startswith(b"PAR1")


@pytest.mark.parametrize(("how", "told"), [("value", "ValueError: no ford"), ("awkward", "AwkwardError: no ford")])
def test_an_exception_becomes_words(how, told):
    result = compute(Failing(3, how), Chunk(0, 5), "run")
    assert result.error == told
    assert "toy_jobs.py" in result.traceback_text
    assert result.part == b""


def test_wrong_rows_are_the_jobs_error():
    assert "asked for replications 0 to 4" in compute(WrongRows(), Chunk(0, 5), "run").error


def test_ctrl_c_is_no_error_of_the_job():
    class Interrupted:
        def run(self, start, stop):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        compute(Interrupted(), Chunk(0, 5), "run")


@pytest.mark.parametrize(
    ("job", "told"),
    [
        (ToyJob(), None),
        (Failing(3, "exit"), "SystemExit: 5"),
        (Unpackable(), "cannot be unpacked .*AttributeError.* execution=serial"),
    ],
)
def test_a_worker_tells_everything(monkeypatch, job, told):
    monkeypatch.setattr(worker, "_served", {"payload": pickle.dumps(job), "run": "run"})
    for chunk in (Chunk(0, 5), Chunk(3, 4)):
        result = serve(chunk)
        if told is None:
            assert result.error is None
        else:
            assert re.search(told, result.error)
