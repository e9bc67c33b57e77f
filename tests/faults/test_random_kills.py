"""Runs disturbed at a moment drawn at random: nothing lost, nothing doubled, nobody left behind."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from toy_jobs import SMALL, ToyJob, toy_rows

from sim.execution.digest import rows_digest
from sim.execution.errors import StoreError
from sim.execution.executor import run_job
from sim.execution.manifest import ManifestHead
from sim.execution.store import open_store, read_outcomes

pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks for processes in /proc")

WANTED = 300
SECONDS_EACH = 0.004
LONGEST_SECONDS = 2.5
EXPECTED = rows_digest([toy_rows(0, WANTED)])
ENVIRONMENT = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}


def living(session: int) -> list[int]:
    """Processes of a session that are not merely waiting to be collected."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                state, _, _, number = (entry / "stat").read_text().rpartition(")")[2].split()[:4]
            except OSError:
                continue
            if int(number) == session and state != "Z":
                found.append(int(entry.name))
    return found


def start(folder: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", "import toy_jobs; toy_jobs.main()", folder, str(WANTED), str(SECONDS_EACH)]
    return subprocess.Popen(command, env=ENVIRONMENT, stderr=subprocess.PIPE, text=True, start_new_session=True)


def wait_for_nobody(session: int) -> None:
    end = time.monotonic() + 30
    while living(session):
        assert time.monotonic() < end, "processes were left behind"
        time.sleep(0.05)


def disturb(process: subprocess.Popen[str], how: str, luck: random.Random) -> None:
    """Let the run go on for a time drawn at random, then kill or interrupt; returns when it has ended."""
    time.sleep(luck.uniform(0.3, LONGEST_SECONDS))
    if how == "worker":
        workers = [number for number in living(process.pid) if number != process.pid]
        if workers:
            os.kill(luck.choice(workers), signal.SIGKILL)
    else:
        process.send_signal(signal.SIGKILL if how == "main" else signal.SIGINT)
    process.communicate(timeout=60)
    wait_for_nobody(process.pid)


def go_on(folder: Path) -> None:
    """Finish the run; see that no row is lost, none is there twice, and no part was written again."""
    held = {path.name: path.read_bytes() for path in folder.glob("outcomes/part-*")}
    head = ManifestHead("toy", "toy", 1, WANTED, SMALL)
    with open_store(folder, head) as store:
        assert run_job(ToyJob(), store, WANTED, kind="serial", chunk_size=50) == EXPECTED
    assert len(read_outcomes(folder)) == len(toy_rows(0, WANTED))
    assert all((folder / "outcomes" / name).read_bytes() == data for name, data in held.items())
    assert not list(folder.rglob(".tmp*"))


def kill_many(tmp_path: Path, how: str, times: int, seed: int) -> None:
    luck = random.Random(seed)
    for attempt in range(times):
        folder = tmp_path / f"{how}-{attempt}"
        disturb(start(folder), how, luck)
        go_on(folder)


@pytest.mark.parametrize("how", ["worker", "main", "interrupt"])
def test_one_at_random(tmp_path: Path, how: str) -> None:
    kill_many(tmp_path, how, 1, 1)


@pytest.mark.long
@pytest.mark.parametrize("how", ["worker", "main", "interrupt"])
def test_many_at_random(tmp_path: Path, how: str) -> None:
    kill_many(tmp_path, how, 36, 2)


def complete(folder: Path) -> None:
    with open_store(folder, ManifestHead("toy", "toy", 1, WANTED, SMALL)) as store:
        run_job(ToyJob(), store, WANTED, kind="serial", chunk_size=37)


@pytest.mark.parametrize("how", ["truncated", "flipped"])
def test_damage_at_random_is_found_and_mended(tmp_path: Path, how: str) -> None:
    luck = random.Random(3)
    for attempt in range(4):
        folder = tmp_path / str(attempt)
        complete(folder)
        part = luck.choice(sorted(folder.glob("outcomes/part-*")))
        data = bytearray(part.read_bytes())
        place = luck.randrange(len(data))
        if how == "flipped":
            data[place] ^= 1 << luck.randrange(8)
        part.write_bytes(data if how == "flipped" else data[:place])
        with pytest.raises(StoreError, match="is damaged"):
            read_outcomes(folder)
        complete(folder)
        assert json.loads((folder / "manifest.json").read_text())["digest"] == EXPECTED


def test_a_missing_manifest_is_one_message(tmp_path: Path) -> None:
    complete(tmp_path / "out")
    (tmp_path / "out" / "manifest.json").unlink()
    with pytest.raises(StoreError, match="holds other things") as caught:
        complete(tmp_path / "out")
    assert "\n" not in str(caught.value)


def test_two_runs_on_one_folder(tmp_path: Path) -> None:
    first = start(tmp_path / "out")
    end = time.monotonic() + 30
    while not (tmp_path / "out" / ".lock").exists():
        assert time.monotonic() < end
        time.sleep(0.02)
    time.sleep(0.1)
    with pytest.raises(StoreError, match="is in use by another run"):
        complete(tmp_path / "out")
    first.communicate(timeout=60)
    assert first.returncode == 0
    go_on(tmp_path / "out")


def test_a_full_disk(tmp_path: Path) -> None:
    place = tmp_path / "small"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=32k", "tmpfs", str(place)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("a small file system can be mounted by root alone")
    try:
        with pytest.raises(StoreError, match="cannot be used: No space left") as caught:
            complete(place / "out")
        assert "\n" not in str(caught.value)
        subprocess.run(["mount", "-o", "remount,size=4m", str(place)], check=True)
        go_on(place / "out")
    finally:
        subprocess.run(["umount", str(place)], check=False)
