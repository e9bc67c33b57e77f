"""Compiling: the rules made callable from compiled code, and how the engine's own functions are compiled."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from types import FunctionType
from typing import Any

import numba
import numpy as np
from numba.extending import overload, register_jitable

from sim import rules
from sim.cache.inner_code import AS_INNER
from sim.cache.kept_code import kept
from sim.rules import randomness

RULES = tuple(
    rule
    for module in (import_module(f"{rules.__name__}.{found.name}") for found in iter_modules(rules.__path__))
    for rule in vars(module).values()
    if isinstance(rule, FunctionType) and rule.__module__ == module.__name__ and rule is not randomness.word
)
"""All rules: the very functions that the Mesa model calls, which stay as they are. One that the engine does not call is
not compiled."""


@overload(randomness.word)
def _word(x: Any) -> Any:  # noqa: ARG001
    # Python's whole numbers have no end; here 64 bits without a sign wrap round by themselves.
    def as_word(x: Any) -> Any:
        return np.uint64(x)

    return as_word


# Where it is left open, a function is inlined or not as the first is that calls it: numba hands the option on.
_PLAIN: dict[str, Any] = {**AS_INNER, "_nrt": False, "forceinline": False}
_SMALL: dict[str, Any] = {**_PLAIN, "forceinline": True}

shared = register_jitable(**_SMALL)
"""Decorator of functions that Python calls as they are, and compiled code compiled."""

for _rule in RULES:
    shared(_rule)

kernel = numba.njit(**_PLAIN)
"""Decorator of the engine's inner functions; they are compiled into the entry that calls them."""

inlined = numba.njit(**_SMALL)
"""The same for little ones that are called often: a call would cost more than what they do."""

_ENTRY: dict[str, Any] = {"error_model": "numpy", "nogil": True, "_nrt": False, "no_cfunc_wrapper": True}


def entry(function: Any) -> Any:
    """Decorator of what Python calls; it is kept on disk with all that was compiled into it."""
    return kept("the engine", seconds=20)(numba.njit(**_ENTRY)(function))
