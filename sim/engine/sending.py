"""Sending in compiled code: who can be sent, where he can meet a group, and how he comes home."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from sim.engine.compiling import inlined, kernel
from sim.engine.layout import IS_PATROL, NOBODY_MORE, SHADOW, TRAVEL
from sim.engine.patrolling import is_on_duty, place_of, travel_from
from sim.rules.movement import is_within
from sim.rules.pursuit import deadline
from sim.rules.randomness import pair
from sim.rules.response import can_be_sent, expected_minute, first_minute, in_time, minutes_home


@inlined
def is_available(tables: Any, run: Any, u: int) -> bool:
    """Whether a unit can be sent: it has men, no task, is not on its way home, and on duty if it is a patrol."""
    unit = run.units[u]
    if not can_be_sent(unit.men, run.chasing[u], run.now[0].minute, unit.busy_until):
        return False
    return tables.units[u].kind != IS_PATROL or is_on_duty(tables, run, u - tables.case[0].posts, run.now[0].minute)


@kernel
def plan_meeting(
    tables: Any, run: Any, u: int, route: int, step: int, seen_min: int, within_km: float, from_min: int
) -> bool:
    """Whether a unit can meet a group that was seen at a step of a route; notes the earliest meeting in the unit.

    The men are to be there before the group comes near, or at least, where they can nowhere be, before it passes.
    """
    lead = tables.case[0].approach_min
    return _plan_ahead(tables, run, u, route, step, seen_min, within_km, from_min, lead) or _plan_ahead(
        tables, run, u, route, step, seen_min, within_km, from_min, 0.0
    )


@kernel
def _plan_ahead(
    tables: Any, run: Any, u: int, route: int, step: int, seen_min: int, within_km: float, from_min: int, lead: float
) -> bool:
    """The same for men who are to be there so many minutes before the group.

    The unit makes ready from `from_min` on. Nobody can be there before the group who leaves after it has passed: the
    first steps need not be looked at. On one spot the travel is the same and the group comes latest at the last step:
    where that is too early for the men, so are all.
    """
    case, here, unit = tables.case[0], tables.routes[route], run.units[u]
    ready, pace = from_min + tables.units[u].notice_min, case.expected_pace
    row, extra = travel_from(tables, run, u)
    x, y = place_of(tables, run, u)
    first = step + max(0, int((ready - seen_min) * pace) - 2)
    if first > here.steps:
        return False
    at = tables.steps[here.first_step + first].stretch
    while first <= here.steps:
        stretch = tables.stretches[at]
        travel, last = tables.travel[row, stretch.spot] + extra, stretch.last_step
        if travel <= case.pursuit_limit_min and in_time(
            travel, ready + lead, expected_minute(last, step, seen_min, pace)
        ):
            for number in range(first, last + 1):
                in_reach = _is_within(tables, here.first_step + number, x, y, within_km)
                if in_reach and in_time(travel, ready + lead, expected_minute(number, step, seen_min, pace)):
                    unit.meeting_step, unit.travel_min = number, math.ceil(travel)
                    unit.arrive_min = ready + unit.travel_min
                    return True
        at, first = at + 1, last + 1
    return False


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
def _travel_back(tables: Any, run: Any, u: int) -> float:
    """Minutes of least-cost travel to where the men are now, with the group or without it."""
    unit = run.units[u]
    group, route, step = run.groups[unit.group], unit.route, int(unit.step)
    if unit.phase == SHADOW:
        route, step = group.route, group.step
    row, extra = travel_from(tables, run, u)
    return tables.travel[row, tables.steps[tables.routes[route].first_step + step].spot] + extra
