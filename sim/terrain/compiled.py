"""Functions compiled to machine code, for loops that numpy cannot express."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba

from sim.cache.inner_code import AS_INNER
from sim.cache.kept_code import kept

Function = TypeVar("Function", bound=Callable)
_ENTRY: dict[str, Any] = {"error_model": "numpy", "no_cfunc_wrapper": True}


def compiled(function: Function) -> Function:
    """The function compiled when it is first called; what was compiled is kept on disk where there is a place for it.

    No shortcuts are taken with floating point numbers: sums are added and products taken in the order written down,
    and a division by zero gives what it gives in numpy.
    """
    made: Any = numba.njit(**_ENTRY)(function)
    return cast(Function, kept("the terrain's functions", seconds=8)(made))


def kernel(function: Function) -> Function:
    """The function as an inner part of compiled ones: it is compiled with each that calls it, and not by itself."""
    made: Any = numba.njit(**AS_INNER)(function)
    return cast(Function, made)
