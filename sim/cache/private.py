"""Folders of the cache, in which nobody but this user can write."""

from __future__ import annotations

import getpass
import os
import stat
import tempfile
from pathlib import Path

VARIABLE = "BORDER_SIM_CACHE"
"""Environment variable that names another place for the cache."""


def find_folder(*names: str) -> tuple[Path | None, str]:
    """Open a folder of the cache, each name below the one before: in the usual place, else among temporary files.

    Returns the folder, or None; and why it is not in the usual place, empty if it is.
    """
    faults: list[str] = []
    for root in (usual_root, temporary_root):
        try:
            return open_private(root(), *names), "; ".join(faults)
        except (OSError, RuntimeError) as error:  # RuntimeError: the user's home is not known
            faults.append(_reason(error))
    return None, "; ".join(faults)


def _reason(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    return " ".join(str(error).split())


def usual_root() -> Path:
    """The folder that `VARIABLE` names, else ``border-sim`` in the user's cache folder."""
    named = os.environ.get(VARIABLE)
    if named:
        return Path(named).expanduser().absolute()
    caches = Path(os.environ.get("XDG_CACHE_HOME", ""))
    # The XDG specification says to ignore relative paths.
    return (caches if caches.is_absolute() else Path.home() / ".cache") / "border-sim"


def temporary_root() -> Path:
    """A folder of the user's own among the temporary files."""
    user = str(os.geteuid()) if hasattr(os, "geteuid") else getpass.getuser()
    root = Path(tempfile.gettempdir()) / f"border-sim-{user}"
    make_private(root)
    # Anybody may make a folder of this name there.
    _check_private(root, forbidden=0o077)
    return root


def open_private(root: Path, *names: str) -> Path:
    """The folder of these names below a root, made if it is not there; it then counts as used.

    Raises an OSError when it cannot be written, when others can write to it or to a folder above it, up to the root, or
    when everybody can rename folders above that.
    """
    make_private(root.joinpath(*names))
    folder = root.resolve().joinpath(*names)
    for path in (folder, *folder.parents[: len(names)]):
        _check_private(path)
    for path in folder.parents:
        mode = path.stat().st_mode
        if os.name == "posix" and mode & stat.S_IWOTH and not mode & stat.S_ISVTX:
            raise PermissionError(f"others can write to {path}")
    tempfile.TemporaryFile(dir=folder).close()
    os.utime(folder)
    return folder


def make_private(folder: Path) -> None:
    """Make a folder, and those above it that are not there, for this user alone."""
    for path in (*reversed(folder.parents), folder):
        if not path.is_dir():
            path.mkdir(mode=0o700, exist_ok=True)


def _check_private(folder: Path, forbidden: int = 0o022) -> None:
    """Refuse what is no folder, is another user's, or has one of the forbidden permissions."""
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode):
        raise PermissionError(f"{folder} is not a folder")
    if not hasattr(os, "geteuid"):
        return
    if found.st_uid != os.geteuid():
        raise PermissionError(f"{folder} belongs to another user")
    if found.st_mode & forbidden:
        others = "go-w" if forbidden == 0o022 else "go-rwx"
        raise PermissionError(f"others have access to {folder} (chmod {others} ends that)")
