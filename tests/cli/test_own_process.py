"""What only a process of the command line's own does: it leaves tables to the next, and reads them."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from sim.__main__ import main
from sim.cache.kept_code import cache_folder
from sim.cli.command import is_own_process

UNTIL_WORLDS = """
import runpy, sys
import sim.study.running
def stop(folder, run, context):
    print(len(run.worlds), run.worlds[0].memo is run.worlds[1].memo)
    sys.exit(0)
sim.study.running.run_in = stop
runpy.run_module("sim", run_name="__main__", alter_sys=True)  # as python -m sim
"""


@pytest.mark.parametrize(
    ("spec", "file", "is_own"),
    [
        ("sim.__main__", "/there/sim/__main__.py", True),
        (None, "/there/bin/border-sim", True),
        ("pytest.__main__", "/there/pytest/__main__.py", False),
        ("ipykernel_launcher", "/there/ipykernel_launcher.py", False),
        (None, "/home/me/study.py", False),
        (None, None, False),
    ],
)
def test_programs_are_told_apart(
    monkeypatch: pytest.MonkeyPatch, spec: str | None, file: str | None, is_own: bool
) -> None:
    program = SimpleNamespace(__spec__=SimpleNamespace(name=spec) if spec else None, __file__=file)
    monkeypatch.setitem(sys.modules, "__main__", program)  # type: ignore[arg-type]
    assert is_own_process() == is_own


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of the test's own, with the code that is compiled already."""
    folder, there = cache_folder(), tmp_path / "cache"
    assert folder is not None
    for made in (there, there / "compiled"):
        made.mkdir(mode=0o700)
    shutil.copytree(folder, there / "compiled" / folder.name)
    monkeypatch.setenv("BORDER_SIM_CACHE", str(there))
    return there


def test_the_second_start_reads_what_the_first_has_left(cache: Path) -> None:
    left = []
    for _ in range(2):
        done = subprocess.run([sys.executable, "-c", UNTIL_WORLDS], check=True, capture_output=True, text=True)
        assert done.stdout.splitlines()[-1] == "6 True"
        left.append([(path, path.stat().st_ino) for path in (cache / "tables").iterdir()])
    assert len(left[0]) == 1
    assert left[0] == left[1]


def test_a_process_of_somebody_elses_leaves_nothing(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("sim.study.running.run_in", stop)
    assert main([]) == 130
    assert not (cache / "tables").exists()
