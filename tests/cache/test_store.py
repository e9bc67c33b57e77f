"""Bytes kept by kind and key: read as they were written or not at all, and no more of them than there is room for."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError
from pathlib import Path
from typing import Any

import pytest

from sim.cache import store
from sim.cache.atomic import TEMPORARY
from sim.cache.store import DAYS_KEPT, get, key_of, load_or_make, prune, put, read_checked, with_checksum, write_checked

CONTENTS = [b"", b"\n", b"0" * 64 + b"\n", bytes(range(256)) * 40]
KEY, OTHER = "a" * 32, "b" * 32


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of one kind, in a cache of the test's own."""
    (tmp_path / "cache").mkdir(mode=0o700)
    monkeypatch.setenv("BORDER_SIM_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache" / "kind"


@pytest.fixture
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No place for a cache, neither the usual one nor among the temporary files."""
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("BORDER_SIM_CACHE", str(tmp_path / "file"))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "file"))


def aged(path: Path, days: float) -> Path:
    path.touch()
    os.utime(path, (time.time() - days * 86_400,) * 2)
    return path


# --- put and got ---


@pytest.mark.parametrize("content", CONTENTS)
def test_what_was_put_is_got(place: Path, content: bytes) -> None:
    assert get("kind", KEY) is None
    for _ in range(2):
        put("kind", KEY, content)
        assert get("kind", KEY) == content
    assert get("kind", OTHER) is get("other", KEY) is None
    assert [path.name for path in place.iterdir()] == [KEY]


@pytest.mark.parametrize("content", CONTENTS)
def test_every_damaged_bit_and_every_cut_shows(tmp_path: Path, content: bytes) -> None:
    path, written = tmp_path / "a", with_checksum("a", content)
    for place in {*range(0, len(written), 37), 0, 63, 64, len(written) - 1}:
        path.write_bytes(written[:place] + bytes([written[place] ^ 1]) + written[place + 1 :])
        assert read_checked(path) is None
        path.write_bytes(written[:place])
        assert read_checked(path) is None
    path.write_bytes(written + b"0")
    assert read_checked(path) is None


def test_what_was_put_under_another_key_is_not_whole(place: Path) -> None:
    put("kind", KEY, b"1")
    (place / OTHER).write_bytes((place / KEY).read_bytes())
    assert get("kind", OTHER) is None


def test_a_folder_in_the_place_of_an_entry_does_no_harm(place: Path) -> None:
    (place / KEY).mkdir(parents=True, mode=0o700)
    place.chmod(0o700)
    put("kind", KEY, b"1")
    assert get("kind", KEY) is None
    assert [path.name for path in place.iterdir()] == [KEY]


def test_where_nothing_can_be_kept_nothing_is(nowhere: None) -> None:
    put("kind", KEY, b"1")
    assert get("kind", KEY) is None


def test_a_full_disk_does_no_harm(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        put("kind", KEY, b"1")
        with pytest.raises(OSError, match="No space left"):
            write_checked(place / KEY, b"1")
    assert get("kind", KEY) is None
    assert not list(place.iterdir())


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="no permissions")
def test_where_others_may_write_nothing_is_read(place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    put("kind", KEY, b"1")
    place.chmod(0o777)
    assert get("kind", KEY) is None
    put("kind", KEY, b"2")
    assert get("kind", KEY) == b"2"
    assert (tmp_path / f"border-sim-{os.geteuid()}" / "kind" / KEY).exists()
    assert (place / KEY).read_bytes() == with_checksum(KEY, b"1")


# --- mappings ---


def test_a_mapping_is_made_once(place: Path) -> None:
    made: list[int] = []

    def make() -> dict[str, Any]:
        made.append(1)
        return {"seed": 1, "light": {"sunset": 17.5}, "arms": [None, True]}

    for _ in range(3):
        found = load_or_make("kind", KEY, make)
        assert found == {"seed": 1, "light": {"sunset": 17.5}, "arms": [None, True]}
        found["arms"].append(False)
    assert made == [1]


@pytest.mark.parametrize("text", [b"", b"[]", b"3", b"null", b"{", b"\xff\xfe"])
def test_what_is_no_mapping_is_made_anew(place: Path, text: bytes) -> None:
    put("kind", KEY, text)
    assert load_or_make("kind", KEY, lambda: {"a": 1}) == load_or_make("kind", KEY, dict) == {"a": 1}


@pytest.mark.parametrize("made", [{"a": {1: 2}}, {"a": (1, 2)}, {"a": float("nan")}])
def test_what_json_cannot_hold_as_it_is_is_not_kept(place: Path, made: dict[str, Any]) -> None:
    assert load_or_make("kind", KEY, lambda: made) is made
    assert get("kind", KEY) is None


def test_where_nothing_can_be_kept_a_mapping_is_made_each_time(nowhere: None) -> None:
    assert [load_or_make("kind", KEY, lambda n=n: {"n": n})["n"] for n in (1, 2)] == [1, 2]


# --- what has had its time ---


def test_what_was_long_not_used_is_thrown_away_and_nothing_of_others(tmp_path: Path) -> None:
    old, recent = aged(named(tmp_path, "b"), DAYS_KEPT + 1), aged(named(tmp_path, "c"), DAYS_KEPT - 1)
    of_earlier_versions = aged(tmp_path / f"{'e' * 32}.json", DAYS_KEPT + 1)
    unfinished = aged(tmp_path / f"{TEMPORARY}7-x", DAYS_KEPT + 1)
    foreign = [aged(tmp_path / name, 400) for name in ("thesis.csv", "b" * 31, f"{'b' * 32}.json.old", ".tmp")]
    (tmp_path / ("d" * 32)).mkdir()
    prune(tmp_path)
    assert not any(path.exists() for path in (old, of_earlier_versions, unfinished))
    assert recent.exists()
    recent.write_bytes(b"12")
    prune(tmp_path, room_mb=1e-6)
    assert not recent.exists()
    assert all(path.exists() for path in foreign)


def test_what_is_read_counts_as_used(place: Path) -> None:
    put("kind", KEY, b"1")
    aged(place / KEY, DAYS_KEPT + 1)
    get("kind", KEY)
    prune(place)
    assert get("kind", KEY) == b"1"


def test_what_is_put_throws_away_what_was_long_not_used(place: Path) -> None:
    put("kind", KEY, b"1")
    aged(place / KEY, DAYS_KEPT + 1)
    put("kind", OTHER, b"1")
    assert [path.name for path in place.iterdir()] == [OTHER]


def test_where_room_is_short_the_longest_unused_go(place: Path) -> None:
    for number, letter in enumerate("abc"):
        put("kind", letter * 32, bytes(300_000))
        aged(named(place, letter), 3 - number)
    put("kind", "d" * 32, bytes(300_000), room_mb=1.0)
    assert sorted(path.name[0] for path in place.iterdir()) == ["b", "c", "d"]
    put("kind", "e" * 32, bytes(1_100_000), room_mb=1.0)
    assert sorted(path.name[0] for path in place.iterdir()) == ["b", "c", "d"]


def named(folder: Path, letter: str) -> Path:
    return folder / (letter * 32)


# --- keys ---


def sources(folder: Path) -> Path:
    (folder / "deep").mkdir(parents=True)
    (folder / "a.py").write_text("one")
    (folder / "deep" / "b.py").write_text("two")
    return folder


def key(folder: Path, *facts: object, **more: Any) -> str:
    return key_of(folder, ["*.py", "**/*.py"], *facts, **more)


def test_a_key_is_the_same_elsewhere_and_looks_at_no_other_files(tmp_path: Path) -> None:
    here, there = sources(tmp_path / "here"), sources(tmp_path / "there")
    (there / "a.pyc").write_text("other")
    assert key(here, "1.0", 3) == key(there, "1.0", 3)


@pytest.mark.parametrize(
    "change",
    [
        lambda folder: (folder / "a.py").write_text("one "),
        lambda folder: (folder / "deep" / "b.py").write_text("three"),
        lambda folder: (folder / "a.py").rename(folder / "c.py"),
        lambda folder: (folder / "deep" / "new.py").write_text(""),
        lambda folder: (folder / "a.py").unlink(),
        lambda folder: [(folder / "a.py").write_text("on"), (folder / "deep" / "b.py").write_text("etwo")],
    ],
)
def test_every_change_is_another_key(tmp_path: Path, change: Callable[[Path], object]) -> None:
    folder = sources(tmp_path / "here")
    before = key(folder)
    change(folder)
    assert key(folder) != before


def test_every_fact_and_version_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = sources(tmp_path / "here")
    keys = {key(folder), key(folder, "1"), key(folder, 1), key(folder, "1", "2"), key(folder, "12")}
    keys |= {key(folder, libraries=["numpy"]), key(folder, libraries=["numpy", "numba"])}
    monkeypatch.setattr(store, "version", lambda name: "99")
    keys.add(key(folder, libraries=["numpy"]))
    assert len(keys) == 8


def test_without_files_or_version_there_is_no_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(FileNotFoundError, match="no sources"):
        key(tmp_path)

    def version(name: str) -> str:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(store, "version", version)
    with pytest.raises(PackageNotFoundError):
        key(sources(tmp_path), libraries=["numpy"])
