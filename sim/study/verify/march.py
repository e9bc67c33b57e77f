"""Marches: where a group that nobody disturbs is in each minute abroad, worked out at one go and not stepped.

Written from the description of the model and not from its loop, so that the two can be held against each other.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.rules.sensing import DAY, LYING_UP, MARCHING, NIGHT
from sim.scenario.group import Group
from sim.world import World

Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class March:
    """One march, shape (minutes,) each: minute of the run, step of the route, class of light, posture."""

    minute: Ints
    step: Ints
    light: Ints
    posture: Ints


@dataclass(frozen=True)
class Setting:
    """What a march hangs on beside the route: minutes walked by day and by night until it puts to water, and when."""

    crossed_min: int
    day_minutes: int
    night_minutes: int


def settings_of(world: World, route: int) -> Counter[Setting]:
    """How many minutes of departure lead to each setting; those of groups that never cross are left out."""
    group, way = _group(world), world.routes[0][route]
    lights = np.array(world.lights)
    nights = np.cumsum(lights == NIGHT)
    landing = np.minimum(np.arange(len(lights)) + _raft_min(world, route), len(lights) - 1)
    dark = (lights == NIGHT) & (lights[landing] == NIGHT)
    may_cross = dark | (not group.rafts_by_night or _raft_min(world, route) == 0)
    found: Counter[Setting] = Counter()
    for departure in range(group.depart_earliest_min, group.depart_latest_min + 1):
        start = max(departure, 1)
        night = nights[start:] - nights[start - 1]
        day = np.arange(1, len(night) + 1) - night
        walked = _walked(group, day, night)
        at_bank = 0 if way.raft_step == 0 else int(np.searchsorted(walked, way.raft_step))
        free = np.flatnonzero(may_cross[start + at_bank :])
        if len(free):
            # With nothing to walk to the bank nobody has taken a step before the crossing.
            so_far = (int(day[at_bank]), int(night[at_bank])) if way.raft_step else (0, 0)
            found[Setting(start + at_bank + int(free[0]), *so_far)] += 1
    return found


def march_of(world: World, route: int, setting: Setting) -> March:
    """The march over a route from the minute in which the group puts to water until it has arrived, or the run ends."""
    group, way = _group(world), world.routes[0][route]
    minute = np.arange(setting.crossed_min, world.scenario.horizon_min + 1)
    light = np.array(world.lights)[minute]
    raft = _raft_min(world, route)
    on_land = np.arange(len(minute)) > raft
    hiding = on_land & group.lies_up & (light == DAY)
    walking = on_land & ~hiding
    night = setting.night_minutes + np.cumsum(walking & (light == NIGHT))
    day = setting.day_minutes + np.cumsum(walking & (light != NIGHT))
    afloat = np.minimum(way.raft_step + np.arange(len(minute)), way.landing_step)
    # Nobody walks back: who has got no farther than the landing by what was walked so far stands there.
    walked = np.where(np.cumsum(walking) > 0, _walked(group, day, night) + raft, way.landing_step)
    step = np.where(on_land, walked, afloat)
    there = np.flatnonzero(step >= way.steps)
    end = int(there[0]) if len(there) else len(minute)
    posture = np.where(hiding, LYING_UP, MARCHING)
    return March(minute[:end], step[:end], light[:end], posture[:end])


def _walked(group: Group, day: Ints, night: Ints) -> Ints:
    assert group.pace_low is not None, "parties come with what they leave to their kind filled in"
    return np.floor(group.pace_low * (day + group.night_pace * night)).astype(np.int64)


def _group(world: World) -> Group:
    group = world.scenario.infiltrators.parties[0]
    assert isinstance(group, Group), "checked by the chain's conditions"
    return group


def _raft_min(world: World, route: int) -> int:
    way = world.routes[0][route]
    return way.landing_step - way.raft_step
