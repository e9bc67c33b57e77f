"""The commit and the source hash of a checkout; a worker of other code refuses a job, in one line."""

from __future__ import annotations

import pickle
import shutil
import subprocess

import pytest
from toy_jobs import ToyJob, Unpackable

from sim.execution import manifest, worker
from sim.execution.manifest import PACKAGE, CodeVersion, code_version, commit, source_hash, versions
from sim.execution.worker import PackedJob, serve, start_worker

OTHER = CodeVersion("f" * 64, "python 3.10.0, numpy 1.0")
SAME_CODE = PackedJob(ToyJob(), "run", code_version())
OTHER_CODE = PackedJob(ToyJob(), "run", OTHER)


def git(folder, *arguments):
    identity = ("-c", "user.name=T", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false")
    done = subprocess.run(["git", "-C", folder, *identity, *arguments], capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
def test_commit_and_changes(tmp_path):
    git(tmp_path, "init", "-q")
    assert commit(tmp_path) is None
    (tmp_path / "file").write_text("one")
    git(tmp_path, "add", "file")
    git(tmp_path, "commit", "-q", "-m", "one")
    git(tmp_path, "tag", "v1")
    head = git(tmp_path, "rev-parse", "HEAD")
    assert commit(tmp_path) == head
    (tmp_path / "file").write_text("two")
    assert commit(tmp_path) == head + "+changes"


def test_a_folder_inside_another_checkout_has_no_commit(tmp_path):
    inner = tmp_path / "site-packages"
    inner.mkdir()
    (tmp_path / ".git").mkdir()
    assert commit(inner) is None


def test_versions_of_what_is_not_installed_are_none(monkeypatch):
    monkeypatch.setattr("sim.execution.manifest._DEPENDENCIES", ("numpy", "no-such-package-here"))
    found = versions()
    assert found["no-such-package-here"] is None
    assert found["numpy"]


def test_equal_code_is_served():
    result = SAME_CODE.compute(0, 3)
    assert (result.error, len(result.parts)) == (None, 1)


def test_other_code_is_refused_with_both_hashes_and_versions():
    result = OTHER_CODE.compute(0, 3)
    assert result.parts == ()
    for words in ("other code", "f" * 12, "numpy 1.0", code_version().sources[:12], code_version().versions):
        assert words in result.error
    assert "\n" not in result.error


def test_other_code_is_refused_before_anything_is_unpacked():
    for code, message in ((OTHER, "other code"), (code_version(), "cannot be unpacked")):
        assert message in PackedJob(Unpackable(), "run", code).compute(0, 3).error


def test_a_worker_process_refuses_as_well(monkeypatch):
    monkeypatch.setattr(worker, "_served", [])
    start_worker(OTHER_CODE)
    assert "other code" in serve(0, 3).error
    start_worker(SAME_CODE)
    assert serve(0, 3).error is None


def test_a_job_is_handed_on_packed_and_each_process_compares_its_own_code(monkeypatch):
    SAME_CODE.compute(0, 1)
    handed_on = pickle.loads(pickle.dumps(SAME_CODE))
    monkeypatch.setattr(worker, "code_mismatch", lambda asked: "other code")
    assert handed_on.compute(0, 1).error == "other code"


@pytest.fixture
def package(tmp_path):
    (tmp_path / "inner").mkdir()
    (tmp_path / "__init__.py").write_bytes(b"one = 1\n")
    (tmp_path / "inner" / "two.py").write_bytes(b"two = 2\n")
    return tmp_path


def test_every_source_file_counts_and_nothing_else(package):
    before = source_hash(package)
    (package / "inner" / "two.pyc").write_bytes(b"compiled")
    (package / "inner" / "two.py").write_bytes(b"two = 2\r\n")
    assert source_hash(package) == before
    (package / "inner" / "two.py").write_bytes(b"two = 3\n")
    changed = source_hash(package)
    (package / "inner" / "two.py").rename(package / "two.py")
    assert len({before, changed, source_hash(package)}) == 3


def test_the_files_are_read_once_a_process(monkeypatch):
    code_version()
    monkeypatch.setattr(manifest, "source_hash", lambda package: pytest.fail("read again"))
    assert code_version().sources == source_hash(PACKAGE)
