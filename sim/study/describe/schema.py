"""The shape of the schema: which keys hold parts of their own, one, many by number or many by name."""

from __future__ import annotations

import re
import types
import typing
from collections.abc import Iterator
from typing import Any, NamedTuple

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from sim.study.describe.describe import allowed


class Variant(NamedTuple):
    """One of the shapes that an entry may have; the label is empty where there is only one."""

    label: str
    schema: type[BaseModel]


class Place(NamedTuple):
    """Where the case holds something: its full key, the name of the entry it belongs to, the value, and whose it is."""

    key: str
    label: str
    value: Any
    owner: type = object


class Field(NamedTuple):
    """A field of one variant."""

    label: str
    info: FieldInfo
    owner: type


def parts_of(annotation: Any) -> tuple[str, tuple[type[BaseModel], ...]]:
    """How parts are held (`one`, `N` in a list, `NAME` in a mapping, or nothing), and what they may be."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return "one", (annotation,)
    origin, inner = typing.get_origin(annotation), typing.get_args(annotation)
    if origin not in (tuple, dict):
        return "", ()
    item = inner[0] if origin is tuple else inner[1]
    if typing.get_origin(item) is typing.Annotated:
        item = typing.get_args(item)[0]
    union = typing.get_origin(item) in (types.UnionType, typing.Union)
    schemas = typing.get_args(item) if union else (item,)
    if all(isinstance(schema, type) and issubclass(schema, BaseModel) for schema in schemas):
        return ("N" if origin is tuple else "NAME"), schemas
    return "", ()


def members_of(schema: type[BaseModel]) -> list[Variant]:
    """The fields of a part as entries, where all of them have the same keys; none where they have not."""
    annotations = {name: field.annotation for name, field in schema.model_fields.items()}
    members = [Variant(n, a) for n, a in annotations.items() if isinstance(a, type) and issubclass(a, BaseModel)]
    keys = {tuple(member.schema.model_fields) for member in members}
    return members if len(members) == len(annotations) > 1 and len(keys) == 1 else []


def alike(fields: list[Field]) -> list[list[Field]]:
    """Fields of several variants, put together where they mean and allow the same."""
    groups: dict[tuple[str, str, str], list[Field]] = {}
    for field in fields:
        limits = "" if typing.get_origin(field.info.annotation) is typing.Literal else allowed(field.info)
        mark = (field.info.description or "", str(extra_of(field.info).get("unit")), limits)
        groups.setdefault(mark, []).append(field)
    return list(groups.values())


def entries_of(at: Place) -> Iterator[Place]:
    """The entries of a list or a mapping of parts, by their names."""
    named = at.value.items() if isinstance(at.value, dict) else enumerate(at.value)
    for name, item in named:
        label = str(name) if isinstance(at.value, dict) else name_of(item, f"{at.label} {name}".strip())
        yield Place(f"{at.key}.{name}", label, item)


def name_of(item: BaseModel, otherwise: str) -> str:
    """What a part is called, or the word given for one that has no name."""
    return str(getattr(item, "name", otherwise))


def label_of(schema: type[BaseModel]) -> str:
    """Names of a line's or point's kind, which a discriminator tells apart."""
    return " | ".join(map(str, typing.get_args(schema.model_fields["kind"].annotation)))


def kind_of(info: FieldInfo) -> str:
    """What a key may hold, in the words of a configuration file."""
    if parts_of(info.annotation)[0] == "one":
        return "mapping"
    return re.sub(r"^dict\b", "mapping", re.sub(r"^tuple\b", "list", allowed(info)))


def extra_of(info: FieldInfo) -> dict[str, Any]:
    """Unit, source and plausible range of a key."""
    return info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
