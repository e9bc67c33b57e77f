"""By Hydra's own launcher the same grammar gives the same sweep."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

import sim

QUICK = ("terrain.cell_m=1000", "replications=1", "execution=serial")
LEFT_OUT = ("~arms.masts", "~arms.extra_patrols", "~arms.communications", "~arms.reaction_force")


def launched(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path), "MPLBACKEND": "Agg"}
    command = [sys.executable, "-m", "hydra_plugins.border_sim", *words]
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=240, check=False
    )


def test_hydra_finds_the_sweeper() -> None:
    from hydra.core.plugins import Plugins
    from hydra.plugins.sweeper import Sweeper

    assert "BorderSimSweeper" in {plugin.__name__ for plugin in Plugins.instance().discover(Sweeper)}


def test_a_sweep_by_hydra_is_the_sweep_by_python(tmp_path: Path) -> None:
    words = ["-m", *QUICK, *LEFT_OUT, "outpost.range_km=5,9", "outpost.x_km=interval(26,27)", "sweep.samples=2"]
    done = launched(tmp_path, *words, "output=out")
    assert done.returncode == 0, done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
    case = sim.load_scenario(overrides=[QUICK[0], *LEFT_OUT])
    over = {"outpost.range_km": [5, 9], "outpost.x_km": sim.interval(26, 27)}
    result = sim.sweep(case, over, 1, samples=2, workers=1, quiet=True)
    assert json.loads((tmp_path / "out" / "manifest.json").read_text())["digest"] == result.digest
    assert len(pd.read_csv(tmp_path / "out" / "sweep.csv")) == 8


@pytest.mark.parametrize(
    ("words", "message"),
    [(["-m", "outpost.range_km=5,-1"], "outpost.range_km"), (["outpost.range_km=-1"], "outpost.range_km")],
    ids=["sweep", "single run"],
)
def test_a_refusal_is_one_line_with_status_2(tmp_path: Path, words: list[str], message: str) -> None:
    done = launched(tmp_path, *words, *QUICK)
    assert done.returncode == 2
    assert done.stderr.startswith(f"border-sim: {message}")
    assert done.stderr.count("\n") == 1
    assert list(tmp_path.iterdir()) == []
