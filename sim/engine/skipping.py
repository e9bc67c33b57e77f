"""Skipping in compiled code: minutes in which a group only walks on, waits or hides, and nobody can see it.

What is passed over is exactly what stepping would have done: steps and thresholds are sums of whole numbers, or depend
on the minutes walked by day and by night alone.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from sim.engine.codes import ABROAD, APPROACH, AT_HOME, ENDED, INLAND, LOST, NEVER_MORE, SEARCH, SHADOW, TRAIL, TRAVEL, WAIT
from sim.engine.compiling import part, small
from sim.engine.patrolling import MARGIN_KM, km_per_min, whole_minutes, whole_up
from sim.engine.pursuing import is_led_to, move_along
from sim.engine.road import next_on_road, search_on
from sim.engine.state import UNDRAWN
from sim.engine.watching import all_have_power, danger_on_march, detection_in, left_to, watch_for
from sim.rules.movement import gap_km, progress, step_towards
from sim.rules.sensing import DAY, LYING_UP, MARCHING, NIGHT

MARGIN_STEPS = 1e-6
"""By so much a group must be short of a step to be surely short of it, whatever was rounded."""


@part
def next_of_group(chart: Any, run: Any, g: int, latest: int) -> int:
    """Next minute in which a group must be stepped; after its story has ended, never.

    What comes after `latest` need not be told: something else happens then.
    """
    group, soonest = run.groups[g], run.now[0].minute + 1
    if group.stage == AT_HOME:
        return max(group.departure_min, soonest)
    if group.stage == INLAND:
        return next_on_road(chart, run, g)
    if group.stage == APPROACH:
        return max(_next_on_approach(chart, run, g), soonest)
    if group.stage == ABROAD:
        return max(_next_abroad(chart, run, g, latest), soonest)
    return NEVER_MORE


@small
def next_of_unit(chart: Any, run: Any, u: int) -> int:
    """Next minute in which a chase must be stepped: men under way, waiting or in touch do nothing new for long."""
    unit, now, case = run.units[u], run.now[0], chart.case[0]
    group = run.groups[unit.group]
    if group.stage == ENDED or group.stage == INLAND:
        return now.minute + 1
    if unit.phase == TRAVEL:
        return max(now.minute + 1, min(unit.arrive_min, unit.deadline_min + 1))
    if unit.phase == SHADOW and case.shadow_units > 0:
        lost = now.minute + _minutes_held(unit.grip, case.shadow_units)
        return max(now.minute + 1, min(lost, unit.deadline_min + 1))
    if unit.phase == TRAIL:
        return max(now.minute + 1, min(_next_on_trail(chart, run, u), unit.deadline_min + 1))
    if group.stage == ABROAD:
        led = is_led_to(chart, run, unit.group)
        meeting = _next_when_led(chart, run, u) if led else _next_of_search(chart, run, u)
        return max(now.minute + 1, min(meeting, unit.deadline_min + 1))
    return now.minute + 1


@small
def _minutes_held(grip: int, units: int) -> int:
    """After how many minutes a grip is lost of which so many units go in each; a great many if none do."""
    return (grip + units - 1) // units if units > 0 else NEVER_MORE


@small
def _next_on_trail(chart: Any, run: Any, u: int) -> int:
    """While men follow tracks that they do not lose, and are too far behind to come up even to a group that stands."""
    unit, now, case = run.units[u], run.now[0], chart.case[0]
    behind = run.groups[unit.group].step - unit.step
    up_to_it = int(min(behind / max(case.trail_pace, 1e-9), 1e6))
    return now.minute + min(up_to_it, _minutes_held(unit.grip, case.trail_units))


@small
def _next_of_search(chart: Any, run: Any, u: int) -> int:
    """While men wait or search who are not led to the group, and are too far from it to meet it, or overlook it."""
    unit, now, case = run.units[u], run.now[0], chart.case[0]
    route = chart.routes[unit.route]
    gap, pace = _gap_to_contact(chart, run, u), km_per_min(chart, run, unit.group)
    if unit.phase != LOST and unit.contact_draw >= max(case.contact_probability, case.hidden_contact_probability):
        gap = np.inf
    if unit.phase == WAIT:
        return min(now.minute + whole_minutes(gap, pace), unit.arrive_min + case.wait_min)
    if unit.phase == SEARCH and unit.route == unit.believed:
        pace += route.stride_km * (math.floor(case.search_pace) + 2.0)
        back = int(abs(unit.seen_step - unit.step) / case.search_pace)
        return now.minute + min(whole_minutes(gap, pace), back)
    if unit.phase == LOST:
        pace += route.stride_km * (math.floor(case.expected_pace) + 2.0)
        found = max(whole_minutes(gap, pace), _minutes_held(unit.grip, case.lost_units))
        return min(now.minute + found, unit.until_min)
    return now.minute + 1


@part
def _next_when_led(chart: Any, run: Any, u: int) -> int:
    """While men who are led to the group are too far from it to meet it."""
    unit, case = run.units[u], chart.case[0]
    stride = max(chart.routes[unit.route].stride_km, chart.routes[run.groups[unit.group].route].stride_km)
    pace = km_per_min(chart, run, unit.group) + stride * (math.floor(case.search_pace) + 2.0)
    return run.now[0].minute + whole_minutes(_gap_to_contact(chart, run, u), pace)


@small
def _gap_to_contact(chart: Any, run: Any, u: int) -> float:
    """Kilometres by which men and group are surely too far apart to meet; 0 or less where they may meet."""
    unit = run.units[u]
    group = run.groups[unit.group]
    place = chart.steps[chart.routes[unit.route].first_step + int(unit.step)]
    return gap_km(place.x_km - group.x_km, place.y_km - group.y_km) - chart.case[0].contact_km - MARGIN_KM


@small
def pass_over_chase(chart: Any, run: Any, u: int, minutes: int) -> None:
    """So many minutes of a chase after a group that has not been passed over yet."""
    unit, case = run.units[u], chart.case[0]
    if unit.phase == SHADOW:
        unit.grip -= minutes * case.shadow_units
    elif unit.phase != TRAVEL and unit.phase != TRAIL and is_led_to(chart, run, unit.group):
        unit.phase = SEARCH
        for minute in range(1, minutes + 1):
            move_along(chart, run, u, run.groups[unit.group].route, step_after(chart, run, unit.group, minute))
    elif unit.phase == SEARCH:
        for _ in range(minutes):
            unit.step = step_towards(unit.step, unit.seen_step, case.search_pace)
    elif unit.phase == LOST:
        _pass_over_lost(chart, run, u, minutes)
    elif unit.phase == TRAIL:
        unit.grip -= minutes * case.trail_units
        for _ in range(minutes):
            unit.step += case.trail_pace


@part
def _pass_over_lost(chart: Any, run: Any, u: int, minutes: int) -> None:
    """So many minutes in which men look for a group that they have lost, without finding it."""
    unit, case = run.units[u], chart.case[0]
    first, last = chart.routes[run.groups[unit.group].route].first_step, float(chart.routes[unit.route].steps)
    for minute in range(1, minutes + 1):
        unit.step = min(unit.step + case.expected_pace, last)
        if case.lost_units > 0:
            place = chart.steps[chart.routes[unit.route].first_step + int(unit.step)]
            group = chart.steps[first + step_after(chart, run, unit.group, minute)]
            if gap_km(place.x_km - group.x_km, place.y_km - group.y_km) <= case.contact_km:
                unit.grip -= case.lost_units


@small
def _next_on_approach(chart: Any, run: Any, g: int) -> int:
    group, now = run.groups[g], run.now[0]
    party, route = chart.parties[group.party], chart.routes[group.route]
    if group.step < route.raft_step:
        return now.minute + _minutes_to(chart, run, g, route.raft_step)
    if now.minute <= group.hidden_until or not party.rafts_by_night or route.landing_step == route.raft_step:
        return now.minute + 1
    dark = chart.skies[min(now.minute + 1, chart.case[0].horizon_min)].next_dark
    return min(dark, group.calm_until) if party.notice_km > 0.0 else dark


@part
def _next_abroad(chart: Any, run: Any, g: int, latest: int) -> int:
    """While the light stays, no patrol can come near, and no post that looks can detect it."""
    group, now = run.groups[g], run.now[0]
    party, route = chart.parties[group.party], chart.routes[group.route]
    if now.minute <= group.hidden_until:
        return now.minute + 1
    sky = chart.skies[min(now.minute + 1, chart.case[0].horizon_min)]
    soonest = min(group.calm_until, sky.next_change)
    if soonest <= now.minute + 1:
        return soonest
    afloat = _is_afloat(chart, run, g)
    if party.lies_up and sky.light == DAY and not afloat:
        # The first minute in hiding is stepped, and tells what is passed over after it.
        hidden = group.posture == LYING_UP and now.light == DAY
        return min(soonest, detection_in(chart, run, g)) if hidden else now.minute + 1
    goal = route.landing_step if afloat else route.steps
    if group.next_strip < route.strips:
        goal = min(goal, chart.strips[route.first_strip + group.next_strip].step)
    soonest = min(soonest, latest, now.minute + _minutes_to(chart, run, g, goal))
    if soonest <= now.minute + 1 or _is_unseen_until(chart, run, g, soonest):
        return soonest
    for post in range(chart.case[0].posts):
        run.trial[post] = run.left[g, post]
    seen = _march_past(chart, run, g, run.trial, soonest)
    # What was tried without a detection need not be marched again.
    now.tried, now.tried_until = g, soonest if seen == soonest else -1
    return seen


@small
def _is_unseen_until(chart: Any, run: Any, g: int, minute: int) -> bool:
    """Whether no post can see any step that a group that marches on may come to before a minute."""
    group = run.groups[g]
    busy = chart.steps[chart.routes[group.route].first_step + group.step].next_busy
    return busy > group.step and run.now[0].minute + _minutes_to(chart, run, g, busy) >= minute


@part
def _march_past(chart: Any, run: Any, g: int, left: Any, until: int) -> int:
    """Let posts look out for a group that marches on up to the minute before `until`, in the same light.

    Returns the minute in which one of them detects it, or `until`. `left` is what is left of the thresholds.
    """
    group, now = run.groups[g], run.now[0]
    party, route = chart.parties[group.party], chart.routes[group.route]
    light = chart.skies[now.minute + 1].light
    day, night = group.day_min, group.night_min
    afloat = _is_afloat(chart, run, g)
    first = route.first_step + (group.step - now.minute if afloat else _rafted(chart, run, g))
    dangers, some_dark = chart.dangers[now.weather * 3 + light], not all_have_power(run) or now.power_until < until
    steps, looks = chart.steps, chart.looks
    pace, night_pace = group.pace, party.night_pace
    for minute in range(now.minute + 1, until):
        day, night = (day, night + 1) if light == NIGHT else (day + 1, night)
        at = first + (minute if afloat else int(progress(day, night, pace, night_pace)))
        for number in range(steps[at].first_look, steps[at + 1].first_look):
            post, danger = looks[number].post, dangers[number]
            if some_dark:
                danger = danger_on_march(chart, run, g, number, at, minute, light)
            if danger > 0:
                if left[post] == UNDRAWN:
                    left[post] = run.left[g, post] = left_to(chart, run, g, post)
                if left[post] > 0:
                    left[post] -= danger
                    if left[post] <= 0:
                        return minute
    return until


@small
def _minutes_to(chart: Any, run: Any, g: int, step: int) -> int:
    """In how many minutes a group that goes on may be at a step at the earliest."""
    group, now = run.groups[g], run.now[0]
    if _is_afloat(chart, run, g):
        return step - group.step
    ahead = step - MARGIN_STEPS - _walked(chart, run, g)
    sky = chart.skies[min(now.minute + 1, chart.case[0].horizon_min)]
    night_pace = chart.parties[group.party].night_pace if sky.light == NIGHT else 1.0
    minutes, until_change = whole_up(ahead / (group.pace * night_pace)), sky.next_change - now.minute
    if minutes < until_change:
        return minutes
    # The pace changes with the light, but is never above that by day.
    return max(until_change, whole_up(ahead / group.pace))


@small
def _is_afloat(chart: Any, run: Any, g: int) -> bool:
    """Whether a group is on the water, where a step takes a minute."""
    group = run.groups[g]
    return group.stage == ABROAD and group.step < chart.routes[group.route].landing_step


@small
def _rafted(chart: Any, run: Any, g: int) -> int:
    """Steps of a group that were on the water, once it has landed."""
    route = chart.routes[run.groups[g].route]
    return route.landing_step - route.raft_step if run.groups[g].step >= route.landing_step else 0


@small
def _walked(chart: Any, run: Any, g: int) -> float:
    """Steps behind a group, with those on the water."""
    group = run.groups[g]
    night_pace = chart.parties[group.party].night_pace
    return progress(group.day_min, group.night_min, group.pace, night_pace) + _rafted(chart, run, g)


@small
def step_after(chart: Any, run: Any, g: int, minutes: int) -> int:
    """The step at which a group abroad is after so many minutes in the light of the next one."""
    group, light = run.groups[g], chart.skies[run.now[0].minute + 1].light
    if group.posture == LYING_UP and light == DAY:
        return group.step
    if _is_afloat(chart, run, g):
        return group.step + minutes
    return _step_walked(chart, run, g, 0 if light == NIGHT else minutes, minutes if light == NIGHT else 0)


@small
def _step_walked(chart: Any, run: Any, g: int, day_min: int, night_min: int) -> int:
    """The step at which a group is by the minutes that it has walked, and so many more."""
    group = run.groups[g]
    walked = progress(
        group.day_min + day_min, group.night_min + night_min, group.pace, chart.parties[group.party].night_pace
    )
    return int(walked) + _rafted(chart, run, g)


@part
def pass_over(chart: Any, run: Any, g: int, minutes: int) -> None:
    """So many minutes of a group, up to the one before that in which it must be stepped."""
    group, now = run.groups[g], run.now[0]
    if group.stage == INLAND:
        search_on(chart, run, g, minutes)
    elif group.stage == ABROAD and group.posture == LYING_UP and chart.skies[now.minute + 1].light == DAY:
        watch_for(chart, run, g, minutes)
    elif group.stage == ABROAD:
        until = now.minute + minutes + 1
        if now.tried == g and now.tried_until == until:
            for post in range(chart.case[0].posts):
                run.left[g, post] = run.trial[post]
        elif not _is_unseen_until(chart, run, g, until):
            _march_past(chart, run, g, run.left[g], until)
        group.posture = MARCHING
        _go(chart, run, g, minutes)
    elif group.stage == APPROACH and group.step < chart.routes[group.route].raft_step:
        _go(chart, run, g, minutes)


@part
def _go(chart: Any, run: Any, g: int, minutes: int) -> None:
    """So many minutes on foot, or on the water."""
    group, now = run.groups[g], run.now[0]
    if _is_afloat(chart, run, g):
        group.step += minutes
    else:
        nights = chart.skies[now.minute + minutes].nights - chart.skies[now.minute].nights
        group.night_min += nights
        group.day_min += minutes - nights
        group.step = _step_walked(chart, run, g, 0, 0)
    place = chart.steps[chart.routes[group.route].first_step + group.step]
    group.x_km, group.y_km = place.x_km, place.y_km
