"""Dotted keys: `outpost.range_km` and `patrols.0.speed_kmh` as paths through plain nested data."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from typing import Any

from sim.scenario.problem import ScenarioError


def flatten(data: Any, prefix: str = "", *, lists: bool = True) -> Iterator[tuple[str, Any]]:
    """All leaves of nested mappings (and lists, if `lists`) with their dotted keys, in order.

    >>> list(flatten({"a": {"b": 1, "c": [2, 3]}}))
    [('a.b', 1), ('a.c.0', 2), ('a.c.1', 3)]
    """
    if isinstance(data, Mapping) and (data or not prefix):
        for key, value in data.items():
            yield from flatten(value, f"{prefix}.{key}" if prefix else str(key), lists=lists)
    elif lists and isinstance(data, (list, tuple)) and data:
        for index, value in enumerate(data):
            yield from flatten(value, f"{prefix}.{index}", lists=lists)
    else:
        yield prefix, data


def assign(data: dict[str, Any], key: str, value: Any, *, new: bool = False) -> None:
    """Set one dotted key in nested dictionaries and lists, in place; a mapping is merged into one that is there.

    The value is copied: what is set inside it afterwards does not reach the one that was given.

    Parameters
    ----------
    new:
        Refuse a key that is there already.

    Raises
    ------
    ScenarioError
        If a part of the key names nothing: it lists what is there. The last part may be new in a dictionary; the
        validation afterwards refuses keys that do not exist.
    """
    here, last = _parent(data, key)
    if isinstance(here, list):
        here[_index(here, last, key)] = copy.deepcopy(value)
        return
    if new and last in here:
        raise ScenarioError(key, "is there already; set it without the +")
    if isinstance(value, dict) and value and isinstance(here.get(last), dict):
        for part, inner in value.items():
            assign(here[last], str(part), inner)
    else:
        here[last] = copy.deepcopy(value)


def remove(data: dict[str, Any], key: str) -> None:
    """Delete one dotted key, in place.

    Raises
    ------
    ScenarioError
        If there is no such key.
    """
    here, last = _parent(data, key)
    if isinstance(here, list):
        del here[_index(here, last, key)]
    elif last in here:
        del here[last]
    else:
        raise ScenarioError(key, "cannot be deleted: no such key")


def _parent(data: dict[str, Any], key: str) -> tuple[Any, str]:
    *path, last = key.split(".")
    here: Any = data
    for depth, part in enumerate(path):
        here = _enter(here, part, key, ".".join(path[:depth]))
    if not isinstance(here, (dict, list)):
        raise ScenarioError(key, f"'{'.'.join(path)}' is a single value and has no parts")
    return here, last


def _enter(here: Any, part: str, key: str, parent: str) -> Any:
    if isinstance(here, list):
        return here[_index(here, part, key)]
    if isinstance(here, dict) and part not in here and key.startswith("arms.") and ".changes." in key:
        # What an arm changes is open: any key of the scenario may be named there, and a new arm with it.
        here[part] = {}
    if isinstance(here, dict) and part in here:
        return here[part]
    known = ", ".join(map(str, here)) if isinstance(here, dict) else "nothing"
    raise ScenarioError(key, f"no such key; under '{parent or 'the scenario'}' there is: {known}")


def _index(here: list[Any], part: str, key: str) -> int:
    if part.isdecimal() and int(part) < len(here):
        return int(part)
    allowed = f"0 to {len(here) - 1}" if here else "nothing, it is empty"
    raise ScenarioError(key, f"'{part}' is no entry of this list; allowed: {allowed}")
