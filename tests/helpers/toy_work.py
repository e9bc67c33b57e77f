"""Work for a process of its own: it notes in which process it is done, or fails."""

from __future__ import annotations

import os
import time
from pathlib import Path


def note_and_sleep(file: Path, seconds: float) -> None:
    """Write down in which process this is, and stay a while."""
    file.with_suffix(".tmp").write_text(str(os.getpid()))
    file.with_suffix(".tmp").rename(file)
    time.sleep(seconds)


def fail() -> None:
    raise ValueError("no ford")
