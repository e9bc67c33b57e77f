"""Every key of the schema, one row each, with its value in a case: what the tables of docs/ODD.md are made of.

Where `describe` shows a case entry by entry, this shows the schema: all posts share one row a key, and a key is listed
even where the case has no entry that would hold it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from sim.scenario.light import clock_text
from sim.scenario.scenario import Scenario
from sim.study.describe.describe import provenance_of, shown
from sim.study.describe.schema import (
    Field,
    Place,
    Variant,
    alike,
    entries_of,
    extra_of,
    kind_of,
    label_of,
    members_of,
    name_of,
    parts_of,
)

LEFT_OUT = ("provenance",)
"""Keys that say where other keys come from; they fill the columns `basis` and `origin`."""
LONGEST = 160
"""Longer lists of values are summed up."""
VARIOUS = "differs from entry to entry"
UNDESCRIBED = {"name": "what it is called", "kind": "what it is; some keys belong to some kinds only"}


class Row(NamedTuple):
    """One key of the schema."""

    key: str
    value: str
    unit: str
    allowed: str
    basis: str
    origin: str
    meaning: str


def parameters(case: Scenario, schema: type[BaseModel], values: BaseModel) -> list[Row]:
    """All keys of `schema`, in its order, with what `values` holds.

    Parameters
    ----------
    case:
        The scenario, which says where its values come from.
    schema, values:
        What is listed: `Scenario` and the case itself, or the run settings.
    """
    return list(_Collector(case).rows([Variant("", schema)], "", [Place("", "", values)]))


class _Collector:
    """Goes through the schema; remembers which parts were listed already, so that they are not listed twice."""

    def __init__(self, case: Scenario) -> None:
        self._case = case
        self._listed: dict[tuple[type[BaseModel], ...], str] = {}

    def rows(self, variants: list[Variant], key: str, places: list[Place]) -> Iterator[Row]:
        """Rows of all fields of some variants that may stand under one key."""
        for name in dict.fromkeys(name for variant in variants for name in variant.schema.model_fields):
            if name in LEFT_OUT and not key:
                continue
            has = [variant for variant in variants if name in variant.schema.model_fields]
            inside = [
                Place(_join(at.key, name), at.label, getattr(at.value, name), type(at.value))
                for at in places
                if name in type(at.value).model_fields
            ]
            fields = [Field(variant.label, variant.schema.model_fields[name], variant.schema) for variant in has]
            yield from self._field(fields, _join(key, name), inside, len(has) < len(variants))

    def _field(self, fields: list[Field], key: str, places: list[Place], partial: bool) -> Iterator[Row]:
        container, schemas = parts_of(fields[0].info.annotation)
        if container == "one":
            yield from self._part(fields, schemas[0], key, places)
        elif schemas and schemas not in self._listed:
            self._listed[schemas] = f"{key}.{container}"
            entries = [inner for at in places for inner in entries_of(at)]
            yield self._head_row(fields[0].info, schemas[0], key, [entry.label for entry in entries])
            labels = [label_of(schema) if len(schemas) > 1 else "" for schema in schemas]
            variants = [Variant(label, schema) for label, schema in zip(labels, schemas, strict=True)]
            yield from self.rows(variants, f"{key}.{container}", entries)
        else:
            like = f"; entries as `{self._listed[schemas]}`" if schemas else ""
            for same in alike(fields):
                here = [at for at in places if any(at.owner is field.owner for field in same)]
                yield self._row(same, key, here, partial or len(same) < len(fields), like)

    def _part(self, fields: list[Field], schema: type[BaseModel], key: str, places: list[Place]) -> Iterator[Row]:
        """Rows of a part of its own, or of one whose fields are entries of the same make."""
        members = members_of(schema)
        if members:
            inner = [
                Place(f"{at.key}.{m.label}", m.label, getattr(at.value, m.label)) for at in places for m in members
            ]
            yield self._head_row(fields[0].info, schema, key, [member.label for member in members])
            yield from self.rows(members, f"{key}.KIND", inner)
        else:
            yield from self.rows([Variant(f.label, parts_of(f.info.annotation)[1][0]) for f in fields], key, places)

    def _head_row(self, info: FieldInfo, schema: type[BaseModel], key: str, names: list[str]) -> Row:
        """The row of a key that holds several parts: how many, and what they are called."""
        text = f"{len(names)}: {', '.join(names)}" if names else "none"
        given = any(extra_of(info).get(word) for word in ("source", "assumed"))
        basis, origin = provenance_of(key, extra_of(info), self._case) if given else ("", "")
        about = info.description or (schema.__doc__ or "").split("\n")[0].rstrip(".")
        text = text if len(text) <= LONGEST else f"{len(names)} entries"
        return Row(key, text, "", kind_of(info), basis, origin, about)

    def _row(self, fields: list[Field], key: str, places: list[Place], partial: bool, like: str) -> Row:
        info, extra = fields[0].info, extra_of(fields[0].info)
        basis, origin = self._origin(fields, key, places)
        values = [at._replace(value=_text(at.value, extra)) for at in places]
        may_be = " | ".join(dict.fromkeys(kind_of(field.info) for field in fields))
        about = (info.description or UNDESCRIBED.get(key.rpartition(".")[2], "")).strip() + like
        if partial:
            about += f" ({', '.join(field.label for field in fields)})"
        return Row(key, _values(fields, values), str(extra.get("unit") or ""), may_be, basis, origin, about)

    def _origin(self, fields: list[Field], key: str, places: list[Place]) -> tuple[str, str]:
        """Sourced or assumed, and from where or in which range, entry by entry where that differs."""
        own = {field.owner: extra_of(field.info) for field in fields}
        if not places:
            return provenance_of(key, extra_of(fields[0].info), self._case)
        given = [provenance_of(at.key, own[at.owner], self._case) for at in places]
        origins = [at._replace(value=origin) for at, (_, origin) in zip(places, given, strict=True)]
        return " / ".join(dict.fromkeys(basis for basis, _ in given)), _grouped(origins, others=True)


def _values(fields: list[Field], places: list[Place]) -> str:
    """The one value, or the schema's default and the entries that depart from it."""
    defaults = {
        "required" if f.info.is_required() else _text(f.info.get_default(call_default_factory=True), extra_of(f.info))
        for f in fields
    }
    default = defaults.pop() if len(defaults) == 1 else ""
    if not places:
        return default
    if not any(at.label for at in places):
        return _short(places[0].value)
    if all(at.label == at.value for at in places):
        return "as listed"
    if default in ("", "required"):
        return _grouped(places)
    other = _grouped([at for at in places if at.value != default], whole=False)
    return default if not other else other if other == VARIOUS else f"{default}; {other}"


def _grouped(places: list[Place], whole: bool = True, others: bool = False) -> str:
    """Entries by what they hold, such as `a, b: 3; c: 4`.

    Parameters
    ----------
    whole:
        What all entries hold stands alone.
    others:
        What most of them hold comes last, for "the others".
    """
    groups: dict[str, list[str]] = {}
    for at in places:
        groups.setdefault(str(at.value), []).append(at.label)
    if whole and len(groups) == 1:
        return _short(next(iter(groups)))
    listed = {value: ", ".join(labels) for value, labels in groups.items()}
    most = max(groups, key=lambda value: len(groups[value]), default="")
    if others and len(groups.get(most, ())) > 2:
        del listed[most]
        listed[most] = "the others"
    text = "; ".join(f"{labels}: {value}" for value, labels in listed.items())
    return text if len(text) <= LONGEST else VARIOUS


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 3].rstrip() + "..."


def _text(value: Any, extra: dict[str, Any]) -> str:
    if isinstance(value, tuple) and value and all(isinstance(item, BaseModel) for item in value):
        return ", ".join(name_of(item, str(number)) for number, item in enumerate(value))
    if extra.get("unit") == "HH:MM" and isinstance(value, int):
        return clock_text(value)
    text = shown(value)
    return f"{len(value)} entries" if isinstance(value, tuple) and len(text) > LONGEST else text


def _join(key: str, name: str) -> str:
    return f"{key}.{name}" if key else name
