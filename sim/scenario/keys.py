"""Dotted keys: `outpost.range_km` and `patrols.0.speed_kmh` as paths through plain nested data and the schema."""

from __future__ import annotations

import copy
import re
import typing
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel, ValidationError

from sim.scenario.base import ScenarioError


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


def takes_whole_numbers(scenario: BaseModel, key: str) -> bool:
    """Whether a dotted key of a scenario holds a whole number; False for a key that is not there.

    >>> import sim
    >>> case = sim.load_scenario()
    >>> [takes_whole_numbers(case, key) for key in ("outpost.responders", "patrols.0.duty_share", "no.such")]
    [True, False, False]
    """
    # What an arm changes is named as in the scenario itself.
    *path, last = re.sub(r"^(arms\.\w+\.changes\.)*", "", key).split(".")
    here: Any = scenario
    try:
        for name in path:
            here = here[int(name)] if isinstance(here, tuple) else dict(here)[name]
        annotation = type(here).model_fields[last].annotation
    except (AttributeError, IndexError, KeyError, TypeError, ValueError):
        return False
    kinds = typing.get_args(annotation) or (annotation,)
    return int in kinds and float not in kinds


def problem_of(error: ValidationError) -> ScenarioError:
    """The first of pydantic's complaints as one line that names the key."""
    first, *more = error.errors()
    message = first["msg"].removeprefix("Value error, ")
    place = list(map(str, first["loc"]))
    if place[:1] == ["terrain"] and re.fullmatch(r"(lines|points)\.\d+", ".".join(place[1:3])):
        # pydantic puts the kind of a line or point behind its number, which is no key.
        del place[3:4]
    key = ".".join(place)
    if not key:
        # The scenario's own cross-checks begin with the key themselves.
        key, _, message = message.partition(" ")
    if first["type"] == "extra_forbidden":
        message = "no such key"
    elif first["type"] == "missing":
        message = "is required and missing"
    elif first["loc"] and (not first["msg"].startswith("Value error") or len(repr(first["input"])) < 60):
        message = f"{message[0].lower()}{message[1:]}; got {_short(first['input'])}"
    return ScenarioError(key, message + (f" (and {len(more)} more)" if more else ""))


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 80 else text[:77] + "..."
