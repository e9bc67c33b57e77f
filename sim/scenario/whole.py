"""Which keys take whole numbers only: told by the schema, not by the value in force."""

from __future__ import annotations

import types
import typing
from typing import Any

from pydantic import BaseModel


def takes_whole_numbers(scenario: BaseModel, key: str) -> bool:
    """Whether a dotted key of a scenario holds a whole number; False for a key that is not there.

    >>> import sim
    >>> case = sim.load_scenario()
    >>> [takes_whole_numbers(case, key) for key in ("outpost.responders", "patrols.0.duty_share", "no.such")]
    [True, False, False]
    """
    parts = key.split(".")
    if parts[0] == "arms" and parts[2:3] == ["changes"]:
        # What an arm changes is named as in the scenario itself.
        return takes_whole_numbers(scenario, ".".join(parts[3:]))
    here: Any = scenario
    for part in parts[:-1]:
        here = _enter(here, part)
    if not isinstance(here, BaseModel) or parts[-1] not in type(here).model_fields:
        return False
    kinds = _kinds(type(here).model_fields[parts[-1]].annotation)
    return int in kinds and float not in kinds


def _enter(here: Any, part: str) -> Any:
    if isinstance(here, BaseModel):
        return getattr(here, part, None)
    if isinstance(here, dict):
        return here.get(part)
    if isinstance(here, tuple) and part.isdecimal() and int(part) < len(here):
        return here[int(part)]
    return None


def _kinds(annotation: Any) -> set[Any]:
    """The types that an annotation names: itself, or those of its union."""
    if typing.get_origin(annotation) in (types.UnionType, typing.Union):
        return set().union(*(_kinds(part) for part in typing.get_args(annotation)))
    if typing.get_origin(annotation) is typing.Annotated:
        return _kinds(typing.get_args(annotation)[0])
    return {annotation}
