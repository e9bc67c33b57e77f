"""Files that are there whole or not at all, even when the power fails half-way."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

TEMPORARY = ".tmp-"
"""How the names of unfinished files begin; they are worthless once their writer is gone."""


def atomic_write_bytes(path: Path, data: bytes) -> None:
    """Write a file under a temporary name, bring it to the disk, and only then give it its name.

    Raises an OSError when the folder cannot be written; no temporary file stays behind.
    """
    temporary = path.with_name(f"{TEMPORARY}{os.getpid()}-{path.name}")
    try:
        with open(temporary, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise
    _sync_folder(path.parent)


def atomic_write_text(path: Path, text: str) -> None:
    """Write a text file (UTF-8, line ends as given) whole or not at all: see `atomic_write_bytes`."""
    atomic_write_bytes(path, text.encode("utf-8"))


def remove_temporaries(folder: Path) -> None:
    """Delete what killed writers left under way. Only for who holds the folder's lock."""
    for path in folder.glob(f"{TEMPORARY}*"):
        with contextlib.suppress(OSError):
            path.unlink()


def _sync_folder(folder: Path) -> None:
    # The new name is on the disk only when its folder is; some systems cannot open a folder, and lose nothing by it.
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
