"""Skipping in compiled code: minutes in which nothing happens but what can be added up.

A group only walks on, waits or hides and nobody can see it; men are only under way, wait, search, follow tracks or keep
in touch, too far from the group to meet it. What is skipped is exactly what stepping would have done: steps and
thresholds are sums of whole numbers, depend on the minutes walked by day and by night alone, or are added up minute by
minute as in `sim.engine.pursuing`.
"""

from __future__ import annotations

from typing import Any

from sim.engine.bounds import (
    MARGIN_KM,
    go,
    is_afloat,
    look_ahead,
    minutes_held,
    minutes_to,
    most_over,
    most_per_min,
    rafted,
    sky_in,
    stays,
    step_after,
    whole_minutes,
)
from sim.engine.compiling import inlined, kernel
from sim.engine.layout import (
    ABROAD,
    APPROACH,
    AT_HOME,
    ENDED,
    INLAND,
    LOST,
    NEVER_MORE,
    SEARCH,
    SHADOW,
    TRAIL,
    TRAVEL,
    UNDRAWN,
    WAIT,
    danger_row,
)
from sim.engine.marching import next_on_road, search_on
from sim.engine.pursuing import attack_units, expected_pace, is_led_to, move_along, on_foot, search_hazard, unspent
from sim.engine.watching import (
    all_have_power,
    danger_at,
    detection_in,
    is_watched_for,
    left_to,
    visible_at,
    watch_for,
)
from sim.rules.light import rests
from sim.rules.movement import after_minutes, gap_km, is_within, progress, step_towards
from sim.rules.pursuit import step_onward
from sim.rules.sensing import LYING_UP, MARCHING, visibility_as


@kernel
def next_of_group(tables: Any, run: Any, g: int, latest: int) -> int:
    """Next minute in which a group must be stepped; after its story has ended, never.

    What comes after `latest` need not be known: something else happens then.
    """
    group, soonest = run.groups[g], run.now[0].minute + 1
    if group.stage == AT_HOME:
        return max(group.departure_min, soonest)
    if group.stage == INLAND:
        return next_on_road(tables, run, g)
    if group.stage == APPROACH:
        return max(_next_on_approach(tables, run, g, latest), soonest)
    if group.stage == ABROAD:
        return max(_next_abroad(tables, run, g, latest), soonest)
    return NEVER_MORE


@inlined
def _next_on_approach(tables: Any, run: Any, g: int, latest: int) -> int:
    group, now = run.groups[g], run.now[0]
    party, route = tables.parties[group.party], tables.routes[group.route]
    watched = is_watched_for(tables, run, g)
    if group.step < route.raft_step:
        at_bank = now.minute + minutes_to(tables, run, g, route.raft_step)
        return _next_on_march(tables, run, g, min(at_bank, latest)) if watched else at_bank
    if now.minute <= group.hidden_until or not party.rafts_by_night or route.landing_step == route.raft_step:
        return now.minute + 1
    dark = sky_in(tables, run, 1).next_dark
    if watched:
        return _next_in_hiding(tables, run, g, min(dark, latest))
    look_ahead(tables, run, g, min(dark, latest))
    return min(dark, group.calm_until)


@kernel
def _next_abroad(tables: Any, run: Any, g: int, latest: int) -> int:
    group, now = run.groups[g], run.now[0]
    party, route = tables.parties[group.party], tables.routes[group.route]
    if now.minute <= group.hidden_until:
        return now.minute + 1
    if is_afloat(tables, run, g):
        goal = route.landing_step
    elif rests(party.lies_up, sky_in(tables, run, 1).light):
        return _next_in_hiding(tables, run, g, latest)
    else:
        goal = route.steps
    if group.next_strip < route.strips:
        goal = min(goal, tables.strips[route.first_strip + group.next_strip].step)
    return _next_on_march(tables, run, g, min(latest, now.minute + minutes_to(tables, run, g, goal)))


@kernel
def _next_in_hiding(tables: Any, run: Any, g: int, latest: int) -> int:
    """While the light stays, no patrol can come near, and no post detects a group that lies where it is."""
    group, now, sky = run.groups[g], run.now[0], sky_in(tables, run, 1)
    if group.posture != LYING_UP or now.light != sky.light:
        # The first minute in hiding is stepped, and shows what is passed over after it.
        return now.minute + 1
    soonest = min(latest, sky.next_change)
    look_ahead(tables, run, g, soonest)
    return min(soonest, group.calm_until, detection_in(tables, run, g))


@kernel
def _next_on_march(tables: Any, run: Any, g: int, latest: int) -> int:
    """While the light stays, no patrol can come near, and no post detects a group that marches on."""
    group, now = run.groups[g], run.now[0]
    soonest = min(latest, sky_in(tables, run, 1).next_change)
    look_ahead(tables, run, g, soonest)
    soonest = min(soonest, group.calm_until)
    seen_from = _seen_from(tables, run, g)
    if soonest <= max(now.minute + 1, seen_from):
        return soonest
    trial = len(run.groups)
    for post in range(tables.case[0].posts):
        run.left[trial, post] = run.left[g, post]
    # What was tried need not be marched again.
    now.tried, now.tried_until = g, _march_past(tables, run, g, trial, seen_from, soonest)
    return now.tried_until


@inlined
def _seen_from(tables: Any, run: Any, g: int) -> int:
    """First minute in which a post may see a group that marches on."""
    group = run.groups[g]
    busy = tables.steps[tables.routes[group.route].first_step + group.step].next_busy
    return run.now[0].minute + (max(1, minutes_to(tables, run, g, busy)) if busy > group.step else 1)


@kernel
def _march_past(tables: Any, run: Any, g: int, row: int, since: int, until: int) -> int:
    """Let posts look out for a group that marches on, from one minute up to the one before `until`, in the same light.

    Returns the minute in which one of them detects it, or `until`. What is left of the thresholds before it stands in a
    row of ``left``.
    """
    group, now = run.groups[g], run.now[0]
    party, route = tables.parties[group.party], tables.routes[group.route]
    light = tables.skies[now.minute + 1].light
    day, night = after_minutes(since - 1 - now.minute, light, group.day_min, group.night_min)
    afloat = is_afloat(tables, run, g)
    first = route.first_step + (group.step - now.minute if afloat else rafted(tables, run, g))
    air = danger_row(now.weather, light)
    tabled = party.alike and all_have_power(run) and now.power_until >= until
    steps, views = tables.steps, tables.views
    pace, night_pace = group.pace, party.night_pace
    for minute in range(since, until):
        day, night = after_minutes(1, light, day, night)
        at = first + (minute if afloat else int(progress(day, night, pace, night_pace)))
        for number in range(steps[at].first_view, steps[at + 1].first_view):
            post, danger = views[number].post, tables.dangers[air, number]
            if not tabled:
                danger = danger_at(tables, run, g, number, at, MARCHING, minute, light)
            if danger > 0:
                if run.left[row, post] == UNDRAWN:
                    run.left[row, post] = run.left[g, post] = left_to(tables, run, g, post)
                if run.left[row, post] > danger:
                    run.left[row, post] -= danger
                elif run.left[row, post] > 0:
                    _give_back(tables, run, g, row, at, number, minute)
                    return minute
    return until


@kernel
def _give_back(tables: Any, run: Any, g: int, row: int, at: int, end: int, minute: int) -> None:
    """What the views of a minute before one of them took from the thresholds: the minute is stepped."""
    light = tables.skies[minute].light
    for number in range(tables.steps[at].first_view, end):
        post = tables.views[number].post
        # Who detected it long ago took nothing; who did so just now is the last.
        if run.left[row, post] > 0:
            run.left[row, post] += danger_at(tables, run, g, number, at, MARCHING, minute, light)


@kernel
def skip_group(tables: Any, run: Any, g: int, minutes: int) -> None:
    """So many minutes of a group, up to the one before that in which it must be stepped."""
    group, now = run.groups[g], run.now[0]
    if group.stage == INLAND:
        search_on(tables, run, g, minutes)
    elif not is_watched_for(tables, run, g):
        if group.stage == APPROACH and group.step < tables.routes[group.route].raft_step:
            go(tables, run, g, minutes)
    elif stays(tables, run, g):
        watch_for(tables, run, g, minutes)
    else:
        until = now.minute + minutes + 1
        if now.tried == g and now.tried_until == until:
            for post in range(tables.case[0].posts):
                run.left[g, post] = run.left[len(run.groups), post]
        else:
            _march_past(tables, run, g, g, _seen_from(tables, run, g), until)
        group.posture = MARCHING
        go(tables, run, g, minutes)


@inlined
def next_of_unit(tables: Any, run: Any, u: int) -> int:
    """Next minute in which a chase must be stepped: men under way, waiting or in touch do nothing new for long."""
    unit, now, case = run.units[u], run.now[0], tables.case[0]
    group = run.groups[unit.group]
    if group.stage == ENDED or group.stage == INLAND:
        return now.minute + 1
    if unit.phase == TRAVEL:
        return max(now.minute + 1, min(unit.arrive_min, unit.deadline_min + 1))
    hazard = case.shadow_units + attack_units(tables, run, u) if unit.phase == SHADOW else 0
    if hazard > 0:
        lost = now.minute + minutes_held(unit.contact_hazard, hazard)
        return max(now.minute + 1, min(lost, unit.deadline_min + 1))
    if unit.phase == TRAIL:
        return max(now.minute + 1, min(_next_on_trail(tables, run, u), unit.deadline_min + 1))
    if group.stage == ABROAD:
        if is_led_to(tables, run, unit.group):
            meeting = now.minute + 1 + _minutes_apart(tables, run, u, case.search_pace)
        else:
            meeting = _next_of_search(tables, run, u)
        return max(now.minute + 1, min(meeting, unit.deadline_min + 1))
    return now.minute + 1


@inlined
def _next_on_trail(tables: Any, run: Any, u: int) -> int:
    """While men follow tracks that they do not lose, and are too far behind to come up even to a group that stands."""
    unit, now, case = run.units[u], run.now[0], tables.case[0]
    behind = run.groups[unit.group].step - unit.step
    up_to_it = int(min(behind / max(case.trail_pace, 1e-9), 1e6))
    return now.minute + min(up_to_it, minutes_held(unit.contact_hazard, case.trail_units))


@inlined
def _next_of_search(tables: Any, run: Any, u: int) -> int:
    """While men wait or search who are not led to the group, and could not meet it yet were they near all the time."""
    unit, now, case = run.units[u], run.now[0], tables.case[0]
    if unit.phase == WAIT:
        until = unit.passed_min if unit.passed_min > now.minute else unit.arrive_min + case.wait_min
        return min(now.minute + _minutes_of_search(tables, run, u, 0.0), unit.arrive_min + case.wait_min, until)
    if unit.phase == SEARCH and unit.route == unit.believed:
        back = int(abs(unit.seen_step - unit.step) / case.search_pace)
        return now.minute + min(_minutes_of_search(tables, run, u, case.search_pace), back)
    if unit.phase == LOST:
        return min(now.minute + _minutes_of_search(tables, run, u, case.expected_pace), unit.until_min)
    return now.minute + 1


@inlined
def _minutes_of_search(tables: Any, run: Any, u: int, pace: float) -> int:
    """In how many minutes men who search at a pace may meet the group at the earliest, as long as the light stays."""
    unit, light = run.units[u], sky_in(tables, run, 1).light
    group = run.groups[unit.group]
    party = tables.parties[group.party]
    most = visibility_as(_posture_in(run, unit.group, light), group.signature, party.lying_up_factor, 0.0)
    held = minutes_held(unspent(run, u), search_hazard(tables, run, u, light, most))
    return max(_minutes_apart(tables, run, u, pace) + 1, held)


@inlined
def _posture_in(run: Any, g: int, light: int) -> int:
    """Posture of a group abroad in the minutes that are passed over: the first one in hiding is always stepped."""
    return LYING_UP if rests(run.groups[g].posture == LYING_UP, light) else MARCHING


@inlined
def _minutes_apart(tables: Any, run: Any, u: int, pace: float) -> int:
    """Minutes in which men who come on so many steps in each do not meet the group, as long as the light stays."""
    unit, case = run.units[u], tables.case[0]
    group = run.groups[unit.group]
    place = tables.steps[tables.routes[unit.route].first_step + int(unit.step)]
    apart = gap_km(place.x_km - group.x_km, place.y_km - group.y_km) - case.contact_km - MARGIN_KM
    stride, light = tables.routes[group.route].stride_km, sky_in(tables, run, 1).light
    per_min, over = stride * most_per_min(tables, run, unit.group, light), stride * most_over(run, unit.group)
    if pace > 0.0:
        own_stride = max(stride, tables.routes[unit.route].stride_km)
        per_min, over = per_min + own_stride * pace, over + own_stride
    return whole_minutes(apart - over, per_min)


@inlined
def skip_chase(tables: Any, run: Any, u: int, minutes: int) -> None:
    """So many minutes of a chase, all in one light, after a group that has not been passed over yet."""
    unit, case, light = run.units[u], tables.case[0], sky_in(tables, run, 1).light
    if unit.phase == SHADOW:
        unit.contact_hazard -= minutes * (case.shadow_units + attack_units(tables, run, u))
    elif unit.phase != TRAVEL and unit.phase != TRAIL and is_led_to(tables, run, unit.group):
        unit.phase = SEARCH
        for minute in range(1, minutes + 1):
            goal = step_after(tables, run, unit.group, minute)
            move_along(tables, run, u, run.groups[unit.group].route, goal, light)
    elif unit.phase == WAIT or unit.phase == SEARCH or unit.phase == LOST:
        _skip_search(tables, run, u, minutes)
    elif unit.phase == TRAIL:
        unit.contact_hazard -= minutes * case.trail_units
        for _ in range(minutes):
            unit.step += on_foot(tables, case.trail_pace, light)


@kernel
def _skip_search(tables: Any, run: Any, u: int, minutes: int) -> None:
    """So many minutes in which men wait, or look for a group, without meeting it."""
    unit, case, light = run.units[u], tables.case[0], sky_in(tables, run, 1).light
    g, phase, last = unit.group, unit.phase, float(tables.routes[unit.route].steps)
    pace = 0.0
    if phase == SEARCH:
        pace = on_foot(tables, case.search_pace, light)
    elif phase == LOST:
        pace = expected_pace(tables, light)
    apart, posture = _minutes_apart(tables, run, u, pace), _posture_in(run, g, light)
    first, own = tables.routes[run.groups[g].route].first_step, tables.routes[unit.route].first_step
    for minute in range(1, minutes + 1):
        if phase == SEARCH:
            unit.step = step_towards(unit.step, unit.seen_step, pace)
        elif phase == LOST:
            unit.step = step_onward(unit.step, pace, last)
        if minute > apart:
            at, place = first + step_after(tables, run, g, minute), tables.steps[own + int(unit.step)]
            group = tables.steps[at]
            if is_within(place.x_km - group.x_km, place.y_km - group.y_km, case.contact_km):
                visible = visible_at(tables, run, g, at, posture)
                run.unspent[g, u] -= search_hazard(tables, run, u, light, visible)
