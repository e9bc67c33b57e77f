"""Sending in compiled code: who can be sent, where he can meet a group, and how he comes home."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from sim.engine.codes import NEVER, NOBODY_MORE, PATROL, SHADOW, TRAVEL
from sim.engine.compiling import part, small
from sim.engine.patrolling import is_on_duty, place_of, travel_from
from sim.rules.movement import gap_km
from sim.rules.randomness import Purpose, pair, uniform
from sim.rules.response import expected_minute, in_time


@small
def is_available(chart: Any, run: Any, u: int) -> bool:
    """Whether a unit can be sent: it has men, no task, is not on its way home, and on duty if it is a patrol."""
    unit = run.units[u]
    if unit.men <= 0 or run.chasing[u] or run.now[0].minute < unit.busy_until:
        return False
    return chart.units[u].kind != PATROL or is_on_duty(chart, run, u - chart.case[0].posts, run.now[0].minute)


@part
def plan_meeting(
    chart: Any, run: Any, u: int, route: int, step: int, seen_min: int, within_km: float, from_min: int
) -> tuple[int, int, int]:
    """The earliest meeting with a group that was seen at a step of a route: step, arrival, minutes of travel.

    The unit makes ready from `from_min` on. The step is below 0 where it is too late for all of them. Nobody can be
    there before the group who leaves after it has passed: the first steps need not be looked at. On one spot the travel
    is the same and the group comes latest at the last step: where that is too early for the men, so are all.
    """
    case, here = chart.case[0], chart.routes[route]
    ready, pace = from_min + chart.units[u].notice_min, case.expected_pace
    row, extra = travel_from(chart, run, u)
    x, y = place_of(chart, run, u)
    first = step + max(0, int((ready - seen_min) * pace) - 2)
    if first > here.steps:
        return -1, 0, 0
    travels, at = chart.travel[row], chart.steps[here.first_step + first].stretch
    while first <= here.steps:
        stretch = chart.stretches[at]
        travel, last = travels[stretch.spot] + extra, stretch.last_step
        if travel <= case.pursuit_limit_min and in_time(travel, ready, expected_minute(last, step, seen_min, pace)):
            for number in range(first, last + 1):
                in_reach = _is_within(chart, here.first_step + number, x, y, within_km)
                if in_reach and in_time(travel, ready, expected_minute(number, step, seen_min, pace)):
                    minutes = math.ceil(travel)
                    return number, ready + minutes, minutes
        at, first = at + 1, last + 1
    return -1, 0, 0


@small
def _is_within(chart: Any, at: int, x_km: float, y_km: float, within_km: float) -> bool:
    """Whether a step is so near to a place."""
    if within_km == np.inf:
        return True
    place = chart.steps[at]
    return gap_km(place.x_km - x_km, place.y_km - y_km) <= within_km


@part
def send(
    chart: Any,
    run: Any,
    u: int,
    s: int,
    g: int,
    believed: int,
    seen_step: int,
    seen_min: int,
    step: int,
    arrive_min: int,
    travel_min: int,
) -> None:
    """Let a unit set out for a meeting place on the report of a sentinel."""
    unit = run.units[u]
    take_up(chart, run, u, s, g, believed, seen_step, seen_min)
    unit.route, unit.meeting_step = believed, step
    unit.leave_min, unit.arrive_min = arrive_min - travel_min, arrive_min
    unit.deadline_min = unit.leave_min + chart.case[0].pursuit_limit_min
    unit.phase, unit.step = TRAVEL, 0.0


@part
def take_up(chart: Any, run: Any, u: int, s: int, g: int, believed: int, seen_step: int, seen_min: int) -> None:
    """Begin a chase, which is a dispatch; to the men who go it is a cue at the latest."""
    unit, now, group = run.units[u], run.now[0], run.groups[g]
    _join_chasers(run, u)
    unit.losses = unit.grip = unit.until_min = 0
    unit.sentinel, unit.group, unit.believed, unit.seen_step, unit.seen_min = s, g, believed, seen_step, seen_min
    now.dispatches += 1
    who = pair(chart.units[u].entity, group.entity)
    unit.contact_draw = uniform(now.key, who, Purpose.CONTACT)
    note_cue(run, g)
    if group.dispatched_min == NEVER:
        group.dispatched_min = now.minute


@small
def _join_chasers(run: Any, u: int) -> None:
    """Put a unit in its place among those who are after a group."""
    now = run.now[0]
    place = now.chases
    while place > 0 and run.chasers[place - 1] > u:
        run.chasers[place] = run.chasers[place - 1]
        place -= 1
    run.chasers[place], run.chasing[u] = u, True
    now.chases += 1


@small
def _leave_chasers(run: Any, u: int) -> None:
    """Take a unit from among them."""
    now, kept = run.now[0], 0
    for place in range(now.chases):
        if run.chasers[place] != u:
            run.chasers[kept] = run.chasers[place]
            kept += 1
    now.chases, run.chasing[u] = kept, False


@small
def chaser_after(run: Any, u: int) -> int:
    """The next unit that is after a group, in the order of their numbers; `NOBODY_MORE` if there is none."""
    for place in range(run.now[0].chases):
        if run.chasers[place] > u:
            return run.chasers[place]
    return NOBODY_MORE


@part
def note_cue(run: Any, g: int) -> None:
    """Remember the first cue about a group."""
    if run.groups[g].cued_min == NEVER:
        run.groups[g].cued_min = run.now[0].minute


@small
def is_shadowing(run: Any, u: int, g: int) -> bool:
    """Whether a unit has a group in sight and follows it."""
    return run.chasing[u] and run.units[u].phase == SHADOW and run.units[u].group == g


@part
def see_who_shadows(run: Any, g: int) -> None:
    """Note whether anybody still has a group in sight."""
    shadowed = False
    for place in range(run.now[0].chases):
        shadowed = shadowed or is_shadowing(run, run.chasers[place], g)
    run.groups[g].shadowed = shadowed


@part
def go_home(chart: Any, run: Any, u: int) -> None:
    """End the chase; the unit is free again once it is back."""
    unit = run.units[u]
    if not run.chasing[u]:
        return
    unit.busy_until = run.now[0].minute + _minutes_home(chart, run, u)
    _leave_chasers(run, u)
    see_who_shadows(run, unit.group)


@part
def _minutes_home(chart: Any, run: Any, u: int) -> int:
    """Minutes of travel back: the way already gone if recalled under way, else least cost from where it is now."""
    unit = run.units[u]
    there = unit.arrive_min - unit.leave_min
    if unit.phase == TRAVEL:
        return min(max(0, run.now[0].minute - unit.leave_min), there)
    group = run.groups[unit.group]
    with_it = unit.phase == SHADOW
    step = group.step if with_it else int(unit.step)
    route = group.route if with_it else unit.route
    row, extra = travel_from(chart, run, u)
    minutes = chart.travel[row, chart.steps[chart.routes[route].first_step + step].spot] + extra
    return math.ceil(minutes) if minutes < np.inf else there
