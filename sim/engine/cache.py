"""The cache of compiled code: kept on disk from one start to the next, and never executed unless it is whole.

numba writes and reads the files (an index and, for each signature, machine code). What it does not do is done here: it
looks at the source of the entry alone, not at what is compiled into it (so the folder is named by a hash of all
sources, see `sim.engine.cache_place`), and it executes whatever it finds (so every file needs a seal: an empty file,
named by the SHA-256 of the other's name and bytes, that is made when code has been saved).
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
import shutil
import time
from collections.abc import Callable, Iterator
from functools import cache, cached_property
from multiprocessing import parent_process
from pathlib import Path
from typing import Any, TypeVar

import numba
import numpy as np
from numba.core.caching import FunctionCache, _Cache
from numba.core.sigutils import normalize_signature

from sim.engine.cache_place import find_place, make_private
from sim.execution.errors import StoreError, one_line
from sim.execution.lock import LOCK_NAME, lock_folder

Function = TypeVar("Function")

LOCK_SECONDS = 10.0
"""How long to wait for another process that saves; it takes milliseconds."""

_SEALS = "sealed"
_UNFINISHED = ".tmp."
_log = logging.getLogger(__name__)
_listeners: list[Callable[[str], None]] = []
_said: set[str] = set()


@cache
def cache_folder() -> Path | None:
    """The folder of compiled code of these sources on this machine, opened at the first call; None if there is none."""
    place = find_place()
    if place.notice:
        _say(place.notice)
    return place.folder


def open_cache(tell: Callable[[str], None] | None = None) -> Path | None:
    """Open the cache before it is needed, and say who shall hear of what takes long.

    Parameters
    ----------
    tell:
        Is given lines for people, such as ``Progress.note``; by default they are logged, as warnings, and in processes
        that another has started as mere information.

    Returns
    -------
    pathlib.Path or None
        See `cache_folder`.
    """
    _listeners[:] = [tell] if tell else []
    return cache_folder()


def is_warm(function: Any = None) -> bool:
    """Whether whole compiled code of a function is there, by default of the engine's entry.

    Its signature is not looked at: with arguments of other types the function is compiled all the same.
    """
    if function is None:
        from sim.engine.playing import play as function
    kept_code = getattr(function, "_cache", None)
    return isinstance(kept_code, KeptCode) and kept_code.is_whole()


def warm_up(tell: Callable[[str], None] | None = None) -> None:
    """Have the engine compiled and kept before processes are started that would each compile it; at once if it is.

    Nothing is done where nothing can be kept.

    Parameters
    ----------
    tell:
        See `open_cache`.
    """
    if open_cache(tell) is None:
        return
    from sim.engine.chart import CHART
    from sim.engine.playing import play
    from sim.engine.state import GROUP, RUN

    none = np.zeros(0, dtype=np.int64)
    records = np.zeros(1, dtype=CHART.record), np.zeros(1, dtype=RUN.record)
    play(*records, 0, none, none.reshape(0, 0), np.zeros(0, dtype=GROUP), True)


def forget() -> None:
    """Throw away what is kept for these sources on this machine."""
    folder = cache_folder()
    for path in folder.iterdir() if folder else ():
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)


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
        return self._files is not None and bool(_numba_files(self._folder)) and not _faults(self._folder)

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """What was compiled for a signature; None makes numba compile it, then call `save_overload`."""
        if self._files is None or not self._enabled:
            return None
        found = None if _faults(self._folder) else self._read(sig, target_context)[0]
        if found is None:
            # Perhaps another process is saving just now: look again when it has finished.
            found = self._read_or_wipe(sig, target_context)
        if found is None:
            self._say_once(f"compiling {self._what}: once, some {self._seconds} s")
        return found

    def save_overload(self, sig: Any, data: Any) -> None:
        """Keep what was compiled; a failure is told of, and no more."""
        if self._files is None or not self._enabled:
            return
        with _locked(self._folder) as is_locked:
            if not is_locked:
                return
            try:
                if _faults(self._folder):
                    _wipe(self._folder)
                self._files.save_overload(sig, data)
                _seal(self._folder)
            except Exception as error:  # a full disk, mostly
                _wipe(self._folder)
                _say(f"what was compiled of {self._what} cannot be kept: {one_line(error)}")

    def enable(self) -> None:
        """Keep compiled code again."""
        self._enabled = True

    def disable(self) -> None:
        """Keep and read nothing."""
        self._enabled = False

    def flush(self) -> None:
        """Throw away what is kept."""
        if self._files is not None:
            _wipe(self._folder)

    @property
    def _folder(self) -> Path:
        return Path(self._files.cache_path)

    def _read(self, sig: Any, target_context: Any) -> tuple[Any, str]:
        """Sealed code, or None; and what is wrong with it."""
        try:
            found = self._files.load_overload(sig, target_context)
        except Exception as error:  # whatever comes of pickles of another layout, or of code that cannot be linked
            return None, one_line(error)
        if found is not None and tuple(found.signature.args) != tuple(normalize_signature(sig)[0]):
            return None, "it is of another signature"
        return found, ""

    def _read_or_wipe(self, sig: Any, target_context: Any) -> Any:
        """With no other process at work in the folder: read the code, and throw away what is not whole."""
        if not _numba_files(self._folder):
            return None
        with _locked(self._folder) as is_locked:
            found, fault = None, ", ".join(_faults(self._folder))
            if not fault:
                found, fault = self._read(sig, target_context)
            if fault and is_locked:
                _wipe(self._folder)
        if fault:
            self._say_once(f"compiled code is damaged ({fault}): compiling {self._what} anew, some {self._seconds} s")
        return found

    def _say_once(self, text: str) -> None:
        """One line for all functions of one part."""
        if self._what not in _said:
            _said.add(self._what)
            _say(text)


def _say(text: str) -> None:
    if _listeners:
        _listeners[0](text)
    else:
        _log.log(logging.WARNING if parent_process() is None else logging.INFO, "%s", text)


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
def _locked(folder: Path) -> Iterator[bool]:
    """With the folder for this process alone; tells whether it could be had in time."""
    unlock, end = None, time.monotonic() + LOCK_SECONDS
    while unlock is None and time.monotonic() < end:
        try:
            make_private(folder)
            unlock = lock_folder(folder)
        except StoreError:
            time.sleep(0.02)
        except OSError:
            break
    try:
        yield unlock is not None
    finally:
        if unlock:
            unlock()


def _numba_files(folder: Path) -> list[Path]:
    """All files that numba may read."""
    with contextlib.suppress(OSError):
        names = sorted(path.name for path in folder.iterdir())
        # Hidden ones are the lock, and what network file systems leave for a while of deleted files.
        return [folder / name for name in names if name[0] != "." and name != _SEALS and _UNFINISHED not in name]
    return []


def _faults(folder: Path) -> list[str]:
    """Names of files that are not what was saved."""
    return [path.name for path in _numba_files(folder) if not _is_sealed(path)]


def _is_sealed(path: Path) -> bool:
    try:
        return _seal_of(path).exists()
    except OSError:
        return False


def _seal_of(path: Path) -> Path:
    digest = hashlib.sha256(path.name.encode() + b"\0" + path.read_bytes())
    return path.parent / _SEALS / digest.hexdigest()


def _seal(folder: Path) -> None:
    """Vouch for all files, which this process or another has just saved whole; sweep out what they replace."""
    seals = {_seal_of(path) for path in _numba_files(folder)}
    make_private(folder / _SEALS)
    for seal in seals:
        seal.touch()
    old = set((folder / _SEALS).iterdir()) - seals
    for path in (*old, *folder.glob(f"*{_UNFINISHED}*")):
        path.unlink(missing_ok=True)


def _wipe(folder: Path) -> None:
    """Delete all that is kept of a function; the lock stays, which this process may hold."""
    for path in folder.glob("*"):
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        elif path.name != LOCK_NAME:
            with contextlib.suppress(OSError):
                path.unlink()
