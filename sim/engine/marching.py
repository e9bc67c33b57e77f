"""A group on its way in compiled code: it sets out, waits for the dark, rafts, marches, lies up, and hides."""

from __future__ import annotations

from typing import Any

from sim.engine.clearance import clear_of_all
from sim.engine.codes import ABROAD, APPROACH, AT_HOME, INLAND
from sim.engine.compiling import part, small
from sim.engine.fighting import reach_target
from sim.engine.patrolling import is_near
from sim.engine.road import go_on_by_road, take_the_road
from sim.engine.strips import lay_signs
from sim.rules.movement import progress
from sim.rules.randomness import Purpose, pair, uniform
from sim.rules.sensing import DAY, LYING_UP, MARCHING, NIGHT

UNNOTICED, NOTICED = 1, 2


@small
def live(chart: Any, run: Any, g: int) -> None:
    """One minute of a group's story."""
    group, minute = run.groups[g], run.now[0].minute
    if group.stage == ABROAD:
        _march(chart, run, g)
    elif group.stage == INLAND:
        go_on_by_road(chart, run, g)
    elif group.stage == APPROACH:
        _approach(chart, run, g)
    elif group.stage == AT_HOME and minute >= group.departure_min:
        group.stage, group.departed_min = APPROACH, minute
        _approach(chart, run, g)


@part
def _approach(chart: Any, run: Any, g: int) -> None:
    """Walk to the river, by day or night, and put to water in the dark."""
    group, now = run.groups[g], run.now[0]
    route = chart.routes[group.route]
    if group.step < route.raft_step:
        _advance(chart, run, g, route.raft_step)
        if group.step < route.raft_step:
            return
    nothing_to_cross = route.landing_step == route.raft_step
    if not _hides(chart, run, g) and (nothing_to_cross or _is_dark_enough(chart, run, g)):
        group.stage, group.crossed_min = ABROAD, now.minute


@small
def _is_dark_enough(chart: Any, run: Any, g: int) -> bool:
    """Whether it is night now, and still will be when they land; those who raft by day do not care."""
    group, now = run.groups[g], run.now[0]
    route = chart.routes[group.route]
    if not chart.parties[group.party].rafts_by_night:
        return True
    landed = min(now.minute + route.landing_step - route.raft_step, chart.case[0].horizon_min)
    return now.light == NIGHT and chart.skies[landed].light == NIGHT


@small
def _march(chart: Any, run: Any, g: int) -> None:
    """Go on by night; lie up by day, and while a patrol is near, but never on the water."""
    group = run.groups[g]
    party, route = chart.parties[group.party], chart.routes[group.route]
    on_land = group.step >= route.landing_step
    if on_land and (_hides(chart, run, g) or (party.lies_up and run.now[0].light == DAY)):
        group.posture = LYING_UP
        return
    group.posture = MARCHING
    if on_land:
        _advance(chart, run, g, route.steps)
    else:
        _stand_at(chart, run, g, group.step + 1)
    if group.step >= route.steps:
        if party.goes_inland:
            take_the_road(chart, run, g)
        else:
            reach_target(chart, run, g)


@small
def _advance(chart: Any, run: Any, g: int, limit: int) -> None:
    """A minute on foot; on the water a step takes a minute, whatever the pace on foot."""
    group = run.groups[g]
    if run.now[0].light == NIGHT:
        group.night_min += 1
    else:
        group.day_min += 1
    night_pace, route = chart.parties[group.party].night_pace, chart.routes[group.route]
    walked = int(progress(group.day_min, group.night_min, group.pace, night_pace))
    rafted = route.landing_step - route.raft_step if group.step >= route.landing_step else 0
    _stand_at(chart, run, g, min(walked + rafted, limit))


@small
def _stand_at(chart: Any, run: Any, g: int, step: int) -> None:
    group = run.groups[g]
    if step == group.step:
        return
    route = chart.routes[group.route]
    place = chart.steps[route.first_step + step]
    group.step, group.x_km, group.y_km = step, place.x_km, place.y_km
    if group.next_strip < route.strips:
        lay_signs(chart, run, g)


@small
def _hides(chart: Any, run: Any, g: int) -> bool:
    """Whether it has noticed a patrol and keeps out of sight this minute."""
    group = run.groups[g]
    if chart.parties[group.party].notice_km > 0.0 and run.now[0].minute >= group.calm_until:
        _look_out(chart, run, g)
    hiding = run.now[0].minute <= group.hidden_until
    group.hidden_min += hiding
    return hiding


@part
def _look_out(chart: Any, run: Any, g: int) -> None:
    """Look where the patrols are this minute."""
    group, now = run.groups[g], run.now[0]
    party = chart.parties[group.party]
    reach = party.notice_km * (1.0 if now.light == DAY else party.notice_night_factor)
    if reach <= 0.0:
        return
    # Where a patrol may look for the group in this very minute, it looks out again in the next.
    group.calm_until = max(clear_of_all(chart, run, g, now.minute, group.x_km, group.y_km), now.minute)
    if group.calm_until > now.minute:
        return
    for p in range(chart.case[0].patrols):
        if run.clear_until[g, p] > now.minute:
            continue
        if not is_near(chart, run, g, p, reach):
            run.near[g, p] = 0
            continue
        if run.near[g, p] == 0:
            run.met[g, p] += 1
            who = pair(group.entity, chart.units[chart.case[0].posts + p].entity)
            draw = uniform(now.key, who, Purpose.NOTICE, run.met[g, p])
            run.near[g, p] = NOTICED if draw < party.notice_probability else UNNOTICED
        if run.near[g, p] == NOTICED:
            group.hidden_until = now.minute + party.hide_min
