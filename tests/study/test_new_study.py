"""A study is one folder and one file of configuration: put into a copy of the project, a toy runs like any other."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

HERE = Path(__file__).resolve()
PROJECT, TOY = HERE.parents[2], HERE.parents[1] / "helpers" / "toy_study"

Command = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project with the toy's folder and its YAML file, and nothing else changed."""
    copy = tmp_path_factory.mktemp("project")
    for name in ("sim", "configs"):
        # Compiled modules come along; names of those that are just being written end with a number.
        shutil.copytree(PROJECT / name, copy / name, ignore=shutil.ignore_patterns("*.pyc.*"))
    shutil.copytree(TOY, copy / "sim" / "study" / "toy", ignore=shutil.ignore_patterns("__pycache__", "*.yaml"))
    shutil.copy(TOY / "toy.yaml", copy / "configs" / "study" / "toy.yaml")
    return copy


@pytest.fixture
def command(project: Path, tmp_path: Path) -> Command:
    def run(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "sim", *words],
            capture_output=True,
            text=True,
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(project)},
            timeout=120,
            check=False,
        )

    return run


def _summary(folder: Path) -> dict[str, object]:
    found: dict[str, object] = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    return found


def test_it_runs_reports_resumes_and_refuses_other_settings_in_its_folder(command: Command, tmp_path: Path) -> None:
    done = command("study=toy", "replications=40", "output=first", "execution=serial")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[0] == "throwing"
    names = {path.name for path in (tmp_path / "first").iterdir()}
    assert names == {"manifest.json", "summary.json", "outcomes", "throws.csv", "figures", "report.html"}
    assert "study=toy" in (tmp_path / "first" / "report.html").read_text(encoding="utf-8")
    more = command("study=toy", "replications=60", "output=first", "execution.workers=2")
    whole = command("study=toy", "replications=60", "output=whole", "report=false", "execution=serial")
    assert (more.returncode, whole.returncode) == (0, 0), more.stderr + whole.stderr
    assert _summary(tmp_path / "first") == _summary(tmp_path / "whole")
    assert not (tmp_path / "whole" / "report.html").exists()
    # A die of six sides has the mean 3.5 and the variance 35/12: 60 throws are off by 4 standard errors in 1 of 15,000.
    mean = _summary(tmp_path / "whole")["mean"]
    assert isinstance(mean, float)
    assert abs(mean - 3.5) < 4 * (35 / 12 / 60) ** 0.5
    refused = command("study=toy", "replications=60", "output=whole", "report=false", "toy.sides=8")
    assert refused.returncode == 2
    assert "sides 6 -> 8" in refused.stderr


def test_its_keys_are_checked_and_listed(command: Command, tmp_path: Path) -> None:
    refused = command("study=toy", "toy.sides=1", "output=no")
    assert refused.returncode == 2
    assert refused.stderr.startswith("border-sim: toy.sides: ")
    assert list(tmp_path.iterdir()) == []
    assert "throws a die in every replication" in command("--help").stdout
    assert "toy.sides" in command("study=describe").stdout
