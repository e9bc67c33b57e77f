"""Functions compiled to machine code, for the loops that numpy has no words for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba

Function = TypeVar("Function", bound=Callable)


def compiled(function: Function) -> Function:
    """The function compiled when it is first called; what was compiled is kept on disk where there is a place for it.

    No shortcuts are taken with floating point numbers: sums are added and products taken in the order written down,
    and a division by zero gives what it gives in numpy.
    """
    try:
        made: Any = numba.njit(cache=True, error_model="numpy")(function)
    except RuntimeError:  # no folder can be written to, neither beside the code nor in the user's own cache
        made = numba.njit(error_model="numpy")(function)
    return cast(Function, made)
