"""Parts that a configuration does not mention, put in with their defaults, so that each of their keys can be set."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel


def spell_out(data: dict[str, Any], schema: type[BaseModel]) -> None:
    """Add the parts of a schema that nested plain data leaves out, in place.

    Only whole parts and empty mappings are added, and only those that have a default; what is there stays as it is,
    right or wrong.

    >>> from sim.scenario.scenario import Scenario
    >>> data = {"appraisal": {"years": 5}}
    >>> spell_out(data, Scenario)
    >>> data["appraisal"], data["season"]["seasons"]
    ({'years': 5}, 8)
    """
    for name, field in schema.model_fields.items():
        part = field.annotation
        if name not in data and field.default == {}:
            data[name] = {}
        if not (isinstance(part, type) and issubclass(part, BaseModel)):
            continue
        if name not in data and not field.is_required():
            data[name] = field.get_default(call_default_factory=True).model_dump(mode="json")
        elif isinstance(data.get(name), dict):
            spell_out(data[name], part)
