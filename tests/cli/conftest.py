"""What the tests of the command line share: a small case of one's own, and commands as processes."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from composed_once import composed_once

from sim.scenario import load

# Level ground of 12 km with a border river at y = 6, one post, one patrol and one group: a replication of both arms
# takes some milliseconds, and the arms differ often enough to be told apart by a few replications. Of the project's
# own configuration it takes the sensors only, so that no change of the default case can reach these tests.
SMALL_CASE = """\
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
  lines:
    - {name: border, kind: border_river, width_km: 0.6, points: [[12, 6], [0, 6]]}
light:
  weather:
    - {name: clear, probability: 0.7, visibility: 1.0}
    - {name: haze, probability: 0.3, visibility: 0.6}
posts:
  - {name: west, x_km: 4.0, y_km: 7.5, sensors: [eye], range_km: 2.0, responders: 8}
outpost: {name: new, x_km: 8.0, y_km: 7.5, sensors: [thermal], range_km: 6.7, height_m: 12, responders: 12}
patrols:
  - {name: bank, track: [[3.0, 7.0], [9.0, 7.0]]}
reaction_force: {x_km: 6.0, y_km: 11.0}
command: {report_delay_min: 30}
sectors:
  - {name: all, west_km: 0, east_km: 12}
infiltrators:
  crossing_spacing_km: 2.0
  groups:
    - {name: one, size: 10, start_x_km: 6.0, start_y_km: 2.0, target_x_km: 6.0, target_y_km: 11.5}
arms:
  without: {}
  with_outpost: {cost_usd: 1000, changes: {outpost: {present: true}}}
"""

Command = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A working directory of this module's tests, with `small.yaml` in it."""
    folder = tmp_path_factory.mktemp("cli")
    (folder / "small.yaml").write_text(SMALL_CASE, encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def child_environment() -> dict[str, str]:
    """Environment of a child process that finds what this one finds, and draws without a screen."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path), "MPLBACKEND": "Agg"}


@pytest.fixture(scope="module")
def command(place: Path, child_environment: dict[str, str]) -> Command:
    """Run `python -m sim` with arguments in `place`, as a process of its own."""

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "sim", *arguments],
            capture_output=True,
            text=True,
            cwd=place,
            env=child_environment,
            timeout=120,
            check=False,
        )

    return run


@pytest.fixture(autouse=True)
def quick_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands in this process need not compose the same configuration again."""
    monkeypatch.setattr(load, "_composed", composed_once)


@pytest.fixture
def no_report(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the model unchecked and the pictures undrawn: they take seconds, and have tests of their own."""
    monkeypatch.setattr("sim.study.result.write_report", lambda folder, *_: folder / "report.html")
