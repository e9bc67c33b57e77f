"""Every key of a case or of the run settings: its value, unit, allowed range, and where the value comes from."""

from __future__ import annotations

import types
import typing
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from sim.cache.atomic import atomic_write_text
from sim.scenario.base import ScenarioError
from sim.scenario.light import clock_text

if TYPE_CHECKING:
    from sim.scenario import Scenario
    from sim.study.base import Request
    from sim.study.running import RunContext
    from sim.study.settings import RunSettings

SKIPPED = ("provenance", "doubts")
COLUMNS = ("key", "value", "unit", "default", "allowed", "basis", "from", "meaning")
WIDEST = {"key": 60, "value": 36, "unit": 9, "default": 14, "allowed": 34, "basis": 8, "from": 70}
"""Columns on the terminal, and the characters to which each is cut."""
SIGNS = {"ge": ">=", "gt": ">", "le": "<=", "lt": "<"}
TYPES = {float: "number", int: "whole number", bool: "true | false", str: "text", type(None): "null"}
TYPES |= {tuple: "list", dict: "mapping"}


class Entry(NamedTuple):
    """A part of a case or of the run settings: how its keys begin, what it is called in its list, mapping or kinds."""

    prefix: str
    label: str
    part: BaseModel

    def inner(self, name: str) -> list[Entry]:
        """The parts with keys of their own under one of its keys."""
        value, prefix = getattr(self.part, name), f"{self.prefix}{name}"
        if isinstance(value, BaseModel):
            return [Entry(f"{prefix}.", name if kinds_in(type(self.part)) else self.label, value)]
        if isinstance(value, dict):
            found = [(at, str(at), item) for at, item in value.items()]
        else:
            items = enumerate(value) if isinstance(value, tuple) else ()
            found = [(at, name_of(item, f"{self.label} {at}".strip()), item) for at, item in items]
        return [Entry(f"{prefix}.{at}.", label, item) for at, label, item in found if isinstance(item, BaseModel)]

    def leaves(self) -> Iterator[tuple[Entry, str]]:
        """Every key that holds no parts, in the schema's order: the part that it belongs to, and its name there."""
        for name in type(self.part).model_fields:
            inner = self.inner(name)
            if not inner:
                yield self, name
            for entry in inner:
                yield from entry.leaves()


def is_part(annotation: Any) -> bool:
    """Whether a type is a part of the configuration."""
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def kinds_in(schema: type[BaseModel]) -> dict[str, type[BaseModel]]:
    """The fields of a part by name, where all of them are parts with the same keys; none where they are not."""
    parts: dict[str, Any] = {name: field.annotation for name, field in schema.model_fields.items()}
    if len(parts) < 2 or not all(map(is_part, parts.values())):
        return {}
    return parts if len({tuple(part.model_fields) for part in parts.values()}) == 1 else {}


def describe(scenario: BaseModel) -> pd.DataFrame:
    """One row a key of a scenario, or of the run settings.

    Columns: the key, its value in force, unit, default of the schema, what is allowed, whether the value is sourced or
    assumed, from where (or its plausible range), and what the key means.
    """
    found = (_row(entry, name, scenario) for entry, name in Entry("", "", scenario).leaves())
    return pd.DataFrame((row for row in found if row[0].partition(".")[0] not in SKIPPED), columns=list(COLUMNS))


def _row(entry: Entry, name: str, scenario: BaseModel) -> tuple[str, ...]:
    key, info = f"{entry.prefix}{name}", type(entry.part).model_fields[name]
    value, default = shown(getattr(entry.part, name), info), default_of(info, shown)
    meaning = (info.description or "").strip()
    return key, value, unit_of(info), default, allowed(info), *provenance_of(key, info, scenario), meaning


def provenance_of(key: str, info: FieldInfo, scenario: BaseModel) -> tuple[str, str]:
    """'sourced' or 'assumed', and the source or the range: the case's own word first, then the schema's."""
    for pattern, given in getattr(scenario, "provenance", {}).items():
        if fnmatchcase(key, pattern):
            note = f" ({given.note})" if given.note else ""
            if given.source is not None:
                return "sourced", given.source + note
            return "assumed", _range(given.assumed) + note
    if source := extra_of(info).get("source"):
        return "sourced", str(source)
    return "assumed", _range(extra_of(info).get("assumed"))


def _range(assumed: Any) -> str:
    if isinstance(assumed, (list, tuple)):
        return f"{assumed[0]:g} to {assumed[1]:g}"
    return str(assumed or "no range given")


def extra_of(info: FieldInfo) -> dict[str, Any]:
    """Unit, source and plausible range of a key."""
    return info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}


def unit_of(info: FieldInfo) -> str:
    """The unit of a key; empty for pure numbers."""
    return str(extra_of(info).get("unit") or "")


def default_of(info: FieldInfo, text_of: Callable[[Any, FieldInfo], str]) -> str:
    """The schema's default as a text, or that there is none."""
    return "required" if info.is_required() else text_of(info.get_default(call_default_factory=True), info)


def allowed(info: FieldInfo) -> str:
    """What a key may hold, in words."""
    words = "00:00 to 23:59" if unit_of(info) == "HH:MM" else _choices(info.annotation)
    bounds = [(sign, getattr(item, name, None)) for item in info.metadata for name, sign in SIGNS.items()]
    limits = " and ".join(f"{sign} {bound:g}" for sign, bound in bounds if bound is not None)
    return " ".join(filter(None, (words, limits)))


def _choices(annotation: Any) -> str:
    if typing.get_origin(annotation) is typing.Literal:
        return " | ".join(map(str, typing.get_args(annotation)))
    if typing.get_origin(annotation) in (types.UnionType, typing.Union):
        return " or ".join(dict.fromkeys(map(_choices, typing.get_args(annotation))))
    plain = dict if is_part(annotation) else typing.get_origin(annotation) or annotation
    return TYPES.get(plain, getattr(plain, "__name__", str(plain)))


def shown(value: Any, info: FieldInfo) -> str:
    """The value of a key as a configuration file would write it."""
    if isinstance(value, BaseModel):
        return "as below"
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, (tuple, list)):
        return "[" + ", ".join(shown(item, info) for item in value) + "]"
    if isinstance(value, int) and unit_of(info) == "HH:MM":
        return clock_text(value)
    return {"None": "null", "True": "true", "False": "false"}.get(str(value), str(value))


def name_of(item: BaseModel, otherwise: str) -> str:
    """What a part is called, or the word given for one that has no name."""
    return str(getattr(item, "name", otherwise))


def prepare(request: Request, context: RunContext) -> Description:  # noqa: ARG001
    """The description of the case and of the run settings."""
    return Description(request.scenario, request.settings)


@dataclass(frozen=True)
class Description:
    """The table of every key of a case and of the run settings."""

    scenario: Scenario
    settings: RunSettings

    def show(self) -> int:
        """Print the table; with ``output=`` write it whole, as CSV, instead of cutting it for the terminal."""
        table = pd.concat([describe(self.settings), describe(self.scenario)], ignore_index=True)
        if self.settings.output:
            print(f"Table: {_written(table, Path(self.settings.output))}")
            return 0
        cells = table[list(WIDEST)].astype(str)
        widths = {name: min(most, max(len(name), int(cells[name].str.len().max()))) for name, most in WIDEST.items()}
        for row in [list(WIDEST), *cells.to_numpy().tolist()]:
            print("  ".join(_cut(str(cell), w).ljust(w) for cell, w in zip(row, widths.values(), strict=True)).rstrip())
        return 0


def _written(table: pd.DataFrame, folder: Path) -> Path:
    path = folder / "describe.csv"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        atomic_write_text(path, table.to_csv(index=False))
    except OSError as error:
        raise ScenarioError("output", f"cannot write {path}: {error.strerror or error}") from None
    return path


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 3] + "..."
