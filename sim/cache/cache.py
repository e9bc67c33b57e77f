"""The cache of compiled code: the folder in which it is kept from one start to the next, and who is told of it.

numba looks at the source of an entry alone, not at what is compiled into it; the folder is therefore named by a hash
of all sources (see `sim.cache.place`).
"""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable
from functools import cache
from multiprocessing import parent_process
from pathlib import Path

from sim.cache.place import find_place

_log = logging.getLogger(__name__)
_listeners: list[Callable[[str], None]] = []
said: set[str] = set()
"""Parts of which something was said already."""


@cache
def cache_folder() -> Path | None:
    """The folder of compiled code of these sources on this machine, opened at the first call; None if there is none."""
    place = find_place()
    if place.notice:
        say(place.notice)
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


def forget() -> None:
    """Throw away what is kept for these sources on this machine."""
    folder = cache_folder()
    for path in folder.iterdir() if folder else ():
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)


def say(text: str) -> None:
    """A line for people: to whoever listens, else to the log."""
    if _listeners:
        _listeners[0](text)
    else:
        _log.log(logging.WARNING if parent_process() is None else logging.INFO, "%s", text)
