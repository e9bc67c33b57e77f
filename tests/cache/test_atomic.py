"""A file is there whole or not at all."""

from __future__ import annotations

import os

import pytest

from sim.cache.atomic import atomic_write_bytes, atomic_write_text, remove_temporaries


def test_writes_and_replaces(tmp_path):
    path = tmp_path / "summary.json"
    atomic_write_text(path, "first\n")
    atomic_write_text(path, "zweite Fassung: größer\n")
    assert path.read_bytes() == "zweite Fassung: größer\n".encode()
    assert os.listdir(tmp_path) == ["summary.json"]


@pytest.mark.parametrize("step", ["fsync", "replace"])
@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_a_failure_leaves_the_old_file_and_no_other(tmp_path, monkeypatch, step, error):
    path = tmp_path / "manifest.json"
    path.write_text("old")

    def fail(*_):
        raise error

    monkeypatch.setattr(os, step, fail)
    with pytest.raises(type(error)):
        atomic_write_bytes(path, b"new")
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["manifest.json"]


def test_below_a_file_nothing_can_be_written(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError, match="directory"):
        atomic_write_bytes(tmp_path / "file" / "manifest.json", b"")


def test_remove_temporaries_takes_no_others(tmp_path):
    for name in (".tmp-77-part.parquet", "part.parquet", ".lock"):
        (tmp_path / name).write_text("")
    remove_temporaries(tmp_path)
    assert sorted(os.listdir(tmp_path)) == [".lock", "part.parquet"]
