"""Marches worked out at once, against the model stepped minute by minute."""

from __future__ import annotations

from typing import Any

import pytest
from small_case import default_case, small_case

from sim.model import BorderModel
from sim.scenario import Scenario
from sim.scenario.scenario import validate
from sim.study.verify.chain import march_of, settings_of
from sim.world import World, build_world

STEADY = {"notice_km": 0.0, "pace_low": 0.875, "pace_high": 0.875, "night_pace": 0.75}


def alone(scenario: Scenario, depart_min: int, **group: Any) -> Scenario:
    """A case with its first group alone on its ground: nobody who could detect it or stop it."""
    data = scenario.model_dump(mode="json")
    data["posts"], data["patrols"], data["arms"] = [], [], {"without": {}}
    data["command"]["sharing_radius_km"] = 0.0
    data["infiltrators"]["behaviour"] = "unaware"
    window = {"depart_earliest_min": depart_min, "depart_latest_min": depart_min}
    data["infiltrators"]["groups"] = [data["infiltrators"]["groups"][0] | STEADY | window | group]
    return validate(data)


def stepped(world: World, route: int) -> list[tuple[int, int, int, int]]:
    """Minute, step, light and posture of the group while it is abroad, as the model steps."""
    way = world.routes[0][route]
    name = world.scenario.infiltrators.groups[0].name
    taken = {name: (world.crossings[way.crossing].name, world.way_name(way.way))}
    model = BorderModel(world=world, rng=1, routes=taken)
    (group,) = model.groups
    assert group.route_number == route
    found = []
    while model.running:
        model.step()
        if group.is_abroad:
            found.append((model.minute, group.step_index, model.light, group.posture))
    model.release()
    return found


def worked_out(world: World, route: int) -> list[tuple[int, int, int, int]]:
    """The same from the only setting that one minute of departure leads to."""
    settings = settings_of(world, route)
    assert sum(settings.values()) == len(settings) <= 1
    for setting in settings:
        march = march_of(world, route, setting)
        columns = (march.minute, march.step, march.light, march.posture)
        return list(zip(*(column.tolist() for column in columns), strict=True))
    return []


# From 17:00: at 17:00 it is day, from 17:56 night; at 06:28 twilight and from 06:55 day again.
SMALL: dict[str, tuple[int, dict[str, Any], dict[str, Any]]] = {
    "in the evening": (10, {}, {}),
    "at the first minute": (0, {}, {}),
    "before dawn, and then lying up by day": (650, {"lies_up": True}, {}),
    "before dawn, and on by day": (650, {"lies_up": False}, {}),
    "by day, waiting for the dark at the bank": (850, {"lies_up": True}, {"horizon_min": 2500}),
    "by day, over by day": (850, {"rafts_by_night": False, "lies_up": False}, {"horizon_min": 2500}),
    "by day, over by day, and then lying up": (850, {"rafts_by_night": False, "lies_up": True}, {"horizon_min": 2500}),
    "too late to cross": (1490, {}, {}),
    "on the way when the run ends": (600, {}, {"horizon_min": 760}),
    "with nothing to cross": (10, {}, {"terrain.lines": []}),
    "with nothing to cross, by day": (850, {"lies_up": True}, {"terrain.lines": [], "horizon_min": 2500}),
    "faster by night": (10, {"night_pace": 1.0, "pace_low": 1.25, "pace_high": 1.25}, {}),
    "a raft of no time": (10, {}, {"infiltrators.raft_min": 1}),
    "over lanes": (
        10,
        {},
        {"terrain.lines": [], "infiltrators.front": {"west_km": 2.0, "east_km": 10.0, "lanes": 3}},
    ),
}


@pytest.mark.parametrize(("depart_min", "group", "changes"), SMALL.values(), ids=SMALL.keys())
def test_small_case_minute_by_minute(depart_min: int, group: dict[str, Any], changes: dict[str, Any]) -> None:
    case = small_case(patrols=[], **changes)
    world = build_world(alone(case, depart_min, **group), "without")
    for route in range(len(world.routes[0])):
        assert worked_out(world, route) == stepped(world, route)


def test_the_cases_are_what_they_are_called() -> None:
    """Some march lies up, some goes on by day, some never begins."""
    played = {}
    for name in ("before dawn, and then lying up by day", "before dawn, and on by day", "too late to cross"):
        depart_min, group, changes = SMALL[name]
        world = build_world(alone(small_case(patrols=[], **changes), depart_min, **group), "without")
        played[name] = [minute for route in range(len(world.routes[0])) for minute in worked_out(world, route)]
    lying_up, on_by_day, too_late = played.values()
    assert {posture for _, _, _, posture in lying_up} == {0, 1}
    assert {(light, posture) for _, _, light, posture in on_by_day} == {(0, 0), (1, 0), (2, 0)}
    assert too_late == []


@pytest.mark.parametrize("depart_min", [60, 437])
def test_default_case_minute_by_minute(depart_min: int) -> None:
    """Real ground, a river that takes minutes to cross in the dark, days of lying up: the first and last routes."""
    world = build_world(alone(default_case(), depart_min), "without")
    last = len(world.routes[0]) - 1
    for route in {0, last // 2, last}:
        assert worked_out(world, route) == stepped(world, route)
