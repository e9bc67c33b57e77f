"""Warming up: the engine compiled and kept before processes are started that would each compile it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from sim.cache.kept_code import KeptCode, cache_folder, open_cache


def has_to_be_compiled() -> bool:
    """Whether the engine could be kept and is not; then the user is told that it is being compiled."""
    kept_code = _kept_code()
    if kept_code is None or cache_folder() is None or kept_code.is_whole():
        return False
    kept_code.announce()
    return True


def is_warm(function: Any = None) -> bool:
    """Whether whole compiled code of a function is there, by default of the engine's entry.

    Its signature is not looked at: with arguments of other types the function is compiled all the same.
    """
    kept_code = _kept_code(function)
    return kept_code is not None and kept_code.is_whole()


def _kept_code(function: Any = None) -> KeptCode | None:
    """What keeps a function's compiled code, by default the engine's entry's; None where numba compiles nothing."""
    if function is None:
        from sim.engine.replications import run_replications as function
    kept_code = getattr(function, "_cache", None)
    return kept_code if isinstance(kept_code, KeptCode) else None


def warm_up(tell: Callable[[str], None] | None = None) -> None:
    """Have the engine compiled and kept before processes are started that would each compile it; at once if it is.

    Nothing is done where nothing can be kept.

    Parameters
    ----------
    tell:
        See `sim.cache.kept_code.open_cache`.
    """
    if open_cache(tell) is None:
        return
    from sim.engine.layout import RUN, TABLES, new_results
    from sim.engine.replications import run_replications

    none = np.zeros(0, dtype=np.int64)
    records = np.zeros(1, dtype=TABLES.record), np.zeros(1, dtype=RUN.record), new_results(0).record
    run_replications(*records, 0, none, none.reshape(0, 0), True)
