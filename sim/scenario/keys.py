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


def assign(data: dict[str, Any], key: str, value: Any, sign: str = "") -> None:
    """Set one dotted key in nested dictionaries and lists, in place; a mapping is merged into one that is there.

    The value is copied: what is set inside it afterwards does not reach the one that was given. With the sign ``+``
    the key must not be there yet, with ``~`` it is deleted. The last part of a key may be new in a dictionary; the
    validation afterwards refuses keys that do not exist.

    Raises
    ------
    ScenarioError
        If a part of the key names nothing (it lists what is there), or the sign does not fit.
    """
    here, last = _parent(data, key)
    place: Any = _index(here, last, key) if isinstance(here, list) else last
    there = isinstance(here, list) or last in here
    if sign == "~" and not there:
        raise ScenarioError(key, "cannot be deleted: no such key")
    if sign == "+" and there and isinstance(here, dict):
        raise ScenarioError(key, "is there already; set it without the +")
    if sign == "~":
        del here[place]
    elif there and isinstance(here, dict) and isinstance(here[last], dict) and isinstance(value, dict) and value:
        for part, inner in value.items():
            assign(here[last], str(part), inner)
    else:
        here[place] = copy.deepcopy(value)


def _parent(data: dict[str, Any], key: str) -> tuple[Any, str]:
    *path, last = key.split(".")
    here: Any = data
    for depth, part in enumerate(path):
        if isinstance(here, dict) and key.startswith("arms.") and ".changes." in key:
            # What an arm changes is open: any key of the scenario may be named there, and a new arm with it.
            here.setdefault(part, {})
        if isinstance(here, list):
            here = here[_index(here, part, key)]
        elif isinstance(here, dict) and part in here:
            here = here[part]
        else:
            known = ", ".join(map(str, here)) if isinstance(here, dict) else "nothing"
            above = ".".join(path[:depth]) or "the scenario"
            raise ScenarioError(key, f"no such key; under '{above}' there is: {known}")
    if not isinstance(here, (dict, list)):
        raise ScenarioError(key, f"'{'.'.join(path)}' is a single value and has no parts")
    return here, last


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
    message, given = first["msg"].removeprefix("Value error, "), repr(first["input"])
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
    elif first["loc"] and (not first["msg"].startswith("Value error") or len(given) < 60):
        shown = given if len(given) <= 80 else given[:77] + "..."
        message = f"{message[0].lower()}{message[1:]}; got {shown}"
    return ScenarioError(key, message + (f" (and {len(more)} more)" if more else ""))
