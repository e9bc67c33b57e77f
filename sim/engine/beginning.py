"""The beginning of a run in compiled code: what is drawn before the first minute."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.engine.choosing import choose_route
from sim.engine.codes import AT_HOME, AT_LARGE, NEVER, NEVER_MORE, NOBODY
from sim.engine.compiling import part
from sim.engine.patrolling import begin_patrols
from sim.engine.state import UNDRAWN
from sim.rules.arrivals import CUTS_BEFORE, next_arrival
from sim.rules.movement import duty_minutes
from sim.rules.randomness import Purpose, entity, minus_log, numbered, uniform

WEATHER: Any = np.uint64(entity("weather"))


@part
def begin(chart: Any, run: Any, key: int, forced: Any) -> None:
    """Draw weather, patrols, groups and their ways, false alarms and power cuts; `now.full` if there is no room.

    Parameters
    ----------
    key:
        Of the replication.
    forced:
        Number of the route that each group must take, below 0 where it chooses; may be empty.
    """
    now = run.now[0]
    now.key, now.minute, now.full = key, 0, False
    now.dispatches = now.reports = now.alerts = now.first_alert = now.signs = now.chases = 0
    now.next_due = now.next_sign = NEVER_MORE
    now.tried = now.tried_until = -1
    now.weather = _draw_weather(chart, now.key)
    now.light = chart.skies[0].light
    _begin_units(chart, run)
    begin_patrols(chart, run)
    _begin_groups(chart, run)
    if now.full:
        return
    for g in range(now.groups):
        if g < len(forced) and forced[g] >= 0:
            run.groups[g].route = forced[g]
        else:
            run.groups[g].route = choose_route(chart, run, g)
        _set_out(chart, run, g)


@part
def begin_forces(chart: Any, run: Any) -> None:
    """What is drawn for posts and patrols that no choice of a way depends on."""
    _draw_alarms(chart, run)
    _draw_cuts(chart, run)
    case, now = chart.case[0], run.now[0]
    for p in range(case.patrols):
        patrol, phase = chart.patrols[p], run.units[case.posts + p].duty_phase_min
        now.duty_min += duty_minutes(case.horizon_min, phase, patrol.cycle_min, patrol.duty_share)


@part
def _draw_weather(chart: Any, key: int) -> int:
    draw, total = uniform(key, WEATHER, Purpose.WEATHER), 0.0
    for index in range(len(chart.weathers)):
        total += chart.weathers[index]
        if draw < total:
            return index
    return len(chart.weathers) - 1


@part
def _begin_units(chart: Any, run: Any) -> None:
    for u in range(len(chart.units)):
        unit = run.units[u]
        unit.men, unit.busy_until = chart.units[u].men, 0
        run.chasing[u] = False


@part
def _begin_groups(chart: Any, run: Any) -> None:
    """Single groups, then those of the streams in order of departure."""
    now = run.now[0]
    now.groups = 0
    for index in range(len(chart.parties)):
        party = chart.parties[index]
        if party.is_stream:
            _let_arrive(chart, run, index)
        else:
            _add_group(chart, run, index, 0)
        if now.full:
            return


@part
def _let_arrive(chart: Any, run: Any, index: int) -> None:
    """The groups of a stream in this run."""
    party, now = chart.parties[index], run.now[0]
    at, count = float(party.from_min), 0
    while party.per_min > 0.0 and not now.full:
        at = next_arrival(at, party.per_min, uniform(now.key, party.entity, Purpose.ARRIVAL, count))
        if at > party.until_min:
            return
        count += 1
        _add_group(chart, run, index, count)
        if now.full:
            return
        group = run.groups[now.groups - 1]
        draw = uniform(now.key, party.entity, Purpose.SIZE, count)
        group.size = party.size + int((party.size_high + 1 - party.size) * draw)
        group.persons = group.size
        group.departure_min = int(at)


@part
def _add_group(chart: Any, run: Any, index: int, number: int) -> None:
    """One more group of a party; `number` counts those of a stream from 1."""
    now, party = run.now[0], chart.parties[index]
    if now.groups == len(run.groups):
        now.full = True
        return
    group = run.groups[now.groups]
    now.groups += 1
    group.party, group.number, group.size, group.persons = index, number, party.size, party.size
    group.entity = numbered(party.prefix, number) if party.is_stream else party.entity
    earliest, latest = party.depart_earliest_min, party.depart_latest_min
    draw = uniform(now.key, group.entity, Purpose.DEPARTURE)
    group.departure_min = earliest + int((latest + 1 - earliest) * draw)
    draw = uniform(now.key, group.entity, Purpose.PACE)
    group.pace = party.pace_low + draw * (party.pace_high - party.pace_low)


@part
def _set_out(chart: Any, run: Any, g: int) -> None:
    """A group before its first step, that nothing has happened to yet."""
    group = run.groups[g]
    first = chart.steps[chart.routes[group.route].first_step]
    group.x_km, group.y_km = first.x_km, first.y_km
    group.stage, group.posture, group.shadowed = AT_HOME, 0, False
    group.day_min = group.night_min = group.step = group.next_strip = group.calm_until = group.fights = 0
    group.hidden_until = -1
    group.departed_min = group.crossed_min = group.detected_min = group.cued_min = NEVER
    group.dispatched_min = group.intercepted_min = group.ended_min = group.depth_step = NEVER
    group.hidden_min = group.detected_how = group.mechanism = group.killed = group.captured = group.own_killed = 0
    group.detected_by = group.intercepted_by = group.cued_from = NOBODY
    group.met_x_km = group.met_y_km = group.road_share = np.nan
    group.outcome = AT_LARGE
    _forget_forces(chart, run, g)


@part
def _forget_forces(chart: Any, run: Any, g: int) -> None:
    """Nobody has seen the group, or been seen by it."""
    case = chart.case[0]
    for sentinel in range(case.posts + case.patrols):
        run.left[g, sentinel] = UNDRAWN
    for u in range(len(chart.units)):
        run.heard[g, u] = 0
    for p in range(case.patrols):
        run.clear_until[g, p] = run.met[g, p] = run.near[g, p] = 0


@part
def _draw_alarms(chart: Any, run: Any) -> None:
    """Minutes in which squads are called out by false alarms, in order of minute, post and number."""
    case, now = chart.case[0], run.now[0]
    now.alarms = now.next_alarm = 0
    check = case.check_min if case.false_alarm_check else 0
    for post in range(case.posts):
        unit = chart.units[post]
        at, number = 0.0, 0
        while unit.sees_anything and unit.false_alarms_per_min > 0.0:
            draw = uniform(now.key, unit.entity, Purpose.FALSE_ALARM, number)
            at = next_arrival(at, unit.false_alarms_per_min, draw)
            if at > case.horizon_min:
                break
            if now.alarms == len(run.alarms):
                now.full = True
                return
            _sort_in(run, int(at) + check, post, number)
            number += 1


@part
def _sort_in(run: Any, minute: int, post: int, number: int) -> None:
    """One more alarm; posts come in order, so that among equals the new one is the last."""
    now = run.now[0]
    place = now.alarms
    while place > 0 and run.alarms[place - 1].minute > minute:
        run.alarms[place] = run.alarms[place - 1]
        place -= 1
    alarm = run.alarms[place]
    alarm.minute, alarm.post, alarm.number = minute, post, number
    now.alarms += 1


@part
def _draw_cuts(chart: Any, run: Any) -> None:
    """Power cuts of the run, from so long before it that one may well be on at minute 0."""
    case, now = chart.case[0], run.now[0]
    now.cuts = now.power_until = 0
    for post in range(case.posts):
        unit, mine = chart.units[post], run.units[post]
        mine.first_cut, mine.cuts = now.cuts, 0
        at, number = -CUTS_BEFORE * unit.cut_min, 0
        while unit.cuts_per_min > 0.0:
            at = next_arrival(at, unit.cuts_per_min, uniform(now.key, unit.entity, Purpose.POWER_CUT, number))
            if at > case.horizon_min:
                break
            length = minus_log(uniform(now.key, unit.entity, Purpose.POWER_CUT_LENGTH, number))
            number += 1
            end = at + unit.cut_min * length
            if end > 0.0:
                if now.cuts == len(run.cuts):
                    now.full = True
                    return
                cut = run.cuts[now.cuts]
                cut.start_min, cut.end_min = at, end
                now.cuts += 1
                mine.cuts += 1
