"""Somebody who is added to a case and does nothing: a post without sensors or men, a patrol off duty, a group."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from sim.conformance.scenes import Scene
from sim.scenario import Scenario
from sim.world import World

NAME = "bystander"
NO_POWER_CUTS = {"power_cuts_per_day": 0.0}
BLIND = {"sensors": [], "range_km": 0.0, "responders": 0, "false_alarms_per_day": 0.0, **NO_POWER_CUTS}
"""A post that sees nothing and sends nobody."""

Changes = dict[str, Any] | None


def _post(scenario: Scenario) -> Changes:
    here = scenario.reaction_force
    post = {"name": NAME, "x_km": here.x_km, "y_km": here.y_km, **BLIND}
    return {"posts": [post, *_plain(scenario.posts)]}


def _patrol(scenario: Scenario) -> Changes:
    if not scenario.patrols:
        return None
    first = _plain(scenario.patrols)[0]
    patrol = {**first, "name": NAME, "duty_share": 0.0, "range_km": 0.0, "responders": 0, "response_km": 0.0}
    return {"patrols": [patrol, *_plain(scenario.patrols)]}


def _group(scenario: Scenario) -> Changes:
    """It would set out a minute after the end."""
    groups, late = _plain(scenario.infiltrators.groups), scenario.horizon_min + 1
    if not groups or late > 100_000:
        return None
    group = {**groups[0], "name": NAME, "depart_earliest_min": late, "depart_latest_min": late}
    return {"infiltrators.groups": [group, *groups]}


BYSTANDER: dict[str, Callable[[Scenario], Changes]] = {"post": _post, "patrol": _patrol, "group": _group}
"""What is changed in a scenario to add one of each kind, first of its list; None where there is no room for one."""


def with_bystanders(scene: Scene, world: World, kind: str) -> World | None:
    """The World of an arm with one bystander more; None where there can be none."""
    changes = BYSTANDER[kind](world.scenario)
    return None if changes is None else scene.changed(world, changes)


def with_blind_outpost(scene: Scene, world: World) -> World | None:
    """The World of an arm with the outpost, which can see nothing; None where it stands already."""
    if world.scenario.outpost.present:
        return None
    blind = scene.changed(world, {f"outpost.{key}": value for key, value in {"present": True, **BLIND}.items()})
    return None if blind is None else replace(blind, arm="with_blind_outpost")


def _plain(parts: Any) -> list[dict[str, Any]]:
    return [part.model_dump(mode="json") for part in parts]
