"""Skipping in compiled code: minutes of a chase in which men are only under way, wait, search, follow or keep in touch.

While a group is too far off to be met, whatever it and the men do, only the men's own steps and grips change, and these
by sums that are taken here minute by minute, as they are in `sim.engine.pursuing`.
"""

from __future__ import annotations

from typing import Any

from sim.engine.codes import ABROAD, ENDED, INLAND, LOST, NEVER_MORE, SEARCH, SHADOW, TRAIL, TRAVEL, WAIT
from sim.engine.compiling import part, small
from sim.engine.going import MARGIN_KM, most_over, most_per_min, step_after, whole_minutes
from sim.engine.pursuing import is_led_to, move_along
from sim.rules.movement import gap_km, step_towards


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
        if is_led_to(chart, run, unit.group):
            meeting = now.minute + 1 + _minutes_apart(chart, run, u, case.search_pace)
        else:
            meeting = _next_of_search(chart, run, u)
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
    overlooked = unit.contact_draw >= max(case.contact_probability, case.hidden_contact_probability)
    if unit.phase == WAIT:
        near = NEVER_MORE if overlooked else _minutes_apart(chart, run, u, 0.0)
        return min(now.minute + 1 + near, unit.arrive_min + case.wait_min)
    if unit.phase == SEARCH and unit.route == unit.believed:
        near = NEVER_MORE if overlooked else _minutes_apart(chart, run, u, case.search_pace)
        back = int(abs(unit.seen_step - unit.step) / case.search_pace)
        return now.minute + min(near + 1, back)
    if unit.phase == LOST:
        near = _minutes_apart(chart, run, u, case.expected_pace)
        return min(now.minute + max(near + 1, _minutes_held(unit.grip, case.lost_units)), unit.until_min)
    return now.minute + 1


@small
def _minutes_apart(chart: Any, run: Any, u: int, pace: float) -> int:
    """Minutes in which men who come on so many steps in each do not meet the group, as long as the light stays."""
    unit, case = run.units[u], chart.case[0]
    group = run.groups[unit.group]
    place = chart.steps[chart.routes[unit.route].first_step + int(unit.step)]
    apart = gap_km(place.x_km - group.x_km, place.y_km - group.y_km) - case.contact_km - MARGIN_KM
    stride, light = chart.routes[group.route].stride_km, _light_of_next(chart, run)
    per_min, over = stride * most_per_min(chart, run, unit.group, light), stride * most_over(run, unit.group)
    if pace > 0.0:
        own_stride = max(stride, chart.routes[unit.route].stride_km)
        per_min, over = per_min + own_stride * pace, over + own_stride
    return whole_minutes(apart - over, per_min)


@small
def _light_of_next(chart: Any, run: Any) -> int:
    return chart.skies[min(run.now[0].minute + 1, chart.case[0].horizon_min)].light


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
