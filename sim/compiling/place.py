"""The place of compiled code: a private folder of the user's, named by all that the code depends on."""

from __future__ import annotations

import contextlib
import getpass
import hashlib
import os
import platform
import re
import shutil
import stat
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

import llvmlite
import numba
import numpy as np
from numba.core.registry import cpu_target

VARIABLE = "BORDER_SIM_CACHE"
"""Variable of the environment that names another place."""

SOURCES = (
    "compiling/*.py",
    "engine/*.py",
    "rules/*.py",
    "terrain/*.py",
    "world/track.py",
    "world/hazards.py",
    "outcomes.py",
)
"""What compiled code is made of. numba looks at the file of the entry alone, not at what is compiled into it."""

DAYS_KEPT = 30
COMPILING_SECONDS = 30
"""How long all that is compiled takes to compile, roughly."""

USED = "used"
"""File whose date says when a folder was last used."""

_PACKAGE = Path(__file__).resolve().parents[1]
_SETTINGS = ("OPT", "BOUNDSCHECK", "DEBUGINFO_DEFAULT", "LOOP_VECTORIZE", "SLP_VECTORIZE", "USING_SVML")
_NAME = re.compile(r"[0-9a-f]{32}")


class Place(NamedTuple):
    """A folder, None where there is none, and what a person should know about it, empty if nothing."""

    folder: Path | None
    notice: str = ""


class RefusedError(OSError):
    """A folder from which no code may be executed."""


def fingerprint(package: Path = _PACKAGE) -> str:
    """Name of the folder: a hash of all sources of compiled code, of versions, and of the processor.

    Parameters
    ----------
    package:
        Folder of the package `sim`.

    Raises
    ------
    OSError
        When the sources cannot be read.
    """
    digest = hashlib.sha256(repr(machine()).encode())
    paths = sorted(path for pattern in SOURCES for path in package.glob(pattern))
    if not paths:
        raise FileNotFoundError(f"no sources in {package}")
    for path in paths:
        text = path.read_bytes()
        digest.update(f"{path.relative_to(package).as_posix()} {len(text)}\n".encode() + text)
    return digest.hexdigest()[:32]


def machine() -> dict[str, str]:
    """Versions, numba's settings, and the processor as numba sees it."""
    versions = {
        "python": f"{platform.python_version()} {sys.implementation.cache_tag}",
        "numba": numba.__version__,
        "llvmlite": llvmlite.__version__,
        "numpy": np.__version__,
    }
    settings = {name: str(getattr(numba.config, name, None)) for name in _SETTINGS}
    return versions | settings | {"processor": str(cpu_target.target_context.codegen().magic_tuple())}


def find_place() -> Place:
    """Open the folder for compiled code, and remove those that have not been used for long.

    Where the user's own cache folder (or the one that `BORDER_SIM_CACHE` names) will not do, a private folder among
    the temporary files is taken, and where that will not do either, none.
    """
    why = []
    for find_root in (_usual_root, _temporary_root):
        try:
            root, name = find_root(), fingerprint()
            folder = open_private(root, name)
        except (OSError, RuntimeError) as error:  # RuntimeError: nobody knows where the home is
            why.append(_words(error))
            continue
        remove_unused(folder)
        return Place(folder, _moved(why[0], folder) if why else "")
    return Place(None, _nowhere("; ".join(why)))


def _usual_root() -> Path:
    named = os.environ.get(VARIABLE)
    if named:
        return Path(named).expanduser().absolute()
    caches = Path(os.environ.get("XDG_CACHE_HOME", ""))
    # The XDG specification says to take no notice of relative paths.
    return (caches if caches.is_absolute() else Path.home() / ".cache") / "border-sim" / "compiled"


def _temporary_root() -> Path:
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
        When it cannot be made or written, or when code of others may lie in it.
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


def remove_unused(present: Path) -> None:
    """Delete the folders beside the present one that have not been used for `DAYS_KEPT` days; quietly, and no links."""
    for path in present.parent.iterdir():
        with contextlib.suppress(OSError):
            if path.name != present.name and _NAME.fullmatch(path.name):
                mark = path / USED
                used = (mark if mark.exists() else path).stat().st_mtime
                if time.time() - used > DAYS_KEPT * 86_400:
                    shutil.rmtree(path, ignore_errors=True)


def _words(error: Exception) -> str:
    """What is wrong, without number and type."""
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    return " ".join(str(error).split())


def _moved(why: str, folder: Path) -> str:
    return (
        f"compiled code cannot be kept in its usual place ({why}): it is kept in {folder} instead, and compiled anew, "
        f"some {COMPILING_SECONDS} s, when that has been emptied; {VARIABLE}=FOLDER names another place"
    )


def _nowhere(why: str) -> str:
    return (
        f"compiled code cannot be kept ({why}): it is compiled anew at each start, some {COMPILING_SECONDS} s; "
        f"{VARIABLE}=FOLDER names a place for it"
    )
