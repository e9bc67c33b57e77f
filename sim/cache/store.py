"""Bytes kept by kind and key from one start to the next: written whole or not at all, and checked before use.

A kind is a folder in which only this user can write. An entry is a file in it, named by its key, that begins with a
hash of name and content. What is not kept, or not whole, is made anew.
"""

from __future__ import annotations

import contextlib
import getpass
import hashlib
import json
import math
import os
import re
import shutil
import stat
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

from sim.cache.atomic import TEMPORARY, atomic_write_bytes

VARIABLE = "BORDER_SIM_CACHE"
"""Environment variable that names another place for the cache."""

DAYS_KEPT = 30
"""An entry that nobody used for so many days is deleted."""

_NAME = re.compile(r"[0-9a-f]{32}(\.[a-z]+)?")
"""Of an entry: its key; earlier versions gave it an ending."""


def key_of(folder: Path, patterns: Iterable[str], *facts: object, libraries: Iterable[str] = ()) -> str:
    """Hash of all that an entry depends on: files below a folder, facts as `repr` writes them, versions of libraries.

    Raises
    ------
    OSError
        When a file cannot be read, or when there is none.
    ImportError
        When the version of a library is not known.
    """
    mark = hashlib.sha256(repr((facts, [version(library) for library in libraries])).encode())
    paths = sorted({path for pattern in patterns for path in folder.glob(pattern)})
    if not paths:
        raise FileNotFoundError(f"no sources in {folder}")
    for path in paths:
        text = path.read_bytes()
        mark.update(f"{path.relative_to(folder).as_posix()} {len(text)}\n".encode() + text)
    return mark.hexdigest()[:32]


def get(kind: str, key: str) -> bytes | None:
    """What was put under a key; None if nothing was, or if it is not whole."""
    folder, _ = find_folder(kind)
    return read_checked(folder / key) if folder else None


def put(kind: str, key: str, content: bytes, room_mb: float = math.inf) -> None:
    """Keep a content under a key, if that is possible; all entries of the kind have `room_mb` megabytes together."""
    folder, _ = find_folder(kind)
    if folder and len(content) <= room_mb * 1e6:
        with contextlib.suppress(OSError):
            write_checked(folder / key, content)
            prune(folder, room_mb)


def load_or_make(kind: str, key: str, make: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """The mapping that is kept under a key as JSON, else the one that `make` returns, which is then kept."""
    with contextlib.suppress(ValueError):
        found = json.loads(get(kind, key) or b"")
        if isinstance(found, dict):
            return found
    made = make()
    text = json.dumps(made)
    if json.loads(text) == made:  # else JSON cannot hold it as it is
        put(kind, key, text.encode())
    return made


def with_checksum(name: str, content: bytes) -> bytes:
    """What a file of this name holds: the SHA-256 of name and content on a line, and the content."""
    return hashlib.sha256(name.encode() + b"\0" + content).hexdigest().encode() + b"\n" + content


def read_checked(path: Path) -> bytes | None:
    """The content of a file, which then counts as used; None if there is none, or not what was written to it."""
    try:
        written = path.read_bytes()
        os.utime(path)
    except OSError:
        return None
    content = written.partition(b"\n")[2]
    return content if written == with_checksum(path.name, content) else None


def write_checked(path: Path, content: bytes) -> None:
    """Write a content and its checksum, whole or not at all; raises an OSError where it cannot be written."""
    atomic_write_bytes(path, with_checksum(path.name, content))


def entries(folder: Path) -> list[Path]:
    """The entries in a folder, whole or not; none where there is no folder."""
    with contextlib.suppress(OSError):
        return sorted(path for path in folder.iterdir() if _NAME.fullmatch(path.name))
    return []


def prune(folder: Path, room_mb: float = math.inf) -> None:
    """Delete entries (files or folders) that were not used for long, and the longest unused until the rest has room.

    So are files that killed processes left unfinished. Files of other names, and links to folders, stay.
    """
    room, oldest = room_mb * 1e6, time.time() - DAYS_KEPT * 86_400
    for used, size, path in sorted(_uses(folder), reverse=True):
        room -= size
        if used >= oldest and room >= 0:
            continue
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            # What cannot be deleted takes room, and does no other harm.
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)


def _uses(folder: Path) -> Iterator[tuple[float, int, Path]]:
    """Time of last use, bytes and path of what lies in a folder."""
    for path in (*entries(folder), *folder.glob(f"{TEMPORARY}*")):
        with contextlib.suppress(OSError):  # another process may have deleted it
            found = path.lstat()
            yield found.st_mtime, found.st_size, path


# -- folders in which nobody but this user can write -------------------------------------------------------------------


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
