"""Which code made a result."""

from __future__ import annotations

import platform
import subprocess
from importlib import metadata
from pathlib import Path

_PACKAGES = ("numpy", "mesa", "pandas", "pyarrow", "border-sim")


def versions() -> dict[str, str | None]:
    """Versions of Python and of the packages that a result can depend on; None for what is not installed."""
    return {"python": platform.python_version()} | {name: _version(name) for name in _PACKAGES}


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def commit(root: Path | None = None) -> str | None:
    """The git commit of the checkout that the code runs from, with ``+changes`` if tracked files differ from it.

    Parameters
    ----------
    root:
        Top folder of the checkout; by default the folder that holds the package.

    Returns
    -------
    str or None
        None without git, without a commit, or when `root` is no checkout of its own (an installed package may
        well lie somewhere inside a checkout of something else).
    """
    root = root or Path(__file__).resolve().parents[2]
    if not (root / ".git").exists():
        return None
    command = ["git", "-C", str(root), "describe", "--always", "--abbrev=40", "--exclude=*", "--dirty=+changes"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=10, stdin=subprocess.DEVNULL, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip() or None
