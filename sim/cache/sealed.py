"""Files that are kept from one start to the next, and not believed unless they are whole."""

from __future__ import annotations

import hashlib
import math
import os
import re
import time
from pathlib import Path

from sim.cache.atomic import TEMPORARY, atomic_write_bytes

_OURS = re.compile(rf"[0-9a-f]{{32}}\.[a-z]+|{re.escape(TEMPORARY)}.*")
"""Names of files that are kept: hashes, as `sim.cache.fingerprint` makes them; and of those under way."""

DAYS_KEPT = 30
"""For how many days what nobody uses is kept."""


def sealed(content: bytes) -> bytes:
    """What is written of a content: its SHA-256 on a line, and itself."""
    return hashlib.sha256(content).hexdigest().encode() + b"\n" + content


def read_sealed(path: Path) -> bytes | None:
    """The content of a file, which then counts as used; None where there is none, or not what was written."""
    try:
        written = path.read_bytes()
        os.utime(path)
    except OSError:
        return None
    content = written.partition(b"\n")[2]
    return content if written == sealed(content) else None


def keep_sealed(path: Path, content: bytes, room_mb: float = math.inf) -> None:
    """Keep a content, whole or not at all, and make room: a content that is larger than the room is not kept.

    Parameters
    ----------
    room_mb:
        How many megabytes what is kept in the folder may take. What was not used for longest goes, and what was not
        used for `DAYS_KEPT` days. Files of other names are somebody else's, and left alone.

    Raises
    ------
    OSError
        When it cannot be written.
    """
    room = room_mb * 1e6 - len(content)
    if room < 0:
        return
    atomic_write_bytes(path, sealed(content))
    for other in sorted(_others(path), key=lambda other: other.stat().st_mtime, reverse=True):
        room -= other.stat().st_size
        if room < 0 or not is_recent(other):
            other.unlink(missing_ok=True)


def _others(path: Path) -> list[Path]:
    """What else was kept beside a file, finished or not."""
    return [other for other in path.parent.iterdir() if _OURS.fullmatch(other.name) and other != path]


def is_recent(path: Path) -> bool:
    """Whether a file or folder was used in the last `DAYS_KEPT` days; also where nobody can tell."""
    try:
        return time.time() - path.stat().st_mtime <= DAYS_KEPT * 86_400
    except OSError:
        return True
