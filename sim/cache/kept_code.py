"""The compiled code of one function, kept on disk and never executed unless it is whole (see `sim.cache.seals`)."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import numba
from numba.core.caching import FunctionCache, _Cache
from numba.core.sigutils import normalize_signature

from sim.cache.cache import cache_folder, said, say
from sim.cache.light_loading import load_overload
from sim.cache.lock import FolderInUseError, lock_folder
from sim.cache.private import make_private
from sim.cache.seals import code_files, faults, seal, wipe

Function = TypeVar("Function")

LOCK_SECONDS = 10.0
"""How long to wait for another process that saves; it takes milliseconds."""


def kept(what: str, seconds: int) -> Callable[[Function], Function]:
    """Decorator of functions that numba compiles: what was compiled is kept on disk where there is a place for it.

    Nothing is opened, read or written before the first call.

    Parameters
    ----------
    what:
        Of what the function is part, for messages.
    seconds:
        How long that takes to compile.
    """

    def keep(function: Function) -> Function:
        if hasattr(function, "py_func"):  # else numba is told by its environment to compile nothing
            function._cache = KeptCode(function.py_func, what, seconds)  # type: ignore[attr-defined]
        return function

    return keep


class KeptCode(_Cache):
    """The compiled code of one function, as numba asks for it when the function is called with new types.

    Parameters
    ----------
    function:
        Not compiled.
    what, seconds:
        See `kept`.
    """

    def __init__(self, function: Callable[..., Any], what: str, seconds: int) -> None:
        self._function, self._what, self._seconds = function, what, seconds
        self._enabled = True

    @cached_property
    def _files(self) -> Any:
        """What reads and writes numba's files; None where nothing can be kept."""
        folder = cache_folder()
        if folder is None:
            return None
        name = f"{self._function.__module__}.{self._function.__qualname__}"
        try:
            with _numba_folder(folder / name.replace("<", "").replace(">", "")):
                files = FunctionCache(self._function)
        except (RuntimeError, OSError):  # it has no file of its own: typed in, say
            return None
        # numba takes another place when this cannot be written.
        return files if folder in Path(files.cache_path).parents else None

    @property
    def cache_path(self) -> str | None:
        """Folder of numba's files."""
        return self._files.cache_path if self._files else None

    def is_whole(self) -> bool:
        """Whether something is kept, and all of it sealed."""
        return self._files is not None and bool(code_files(self._folder)) and not faults(self._folder)

    def announce(self, fault: str = "") -> None:
        """Tell that the part is being compiled, and why anew, if it is; one line for all of its functions."""
        if self._what in said:
            return
        said.add(self._what)
        fault = fault or (", ".join(faults(self._folder)) if self._files else "")
        if fault:
            say(f"compiled code is damaged ({fault}): compiling {self._what} anew, some {self._seconds} s")
        else:
            say(f"compiling {self._what}: once, some {self._seconds} s")

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """What was compiled for a signature; None makes numba compile it, then call `save_overload`."""
        if self._files is None or not self._enabled:
            return None
        found = None if faults(self._folder) else self._read(sig, target_context)[0]
        if found is None:
            # Perhaps another process is saving just now: look again when it has finished.
            found = self._read_orwipe(sig, target_context)
        if found is None:
            self.announce()
        return found

    def save_overload(self, sig: Any, data: Any) -> None:
        """Keep what was compiled; a failure is told of, and no more."""
        if self._files is None or not self._enabled:
            return
        with locked(self._folder) as is_locked:
            if not is_locked:
                return
            try:
                if faults(self._folder):
                    wipe(self._folder)
                self._files.save_overload(sig, data)
                seal(self._folder)
            except Exception as error:  # a full disk, mostly
                wipe(self._folder)
                say(f"what was compiled of {self._what} cannot be kept: {one_line(error)}")

    def enable(self) -> None:
        """Keep compiled code again."""
        self._enabled = True

    def disable(self) -> None:
        """Keep and read nothing."""
        self._enabled = False

    def flush(self) -> None:
        """Throw away what is kept."""
        if self._files is not None:
            wipe(self._folder)

    @property
    def _folder(self) -> Path:
        return Path(self._files.cache_path)

    def _read(self, sig: Any, target_context: Any) -> tuple[Any, str]:
        """Sealed code, or None; and what is wrong with it."""
        try:
            found = load_overload(self._files, sig, target_context)
        except Exception as error:  # whatever comes of pickles of another layout, or of code that cannot be linked
            return None, one_line(error)
        if found is not None and tuple(found.signature.args) != tuple(normalize_signature(sig)[0]):
            return None, "it is of another signature"
        return found, ""

    def _read_orwipe(self, sig: Any, target_context: Any) -> Any:
        """With no other process at work in the folder: read the code, and throw away what is not whole."""
        if not code_files(self._folder):
            return None
        with locked(self._folder) as is_locked:
            found, fault = None, ", ".join(faults(self._folder))
            if not fault:
                found, fault = self._read(sig, target_context)
            if fault and is_locked:
                wipe(self._folder)
        if fault:
            self.announce(fault)
        return found


def one_line(error: BaseException) -> str:
    """Type and message of an error on one line."""
    return f"{type(error).__name__}: {' '.join(str(error).split())}"


@contextlib.contextmanager
def _numba_folder(folder: Path) -> Iterator[None]:
    """While numba decides where to keep a function: this is the place, whatever the user has set for other code."""
    settings = {"CACHE_DIR": str(folder), "CACHE_LOCATOR_CLASSES": ""}
    before = {name: getattr(numba.config, name) for name in settings if hasattr(numba.config, name)}
    try:
        for name in before:
            setattr(numba.config, name, settings[name])
        yield
    finally:
        for name, value in before.items():
            setattr(numba.config, name, value)


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[bool]:
    """With the folder for this process alone; tells whether it could be had in time."""
    unlock, end = None, time.monotonic() + LOCK_SECONDS
    while unlock is None and time.monotonic() < end:
        try:
            make_private(folder)
            unlock = lock_folder(folder)
        except FolderInUseError:
            time.sleep(0.02)
        except OSError:
            break
    try:
        yield unlock is not None
    finally:
        if unlock:
            unlock()
