"""Folders in which only this user can write, for what is kept from one start to the next."""

from __future__ import annotations

import getpass
import os
import stat
import tempfile
from pathlib import Path

VARIABLE = "BORDER_SIM_CACHE"
"""Variable of the environment that names another place."""

USED = "used"
"""File whose date says when a folder was last used."""


class RefusedError(OSError):
    """A folder in which others may have written, too."""


def usual_root(kind: str = "") -> Path:
    """Where things of a kind are kept: in the folder that `VARIABLE` names, or in one of the user's cache folder.

    Raises
    ------
    RuntimeError
        When nobody knows where the user's home is.
    """
    named = os.environ.get(VARIABLE)
    if named:
        return Path(named).expanduser().absolute()
    caches = Path(os.environ.get("XDG_CACHE_HOME", ""))
    # The XDG specification says to take no notice of relative paths.
    return (caches if caches.is_absolute() else Path.home() / ".cache") / "border-sim" / kind


def temporary_root() -> Path:
    """A folder of the user's own among the temporary files, made where it is not there.

    Raises
    ------
    OSError
        When it cannot be made, or others have access to it.
    """
    user = str(os.geteuid()) if hasattr(os, "geteuid") else getpass.getuser()
    root = Path(tempfile.gettempdir()) / f"border-sim-{user}"
    make_private(root)
    # Anybody may make a folder of this name there.
    check_private(root, forbidden=0o077)
    return root


def open_private(root: Path, name: str) -> Path:
    """The folder of this name, made where it is not there, in which only this user can write.

    Raises
    ------
    OSError
        When it cannot be made or written, or when something of others may lie in it.
    """
    make_private(root / name)
    folder = root.resolve() / name
    for path in (folder, folder.parent):
        check_private(path)
    for path in folder.parents:
        mode = path.stat().st_mode
        if os.name == "posix" and mode & stat.S_IWOTH and not mode & stat.S_ISVTX:
            raise RefusedError(f"others can write to {path}")
    tempfile.TemporaryFile(dir=folder).close()
    (folder / USED).touch()
    return folder


def make_private(folder: Path) -> None:
    """Make a folder, and those above it that are not there, for this user alone."""
    for path in (*reversed(folder.parents), folder):
        if not path.is_dir():
            path.mkdir(mode=0o700, exist_ok=True)


def check_private(folder: Path, forbidden: int = 0o022) -> None:
    """Refuse a folder that is none, is somebody else's, or has one of these permissions.

    Raises
    ------
    OSError
        If so.
    """
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode):
        raise RefusedError(f"{folder} is not a folder")
    if not hasattr(os, "geteuid"):
        return
    if found.st_uid != os.geteuid():
        raise RefusedError(f"{folder} belongs to another user")
    if found.st_mode & forbidden:
        others = "go-w" if forbidden == 0o022 else "go-rwx"
        raise RefusedError(f"others have access to {folder} (chmod {others} ends that)")
