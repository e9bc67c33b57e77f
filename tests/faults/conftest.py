"""What the tests of bad input share: a small case of one's own, and the check that a run was refused."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from composed_once import composed_once

from sim.__main__ import main
from sim.scenario import load

# Level ground of 12 km with a border river from east to west at y = 6 and a brook from the north at x = 2, both
# 0.6 km wide: small enough to be built in a fraction of a second, with every kind of place to go wrong on. Of the
# project's own configuration it takes the sensors only, so that no change of the default case can reach these tests.
SMALL_CASE = """\
# @package _global_
defaults:
  - override /terrain: flat
  - override /light: null
  - override /forces: null
  - override /outpost: null
  - override /command: null
  - override /infiltrators: null
  - override /inland: null
  - override /engagement: null
  - override /arms: null
name: small
title: A small case
baseline: without
horizon_min: 1500
terrain:
  width_km: 12
  height_km: 12
  cell_m: 500
  cover: {open: {foot_factor: 1.0}, river: {foot_factor: 0.4}}
  lines:
    - {name: border, kind: border_river, width_km: 0.6, points: [[12, 6], [0, 6]]}
    - {name: brook, kind: river, width_km: 0.6, points: [[2, 12], [2, 6]]}
light:
  start: "2019-11-03T08:00"
  sunrise: "06:55"
  sunset: "17:29"
  weather:
    - {name: clear, probability: 0.7, visibility: 1.0}
    - {name: haze, probability: 0.3, visibility: 0.6}
posts:
  - {name: west, x_km: 4.0, y_km: 7.5, sensors: [eye], range_km: 2.0, responders: 8}
outpost: {name: new, x_km: 8.0, y_km: 7.5, sensors: [eye], range_km: 3.0, height_m: 12, responders: 8, present: false}
patrols:
  - {name: bank, track: [[3.0, 7.0], [9.0, 7.0]], mode: back_and_forth, sensor: eye, speed_kmh: 4.0}
reaction_force: {x_km: 6.0, y_km: 11.0}
command: {report_delay_min: 30, sharing_radius_km: 25, contact_per_man_hour: 0.2}
inland: {total_hours_low: 48, total_hours_high: 72}
engagement: {law: square, surrender_at: 0.75}
sectors: []
doubts: []
infiltrators:
  behaviour: informed
  ways: []
  crossing_spacing_km: 2.0
  groups:
    - name: one
      kind: fighters
      size: 10
      start_x_km: 6.0
      start_y_km: 2.0
      target_x_km: 6.0
      target_y_km: 11.5
      depart_earliest_min: 60
      depart_latest_min: 420
      pace_low: 0.7
      pace_high: 1.0
arms:
  without: {cost_usd: 0}
  with_outpost: {cost_usd: 0, changes: {outpost: {present: true}}}
"""

Run = Callable[[list[str]], tuple[int, str, str]]
Refused = Callable[..., None]
Edited = Callable[[str, str], None]


@pytest.fixture
def workplace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An own working directory with `small.yaml` in it; temporary files go beside it, where they would be noticed."""
    monkeypatch.setattr(load, "_composed", composed_once)
    here, temporary = tmp_path / "here", tmp_path / "temporary"
    here.mkdir()
    temporary.mkdir()
    (here / "small.yaml").write_text(SMALL_CASE, encoding="utf-8")
    monkeypatch.chdir(here)
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    return here


@pytest.fixture
def edited(workplace: Path) -> Edited:
    """Change one passage of `small.yaml`, which must be there exactly once."""

    def edit(old: str, new: str) -> None:
        assert SMALL_CASE.count(old) == 1
        (workplace / "small.yaml").write_text(SMALL_CASE.replace(old, new), encoding="utf-8")

    return edit


@pytest.fixture
def refused(workplace: Path, capsys: pytest.CaptureFixture[str]) -> Refused:
    """Check that arguments are refused as promised: status 2, one line with these words, nothing written.

    They are run in this process, or by `run`, which returns exit status, standard output and standard error.
    """

    def run_here(arguments: list[str]) -> tuple[int, str, str]:
        status = main(arguments)
        told = capsys.readouterr()
        return status, told.out, told.err

    def check(arguments: Sequence[str], words: Sequence[str], run: Run = run_here) -> None:
        before = _contents(workplace.parent)
        status, out, err = run(_with_defaults(arguments))
        _assert_refused(status, out, err, words)
        assert _contents(workplace.parent) == before

    return check


def _with_defaults(arguments: Sequence[str]) -> list[str]:
    """The arguments after the small case and what keeps it short, should it be let through."""
    if any(word.startswith("experiment=") for word in arguments):
        return list(arguments)
    return ["experiment=small.yaml", "replications=2", "execution.workers=1", *arguments]


def _assert_refused(status: int, out: str, err: str, words: Sequence[str]) -> None:
    """Status 2 and one line on stderr that holds all words."""
    assert status == 2, err
    assert err.startswith("border-sim: ")
    assert err.count("\n") == 1
    assert err.endswith("\n")
    assert "Traceback" not in out + err
    missing = [word for word in words if word not in err]
    assert not missing, err


def _contents(folder: Path) -> dict[str, bytes | None]:
    """Every folder (None) and file (its bytes) below a folder, by relative path."""
    paths = sorted(folder.rglob("*"))
    return {str(path.relative_to(folder)): None if path.is_dir() else path.read_bytes() for path in paths}


@pytest.fixture
def small_case() -> str:
    """The text of the small case."""
    return SMALL_CASE
