"""Locks: one process at a time in a folder."""

from __future__ import annotations

import contextlib
import errno
import os
import sys
from collections.abc import Callable
from pathlib import Path

LOCK_NAME = ".lock"

_WITHOUT_LOCKS = {errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP}


class FolderInUseError(Exception):
    """Another holder has the folder; `holder` is " (process ID)", or empty where that is not known."""

    def __init__(self, folder: Path, holder: str) -> None:
        super().__init__(f"{folder} is in use{holder}")
        self.holder = holder


def lock_folder(folder: Path) -> Callable[[], None]:
    """Take the folder for this process until the returned function is called, or until the process ends.

    The operating system drops the lock with the process, however it dies, so a lock is never stale.

    Raises
    ------
    FolderInUseError
        When another holder, in this process or another, has the folder.
    OSError
        When the folder cannot be written.
    """
    path = folder / LOCK_NAME
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
        try:
            _take(descriptor)
        except BlockingIOError:
            os.close(descriptor)
            raise FolderInUseError(folder, _holder(path)) from None
        except BaseException:
            os.close(descriptor)
            raise
        if _still_there(path, descriptor):
            break
        # The former holder deleted the file between our opening and our taking it: whoever comes next would
        # lock a new file of that name, so ours would keep nobody out.
        os.close(descriptor)
    os.truncate(descriptor, 0)
    os.write(descriptor, f"{os.getpid()}\n".encode())
    return lambda: _release(path, descriptor)


def _still_there(path: Path, descriptor: int) -> bool:
    try:
        return os.path.samestat(os.stat(path), os.fstat(descriptor))
    except FileNotFoundError:
        return False


def _holder(path: Path) -> str:
    try:
        text = path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        return ""
    return f" (process {text})" if text.isdigit() else ""


def _release(path: Path, descriptor: int) -> None:
    with contextlib.suppress(OSError):
        path.unlink()
    with contextlib.suppress(OSError):
        os.close(descriptor)


if sys.platform == "win32":
    import msvcrt

    def _take(descriptor: int) -> None:
        # Far behind the text, so that others may still read who holds the lock.
        os.lseek(descriptor, 1 << 20, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError as error:
            raise BlockingIOError from error
        finally:
            os.lseek(descriptor, 0, os.SEEK_SET)

else:
    import fcntl

    def _take(descriptor: int) -> None:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            # Some network file systems know no locks: rather a run without the guard than no run at all.
            if error.errno not in _WITHOUT_LOCKS:
                raise
