"""Compiled code of functions, kept on disk for numba, and never executed unless it is whole (see `sim.cache.store`)."""

from __future__ import annotations

import contextlib
import logging
import pickle
import platform
import re
import shutil
import sys
from collections.abc import Callable
from functools import cache, cached_property
from multiprocessing import parent_process
from pathlib import Path
from typing import Any

import llvmlite
import numba
import numpy as np
from numba.core.caching import _Cache
from numba.core.compiler import CompileResult
from numba.core.registry import cpu_target
from numba.core.runtime.nrt import rtsys
from numba.core.serialize import dumps
from numba.core.sigutils import normalize_signature

from sim.cache.store import (
    VARIABLE,
    entries,
    find_folder,
    key_of,
    make_private,
    prune,
    read_checked,
    write_checked,
)

SOURCES = (
    "cache/*.py",
    "engine/*.py",
    "rules/*.py",
    "scenario/*.py",
    "terrain/*.py",
    "world/track.py",
    "world/hazards.py",
    "outcomes.py",
)
"""What compiled code is made of: the file of a function does not show what is compiled into it. Sections of a scenario
lay out the record of the case: with one more key, code that was compiled before would read its neighbour."""

COMPILING_SECONDS = 30
"""How long everything takes to compile, roughly."""

PACKAGE = Path(__file__).resolve().parents[1]
SETTINGS = ("OPT", "BOUNDSCHECK", "DEBUGINFO_DEFAULT", "LOOP_VECTORIZE", "SLP_VECTORIZE", "USING_SVML")
"""Settings of numba that change what it compiles."""

LIGHT_LOADING = "0.68."
"""Versions of numba on which all of the project's code was loaded without what only compiling needs."""

announced: set[str] = set()
"""Parts of the program whose compiling was announced."""

_log = logging.getLogger(__name__)
_listeners: list[Callable[[str], None]] = []


@cache
def cache_folder() -> Path | None:
    """The folder of code compiled from these sources on this machine, or None; another place leads to a notice."""
    try:
        folder, fault = find_folder("compiled", name_of_folder())
    except OSError as error:  # the sources cannot be read
        folder, fault = None, str(error)
    if fault:
        where = " in its usual place" if folder else ""
        instead = f"kept in {folder} instead, and compiled anew when that has been emptied"
        notify(
            f"compiled code cannot be kept{where} ({fault}): it is "
            f"{instead if folder else 'compiled anew at each start'}, some {COMPILING_SECONDS} s; "
            f"{VARIABLE}=FOLDER names another place"
        )
    if folder:
        prune(folder.parent)
    return folder


def open_cache(listener: Callable[[str], None] | None = None) -> Path | None:
    """Open `cache_folder` before it is needed, and set what is called with each notice, such as ``Progress.note``."""
    _listeners[:] = [listener] if listener else []
    return cache_folder()


def notify(text: str) -> None:
    """Give the user one line of text; it is logged, in child processes as mere information, if nothing else is set."""
    if _listeners:
        _listeners[0](text)
    else:
        _log.log(logging.WARNING if parent_process() is None else logging.INFO, "%s", text)


def name_of_folder(package: Path = PACKAGE) -> str:
    """Hash of all that compiled code depends on: sources below the folder of the package `sim`, and `machine`."""
    return key_of(package, SOURCES, machine())


def machine() -> dict[str, str]:
    """Versions, numba's settings, and the processor as numba sees it."""
    python = f"{platform.python_version()} {sys.implementation.cache_tag}"
    versions = {library.__name__: library.__version__ for library in (numba, llvmlite, np)}
    settings = {name: str(getattr(numba.config, name, None)) for name in SETTINGS}
    processor = str(cpu_target.target_context.codegen().magic_tuple())
    return {"python": python, **versions, **settings, "processor": processor}


def kept(what: str, seconds: int) -> Callable[[Any], Any]:
    """Decorator of functions that numba compiles: compiled code is kept on disk, and looked for at the first call.

    Notices say `what` part of the program the function belongs to, and how many `seconds` that takes to compile.
    """

    def keep(function: Any) -> Any:
        if hasattr(function, "py_func"):  # else numba's environment disables compiling
            function._cache = KeptCode(function.py_func, what, seconds)
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
        folder, function = cache_folder(), self._function
        return folder / re.sub("[<>]", "", f"{function.__module__}.{function.__qualname__}") if folder else None

    @property
    def cache_path(self) -> str | None:
        """The same, for numba's statistics."""
        return str(self._folder) if self._folder else None

    def is_whole(self) -> bool:
        """Whether something is kept, and all of it whole."""
        return self._folder is not None and bool(entries(self._folder)) and not self._damaged()

    def announce(self, fault: str = "") -> None:
        """Notify the user that the part is being compiled, and why again, if it is; once for all of its functions."""
        if self._what in announced:
            return
        announced.add(self._what)
        fault = fault or ", ".join(self._damaged())
        why = f"compiled code is damaged ({fault}): " if fault else ""
        notify(f"{why}compiling {self._what}{' anew,' if fault else ': once,'} some {self._seconds} s")

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """What was compiled for a signature; None makes numba compile it, then call `save_overload`."""
        path = self._path(sig)
        if path is None:
            return None
        content = read_checked(path)
        fault = path.name if content is None and path.exists() else ""
        if content is not None:
            try:
                return _rebuilt(content, sig, target_context)
            except Exception as error:  # a pickle of another layout, or code that cannot be linked
                fault = _one_line(error)
        # Deleted before the user hears of it: who kills the process then leaves nothing damaged behind.
        with contextlib.suppress(OSError):
            path.unlink(missing_ok=True)
        self.announce(fault)
        return None

    def save_overload(self, sig: Any, data: Any) -> None:
        """Keep what was compiled; the user is notified of a failure, which is no error."""
        path = self._path(sig)
        if path is None:
            return
        try:
            if data.library.has_dynamic_globals or not all(lifted.can_cache for lifted in data.lifted):
                raise ValueError("it has addresses or objects of this process")
            make_private(path.parent)
            write_checked(path, dumps(data._reduce()))
            prune(path.parent)
        except Exception as error:  # a full disk, mostly
            notify(f"what was compiled of {self._what} cannot be kept: {_one_line(error)}")

    def enable(self) -> None:
        """Do nothing: it is always on; numba never asks for anything else."""

    disable = enable

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
        return [path.name for path in found if read_checked(path) is None]


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
