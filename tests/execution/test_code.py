"""A process of a cluster refuses a job of other code than its own, in words; the ends of lines do not matter."""

from __future__ import annotations

import pickle

import pytest
from toy_jobs import ToyJob, Unpackable

from sim.execution import code, remote
from sim.execution.code import Code, own_code, source_hash
from sim.execution.mpi_pool import serve_chunk, start_serving
from sim.execution.remote import Sent, compute_there

OTHER = Code("f" * 64, "python 3.10.0, numpy 1.0")
SENT = Sent(pickle.dumps(ToyJob()), own_code())
FOREIGN = Sent(pickle.dumps(ToyJob()), OTHER)


def test_equal_code_is_served():
    result = compute_there(SENT, 0, 3, "run")
    assert (result.error, len(result.parts)) == (None, 1)


def test_other_code_is_refused_with_both_hashes_and_versions():
    result = compute_there(FOREIGN, 0, 3, "run")
    assert result.parts == ()
    for words in ("other code", "f" * 12, "numpy 1.0", own_code().sources[:12], own_code().versions):
        assert words in result.error
    assert "\n" not in result.error


def test_other_code_is_refused_before_anything_is_unpacked():
    assert "other code" in compute_there(Sent(b"no pickle at all", OTHER), 0, 3, "run").error
    assert "cannot be unpacked" in compute_there(Sent(pickle.dumps(Unpackable()), own_code()), 0, 3, "run").error


def test_an_mpi_process_refuses_as_well(monkeypatch):
    monkeypatch.setattr("sim.execution.mpi_pool._served", {})
    start_serving(FOREIGN, "run")
    assert "other code" in serve_chunk(0, 3).error
    start_serving(SENT, "run")
    assert serve_chunk(0, 3).error is None


def test_a_job_is_handed_on_packed_and_looked_at_by_each(monkeypatch):
    compute_there(SENT, 0, 1, "run")
    handed_on = pickle.loads(pickle.dumps(SENT))
    monkeypatch.setattr(remote, "difference_from", lambda asked: "other code")
    assert compute_there(handed_on, 0, 1, "run").error == "other code"


@pytest.fixture
def package(tmp_path):
    (tmp_path / "inner").mkdir()
    (tmp_path / "__init__.py").write_bytes(b"one = 1\n")
    (tmp_path / "inner" / "two.py").write_bytes(b"two = 2\n")
    return tmp_path


def test_every_source_file_counts_and_nothing_else(package):
    before = source_hash(package)
    (package / "inner" / "two.pyc").write_bytes(b"rubbish")
    (package / "inner" / "two.py").write_bytes(b"two = 2\r\n")
    assert source_hash(package) == before
    (package / "inner" / "two.py").write_bytes(b"two = 3\n")
    changed = source_hash(package)
    (package / "inner" / "two.py").rename(package / "two.py")
    assert len({before, changed, source_hash(package)}) == 3


def test_the_files_are_read_once_a_process(monkeypatch):
    own_code()
    monkeypatch.setattr(code, "source_hash", lambda package: pytest.fail("read again"))
    assert own_code().sources == source_hash(code.PACKAGE)
