"""The folder of compiled code, named by all that the code depends on, and notices to the user of what takes long."""

from __future__ import annotations

import logging
import platform
import sys
from collections.abc import Callable
from functools import cache
from multiprocessing import parent_process
from pathlib import Path

import llvmlite
import numba
import numpy as np
from numba.core.registry import cpu_target

from sim.cache.private import VARIABLE, Place, find_folder
from sim.cache.store import key_of, prune

SOURCES = (
    "cache/*.py",
    "engine/*.py",
    "rules/*.py",
    "terrain/*.py",
    "world/track.py",
    "world/hazards.py",
    "outcomes.py",
)
"""What compiled code is made of: the file of a function does not show what is compiled into it."""

COMPILING_SECONDS = 30
"""How long everything takes to compile, roughly."""

PACKAGE = Path(__file__).resolve().parents[1]
_SETTINGS = ("OPT", "BOUNDSCHECK", "DEBUGINFO_DEFAULT", "LOOP_VECTORIZE", "SLP_VECTORIZE", "USING_SVML")
_log = logging.getLogger(__name__)
_listeners: list[Callable[[str], None]] = []


@cache
def cache_folder() -> Path | None:
    """The folder of code compiled from these sources on this machine, or None, opened at the first call.

    The user gets a notice where it is not in its usual place.
    """
    folder, fault = find_place()
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


def open_cache(tell: Callable[[str], None] | None = None) -> Path | None:
    """Open `cache_folder` before it is needed, and set who gets notices.

    Parameters
    ----------
    tell:
        Is called with one line of text, such as ``Progress.note``. By default notices are logged: as warnings, and in
        processes that another has started as information.
    """
    _listeners[:] = [tell] if tell else []
    return cache_folder()


def notify(text: str) -> None:
    """Give the user one line of text."""
    if _listeners:
        _listeners[0](text)
    else:
        _log.log(logging.WARNING if parent_process() is None else logging.INFO, "%s", text)


def find_place() -> Place:
    """Open the folder of compiled code, in its usual place or another."""
    try:
        return find_folder("compiled", name_of_folder())
    except OSError as error:  # the sources cannot be read
        return Place(None, str(error))


def name_of_folder(package: Path = PACKAGE) -> str:
    """Hash of all that compiled code depends on: sources below the folder of the package `sim`, and `machine`."""
    return key_of(package, SOURCES, machine())


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
