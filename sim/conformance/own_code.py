"""Which classes and modules of a model are its author's, and what they hold."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

from sim.model import BorderModel

OTHERS = ("sim", "mesa", "builtins", "abc", "typing")
"""Packages whose classes are nobody's own."""


def own_classes(model: type[BorderModel]) -> tuple[type, ...]:
    """The model's classes that are not the project's, and those of the agents that it names or brings along."""
    named = [value for value in _class_values(model) if isinstance(value, type)]
    found: dict[type, None] = {}
    for given in (model, *named):
        found.update((kind, None) for kind in given.__mro__ if is_own(kind))
    return tuple(found)


def is_own(kind: type) -> bool:
    """Whether a class is the author's and not the project's or a library's."""
    return kind.__module__.partition(".")[0] not in OTHERS


def own_values(model: type[BorderModel]) -> Iterator[tuple[str, Any]]:
    """What outlives a run in own classes and their modules: where it is, and the value."""
    modules = dict.fromkeys(kind.__module__ for kind in own_classes(model))
    for kind in own_classes(model):
        yield from ((f"{kind.__name__}.{name}", value) for name, value in list(vars(kind).items()))
    for name in modules:
        module = sys.modules.get(name)
        if module is not None:
            yield from ((f"{name}.{key}", value) for key, value in list(vars(module).items()) if key[:2] != "__")


def _class_values(model: type[BorderModel]) -> Iterator[Any]:
    for kind in model.__mro__:
        yield from list(vars(kind).values())
