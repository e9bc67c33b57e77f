"""Composed configurations kept from one start to the next: the same as composed anew, or not read at all."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sim.cache.atomic import TEMPORARY
from sim.cache.sealed import sealed
from sim.config_folder import config_folder, options
from sim.scenario import kept as keeping
from sim.scenario.kept import kept
from sim.scenario.load import _composed, compose

CHOICE = ["terrain=flat"]


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where they are kept, in a folder of the test's own."""
    (tmp_path / "cache").mkdir(mode=0o700)
    monkeypatch.setenv("BORDER_SIM_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache" / "composed"


def counted(data: dict[str, Any]) -> tuple[Callable[[], dict[str, Any]], list[int]]:
    """What composes this, and how often it did."""
    calls: list[int] = []

    def composing() -> dict[str, Any]:
        calls.append(1)
        return dict(data)

    return composing, calls


@pytest.mark.parametrize("experiment", options("experiment"))
def test_what_was_kept_is_what_is_composed(place: Path, experiment: str) -> None:
    wanted = _composed([f"experiment={experiment}"], None)
    first, second = (compose([f"experiment={experiment}"]) for _ in range(2))
    assert first == second
    assert kept([f"experiment={experiment}"], dict) == wanted
    assert list(kept([f"experiment={experiment}"], dict)) == list(wanted)
    assert len(list(place.glob("*.json"))) == 1


def test_it_is_composed_once_for_each_choice(place: Path) -> None:
    composing, calls = counted({"seed": 1, "light": {"sunset": 17.5}, "arms": [None, True]})
    assert (
        kept(CHOICE, composing)
        == kept(CHOICE, composing)
        == {"seed": 1, "light": {"sunset": 17.5}, "arms": [None, True]}
    )
    assert len(calls) == 1
    kept([], composing)
    assert len(calls) == 2
    assert place.is_dir()


def test_what_is_changed_in_hand_is_not_changed_where_it_is_kept(place: Path) -> None:
    composing, _ = counted({"posts": [1, 2]})
    for _ in range(3):
        found = kept(CHOICE, composing)
        assert found == {"posts": [1, 2]}
        found["posts"].append(3)


def test_a_changed_file_or_version_is_composed_anew(
    place: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    copy = tmp_path / "configs"
    shutil.copytree(config_folder(), copy)
    monkeypatch.setattr(keeping, "config_folder", lambda: copy)
    composing, calls = counted({"seed": 1})
    changes: list[Callable[[], Any]] = [
        lambda: None,
        lambda: (copy / "light" / "november.yaml").write_text("sunset: 18\n"),
        lambda: (copy / "terrain" / "new.yaml").write_text(""),
        lambda: monkeypatch.setattr(keeping, "version", lambda name: f"{name} 99"),
    ]
    for number, change in enumerate(changes, start=1):
        change()
        kept(CHOICE, composing)
        kept(CHOICE, composing)
        assert len(calls) == number


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: text[:-1],
        lambda text: "",
        lambda text: text.replace("17", "18"),
        lambda text: text.partition("\n")[2],
        lambda text: "\n" + text,
        lambda text: sealed(b"[]").decode(),
        lambda text: sealed(b"{").decode(),
    ],
)
def test_what_is_not_whole_is_composed_anew(place: Path, damage: Callable[[str], str]) -> None:
    composing, calls = counted({"sunset": 17})
    kept(CHOICE, composing)
    (path,) = place.glob("*.json")
    path.write_text(damage(path.read_text()))
    assert kept(CHOICE, composing) == {"sunset": 17}
    assert kept(CHOICE, composing) == {"sunset": 17}
    assert len(calls) == 2


def test_bytes_that_are_no_text_are_composed_anew(place: Path) -> None:
    composing, calls = counted({"sunset": 17})
    kept(CHOICE, composing)
    (path,) = place.glob("*.json")
    path.write_bytes(b"\xff\xfe")
    assert kept(CHOICE, composing) == kept(CHOICE, composing)
    assert len(calls) == 2


def test_what_json_cannot_hold_as_it_is_is_not_kept(place: Path) -> None:
    for data in ({"a": {1: 2}}, {"a": (1, 2)}, {"a": float("nan")}):
        assert kept(CHOICE, lambda data=data: data) is data
    assert not list(place.glob("*.json"))


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="no permissions")
def test_where_others_may_write_nothing_is_kept(place: Path) -> None:
    composing, calls = counted({"sunset": 17})
    kept(CHOICE, composing)
    place.chmod(0o777)
    kept(CHOICE, composing)
    kept(CHOICE, composing)
    assert len(calls) == 3


def test_where_nothing_can_be_kept_it_is_composed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("BORDER_SIM_CACHE", str(tmp_path / "file"))
    composing, calls = counted({"sunset": 17})
    assert kept(CHOICE, composing) == kept(CHOICE, composing) == {"sunset": 17}
    assert len(calls) == 2


def test_what_was_long_not_used_is_thrown_away(place: Path) -> None:
    composing, _ = counted({"sunset": 17})
    kept(CHOICE, composing)
    (old,) = place.glob("*.json")
    unfinished, recent = place / f"{TEMPORARY}1-left", place / f"{'0' * 32}.json"
    for path in (unfinished, recent):
        path.write_text("")
    for path, days in ((old, 31), (unfinished, 31), (recent, 29)):
        os.utime(path, (time.time() - days * 86_400,) * 2)
    kept([], composing)
    assert not old.exists()
    assert not unfinished.exists()
    assert recent.exists()


def test_what_is_read_counts_as_used(place: Path) -> None:
    composing, _ = counted({"sunset": 17})
    kept(CHOICE, composing)
    (path,) = place.glob("*.json")
    os.utime(path, (0, 0))
    kept(CHOICE, composing)
    assert time.time() - path.stat().st_mtime < 3600
