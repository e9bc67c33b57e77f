"""The random numbers that a process has in common, of Python and of NumPy: their states, and who draws from them."""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any, NamedTuple

import numpy as np


class CommonNumbers(NamedTuple):
    """A module's functions that draw from the state that all share.

    Attributes
    ----------
    name:
        As people write it.
    module:
        Whose functions they are.
    source:
        The generator to which they are bound.
    get, set, seed:
        The state, and a new one.
    """

    name: str
    module: Any
    source: Any
    get: Callable[[], Any]
    set: Callable[[Any], None]
    seed: Callable[[int], None]

    def fingerprint(self) -> str:
        """The state as text: equal if and only if nothing was drawn in between."""
        return repr(self.get()) if self.module is random else repr([np.asarray(part).tolist() for part in self.get()])


COMMON = (
    CommonNumbers(
        "random",
        random,
        random.random.__self__,  # type: ignore[attr-defined]
        random.getstate,
        random.setstate,
        random.seed,
    ),
    CommonNumbers(
        "numpy.random",
        np.random,
        np.random.mtrand._rand,
        np.random.get_state,
        np.random.set_state,
        np.random.seed,
    ),
)


@contextmanager
def kept() -> Iterator[None]:
    """Give both states back as they were."""
    before = [common.get() for common in COMMON]
    try:
        yield
    finally:
        for common, state in zip(COMMON, before, strict=True):
            common.set(state)


@contextmanager
def overheard() -> Iterator[dict[str, str]]:
    """Hear who calls the functions of either module by name; gives who called what first, by the module's name.

    What was imported by itself before (``from random import random``) is not heard.
    """
    heard: dict[str, str] = {}
    replaced: list[tuple[Any, str, Any]] = []
    try:
        for common in COMMON:
            for name, function in list(vars(common.module).items()):
                if getattr(function, "__self__", None) is common.source and not name.startswith("_"):
                    replaced.append((common.module, name, function))
                    setattr(common.module, name, _heard(function, f"{common.name}.{name}", common.name, heard))
        yield heard
    finally:
        for module, name, function in replaced:
            setattr(module, name, function)


def _heard(function: Callable[..., Any], title: str, module: str, heard: dict[str, str]) -> Callable[..., Any]:
    def heard_function(*args: Any, **kwargs: Any) -> Any:
        heard.setdefault(module, f"{_who(sys._getframe(1))} draws from {title}()")
        return function(*args, **kwargs)

    return heard_function


def _who(frame: FrameType) -> str:
    """The method that a frame runs, with its class."""
    return frame.f_code.co_qualname.rpartition("<locals>.")[2]
