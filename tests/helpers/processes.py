"""Processes that tests start: waiting for what they do, and seeing that none is left behind."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

needs_proc = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks for processes in /proc")
"""Mark of tests that use `living_in_session`."""


def wait_until(condition: Callable[[], object], what: str, patience_seconds: float = 60.0) -> None:
    """Poll; the limit only keeps a failure from lasting for ever."""
    end = time.monotonic() + patience_seconds
    while not condition():
        assert time.monotonic() < end, f"gave up waiting for {what}"
        time.sleep(0.05)


def living_in_session(session: int) -> list[int]:
    """Ids of the processes of a session that are not merely waiting to be collected."""
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


def wait_for_nobody(session: int) -> None:
    """Wait until no process of a session lives."""
    wait_until(lambda: not living_in_session(session), "the processes to end")


def is_worker(process: int) -> bool:
    """Whether it is a worker of a pool: spawned, and not the helper that multiprocessing keeps beside."""
    try:
        command = Path(f"/proc/{process}/cmdline").read_bytes()
    except OSError:
        return False
    return b"spawn_main" in command


def workers_in_session(session: int) -> list[int]:
    """Ids of the living workers of the run that leads a session."""
    return [process for process in living_in_session(session) if is_worker(process)]
