"""The study `describe`: every key with its value, unit, allowed range, and where the value comes from."""

from __future__ import annotations

import re
import types
import typing
from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Any

import pandas as pd
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from sim.scenario.light import clock_text

SKIPPED = ("provenance", "doubts")
COLUMNS = ("key", "value", "unit", "default", "allowed", "basis", "from", "meaning")


def describe(scenario: BaseModel) -> pd.DataFrame:
    """One row a key of a scenario, or of the run settings.

    Columns: the key, its value in force, unit, default of the schema, what is allowed, whether the value is sourced or
    assumed, from where (or its plausible range), and what the key means.
    """
    return pd.DataFrame(list(_rows(scenario, "", scenario)), columns=list(COLUMNS))


def _rows(part: BaseModel, prefix: str, scenario: BaseModel) -> Iterator[tuple[str, ...]]:
    for name, field in type(part).model_fields.items():
        if prefix or name not in SKIPPED:
            yield from _value_rows(getattr(part, name), f"{prefix}{name}", field, scenario)


def _value_rows(value: Any, key: str, field: FieldInfo, scenario: BaseModel) -> Iterator[tuple[str, ...]]:
    if isinstance(value, BaseModel):
        yield from _rows(value, f"{key}.", scenario)
    elif isinstance(value, tuple) and value and all(isinstance(item, BaseModel) for item in value):
        for index, item in enumerate(value):
            yield from _rows(item, f"{key}.{index}.", scenario)
    elif isinstance(value, dict) and value and all(isinstance(item, BaseModel) for item in value.values()):
        for name, item in value.items():
            yield from _rows(item, f"{key}.{name}.", scenario)
    else:
        yield _row(value, key, field, scenario)


def _row(value: Any, key: str, field: FieldInfo, scenario: BaseModel) -> tuple[str, ...]:
    extra = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
    basis, origin = provenance_of(key, extra, scenario)
    default = "required" if field.is_required() else shown(field.get_default(call_default_factory=True))
    meaning = (field.description or "").strip()
    if extra.get("unit") == "HH:MM":
        value = clock_text(value)
    return key, shown(value), str(extra.get("unit") or ""), default, allowed(field), basis, origin, meaning


def provenance_of(key: str, extra: dict[str, Any], scenario: BaseModel) -> tuple[str, str]:
    """'sourced' or 'assumed', and the source or the range: the case's own word first, then the schema's."""
    for pattern, given in getattr(scenario, "provenance", {}).items():
        if fnmatchcase(key, pattern):
            note = f" ({given.note})" if given.note else ""
            if given.source is not None:
                return "sourced", given.source + note
            return "assumed", _range(given.assumed) + note
    if extra.get("source"):
        return "sourced", str(extra["source"])
    return "assumed", _range(extra.get("assumed"))


def _range(assumed: Any) -> str:
    if isinstance(assumed, (list, tuple)):
        return f"{assumed[0]:g} to {assumed[1]:g}"
    return str(assumed or "no range given")


def allowed(field: FieldInfo) -> str:
    """What a key may hold, in words."""
    extra = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
    words = "00:00 to 23:59" if extra.get("unit") == "HH:MM" else _choices(field.annotation)
    bounds = {
        name: getattr(item, name)
        for item in field.metadata
        for name in ("ge", "gt", "le", "lt")
        if getattr(item, name, None) is not None
    }
    signs = {"ge": ">=", "gt": ">", "le": "<=", "lt": "<"}
    limits = " and ".join(f"{signs[name]} {bound:g}" for name, bound in bounds.items())
    return " ".join(filter(None, (words, limits)))


def _choices(annotation: Any) -> str:
    if typing.get_origin(annotation) is typing.Literal:
        return " | ".join(map(str, typing.get_args(annotation)))
    if typing.get_origin(annotation) in (types.UnionType, typing.Union):
        return " or ".join(_choices(part) for part in typing.get_args(annotation))
    names = {float: "number", int: "whole number", bool: "true | false", str: "text", type(None): "null"}
    if annotation in names:
        return names[annotation]
    return re.sub(r"\b(typing|sim\.[a-z_.]+)\.", "", str(annotation)).split("[")[0].replace("<class ", "").strip("'>")


def shown(value: Any) -> str:
    """A value as a configuration file would write it."""
    if isinstance(value, BaseModel):
        return "as below"
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, (tuple, list)):
        return "[" + ", ".join(shown(item) for item in value) + "]"
    return {"None": "null", "True": "true", "False": "false"}.get(str(value), str(value))
