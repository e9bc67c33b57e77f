"""Pursuit in compiled code: men who were sent travel, wait, search, shadow, look for the lost, or follow tracks."""

from __future__ import annotations

from typing import Any

from sim.engine.codes import ABROAD, ENDED, INLAND, LOST, SEARCH, SHADOW, TRAIL, TRAVEL, WAIT
from sim.engine.commanding import hear
from sim.engine.compiling import part, small
from sim.engine.fighting import engage, men_present
from sim.engine.guessing import believed_route, fork_of
from sim.engine.sending import go_home, is_shadowing, see_who_shadows
from sim.rules.movement import gap_km, step_towards
from sim.rules.randomness import Purpose, pair, threshold
from sim.rules.response import strong_enough
from sim.rules.sensing import LYING_UP


@small
def go_on(chart: Any, run: Any, u: int) -> None:
    """One minute of a chase."""
    unit, minute = run.units[u], run.now[0].minute
    group = run.groups[unit.group]
    if group.stage == ENDED or group.stage == INLAND or minute > unit.deadline_min:
        go_home(chart, run, u)
    elif unit.phase == TRAVEL:
        if minute >= unit.arrive_min:
            unit.phase, unit.step = WAIT, float(unit.meeting_step)
            _look_for(chart, run, u)
    else:
        _stay_on(chart, run, u)


@small
def _stay_on(chart: Any, run: Any, u: int) -> None:
    """One minute of a chase whose men have arrived."""
    unit = run.units[u]
    if unit.phase == SHADOW:
        _shadow(chart, run, u)
    elif unit.phase == TRAIL:
        _follow_tracks(chart, run, u)
    elif unit.phase == LOST and not is_led_to(chart, run, unit.group):
        _look_for_the_lost(chart, run, u)
    else:
        _wait_or_search(chart, run, u)
        if run.chasing[u]:
            _look_for(chart, run, u)


@small
def is_led_to(chart: Any, run: Any, g: int) -> bool:
    """Whether others have the group in sight and can lead men to it."""
    return run.groups[g].shadowed and chart.case[0].common_picture


@part
def _with_group(chart: Any, run: Any, u: int) -> int:
    """The number that stands for a unit and its group together."""
    return pair(chart.units[u].entity, run.groups[run.units[u].group].entity)


@part
def _shadow(chart: Any, run: Any, u: int) -> None:
    """Stay with the group until the grip is lost; then look for it, or go home."""
    case, unit, now = chart.case[0], run.units[u], run.now[0]
    unit.grip -= case.shadow_units
    if unit.grip > 0:
        return
    if case.lost_search_min == 0:
        go_home(chart, run, u)
        return
    g = unit.group
    unit.losses += 1
    unit.phase, unit.until_min = LOST, now.minute + case.lost_search_min
    unit.grip = threshold(now.key, _with_group(chart, run, u), Purpose.LOST_SEARCH, unit.losses)
    unit.route = believed_route(chart, run, u, g, run.groups[g].step)
    unit.step = float(run.groups[g].step)
    see_who_shadows(run, g)


@part
def _look_for_the_lost(chart: Any, run: Any, u: int) -> None:
    """From its last known place along the way that it seems to have taken, at the pace expected of it."""
    case, unit = chart.case[0], run.units[u]
    unit.step = min(unit.step + case.expected_pace, float(chart.routes[unit.route].steps))
    if _is_near(chart, run, u):
        unit.grip -= case.lost_units
    if unit.grip <= 0:
        _meet(chart, run, u)
    elif run.now[0].minute >= unit.until_min:
        go_home(chart, run, u)


@part
def _follow_tracks(chart: Any, run: Any, u: int) -> None:
    """Along the group's own way from where its tracks were found, until they end at the group, or are lost."""
    case, unit = chart.case[0], run.units[u]
    ahead = float(run.groups[unit.group].step)
    unit.grip -= case.trail_units
    unit.step = min(unit.step + case.trail_pace, ahead)
    if unit.grip <= 0:
        go_home(chart, run, u)
    elif unit.step >= ahead:
        _meet(chart, run, u)


@part
def _wait_or_search(chart: Any, run: Any, u: int) -> None:
    unit = run.units[u]
    group = run.groups[unit.group]
    if is_led_to(chart, run, unit.group):
        unit.phase = SEARCH
        move_along(chart, run, u, group.route, group.step)
    elif unit.phase == SEARCH:
        move_along(chart, run, u, unit.believed, unit.seen_step)
        if unit.step == unit.seen_step:
            go_home(chart, run, u)
    elif run.now[0].minute >= unit.arrive_min + chart.case[0].wait_min:
        unit.phase = SEARCH


@part
def move_along(chart: Any, run: Any, u: int, route: int, goal: int) -> None:
    """One minute of search towards a step of a route: back to where the ways part first, if it is another one."""
    unit, pace = run.units[u], chart.case[0].search_pace
    if unit.route != route:
        parting = float(fork_of(chart, unit.route, route))
        if unit.step > parting:
            unit.step = max(unit.step - pace, parting)
            return
        unit.route = route
    unit.step = step_towards(unit.step, goal, pace)


@small
def _is_near(chart: Any, run: Any, u: int) -> bool:
    """Whether the group is abroad, and within the distance at which men meet it."""
    unit = run.units[u]
    group = run.groups[unit.group]
    if group.stage != ABROAD:
        return False
    place = chart.steps[chart.routes[unit.route].first_step + int(unit.step)]
    return gap_km(place.x_km - group.x_km, place.y_km - group.y_km) <= chart.case[0].contact_km


@part
def _look_for(chart: Any, run: Any, u: int) -> None:
    """Meet the group where it is near, unless it is overlooked."""
    case, unit = chart.case[0], run.units[u]
    if not _is_near(chart, run, u):
        return
    hidden = run.groups[unit.group].posture == LYING_UP
    chance = case.hidden_contact_probability if hidden else case.contact_probability
    if unit.contact_draw < chance or is_led_to(chart, run, unit.group):
        _meet(chart, run, u)


@part
def _meet(chart: Any, run: Any, u: int) -> None:
    """Engage the group if the men present are strong enough; otherwise shadow it and report."""
    unit, now, case = run.units[u], run.now[0], chart.case[0]
    g = unit.group
    group = run.groups[g]
    strong = strong_enough(men_present(run, g, u), group.persons, case.engage_ratio)
    unit.phase = SHADOW
    if strong:
        engage(chart, run, g, u)
        for other in range(len(run.units)):
            if other != u and is_shadowing(run, other, g):
                go_home(chart, run, other)
        go_home(chart, run, u)
        return
    group.shadowed = True
    unit.grip = threshold(now.key, _with_group(chart, run, u), Purpose.SHADOW, unit.losses)
    hear(chart, run, u, g, believed_route(chart, run, u, g, group.step), group.step, now.minute, True)
