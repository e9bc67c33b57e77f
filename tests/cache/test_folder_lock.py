"""One at a time, and no lock outlives its holder."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

from sim.cache.lock import FolderInUseError, lock_folder

HOLDER = """
import sys, time
from pathlib import Path
from sim.cache.lock import lock_folder
lock_folder(Path(sys.argv[1]))
print("held", flush=True)
time.sleep(60)
"""


def test_the_second_is_refused_until_the_first_lets_go(tmp_path):
    release = lock_folder(tmp_path)
    with pytest.raises(FolderInUseError, match=f"is in use .process {os.getpid()}."):
        lock_folder(tmp_path)
    release()
    assert os.listdir(tmp_path) == []
    lock_folder(tmp_path)()


def test_a_killed_holder_holds_nothing(tmp_path, child_environment):
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, tmp_path], stdout=subprocess.PIPE, text=True, env=child_environment
    ) as holder:
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(FolderInUseError, match=f"process {holder.pid}"):
            lock_folder(tmp_path)
        holder.send_signal(signal.SIGKILL)
        holder.wait()
    assert (tmp_path / ".lock").exists()
    lock_folder(tmp_path)()
    assert os.listdir(tmp_path) == []


def test_a_lock_file_deleted_meanwhile_is_not_taken_for_ours(tmp_path, monkeypatch):
    # The holder leaves, deleting the file, after we opened it: locking the deleted file would keep nobody out.
    opened = []
    plain_open = os.open

    def open_then_lose(path, *arguments):
        descriptor = plain_open(path, *arguments)
        if not opened:
            os.unlink(path)
        opened.append(descriptor)
        return descriptor

    monkeypatch.setattr(os, "open", open_then_lose)
    release = lock_folder(tmp_path)
    monkeypatch.undo()
    assert len(opened) == 2
    with pytest.raises(FolderInUseError, match="in use"):
        lock_folder(tmp_path)
    release()


def test_an_unwritable_folder(tmp_path):
    with pytest.raises(OSError, match="No such file"):
        lock_folder(tmp_path / "absent")
