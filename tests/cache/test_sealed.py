"""Sealed files: read as they were written or not at all, and no more of them than there is room for."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from sim.cache.atomic import TEMPORARY
from sim.cache.sealed import DAYS_KEPT, is_recent, keep_sealed, read_sealed, sealed

CONTENTS = [b"", b"\n", b"0" * 64 + b"\n", bytes(range(256)) * 40]


def aged(path: Path, days: float) -> Path:
    path.touch()
    os.utime(path, (time.time() - days * 86_400,) * 2)
    return path


@pytest.mark.parametrize("content", CONTENTS)
def test_what_was_kept_is_read(tmp_path: Path, content: bytes) -> None:
    for _ in range(2):
        keep_sealed(tmp_path / "a", content)
        assert read_sealed(tmp_path / "a") == content
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


@pytest.mark.parametrize("content", CONTENTS)
def test_every_damaged_bit_and_every_cut_shows(tmp_path: Path, content: bytes) -> None:
    path, written = tmp_path / "a", sealed(content)
    for place in {*range(0, len(written), 37), 0, 63, 64, len(written) - 1}:
        path.write_bytes(written[:place] + bytes([written[place] ^ 1]) + written[place + 1 :])
        assert read_sealed(path) is None
        path.write_bytes(written[:place])
        assert read_sealed(path) is None
    path.write_bytes(written + b"0")
    assert read_sealed(path) is None


def test_what_is_not_there_is_none(tmp_path: Path) -> None:
    assert read_sealed(tmp_path / "a") is None
    (tmp_path / "folder").mkdir()
    assert read_sealed(tmp_path / "folder") is None


def test_what_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="nowhere"):
        keep_sealed(tmp_path / "nowhere" / "a", b"")


def test_what_was_long_not_used_is_thrown_away_and_nothing_of_others(tmp_path: Path) -> None:
    named(tmp_path, "c").write_bytes(b"12")
    old, recent = aged(named(tmp_path, "b"), DAYS_KEPT + 1), aged(named(tmp_path, "c"), DAYS_KEPT - 1)
    unfinished = aged(tmp_path / f"{TEMPORARY}7-x", DAYS_KEPT + 1)
    foreign = [aged(tmp_path / name, 400) for name in ("thesis.csv", "used", "b" * 32, f"{'b' * 32}.json.old", ".tmp")]
    (tmp_path / ("d" * 32)).mkdir()
    keep_sealed(named(tmp_path, "a"), b"1")
    assert not old.exists()
    assert not unfinished.exists()
    assert recent.exists()
    keep_sealed(named(tmp_path, "a"), b"1", room_mb=1e-6)
    assert not recent.exists()
    assert all(path.exists() for path in foreign)
    assert (tmp_path / ("d" * 32)).is_dir()


def test_what_is_read_counts_as_used(tmp_path: Path) -> None:
    keep_sealed(tmp_path / "a", b"1")
    aged(tmp_path / "a", DAYS_KEPT + 1)
    assert not is_recent(tmp_path / "a")
    read_sealed(tmp_path / "a")
    assert is_recent(tmp_path / "a")
    assert is_recent(tmp_path / "nowhere")


def test_where_room_is_short_the_longest_unused_go(tmp_path: Path) -> None:
    for number, letter in enumerate("abc"):
        keep_sealed(named(tmp_path, letter), bytes(300_000))
        aged(named(tmp_path, letter), 3 - number)
    keep_sealed(named(tmp_path, "d"), bytes(300_000), room_mb=1.0)
    assert sorted(path.name[0] for path in tmp_path.iterdir()) == ["b", "c", "d"]
    keep_sealed(named(tmp_path, "e"), bytes(1_100_000), room_mb=1.0)
    assert sorted(path.name[0] for path in tmp_path.iterdir()) == ["b", "c", "d"]


def named(folder: Path, letter: str) -> Path:
    """A file with a name as hashes make them."""
    return folder / f"{letter * 32}.json"
