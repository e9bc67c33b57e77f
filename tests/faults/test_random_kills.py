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
from processes import needs_proc, wait_for_nobody, wait_until, workers_in_session
from toy_jobs import SMALL, ToyJob, toy_rows

from sim.execution.digest import rows_digest
from sim.execution.errors import StoreError
from sim.execution.executor import run_job
from sim.execution.manifest import ManifestHead
from sim.execution.store import open_store, read_outcomes

pytestmark = needs_proc

WANTED = 300
SECONDS_EACH = 0.004
LONGEST_SECONDS = 2.5
KILLS_EACH = 50
EXPECTED = rows_digest([toy_rows(0, WANTED)])
ENVIRONMENT = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}


def start(folder: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", "import toy_jobs; toy_jobs.main()", folder, str(WANTED), str(SECONDS_EACH)]
    return subprocess.Popen(command, env=ENVIRONMENT, stderr=subprocess.PIPE, text=True, start_new_session=True)


def disturb(process: subprocess.Popen[str], how: str, luck: random.Random) -> bool:
    """Let the run go on for a time drawn at random, then kill or interrupt; returns when it has ended.

    Tells whether it was disturbed for certain: a worker was there and was killed, or the run was cut short. Where no
    worker is there yet, the time is drawn again.
    """
    time.sleep(luck.uniform(0.3, LONGEST_SECONDS))
    done = False
    if how == "worker":
        while process.poll() is None and not (done := kill_one(workers_in_session(process.pid), luck)):
            time.sleep(luck.uniform(0.0, 0.3))
    else:
        process.send_signal(signal.SIGKILL if how == "main" else signal.SIGINT)
    process.communicate(timeout=60)
    wait_for_nobody(process.pid)
    if how != "worker":
        done = process.returncode == -signal.SIGKILL if how == "main" else process.returncode != 0
    return done


def kill_one(workers: list[int], luck: random.Random) -> bool:
    """Kill one of some processes; whether it lived until then.

    It is stopped first: what is stopped cannot end by itself before the second signal comes.
    """
    if not workers:
        return False
    victim = luck.choice(workers)
    try:
        os.kill(victim, signal.SIGSTOP)
        stopped = state_of(victim) in ("T", "t")
        os.kill(victim, signal.SIGKILL)
    except ProcessLookupError:
        return False
    return stopped


def state_of(process: int) -> str:
    """R for running, T for stopped, Z for ended and so on; a stop takes a moment to arrive."""
    state = ""
    for _ in range(100):
        try:
            state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            return "X"
        if state in ("T", "t", "Z", "X"):
            break
        time.sleep(0.01)
    return state


def go_on(folder: Path) -> None:
    """Finish the run; see that no row is lost, none is there twice, and no part was written again."""
    held = {path.name: path.read_bytes() for path in folder.glob("outcomes/part-*")}
    head = ManifestHead("toy", "toy", 1, WANTED, SMALL)
    with open_store(folder, head) as store:
        assert run_job(ToyJob(), store, WANTED, kind="serial", chunk_size=50) == EXPECTED
    assert len(read_outcomes(folder)) == len(toy_rows(0, WANTED))
    assert all((folder / "outcomes" / name).read_bytes() == data for name, data in held.items())
    assert not list(folder.rglob(".tmp*"))


def disturb_many(tmp_path: Path, how: str, times: int, seed: int) -> int:
    """Disturb runs and finish them, until so many were disturbed for certain; gives how many were."""
    luck, certain, attempt = random.Random(seed), 0, 0
    while certain < times and attempt < 4 * times:
        folder = tmp_path / f"{how}-{attempt}"
        certain += disturb(start(folder), how, luck)
        go_on(folder)
        attempt += 1
    return certain


@pytest.mark.parametrize("how", ["worker", "main", "interrupt"])
def test_one_at_random(tmp_path: Path, how: str) -> None:
    assert disturb_many(tmp_path, how, 1, 1) == 1


@pytest.mark.long
def test_a_hundred_kills_at_random(tmp_path: Path) -> None:
    kills = {how: disturb_many(tmp_path, how, KILLS_EACH, 2) for how in ("worker", "main")}
    assert sum(kills.values()) >= 100, f"only {kills} processes were killed for certain"


@pytest.mark.long
def test_many_interrupts_at_random(tmp_path: Path) -> None:
    assert disturb_many(tmp_path, "interrupt", 36, 2) == 36, "too few runs were interrupted before their end"


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
    wait_until((tmp_path / "out" / ".lock").exists, "the lock")
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
