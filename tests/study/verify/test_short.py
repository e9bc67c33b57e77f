"""The short form of a verification: run once for a state of the program, kept, and never trusted blindly."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from laboratories import expanded, laboratory

from sim.study.verify import summary
from sim.study.verify.links import Link
from sim.study.verify.summary import check_now, short_check

WHOLE = {"passed": True, "bound": 2.5, "seed": 1, "cases": {"a": {"simulated": 1.0, "exact": 1.0, "z": 0.0}}}


class Spoken:
    """A progress that remembers its notes."""

    def __init__(self) -> None:
        self.notes: list[str] = []

    def note(self, text: str) -> None:
        self.notes.append(text)


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Put a number that counts in the place of the links; the list holds one entry a run."""
    done: list[int] = []

    def run_now() -> dict[str, Any]:
        done.append(len(done) + 1)
        return {**WHOLE, "run": done[-1]}

    monkeypatch.setattr(summary, "check_now", run_now)
    return done


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the summary is kept, in a folder of this test's own."""
    (tmp_path / "cache").mkdir(mode=0o700)
    monkeypatch.setenv("BORDER_SIM_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache" / "verified"


def test_it_is_run_once_and_read_back(runs: list[int], kept: Path) -> None:
    spoken = Spoken()
    first, second = short_check(spoken), short_check(spoken)  # type: ignore[arg-type]
    assert first == second == {**WHOLE, "run": 1}
    assert runs == [1]
    assert len(spoken.notes) == 1
    assert "once" in spoken.notes[0]
    assert len(list(kept.iterdir())) == 1


BROKEN: dict[str, bytes] = {
    "empty": b"",
    "cut off": json.dumps(WHOLE).encode()[:-9],
    "no text": bytes(range(256)),
    "a list": b"[1, 2]",
    "foreign": b'{"name": "somebody else"}',
    "whole, but without its seal": json.dumps(WHOLE).encode(),
}


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN.keys())
def test_what_is_not_whole_is_run_again_and_replaced(content: bytes, runs: list[int], kept: Path) -> None:
    short_check()
    (path,) = kept.iterdir()
    path.write_bytes(content)
    assert [short_check()["run"], short_check()["run"]] == [2, 2]


def test_where_nothing_can_be_kept_it_is_run_each_time(
    runs: list[int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("a file")
    monkeypatch.setenv("BORDER_SIM_CACHE", str(tmp_path / "file"))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "file"))
    assert [short_check()["run"], short_check()["run"]] == [1, 2]


def test_other_sources_versions_and_laboratories_are_kept_apart(
    runs: list[int], kept: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    shutil.copytree(summary.config_folder(), tmp_path / "configs")
    monkeypatch.setattr(summary, "config_folder", lambda: tmp_path / "configs")
    own, laboratory = summary.code_version(), tmp_path / "configs" / "experiment" / "verification" / "duel.yaml"
    changes: list[Callable[[], Any]] = [
        lambda: None,
        lambda: monkeypatch.setattr(summary, "code_version", lambda: own._replace(sources="f" * 64)),
        lambda: monkeypatch.setattr(summary, "code_version", lambda: own._replace(versions="numpy 99")),
        lambda: laboratory.write_text(laboratory.read_text() + "# changed"),
    ]
    for number, change in enumerate(changes, start=1):
        change()
        assert [short_check()["run"], short_check()["run"]] == [number, number]


def test_now_runs_the_links_in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    two = tuple(Link(name, laboratory(name), expanded(name)) for name in ("duel", "repeat_trials"))
    monkeypatch.setattr(summary, "suite", lambda: two)
    found = check_now(replications=1500, seed=3)
    assert found["passed"] is True
    assert {name: one["replications"] for name, one in found["cases"].items()} == {"duel": 1500, "repeat_trials": 1500}
    assert found == check_now(replications=1500, seed=3)
    json.dumps(found, allow_nan=False)
