"""Pursuit in compiled code: men who were sent travel, wait, search, shadow, look for the lost, or follow tracks."""

from __future__ import annotations

from typing import Any

from sim.engine.commanding import believed_route, fork_of, hear
from sim.engine.compiling import inlined, kernel
from sim.engine.fighting import engage, men_present
from sim.engine.layout import ABROAD, ENDED, INLAND, LOST, SEARCH, SHADOW, TRAIL, TRAVEL, UNDRAWN, WAIT
from sim.engine.sending import expected_at, go_ahead, go_home, is_shadowing, see_who_shadows
from sim.engine.watching import visible_at
from sim.rules import engagement
from sim.rules import pursuit as rules
from sim.rules.movement import expected_share, is_within, share_of_pace
from sim.rules.randomness import Purpose, threshold
from sim.rules.response import strong_enough
from sim.rules.sensing import detects


@inlined
def step_pursuit(tables: Any, run: Any, u: int) -> None:
    """One minute of a chase."""
    unit, minute = run.units[u], run.now[0].minute
    group = run.groups[unit.group]
    if rules.is_called_off(group.stage == ENDED, group.stage == INLAND, minute, unit.deadline_min):
        go_home(tables, run, u)
    elif unit.phase == TRAVEL:
        if minute >= unit.arrive_min:
            unit.phase, unit.step = WAIT, float(unit.meeting_step)
            unit.passed_min = _passed_min(tables, run, u)
            _look_for(tables, run, u)
    else:
        _stay_on(tables, run, u)


@inlined
def _stay_on(tables: Any, run: Any, u: int) -> None:
    """One minute of a chase whose men have arrived."""
    unit = run.units[u]
    if unit.phase == SHADOW:
        _shadow(tables, run, u)
    elif unit.phase == TRAIL:
        _follow_tracks(tables, run, u)
    elif unit.phase == LOST and not is_led_to(tables, run, unit.group):
        _look_for_the_lost(tables, run, u)
    else:
        _wait_or_search(tables, run, u)
        if run.chasing[u] and unit.phase != TRAVEL:
            _look_for(tables, run, u)


@inlined
def is_led_to(tables: Any, run: Any, g: int) -> bool:
    """Whether others have the group in sight and can lead men to it."""
    return rules.is_led(run.groups[g].shadowed, tables.case[0].common_picture)


@kernel
def _shadow(tables: Any, run: Any, u: int) -> None:
    """Stay with the group until it attacks, or contact is lost; then look for it, or go home."""
    case, unit, now = tables.case[0], run.units[u], run.now[0]
    lost, attacked = case.shadow_units, attack_units(tables, run, u)
    unit.contact_hazard -= lost + attacked
    if unit.contact_hazard <= 0 and engagement.is_attacked(now.key, unit.with_group, now.minute, lost, attacked):
        _fight(tables, run, u, True)
        return
    until = rules.search_until(now.minute, case.lost_search_min)
    if unit.contact_hazard <= 0 and until < 0:
        go_home(tables, run, u)
    elif unit.contact_hazard <= 0:
        g = unit.group
        unit.phase, unit.until_min = LOST, until
        unit.route = believed_route(tables, run, u, g, run.groups[g].step)
        unit.step = float(run.groups[g].step)
        see_who_shadows(run, g)


@kernel
def _look_for_the_lost(tables: Any, run: Any, u: int) -> None:
    """From its last known place along the route that it seems to have taken, at the pace expected of it."""
    unit = run.units[u]
    pace = expected_pace(tables, run.now[0].light)
    unit.step = rules.step_onward(unit.step, pace, float(tables.routes[unit.route].steps))
    _look_for(tables, run, u)
    if unit.phase == LOST and rules.search_is_over(run.now[0].minute, unit.until_min):
        go_home(tables, run, u)


@kernel
def _follow_tracks(tables: Any, run: Any, u: int) -> None:
    """Along the group's own route from where its tracks were found, until they end at the group, or are lost."""
    case, unit = tables.case[0], run.units[u]
    ahead = float(run.groups[unit.group].step)
    unit.contact_hazard -= case.trail_units
    unit.step = rules.step_onward(unit.step, on_foot(tables, case.trail_pace, run.now[0].light), ahead)
    if unit.contact_hazard <= 0:
        go_home(tables, run, u)
    elif unit.step >= ahead:
        _meet(tables, run, u)


@kernel
def _wait_or_search(tables: Any, run: Any, u: int) -> None:
    unit = run.units[u]
    group = run.groups[unit.group]
    if is_led_to(tables, run, unit.group):
        unit.phase = SEARCH
        move_along(tables, run, u, group.route, group.step, run.now[0].light)
    elif unit.phase == SEARCH:
        move_along(tables, run, u, unit.believed, unit.seen_step, run.now[0].light)
        if unit.step == unit.seen_step:
            go_home(tables, run, u)
    elif run.now[0].minute == unit.passed_min and go_ahead(tables, run, u):
        return
    elif rules.wait_is_over(run.now[0].minute, unit.arrive_min, tables.case[0].wait_min):
        unit.phase = SEARCH


@kernel
def _passed_min(tables: Any, run: Any, u: int) -> int:
    """When men who wait from now on reckon that the group has passed them; after their time where it may not."""
    unit, minute, pace = run.units[u], run.now[0].minute, tables.case[0].expected_pace
    passed = unit.meeting_step + rules.steps_near(tables.case[0].contact_km)
    while minute <= unit.deadline_min:
        if expected_at(tables, unit.believed, unit.seen_step, unit.seen_min, minute, pace) >= passed:
            return minute
        minute += 1
    return minute


@kernel
def move_along(tables: Any, run: Any, u: int, route: int, goal: int, light: int) -> None:
    """One minute of search towards a step of a route: back to where the ways part first, if it is another one."""
    unit, pace = run.units[u], on_foot(tables, tables.case[0].search_pace, light)
    parting = float(fork_of(tables, unit.route, route))
    unit.step, there = rules.search_step(unit.step, unit.route == route, parting, goal, pace)
    if there:
        unit.route = route


@inlined
def on_foot(tables: Any, pace: float, light: int) -> float:
    """What is left of a pace on foot in a light."""
    return pace * share_of_pace(light, tables.case[0].night_pace)


@inlined
def expected_pace(tables: Any, light: int) -> float:
    """Pace that command expects of a group in a light."""
    case = tables.case[0]
    return case.expected_pace * expected_share(light, case.night_pace, case.expects_day_halts)


@kernel
def _look_for(tables: Any, run: Any, u: int) -> None:
    """Meet the group where it is near: at once if led to it, else by search, in proportion to the men."""
    case, unit, now = tables.case[0], run.units[u], run.now[0]
    group, place = run.groups[unit.group], tables.steps[tables.routes[unit.route].first_step + int(unit.step)]
    if group.stage != ABROAD or not is_within(place.x_km - group.x_km, place.y_km - group.y_km, case.contact_km):
        return
    if is_led_to(tables, run, unit.group):
        _meet(tables, run, u)
        return
    at = tables.routes[group.route].first_step + group.step
    visible = visible_at(tables, run, unit.group, at, group.posture)
    danger, left = search_hazard(tables, run, u, now.light, visible), unspent(run, u)
    run.unspent[unit.group, u] = left - danger
    if detects(left, danger):
        _meet(tables, run, u)


@inlined
def search_hazard(tables: Any, run: Any, u: int, light: int, visible: float) -> int:
    """Hazard of a minute in which the men who were sent are near a group that is so visible."""
    case, men = tables.case[0], run.units[u].men_out
    return rules.contact_hazard(men, case.contact_per_man_hour, case.contact_day_factor, light, visible)


@inlined
def unspent(run: Any, u: int) -> int:
    """Hazard left until the men meet the group that they look for."""
    unit = run.units[u]
    g = unit.group
    if run.unspent[g, u] == UNDRAWN:
        run.unspent[g, u] = threshold(run.now[0].key, unit.with_group, Purpose.CONTACT, run.contacts[g, u])
    return run.unspent[g, u]


@kernel
def _meet(tables: Any, run: Any, u: int) -> None:
    """Engage the group if the men present are strong enough; otherwise shadow it and report."""
    unit, now, case = run.units[u], run.now[0], tables.case[0]
    g = unit.group
    group = run.groups[g]
    strong = strong_enough(men_present(run, g, u), group.persons, case.engage_ratio)
    unit.phase = SHADOW
    run.contacts[g, u] += 1
    run.unspent[g, u] = UNDRAWN
    if strong:
        _fight(tables, run, u, False)
        return
    group.shadowed = True
    unit.contact_hazard = threshold(now.key, unit.with_group, Purpose.SHADOW, run.contacts[g, u])
    # The men are with the group, wherever their unit stands.
    believed = believed_route(tables, run, u, g, group.step)
    hear(tables, run, u, g, believed, group.step, now.minute, True, group.x_km, group.y_km)


@kernel
def _fight(tables: Any, run: Any, u: int, attacked: bool) -> None:
    """Take on the group with all who shadow it, or be attacked by it; all go home afterwards."""
    g = run.units[u].group
    engage(tables, run, g, u, attacked)
    for other in range(len(run.units)):
        if other != u and is_shadowing(run, other, g):
            go_home(tables, run, other)
    go_home(tables, run, u)


@inlined
def attack_units(tables: Any, run: Any, u: int) -> int:
    """Hazard of a minute that the group turns on the men who shadow it."""
    case, g = tables.case[0], run.units[u].group
    group = run.groups[g]
    fighters, men = tables.parties[group.party].is_fighters, men_present(run, g, u)
    return engagement.attack_hazard(fighters, group.persons, men, case.attack_ratio, case.attack_units)
