"""Ctrl-C on a run under way: nothing lost, nothing left, no traceback, and the next run goes on."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys

import pytest
from processes import living_in_session, needs_proc, wait_for_nobody, wait_until

import sim
from sim.__main__ import main

pytestmark = needs_proc

PATIENCE_SECONDS = 60.0
ENDLESS = "replications=1000000"

# As `python -m sim`, but listening to Ctrl-C: a shell that starts a test run in the background has it ignored.
START = """
import runpy, signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)
if __name__ == "__main__":
    runpy.run_module("sim", run_name="__main__", alter_sys=True)
"""


@pytest.fixture
def under_way(place, child_environment):
    """Start an endless run in a session of its own; returns it once some parts are written."""
    started = []

    def start(output, *arguments):
        words = ["experiment=small.yaml", ENDLESS, "execution.chunk_size=2", f"output={output}", *arguments]
        process = subprocess.Popen(
            [sys.executable, "-c", START, *words],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=place,
            env=child_environment,
            start_new_session=True,
        )
        started.append(process)
        parts = place / output / "outcomes"
        wait_until(lambda: process.poll() is not None or len(list(parts.glob("part-*"))) >= 3, "the first parts")
        assert process.poll() is None, process.communicate()
        return process

    yield start
    for process in started:
        for left in living_in_session(process.pid):
            os.kill(left, signal.SIGKILL)
        process.communicate()


# A terminal sends the signal to all processes of the group, another program perhaps to the one alone.
@pytest.mark.parametrize(
    ("output", "execution", "whole_group"),
    [("pool", ["execution=local", "execution.workers=2"], True), ("alone", ["execution=serial"], False)],
)
def test_ctrl_c_keeps_what_is_finished(output, execution, whole_group, under_way, place, monkeypatch, no_report):
    process = under_way(output, *execution)
    assert len(living_in_session(process.pid)) >= (3 if whole_group else 1)
    (os.killpg if whole_group else os.kill)(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=PATIENCE_SECONDS)

    assert process.returncode == 130
    assert "Traceback" not in out + err
    assert err.splitlines()[-1].startswith("border-sim: interrupted")
    wait_for_nobody(process.pid)

    folder = place / output
    assert json.loads((folder / "manifest.json").read_text())["state"] == "interrupted"
    parts = {path: path.stat().st_mtime_ns for path in (folder / "outcomes").iterdir()}
    assert {path.suffix for path in parts} == {".parquet"}

    # Go on to a number that is soon reached: two beyond the last replication there, gaps before it included.
    replications = 2 + max(int(path.stem.rpartition("-")[2]) for path in parts)
    monkeypatch.chdir(place)
    assert main(["experiment=small.yaml", f"replications={replications}", "execution=serial", f"output={output}"]) == 0
    assert parts.items() <= {path: path.stat().st_mtime_ns for path in (folder / "outcomes").iterdir()}.items()
    undisturbed = sim.compare(sim.load_scenario("small.yaml"), replications, workers=1, quiet=True)
    assert json.loads((folder / "manifest.json").read_text())["digest"] == undisturbed.digest


def test_folder_in_use_is_refused_to_a_second_run(under_way, place, monkeypatch, capsys):
    process = under_way("busy", "execution=serial")
    monkeypatch.chdir(place)
    assert main(["experiment=small.yaml", ENDLESS, "output=busy"]) == 2
    told = capsys.readouterr()
    assert told.err.startswith("border-sim: ")
    assert told.err.count("\n") == 1
    assert "in use" in told.err
    assert str(process.pid) in told.err
    assert process.poll() is None
