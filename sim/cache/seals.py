"""Seals: which files of compiled code are whole.

numba executes whatever it finds, so every file needs a seal: an empty file, named by the SHA-256 of the other's name
and bytes, that is made when code has been saved.
"""

from __future__ import annotations

import contextlib
import hashlib
import shutil
from pathlib import Path

from sim.cache.lock import LOCK_NAME
from sim.cache.private import make_private

_SEALS = "sealed"
_UNFINISHED = ".tmp."


def code_files(folder: Path) -> list[Path]:
    """All files that numba may read."""
    with contextlib.suppress(OSError):
        names = sorted(path.name for path in folder.iterdir())
        # Hidden ones are the lock, and what network file systems leave for a while of deleted files.
        return [folder / name for name in names if name[0] != "." and name != _SEALS and _UNFINISHED not in name]
    return []


def faults(folder: Path) -> list[str]:
    """Names of files that are not what was saved."""
    return [path.name for path in code_files(folder) if not _is_sealed(path)]


def _is_sealed(path: Path) -> bool:
    try:
        return _seal_of(path).exists()
    except OSError:
        return False


def _seal_of(path: Path) -> Path:
    digest = hashlib.sha256(path.name.encode() + b"\0" + path.read_bytes())
    return path.parent / _SEALS / digest.hexdigest()


def seal(folder: Path) -> None:
    """Vouch for all files, which this process or another has just saved whole; sweep out what they replace."""
    seals = {_seal_of(path) for path in code_files(folder)}
    make_private(folder / _SEALS)
    for seal in seals:
        seal.touch()
    old = set((folder / _SEALS).iterdir()) - seals
    for path in (*old, *folder.glob(f"*{_UNFINISHED}*")):
        path.unlink(missing_ok=True)


def wipe(folder: Path) -> None:
    """Delete all that is kept of a function; the lock stays, which this process may hold."""
    for path in folder.glob("*"):
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        elif path.name != LOCK_NAME:
            with contextlib.suppress(OSError):
                path.unlink()
