"""Composed configurations kept from one start to the next: the same as composed anew, or not used at all."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sim.cache import store
from sim.config_folder import config_folder, options
from sim.scenario import load
from sim.scenario.load import _composed, _kept
from sim.study.settings import compose

CHOICE = ["terrain=flat"]


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where they are kept, in a folder of the test's own."""
    (tmp_path / "cache").mkdir(mode=0o700)
    monkeypatch.setenv("BORDER_SIM_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache" / "composed"


@pytest.fixture
def made(place: Path, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """A short configuration in the place of what Hydra composes, and the choices for which it was composed."""
    calls: list[list[str]] = []

    def composing(groups: list[str], folder: Path | None) -> dict[str, Any]:
        assert folder is None
        calls.append(groups)
        return {"seed": 1, "light": {"sunset": 17.5}, "arms": [None, True]}

    monkeypatch.setattr(load, "_composed", composing)
    return calls


@pytest.mark.parametrize("experiment", options("experiment"))
def test_what_was_kept_is_what_is_composed(place: Path, experiment: str, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = _composed([f"experiment={experiment}"], None)
    first = compose([f"experiment={experiment}"])
    monkeypatch.setattr(load, "_composed", None)
    assert compose([f"experiment={experiment}"]) == first
    assert _kept([f"experiment={experiment}"]) == wanted
    assert list(_kept([f"experiment={experiment}"])) == list(wanted)
    assert len(list(place.iterdir())) == 1


def test_it_is_composed_once_for_each_choice(made: list[list[str]]) -> None:
    for groups in (CHOICE, CHOICE, [], CHOICE, [*CHOICE, "light=november"], []):
        _kept(groups)
    assert made == [CHOICE, [], [*CHOICE, "light=november"]]


def test_what_is_changed_in_hand_is_not_changed_where_it_is_kept(made: list[list[str]]) -> None:
    for _ in range(3):
        found = _kept(CHOICE)
        assert found["arms"] == [None, True]
        found["arms"].append(3)
    assert made == [CHOICE]


def test_every_configuration_file_counts(
    made: list[list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = tmp_path / "configs"
    shutil.copytree(config_folder(), copy)
    monkeypatch.setattr(load, "config_folder", lambda: copy)
    files = sorted(copy.rglob("*.yaml"))
    assert len(files) > 30
    _kept(CHOICE)
    for number, path in enumerate(files, start=1):
        assert len(made) == number
        path.write_text(f"{path.read_text()}\n# changed\n")
        _kept(CHOICE)
        _kept(CHOICE)


def test_a_new_file_another_version_or_other_code_is_composed_anew(
    made: list[list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = tmp_path / "configs"
    shutil.copytree(config_folder(), copy)
    monkeypatch.setattr(load, "config_folder", lambda: copy)
    changes: list[Callable[[], Any]] = [
        lambda: None,
        lambda: (copy / "terrain" / "new.yaml").write_text(""),
        lambda: monkeypatch.setattr(store, "version", lambda name: f"{name} 99"),
        lambda: monkeypatch.setattr(load, "__file__", str(shutil.copy(load.__file__, tmp_path))),
        lambda: (tmp_path / "load.py").write_text("# other code"),
    ]
    for number, change in zip((1, 2, 3, 3, 4), changes, strict=True):
        change()
        _kept(CHOICE)
        _kept(CHOICE)
        assert len(made) == number


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: text[:-1],
        lambda text: b"",
        lambda text: text.replace(b"17", b"18"),
        lambda text: text.partition(b"\n")[2],
        lambda text: b"\n" + text,
        lambda text: b"\xff\xfe",
    ],
)
def test_what_is_not_whole_is_composed_anew(
    made: list[list[str]], place: Path, damage: Callable[[bytes], bytes]
) -> None:
    whole = _kept(CHOICE)
    (path,) = place.iterdir()
    path.write_bytes(damage(path.read_bytes()))
    assert _kept(CHOICE) == _kept(CHOICE) == whole
    assert len(made) == 2


def test_without_files_it_is_composed_each_time(
    made: list[list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(load, "config_folder", lambda: tmp_path / "nowhere")
    assert _kept(CHOICE) == _kept(CHOICE)
    assert made == [CHOICE, CHOICE]
