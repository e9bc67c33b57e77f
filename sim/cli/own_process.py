"""Whether the command line has its process to itself."""

from __future__ import annotations

import sys
from pathlib import Path

SCRIPTS = {"border-sim", "border-sim.exe", "border-sim-script.py"}


def is_own_process() -> bool:
    """Whether this process was started as ``python -m sim`` or ``border-sim``, and is no program of somebody else's.

    Where `main` is called from a notebook, a script or a test, its process may be years old, with code that was
    changed since, on disk or in memory; and a second process would first carry out that program again.
    """
    program = sys.modules.get("__main__")
    told = getattr(program, "__spec__", None)
    if told is not None:
        return bool(told.name == "sim.__main__")
    return Path(getattr(program, "__file__", None) or "").name in SCRIPTS
