"""Every leaf of the scenario's schema, as small cases hold it, changed to other valid values; and Worlds compared."""

from __future__ import annotations

import typing
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
from pydantic import BaseModel
from pydantic.fields import FieldInfo
from small_case import FLOW, RIVER, small_case

from sim.scenario import Scenario, ScenarioError
from sim.world import World

BROOK = {"name": "a brook", "kind": "river", "width_km": 0.3, "points": [[9.5, 13.0], [9.5, 5.3]]}
REEDS = {"name": "reeds", "kind": "reeds", "width_km": 0.8, "points": [[6.5, 7.7], [8.5, 7.7]]}
RIDGE = {"name": "ridge", "kind": "ridge", "half_width_km": 1.0, "crest_m": [650.0], "points": [[2.0, 8.8], [5.0, 8.8]]}
ROAD = {"name": "a road", "kind": "road", "points": [[6.2, 5.5], [6.2, 12.5]]}
TRACK = {"name": "a track", "kind": "track", "points": [[3.0, 5.5], [3.0, 12.5]]}
TOWN = {"name": "a town", "kind": "town", "x_km": 3.0, "y_km": 11.0, "radius_km": 0.6}
PASS = {"name": "a pass", "kind": "pass", "x_km": 3.5, "y_km": 8.8, "saddle_m": 500.0, "radius_km": 0.5}
PLACE = {"name": "a place", "kind": "place", "x_km": 8.0, "y_km": 8.0}
MAST = {"name": "mast", "x_km": 7.5, "y_km": 7.0, "sensors": ["radar"], "range_km": 3.0, "height_m": 20.0}
BEAT = {"track": [[3.0, 5.6], [3.0, 7.5]], "probability": 0.4}
RIDERS = {"name": "riders", "track": [[4.0, 7.0], [8.0, 7.0]], "range_km": 1.5, "vehicle": True}

RICH: dict[str, Any] = {
    "terrain.source": "gazetteer",
    "terrain.cell_m": 500.0,
    "terrain.lines": [{**RIVER, "bed_m": [340.0, 330.0]}, BROOK, REEDS, RIDGE, ROAD, TRACK],
    "terrain.points": [TOWN, PASS, PLACE],
    "patrols.0.alternatives": [BEAT],
    "control_strip.present": True,
    "infiltrators.ways": [{"name": "east", "x_km": 8.5, "y_km": 9.0}],
    "infiltrators.detour_max_min": 40,
    "infiltrators.groups.0.keeps_off_paths": False,
    "infiltrators.groups.0.inland": True,
    "infiltrators.streams": [{**FLOW, "per_day": 4.0, "start_x_km": 4.0}],
    "infiltrators.crossing_spacing_km": 4.0,
    "arms.more": {"changes": {"outpost": {"present": True}}, "add_posts": [MAST], "add_patrols": [RIDERS]},
    "sectors": [{"name": "west", "west_km": 0.0, "east_km": 6.0}],
    "provenance": {"outpost": {"source": "a map"}},
    "horizon_min": 900,
}
"""Something of every part of the schema but fronts and invented ground, on 24 x 24 cells."""

CASES: dict[str, dict[str, Any]] = {
    "gazetteer": RICH,
    "synthetic": {
        "terrain.source": "synthetic",
        "terrain.lines": [],
        "terrain.cell_m": 500.0,
        "infiltrators.groups.0.start_y_km": 0.5,
        "arms.more": {},
    },
    "front": {"terrain.lines": [], "infiltrators.front": {"east_km": 11.0, "lanes": 3}, "arms.more": {}},
}


class Leaf(NamedTuple):
    """A value of a case: its dotted key, where the schema has it, and the value as plain data."""

    key: str
    owner: type[BaseModel]
    field: str
    value: Any

    @property
    def info(self) -> FieldInfo:
        """What the schema says of it."""
        return self.owner.model_fields[self.field]


def small(name: str) -> Scenario:
    """One of `CASES`."""
    return small_case(**CASES[name])


def leaves(part: BaseModel, prefix: str = "") -> Iterator[Leaf]:
    """All leaves of a part; of several entries of one kind those of the last."""
    plain = part.model_dump(mode="json")
    for field in type(part).model_fields:
        value = getattr(part, field)
        if isinstance(value, BaseModel):
            yield from leaves(value, f"{prefix}{field}.")
        elif inner := {type(item): (name, item) for name, item in _items(value) if isinstance(item, BaseModel)}:
            for name, item in inner.values():
                yield from leaves(item, f"{prefix}{field}.{name}.")
        else:
            yield Leaf(f"{prefix}{field}", type(part), field, plain[field])


def _items(value: Any) -> list[tuple[Any, Any]]:
    if isinstance(value, dict):
        return list(value.items())
    return list(enumerate(value)) if isinstance(value, tuple) else []


def schema(part: type[BaseModel] = Scenario) -> set[tuple[str, str]]:
    """All leaves of a schema: names of the class that has the field first, and of the field."""
    found = set()
    for field, info in part.model_fields.items():
        inner = list(_models(info.annotation))
        found |= set().union(*map(schema, inner)) if inner else {(part.__name__, field)}
    return found


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in typing.get_args(annotation):
        yield from _models(inner)


def changes(case: Scenario, leaf: Leaf) -> Iterator[Scenario]:
    """The case with other valid values of a leaf."""
    tried = [{leaf.key: value} for value in _others(leaf)]
    for values in [TOGETHER[leaf.key]] if leaf.key in TOGETHER else tried:
        try:
            changed = case.replace(**values)
        except ScenarioError:
            continue
        if changed != case:
            yield changed


TOGETHER: dict[str, dict[str, Any]] = {
    "light.weather.1.probability": {"light.weather.0.probability": 0.5, "light.weather.1.probability": 0.5},
    "provenance.outpost.assumed": {"provenance.outpost": {"source": None, "assumed": "a guess"}},
}
"""Leaves that cannot be changed without another."""

SPECIAL: dict[str, list[Any]] = {
    "bed_m": [[350.0, 320.0]],
    "start": ["2019-11-03T23:00"],
    "sunrise": ["05:00"],
    "sunset": ["20:30"],
    "danger": [{"c01": 0.5}, {"lane_0000": 0.5}],
    "changes": [{"outpost": {"present": False, "x_km": 5.0}}, {"outpost": {"present": True, "x_km": 5.0}}],
    "baseline": ["same"],
    "sensor": ["thermal"],
    "sensors": [["radar"], []],
    "doubts": [["a doubt"]],
    "lines": [[[[3.0, 5.8], [9.0, 5.8]]]],
}


def _others(leaf: Leaf) -> list[Any]:
    """Values to try, those that change most first."""
    value, annotation = leaf.value, leaf.info.annotation
    if leaf.field in SPECIAL:
        return SPECIAL[leaf.field]
    if isinstance(value, bool):
        return [not value]
    words = [word for word in typing.get_args(annotation) if isinstance(word, str) and word != value]
    if words:
        return words
    if isinstance(value, str):
        return [f"{value}x"]
    if isinstance(value, list | dict):
        return [[_moved(value[0], by), *value[1:]] for by in (60.0, 0.2)] if value else []
    numbers = (
        [50.0, 0.5, 1.2] if value is None else [3 * value, value / 3, value + 0.6, value - 0.6, 1.0, 0.4, 0.0, 2.0]
    )
    return [int(number) for number in numbers] if "int" in str(annotation) else [float(number) for number in numbers]


def _moved(value: Any, by: float) -> Any:
    return [value[0], value[1] + by] if isinstance(value, list) else value + by


def tables_of(world: World) -> dict[str, Any]:
    """All that a World holds, or makes of it in the memory that it shares with others, but for its scenario."""
    fields = {name: getattr(world, name) for name in World.__dataclass_fields__}
    for name in ("scenario", "memo", "_kept"):
        del fields[name]
    posts, patrols = range(len(world.scenario.all_posts)), range(len(world.scenario.patrols))
    parties, airs = range(len(world.routes)), range(len(world.scenario.light.weather))
    return fields | {
        "terrain": world.terrain.digest(),
        "lights": world.lights,
        "post_rates": [world.post_rates(post, air, power) for post in posts for air in airs for power in (False, True)],
        "patrol_rates": [world.patrol_rates(patrol, air) for patrol in patrols for air in airs],
        "exposures": [world.exposures(party) for party in parties],
        "depths": [world.depth_km(party, 0) for party in parties],
    }


def same(first: object, second: object) -> bool:
    """Whether two things are equal in every field, arrays to the bit and in their type."""
    if type(first) is not type(second):
        return False
    if isinstance(first, int | float | str):
        return bool(first == second or (first != first and second != second))  # two NaN are the same here
    if isinstance(first, np.ndarray):
        assert isinstance(second, np.ndarray)
        return first.dtype == second.dtype and first.shape == second.shape and first.tobytes() == second.tobytes()
    if isinstance(first, tuple | list):
        assert isinstance(second, tuple | list)
        return len(first) == len(second) and all(same(a, b) for a, b in zip(first, second, strict=True))
    if isinstance(first, dict):
        assert isinstance(second, dict)
        return first.keys() == second.keys() and all(same(value, second[key]) for key, value in first.items())
    if hasattr(first, "__dataclass_fields__"):
        return all(same(getattr(first, name), getattr(second, name)) for name in first.__dataclass_fields__)
    return bool(first == second)
