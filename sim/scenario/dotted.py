"""Dotted keys: `outpost.range_km` and `patrols.0.speed_kmh` as paths through plain nested data."""

from __future__ import annotations

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


def assign(data: dict[str, Any], key: str, value: Any) -> None:
    """Set one dotted key in nested dictionaries and lists, in place.

    Raises
    ------
    ScenarioError
        If a part of the key names nothing: it lists what is there. The last part may be new only where a
        dictionary is open; the validation afterwards refuses unknown keys.
    """
    *path, last = key.split(".")
    here: Any = data
    for depth, part in enumerate(path):
        here = _enter(here, part, key, ".".join(path[:depth]))
    if isinstance(here, list):
        here[_index(here, last, key)] = value
    elif isinstance(here, dict):
        here[last] = value
    else:
        raise ScenarioError(key, f"'{'.'.join(path)}' is a single value and has no parts")


def _enter(here: Any, part: str, key: str, parent: str) -> Any:
    if isinstance(here, list):
        return here[_index(here, part, key)]
    if isinstance(here, dict) and part in here:
        return here[part]
    known = ", ".join(map(str, here)) if isinstance(here, dict) else "nothing"
    raise ScenarioError(key, f"no such key; under '{parent or 'the scenario'}' there is: {known}")


def _index(here: list[Any], part: str, key: str) -> int:
    if part.isdecimal() and int(part) < len(here):
        return int(part)
    raise ScenarioError(key, f"'{part}' is no entry of this list; allowed: 0 to {len(here) - 1}")
