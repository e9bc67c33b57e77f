"""A group on its way in compiled code: it sets out, waits for the dark, rafts, marches, hides, and goes on by road."""

from __future__ import annotations

import math
from typing import Any

from sim.engine.bounds import clear_of_all, is_afloat, minutes_held, sky_in, step_walked
from sim.engine.commanding import alert_at
from sim.engine.compiling import inlined, kernel
from sim.engine.fighting import engage_inland, reach_target
from sim.engine.layout import ABROAD, APPROACH, AT_HOME, ENDED, INLAND, NOBODY
from sim.engine.patrolling import is_near
from sim.engine.strips import lay_signs
from sim.engine.watching import see_afloat
from sim.rules.arrivals import drawn_between
from sim.rules.light import dark_enough, rests
from sim.rules.movement import after_minutes
from sim.rules.patrol import NOTICED, hides_until, is_hiding, notice_reach_km, noticed
from sim.rules.randomness import Purpose, threshold, uniform
from sim.rules.road import checkpoint_minute, road_end, search_hazard, stops_at_checkpoint, team_share
from sim.rules.sensing import LYING_UP, MARCHING, detects


@inlined
def step_group(tables: Any, run: Any, g: int) -> None:
    """One minute of a group's story."""
    group, minute = run.groups[g], run.now[0].minute
    if group.stage == ABROAD:
        _march(tables, run, g)
    elif group.stage == INLAND:
        step_inland(tables, run, g)
    elif group.stage == APPROACH:
        _approach(tables, run, g)
    elif group.stage == AT_HOME and minute >= group.departure_min:
        group.stage, group.departed_min = APPROACH, minute
        _approach(tables, run, g)


@kernel
def _approach(tables: Any, run: Any, g: int) -> None:
    """Walk to the river, by day or night, lie in wait for the dark there, and put to water."""
    group, now = run.groups[g], run.now[0]
    route = tables.routes[group.route]
    if group.step < route.raft_step:
        _advance(tables, run, g)
        if group.step < route.raft_step:
            return
    raft_min = route.landing_step - route.raft_step
    landed = sky_in(tables, run, raft_min).light
    dark = dark_enough(tables.parties[group.party].rafts_by_night, raft_min, now.light, landed)
    group.posture = LYING_UP
    if not _hides(tables, run, g) and dark:
        group.stage, group.posture, group.crossed_min = ABROAD, MARCHING, now.minute
        see_afloat(tables, run, g)


@inlined
def _march(tables: Any, run: Any, g: int) -> None:
    """Go on by night; lie up by day, and while a patrol is near, but never on the water."""
    group = run.groups[g]
    party, route = tables.parties[group.party], tables.routes[group.route]
    on_land = group.step >= route.landing_step
    if on_land and (_hides(tables, run, g) or rests(party.lies_up, run.now[0].light)):
        group.posture = LYING_UP
        return
    group.posture = MARCHING
    _advance(tables, run, g)
    if group.step >= route.steps:
        if party.goes_inland:
            enter_road(tables, run, g)
        else:
            reach_target(tables, run, g, False)


@inlined
def _advance(tables: Any, run: Any, g: int) -> None:
    """A minute on foot, up to the river or the target; on the water a step takes a minute."""
    group, light, route = run.groups[g], run.now[0].light, tables.routes[run.groups[g].route]
    step = group.step + 1
    if not is_afloat(tables, run, g):
        group.day_min, group.night_min = after_minutes(1, light, group.day_min, group.night_min)
        limit = route.raft_step if group.stage == APPROACH else route.steps
        step = min(step_walked(tables, run, g, 0, light), limit)
    if step == group.step:
        return
    place = tables.steps[route.first_step + step]
    group.step, group.x_km, group.y_km = step, place.x_km, place.y_km
    if group.next_strip < route.strips:
        lay_signs(tables, run, g)


@inlined
def _hides(tables: Any, run: Any, g: int) -> bool:
    """Whether it has noticed a patrol and keeps out of sight this minute."""
    group = run.groups[g]
    if tables.parties[group.party].notice_km > 0.0 and run.now[0].minute >= group.calm_until:
        _look_out(tables, run, g)
    hiding = is_hiding(run.now[0].minute, group.hidden_until)
    group.hidden_min += hiding
    return hiding


@kernel
def _look_out(tables: Any, run: Any, g: int) -> None:
    """Look where the patrols are this minute."""
    group, now = run.groups[g], run.now[0]
    party = tables.parties[group.party]
    reach = notice_reach_km(party.notice_km, party.notice_night_factor, now.light)
    if reach <= 0.0:
        return
    # Where a patrol may look for the group in this very minute, it looks out again in the next.
    group.calm_until = max(clear_of_all(tables, run, g, now.minute, group.x_km, group.y_km), now.minute)
    if group.calm_until > now.minute:
        return
    for p in range(tables.case[0].patrols):
        if run.clear_until[g, p] > now.minute:
            continue
        u = tables.case[0].posts + p
        near, who = run.units[u].men > 0 and is_near(tables, run, g, p, reach), tables.units[u].entity
        run.near[g, p], run.met[g, p] = noticed(
            now.key, group.entity, who, near, run.near[g, p], run.met[g, p], party.notice_probability
        )
        if run.near[g, p] == NOTICED:
            group.hidden_until = hides_until(now.minute, party.hide_min)


@kernel
def enter_road(tables: Any, run: Any, g: int) -> None:
    """The group is at the target on the grid, from where it goes on by road."""
    case, group, now = tables.case[0], run.groups[g], run.now[0]
    draw = uniform(now.key, group.entity, Purpose.INLAND_DURATION)
    hours = drawn_between(draw, case.total_hours_low, case.total_hours_high)
    group.stage, group.road_start_min, group.passed = INLAND, now.minute, 0
    group.road_end_min = road_end(now.minute, group.crossed_min, hours, case.road_hours)
    group.left = threshold(now.key, group.entity, Purpose.INTERIOR_SEARCH)


@kernel
def step_inland(tables: Any, run: Any, g: int) -> None:
    """One minute on the road."""
    group, now = run.groups[g], run.now[0]
    source = alert_at(run, g, now.minute)
    share = team_share(source != NOBODY, now.sought, tables.case[0].search_teams)
    stopped_by = _checkpoint(tables, run, g, share)
    if stopped_by == NOBODY:
        hazard = search_hazard(share, tables.case[0].quiet_units, tables.case[0].alerted_units)
        stopped_by = len(tables.units) + 1 if detects(group.left, hazard) else NOBODY
        group.left -= hazard
    if stopped_by != NOBODY:
        engage_inland(tables, run, g, stopped_by, source)
    if group.stage != ENDED and now.minute >= group.road_end_min:
        reach_target(tables, run, g, source != NOBODY)


@kernel
def _checkpoint(tables: Any, run: Any, g: int, share: float) -> int:
    """The code of the checkpoint that stops the group this minute, if one does."""
    case, group, now = tables.case[0], run.groups[g], run.now[0]
    if group.passed >= case.checkpoints or now.minute < _next_checkpoint(tables, run, g):
        return NOBODY
    group.passed += 1
    chances = case.stop_probability, case.alerted_stop_probability
    stops = stops_at_checkpoint(now.key, group.entity, group.passed, share, chances[0], chances[1])
    return len(tables.units) + 1 + group.passed if stops else NOBODY


@kernel
def _next_checkpoint(tables: Any, run: Any, g: int) -> int:
    group = run.groups[g]
    return checkpoint_minute(group.road_start_min, group.road_end_min, group.passed + 1, tables.case[0].checkpoints)


@kernel
def next_on_road(tables: Any, run: Any, g: int) -> int:
    """Next minute in which anything but search without success can happen to a group on the road."""
    case, group, now = tables.case[0], run.groups[g], run.now[0]
    soonest = group.road_end_min
    if group.passed < case.checkpoints:
        soonest = min(soonest, _next_checkpoint(tables, run, g))
    if group.left > 0:
        soonest = min(soonest, now.minute + minutes_held(group.left, _next_hazard(tables, run, g)))
    # The hazard is another one as soon as any group's alert begins or ends: each group says when its own does.
    if group.alert_start_min > now.minute:
        soonest = min(soonest, group.alert_start_min)
    elif group.alert_end_min > now.minute:
        soonest = min(soonest, math.ceil(group.alert_end_min))
    return max(soonest, now.minute + 1)


@inlined
def _next_hazard(tables: Any, run: Any, g: int) -> int:
    """Hazard of the search for a group in the next minute, for which those who are sought have been counted."""
    now, case = run.now[0], tables.case[0]
    share = team_share(alert_at(run, g, now.minute + 1) != NOBODY, now.sought, case.search_teams)
    return search_hazard(share, case.quiet_units, case.alerted_units)


@kernel
def search_on(tables: Any, run: Any, g: int, minutes: int) -> None:
    """So many minutes of search without success, all at the hazard of the next."""
    run.groups[g].left -= minutes * _next_hazard(tables, run, g)
