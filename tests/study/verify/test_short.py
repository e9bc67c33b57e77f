"""The short form of a verification: run once for a state of the program, kept, and never trusted blindly."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from laboratories import expanded, laboratory

from sim.study.verify import short
from sim.study.verify.links import Link
from sim.study.verify.short import check_now, short_check

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

    monkeypatch.setattr(short, "check_now", run_now)
    return done


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the summary is kept, in a folder of this test's own."""
    place = tmp_path / "cache" / "verified" / "state.json"
    place.parent.parent.mkdir()
    monkeypatch.setattr(short, "_kept_in", lambda: place)
    return place


def test_it_is_run_once_and_read_back(runs: list[int], kept: Path) -> None:
    spoken = Spoken()
    first, second = short_check(spoken), short_check(spoken)  # type: ignore[arg-type]
    assert first == second == {**WHOLE, "run": 1}
    assert runs == [1]
    assert len(spoken.notes) == 1
    assert "once" in spoken.notes[0]
    assert json.loads(kept.read_text()) == first


def _without(key: str) -> dict[str, Any]:
    return {name: value for name, value in WHOLE.items() if name != key}


BROKEN: dict[str, bytes] = {
    "empty": b"",
    "cut off": json.dumps(WHOLE).encode()[:-9],
    "no text": bytes(range(256)),
    "a list": b"[1, 2]",
    "a number": b"3",
    "null": b"null",
    "foreign": b'{"name": "somebody else"}',
    "without the verdict": json.dumps(_without("passed")).encode(),
    "without the bound": json.dumps(_without("bound")).encode(),
    "cases of another kind": json.dumps({**WHOLE, "cases": [1]}).encode(),
    "a case of another kind": json.dumps({**WHOLE, "cases": {"a": 3}}).encode(),
    "a case without its value": json.dumps({**WHOLE, "cases": {"a": {"z": 0.0}}}).encode(),
}


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN.keys())
def test_what_is_not_whole_is_run_again_and_replaced(content: bytes, runs: list[int], kept: Path) -> None:
    kept.parent.mkdir()
    kept.write_bytes(content)
    assert short_check()["run"] == 1
    assert json.loads(kept.read_text())["run"] == 1
    assert short_check()["run"] == 1


def test_a_folder_in_its_place_does_no_harm(runs: list[int], kept: Path) -> None:
    kept.mkdir(parents=True)
    assert short_check()["run"] == 1
    assert short_check()["run"] == 2


def test_a_cache_that_cannot_be_written_does_no_harm(
    runs: list[int], kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError("read-only")

    monkeypatch.setattr(short, "atomic_write_text", refuse)
    assert [short_check()["run"], short_check()["run"]] == [1, 2]
    assert not kept.exists()


def test_a_file_in_place_of_the_folder_does_no_harm(runs: list[int], kept: Path) -> None:
    kept.parent.write_text("a file")
    assert short_check()["run"] == 1


def test_where_nothing_can_be_kept_it_is_run_each_time(runs: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(short, "_kept_in", lambda: None)
    assert [short_check()["run"], short_check()["run"]] == [1, 2]


def test_another_state_of_the_sources_is_kept_apart(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("sim.cache.cache.cache_folder", lambda: tmp_path / "compiled")
    own = short.own_code()
    here = short._kept_in()
    monkeypatch.setattr(short, "own_code", lambda: own._replace(sources="f" * 64))
    there = short._kept_in()
    assert here is not None
    assert there is not None
    assert here.parent == there.parent == tmp_path / "verified"
    assert here != there


def test_now_runs_the_links_in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    two = tuple(Link(name, laboratory(name), expanded(name)) for name in ("duel", "repeat_trials"))
    monkeypatch.setattr(short, "suite", lambda: two)
    found = check_now(replications=1500, seed=3)
    assert found["passed"] is True
    assert {name: one["replications"] for name, one in found["cases"].items()} == {"duel": 1500, "repeat_trials": 1500}
    assert found == check_now(replications=1500, seed=3)
    json.dumps(found, allow_nan=False)
