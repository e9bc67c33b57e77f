"""Compiled code of functions, kept on disk for numba, and never executed unless it is whole (see `sim.cache.store`)."""

from __future__ import annotations

import contextlib
import pickle
import shutil
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import numba
from numba.core.caching import _Cache
from numba.core.compiler import CompileResult
from numba.core.runtime.nrt import rtsys
from numba.core.serialize import dumps
from numba.core.sigutils import normalize_signature

from sim.cache.code_folder import cache_folder, notify
from sim.cache.private import make_private
from sim.cache.store import entries, key_of, prune, read_sealed, write_sealed

Function = TypeVar("Function")

LIGHT_LOADING = "0.68."
"""Versions of numba on which all of the project's code was loaded without what only compiling needs."""

announced: set[str] = set()
"""Parts of the program whose compiling was announced."""


def kept(what: str, seconds: int) -> Callable[[Function], Function]:
    """Decorator of functions that numba compiles: compiled code is kept on disk where that is possible.

    Nothing is opened, read or written before the first call.

    Parameters
    ----------
    what:
        The part of the program that the function belongs to, for notices.
    seconds:
        How long that takes to compile.
    """

    def keep(function: Function) -> Function:
        if hasattr(function, "py_func"):  # else numba is told by its environment to compile nothing
            function._cache = KeptCode(function.py_func, what, seconds)  # type: ignore[attr-defined]
        return function

    return keep


class KeptCode(_Cache):
    """The cache of one function, as numba uses it when the function is called with new types: an entry a signature.

    `what` and `seconds` are those of `kept`, `function` is not compiled.
    """

    def __init__(self, function: Callable[..., Any], what: str, seconds: int) -> None:
        self._function, self._what, self._seconds = function, what, seconds

    @cached_property
    def _folder(self) -> Path | None:
        """Folder of the entries; None where nothing can be kept."""
        folder = cache_folder()
        name = f"{self._function.__module__}.{self._function.__qualname__}".replace("<", "").replace(">", "")
        return folder / name if folder else None

    @property
    def cache_path(self) -> str | None:
        """The same, for numba's statistics."""
        return str(self._folder) if self._folder else None

    def is_whole(self) -> bool:
        """Whether something is kept, and all of it whole."""
        return self._folder is not None and bool(entries(self._folder)) and not self._damaged()

    def announce(self, fault: str = "") -> None:
        """Notify the user that the part is being compiled, and why anew, if it is; once for all of its functions."""
        if self._what in announced:
            return
        announced.add(self._what)
        fault = fault or ", ".join(self._damaged())
        if fault:
            notify(f"compiled code is damaged ({fault}): compiling {self._what} anew, some {self._seconds} s")
        else:
            notify(f"compiling {self._what}: once, some {self._seconds} s")

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """What was compiled for a signature; None makes numba compile it, then call `save_overload`."""
        path = self._path(sig)
        if path is None:
            return None
        content = read_sealed(path)
        fault = path.name if content is None and path.exists() else ""
        if content is not None:
            try:
                return _rebuilt(content, sig, target_context)
            except Exception as error:  # a pickle of another layout, or code that cannot be linked
                fault = _one_line(error)
        self.announce(fault)
        with contextlib.suppress(OSError):
            path.unlink(missing_ok=True)
        return None

    def save_overload(self, sig: Any, data: Any) -> None:
        """Keep what was compiled; the user is notified of a failure, which is no error."""
        path = self._path(sig)
        if path is None:
            return
        try:
            make_private(path.parent)
            write_sealed(path, _reduced(data))
            prune(path.parent)
        except Exception as error:  # a full disk, mostly
            notify(f"what was compiled of {self._what} cannot be kept: {_one_line(error)}")

    def enable(self) -> None:
        """Do nothing: it is always on; numba never asks for anything else."""

    def disable(self) -> None:
        """Do nothing."""

    def flush(self) -> None:
        """Delete what is kept."""
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)

    def _path(self, sig: Any) -> Path | None:
        """File of the code for a signature; None where it cannot be kept."""
        if self._folder is None or self._function.__closure__:
            return None
        source = Path(self._function.__code__.co_filename)
        try:
            return self._folder / key_of(source.parent, [source.name], str(normalize_signature(sig)[0]))
        except OSError:  # it was typed in, and is in no file
            return None

    def _damaged(self) -> list[str]:
        """Names of entries that are not what was saved."""
        found = entries(self._folder) if self._folder else []
        return [path.name for path in found if read_sealed(path) is None]


def _reduced(data: Any) -> bytes:
    if data.library.has_dynamic_globals or not all(lifted.can_cache for lifted in data.lifted):
        raise ValueError("it holds addresses or objects of this process")
    return bytes(dumps(data._reduce()))


def _rebuilt(content: bytes, sig: Any, target_context: Any) -> Any:
    # numba would first load all that it can compile, scipy's linear algebra among it: a quarter of a second. Machine
    # code needs nothing of that but memory management. (Code that needs more would end the process, so this is only
    # done on versions on which it was tried.)
    if numba.__version__.startswith(LIGHT_LOADING):
        rtsys.initialize(target_context)
    else:
        target_context.refresh()
    found = CompileResult._rebuild(target_context, *pickle.loads(content))
    if tuple(found.signature.args) != tuple(normalize_signature(sig)[0]):
        raise ValueError("it is of another signature")
    return found


def _one_line(error: BaseException) -> str:
    """Type and message of an error on one line."""
    return f"{type(error).__name__}: {' '.join(str(error).split())}"
