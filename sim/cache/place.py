"""The place of compiled code: a private folder of the user's, named by all that the code depends on."""

from __future__ import annotations

import contextlib
import platform
import re
import shutil
import sys
from functools import partial
from pathlib import Path
from typing import NamedTuple

import llvmlite
import numba
import numpy as np
from numba.core.registry import cpu_target

from sim.cache.fingerprint import fingerprint
from sim.cache.private import USED, VARIABLE, open_private, temporary_root, usual_root
from sim.cache.sealed import is_recent

SOURCES = (
    "cache/*.py",
    "engine/*.py",
    "rules/*.py",
    "terrain/*.py",
    "world/track.py",
    "world/hazards.py",
    "outcomes.py",
)
"""What compiled code is made of. numba looks at the file of the entry alone, not at what is compiled into it."""

COMPILING_SECONDS = 30
"""How long all that is compiled takes to compile, roughly."""

_PACKAGE = Path(__file__).resolve().parents[1]
_SETTINGS = ("OPT", "BOUNDSCHECK", "DEBUGINFO_DEFAULT", "LOOP_VECTORIZE", "SLP_VECTORIZE", "USING_SVML")
_NAME = re.compile(r"[0-9a-f]{32}")


class Place(NamedTuple):
    """A folder, None where there is none, and what a person should know about it, empty if nothing."""

    folder: Path | None
    notice: str = ""


def name_of_folder(package: Path = _PACKAGE) -> str:
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
    return fingerprint(package, SOURCES, machine())


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
    for find_root in (partial(usual_root, "compiled"), temporary_root):
        try:
            root, name = find_root(), name_of_folder()
            folder = open_private(root, name)
        except (OSError, RuntimeError) as error:  # RuntimeError: nobody knows where the home is
            why.append(_words(error))
            continue
        remove_unused(folder)
        return Place(folder, _moved(why[0], folder) if why else "")
    return Place(None, _nowhere("; ".join(why)))


def remove_unused(present: Path) -> None:
    """Delete the folders beside the present one that have not been used for a month; quietly, and no links."""
    for path in present.parent.iterdir():
        with contextlib.suppress(OSError):
            if path.name != present.name and _NAME.fullmatch(path.name):
                mark = path / USED
                if not is_recent(mark if mark.exists() else path):
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
