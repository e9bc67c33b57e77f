"""Sending in compiled code: who can be sent, where he can meet a group, and how he comes home."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from sim.engine.compiling import inlined, kernel
from sim.engine.layout import IS_PATROL, NEVER_MORE, NOBODY_MORE, SHADOW, TRAVEL
from sim.engine.patrolling import gone, is_on_duty, place_of, travel_from
from sim.rules import movement
from sim.rules.movement import EXPECTED, afloat_min, is_within, way_of
from sim.rules.pursuit import deadline
from sim.rules.randomness import pair
from sim.rules.response import can_be_sent, expected_step, first_minute, in_time, minutes_home


@inlined
def is_available(tables: Any, run: Any, u: int) -> bool:
    """Whether a unit can be sent: it has men, no task, is not on its way home, and on duty if it is a patrol."""
    unit = run.units[u]
    if not can_be_sent(unit.men, run.chasing[u], run.now[0].minute, unit.busy_until):
        return False
    return tables.units[u].kind != IS_PATROL or is_on_duty(tables, run, u - tables.case[0].posts, run.now[0].minute)


@kernel
def plan_meeting(
    tables: Any, run: Any, u: int, route: int, step: int, seen_min: int, within_km: float, ready: int
) -> bool:
    """Whether a unit can meet a group that was seen at a step of a route; notes the earliest meeting in the unit.

    The men leave at minute `ready`. Nobody can be there before the group who leaves after it has passed: the
    first steps need not be looked at. On one spot the travel is the same, and the group comes latest at the last step.
    """
    limit, here, unit = tables.case[0].pursuit_limit_min, tables.routes[route], run.units[u]
    row, extra = travel_from(tables, run, u)
    x, y = place_of(tables, run, u)
    pace = tables.case[0].farthest_on_pace
    first = max(step, math.ceil(expected_at(tables, route, step, seen_min, ready, pace)))
    if first > here.steps:
        return False
    at = tables.steps[here.first_step + first].stretch
    while first <= here.steps:
        stretch = tables.stretches[at]
        travel, last = tables.travel[row, stretch.spot] + extra, stretch.last_step
        arrive = arrival(tables, u, travel, ready) if travel <= limit else NEVER_MORE
        if arrive - ready <= limit:
            comes = expected_at(tables, route, step, seen_min, arrive, pace)
            for number in range(first, last + 1):
                if in_time(comes, number) and _is_within(tables, here.first_step + number, x, y, within_km):
                    unit.meeting_step, unit.arrive_min, unit.travel_min = number, arrive, arrive - ready
                    return True
        at, first = at + 1, last + 1
    return False


@inlined
def arrival(tables: Any, u: int, travel_min: float, leave_min: int) -> int:
    """Minute in which men of a unit arrive who leave at a minute for a place that is so far off by day."""
    way, minutes = way_of(tables.units[u].vehicle), tables.case[0].horizon_min + 1
    return movement.arrival(tables.going[way * minutes : (way + 1) * minutes], travel_min, leave_min)


@kernel
def expected_at(tables: Any, route: int, seen_step: int, seen_min: int, minute: int, pace: float) -> float:
    """The step of a route at which a group of such a pace by day is at a minute, as command reckons from a report."""
    way = tables.routes[route]
    afloat = afloat_min(seen_step, way.raft_step, way.landing_step)
    landed = seen_min + afloat
    walked = gone(tables, EXPECTED, max(minute, landed)) - gone(tables, EXPECTED, landed)
    return expected_step(minute, seen_step, seen_min, afloat, walked, pace)


@inlined
def _is_within(tables: Any, at: int, x_km: float, y_km: float, within_km: float) -> bool:
    """Whether a step is so near to a place."""
    if within_km == np.inf:
        return True
    place = tables.steps[at]
    return is_within(place.x_km - x_km, place.y_km - y_km, within_km)


@kernel
def send(tables: Any, run: Any, u: int, men: int, s: int, g: int, believed: int, seen_step: int, seen_min: int) -> None:
    """Begin a chase, which is a dispatch: some men set out, on the report of an observer, to where it is planned."""
    unit, now, group = run.units[u], run.now[0], run.groups[g]
    _join_chasers(run, u)
    unit.route, unit.leave_min = believed, unit.arrive_min - unit.travel_min
    unit.deadline_min = deadline(unit.leave_min, tables.case[0].pursuit_limit_min)
    unit.phase, unit.step = TRAVEL, 0.0
    unit.contact_hazard, unit.until_min, unit.men_out = 0, 0, men
    unit.observer, unit.group, unit.believed, unit.seen_step, unit.seen_min = s, g, believed, seen_step, seen_min
    now.dispatches += 1
    unit.with_group = pair(tables.units[u].entity, group.entity)
    group.cued_min = first_minute(group.cued_min, now.minute)
    group.dispatched_min = first_minute(group.dispatched_min, now.minute)


@inlined
def _join_chasers(run: Any, u: int) -> None:
    """Put a unit in its place among those who are after a group."""
    now = run.now[0]
    place = now.chases
    while place > 0 and run.chasers[place - 1] > u:
        run.chasers[place] = run.chasers[place - 1]
        place -= 1
    run.chasers[place], run.chasing[u] = u, True
    now.chases += 1


@inlined
def _leave_chasers(run: Any, u: int) -> None:
    """Take a unit from among them."""
    now, kept = run.now[0], 0
    for place in range(now.chases):
        if run.chasers[place] != u:
            run.chasers[kept] = run.chasers[place]
            kept += 1
    now.chases, run.chasing[u] = kept, False


@inlined
def chaser_after(run: Any, u: int) -> int:
    """The next unit that is after a group, in the order of their numbers; `NOBODY_MORE` if there is none."""
    for place in range(run.now[0].chases):
        if run.chasers[place] > u:
            return run.chasers[place]
    return NOBODY_MORE


@inlined
def is_shadowing(run: Any, u: int, g: int) -> bool:
    """Whether a unit has a group in sight and follows it."""
    return run.chasing[u] and run.units[u].phase == SHADOW and run.units[u].group == g


@kernel
def see_who_shadows(run: Any, g: int) -> None:
    """Note whether anybody still has a group in sight."""
    shadowed = False
    for place in range(run.now[0].chases):
        shadowed = shadowed or is_shadowing(run, run.chasers[place], g)
    run.groups[g].shadowed = shadowed


@kernel
def go_home(tables: Any, run: Any, u: int) -> None:
    """End the chase; the unit is free again once it is back."""
    unit = run.units[u]
    recalled, minute = unit.phase == TRAVEL, run.now[0].minute
    travel = 0.0 if recalled else _travel_back(tables, run, u)
    unit.busy_until = minute + minutes_home(recalled, minute, unit.leave_min, unit.arrive_min, travel)
    _leave_chasers(run, u)
    see_who_shadows(run, unit.group)


@kernel
def go_ahead(tables: Any, run: Any, u: int) -> bool:
    """Leave a place that the group has passed, by way of home, for one where it is yet to come, if there is one."""
    unit, before = run.units[u], run.units[u].meeting_step
    arrived, took, home_min = unit.arrive_min, unit.travel_min, _travel_back(tables, run, u)
    if home_min == np.inf:
        return False
    within = tables.units[u].response_km if unit.observer == u else np.inf
    ready = run.now[0].minute + int(home_min)
    planned = plan_meeting(tables, run, u, unit.believed, unit.seen_step, unit.seen_min, within, ready)
    if not planned or unit.arrive_min > unit.deadline_min:
        unit.meeting_step, unit.arrive_min, unit.travel_min = before, arrived, took
        return False
    unit.phase, unit.leave_min = TRAVEL, ready
    return True


@kernel
def _travel_back(tables: Any, run: Any, u: int) -> float:
    """Minutes home from where the men are now, with the group or without it; infinite where no way leads there."""
    unit = run.units[u]
    group, route, step = run.groups[unit.group], unit.route, int(unit.step)
    if unit.phase == SHADOW:
        route, step = group.route, group.step
    row, extra = travel_from(tables, run, u)
    travel = tables.travel[row, tables.steps[tables.routes[route].first_step + step].spot] + extra
    minute = run.now[0].minute
    return float(arrival(tables, u, travel, minute) - minute) if travel < np.inf else np.inf
