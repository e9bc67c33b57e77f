"""Kept code read without what only compiling needs.

Before numba reads a file it loads all that it could compile, scipy's linear algebra among it: a quarter of a second of
each start. Machine code wants nothing of that but numba's own memory management, on the versions named here. (Code that
wants more would not fail to load but end the process, so on other versions numba does as it will. What is compiled
later still has all of it loaded.)
"""

from __future__ import annotations

from typing import Any

import numba
from numba.core.caching import FunctionCache
from numba.core.runtime.nrt import rtsys

KNOWN = "0.68."
"""Versions of numba on which all of the project's code was loaded and run in this way."""


def load_overload(files: FunctionCache, sig: Any, target_context: Any) -> Any:
    """What numba's files of a function hold for a signature, None if nothing; see `FunctionCache.load_overload`.

    Raises
    ------
    Exception
        Whatever comes of files that were not written by this version.
    """
    if not numba.__version__.startswith(KNOWN):
        return files.load_overload(sig, target_context)
    rtsys.initialize(target_context)
    with files._guard_against_spurious_io_errors():
        return files._load_overload(sig, target_context)
