"""Every key of a case or of the run settings: its value, unit, allowed range, and where the value comes from."""

from __future__ import annotations

import re
import types
import typing
from collections.abc import Iterator
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
    from sim.study.settings import RunSettings

SKIPPED = ("provenance", "doubts")
COLUMNS = ("key", "value", "unit", "default", "allowed", "basis", "from", "meaning")
WIDEST = {"key": 60, "value": 36, "unit": 9, "default": 14, "allowed": 34, "basis": 8, "from": 70}
"""Columns on the terminal, and the characters to which each is cut."""
SIGNS = {"ge": ">=", "gt": ">", "le": "<=", "lt": "<"}
TYPES = {float: "number", int: "whole number", bool: "true | false", str: "text", type(None): "null"}


class Place(NamedTuple):
    """Where a case or the run settings hold something.

    Attributes
    ----------
    key:
        The full key.
    pattern:
        The key with N for a number in a list, NAME for a name in a mapping, KIND for one of several like parts.
    label:
        What the entry is called that it belongs to; empty outside lists, mappings and kinds.
    value, info, owner:
        What it holds, the field of the schema, and the schema.
    """

    key: str
    pattern: str
    label: str
    value: Any
    info: FieldInfo
    owner: type[BaseModel]

    @property
    def parts(self) -> list[tuple[str, str, str, BaseModel]]:
        """Parts with keys of their own that it holds: key and pattern below its own, label, part."""
        value = self.value
        if isinstance(value, BaseModel):
            return [("", "", self.label, value)]
        if not isinstance(value, (tuple, dict)):
            return []
        named = value.items() if isinstance(value, dict) else enumerate(value)
        word = ".NAME" if isinstance(value, dict) else ".N"
        found = [(name, item) for name, item in named if isinstance(item, BaseModel)]
        return [(f".{name}", word, self._label_of(name, item), item) for name, item in found]

    def _label_of(self, name: Any, item: BaseModel) -> str:
        return str(name) if isinstance(self.value, dict) else name_of(item, f"{self.label} {name}".strip())


def places(part: BaseModel, key: str = "", pattern: str = "", label: str = "") -> Iterator[Place]:
    """Every key of a part in the schema's order, each followed by the keys of the parts that it holds."""
    kinds = kinds_in(type(part))
    for name, info in type(part).model_fields.items():
        word, called = ("KIND", name) if kinds else (name, label)
        at = Place(f"{key}{name}", f"{pattern}{word}", called, getattr(part, name), info, type(part))
        yield at
        for more, words, inner, item in at.parts:
            yield from places(item, f"{at.key}{more}.", f"{at.pattern}{words}.", inner)


def kinds_in(schema: type[BaseModel]) -> dict[str, type[BaseModel]]:
    """The fields of a part by name, where all of them are parts with the same keys; none where they are not."""
    annotations = {name: field.annotation for name, field in schema.model_fields.items()}
    parts = {name: a for name, a in annotations.items() if isinstance(a, type) and issubclass(a, BaseModel)}
    keys = {tuple(part.model_fields) for part in parts.values()}
    return parts if len(parts) == len(annotations) > 1 and len(keys) == 1 else {}


def describe(scenario: BaseModel) -> pd.DataFrame:
    """One row a key of a scenario, or of the run settings.

    Columns: the key, its value in force, unit, default of the schema, what is allowed, whether the value is sourced or
    assumed, from where (or its plausible range), and what the key means.
    """
    found = (at for at in places(scenario) if not at.parts and at.pattern.partition(".")[0] not in SKIPPED)
    return pd.DataFrame([_row(at, scenario) for at in found], columns=list(COLUMNS))


def _row(at: Place, scenario: BaseModel) -> tuple[str, ...]:
    unit = str(extra_of(at.info).get("unit") or "")
    basis, origin = provenance_of(at.key, at.info, scenario)
    default = "required" if at.info.is_required() else shown(at.info.get_default(call_default_factory=True))
    value = clock_text(at.value) if unit == "HH:MM" else shown(at.value)
    return at.key, value, unit, default, allowed(at.info), basis, origin, (at.info.description or "").strip()


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


def allowed(info: FieldInfo) -> str:
    """What a key may hold, in words."""
    words = "00:00 to 23:59" if extra_of(info).get("unit") == "HH:MM" else _choices(info.annotation)
    bounds = [(sign, getattr(item, name, None)) for item in info.metadata for name, sign in SIGNS.items()]
    limits = " and ".join(f"{sign} {bound:g}" for sign, bound in bounds if bound is not None)
    return " ".join(filter(None, (words, limits)))


def _choices(annotation: Any) -> str:
    if typing.get_origin(annotation) is typing.Literal:
        return " | ".join(map(str, typing.get_args(annotation)))
    if typing.get_origin(annotation) in (types.UnionType, typing.Union):
        return " or ".join(_choices(part) for part in typing.get_args(annotation))
    if annotation in TYPES:
        return TYPES[annotation]
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


def name_of(item: BaseModel, otherwise: str) -> str:
    """What a part is called, or the word given for one that has no name."""
    return str(getattr(item, "name", otherwise))


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
