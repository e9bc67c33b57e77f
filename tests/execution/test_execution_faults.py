"""A whole run as its own process, killed and interrupted, and gone on with."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
from dataclasses import replace

import pytest
from processes import living_in_session, needs_proc, wait_for_nobody, wait_until, workers_in_session
from toy_jobs import ToyJob, toy_rows

from sim.execution.digest import rows_digest
from sim.execution.executor import run_job
from sim.execution.store import open_store, read_outcomes

pytestmark = needs_proc

REPLICATIONS = 10_000
PATIENCE_SECONDS = 30.0


@pytest.fixture
def running(tmp_path, child_environment):
    """A run under way in a session of its own, some parts written and its workers alive."""
    command = [sys.executable, "-c", "import toy_jobs; toy_jobs.main()", tmp_path / "out", str(REPLICATIONS), "0.01"]
    process = subprocess.Popen(
        command, env=child_environment, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    outcomes = tmp_path / "out" / "outcomes"
    wait_until(lambda: outcomes.is_dir() and len(list(outcomes.glob("part-*"))) >= 4, "the first parts")
    assert len(living_in_session(process.pid)) >= 3
    yield process
    for left in living_in_session(process.pid):
        os.kill(left, signal.SIGKILL)
    process.communicate()


def finished(folder):
    return sorted(set(read_outcomes(folder)["replication"]))


def resume(folder, head):
    """Go on to a number of replications that is soon reached; see that nothing was lost or doubled."""
    before = {path.name: path.stat().st_mtime_ns for path in (folder / "outcomes").glob("part-*")}
    there = finished(folder)
    assert there
    replications = there[-1] + 20
    with open_store(folder, replace(head, replications=replications)) as store:
        digest = run_job(ToyJob(), store, replications, kind="serial", chunk_size=9)
    assert digest == rows_digest([toy_rows(0, replications)])
    after = {path.name: path.stat().st_mtime_ns for path in (folder / "outcomes").glob("part-*")}
    assert before.items() <= after.items()
    assert not list(folder.rglob(".tmp*"))


def test_kill_9_of_the_main_process(running, tmp_path, head):
    running.kill()
    running.wait()
    wait_for_nobody(running.pid)
    assert json.loads((tmp_path / "out" / "manifest.json").read_text())["state"] == "running"
    resume(tmp_path / "out", head)


@pytest.mark.parametrize("whole_group", [False, True])
def test_ctrl_c(running, tmp_path, head, whole_group):
    # A terminal sends it to all processes of the group, a caller perhaps to the one alone.
    if whole_group:
        os.killpg(running.pid, signal.SIGINT)
    else:
        running.send_signal(signal.SIGINT)
    _, errors = running.communicate(timeout=PATIENCE_SECONDS)
    assert running.returncode != 0
    assert errors.count("Traceback") == 1, errors
    assert errors.rstrip().endswith("KeyboardInterrupt")
    wait_for_nobody(running.pid)
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert manifest["state"] == "interrupted"
    assert not (tmp_path / "out" / ".lock").exists()
    resume(tmp_path / "out", head)


def test_kill_9_of_all_workers(running, tmp_path):
    workers = workers_in_session(running.pid)
    assert workers
    parts = len(list((tmp_path / "out" / "outcomes").glob("part-*")))
    for number in workers:
        # One that was only helping to start the others may be gone by now.
        with contextlib.suppress(ProcessLookupError):
            os.kill(number, signal.SIGKILL)
    wait_until(lambda: len(list((tmp_path / "out" / "outcomes").glob("part-*"))) > parts + 8, "a new pool")
    assert running.poll() is None
