"""The beginning of a run in compiled code: what is drawn before the first minute, and which route each group takes."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from sim.engine.compiling import kernel
from sim.engine.layout import NEVER_MORE, UNDRAWN
from sim.engine.patrolling import begin_patrols
from sim.rules.arrivals import CUTS_BEFORE, drawn_between, drawn_whole, next_arrival
from sim.rules.choice import is_known_to, known_danger, perceived_cost
from sim.rules.command import check_minutes
from sim.rules.light import drawn_weather
from sim.rules.patrol import duty_minutes
from sim.rules.randomness import Purpose, entity, gumbel_of, minus_log, numbered, pair, uniform

WEATHER: Any = np.uint64(entity("weather"))


@kernel
def begin(tables: Any, run: Any, key: int, forced: Any) -> None:
    """Draw weather, patrols, groups and their routes, false alarms and power cuts; `now.full` if there is no room.

    Parameters
    ----------
    key:
        Of the replication.
    forced:
        Number of the route that each group must take, below 0 where it chooses; may be empty.
    """
    now = run.now[0]
    now.key, now.minute, now.full = key, 0, False
    now.dispatches = now.reports = now.signs = now.chases = 0
    now.next_due = now.next_sign = NEVER_MORE
    now.tried = now.tried_until = -1
    draw = uniform(key, WEATHER, Purpose.WEATHER)
    now.weather = drawn_weather(draw, tables.weathers[0 : len(tables.weathers)])
    now.light = tables.skies[0].light
    _begin_units(tables, run)
    begin_patrols(tables, run)
    _begin_groups(tables, run)
    if now.full:
        return
    for g in range(now.groups):
        if g < len(forced) and forced[g] >= 0:
            run.groups[g].route = forced[g]
        else:
            run.groups[g].route = choose_route(tables, run, g)
        _set_out(tables, run, g)


@kernel
def begin_forces(tables: Any, run: Any) -> None:
    """What is drawn for posts and patrols that no choice of a way depends on."""
    _draw_alarms(tables, run)
    _draw_cuts(tables, run)
    case, now = tables.case[0], run.now[0]
    for p in range(case.patrols):
        patrol, phase = tables.patrols[p], run.units[case.posts + p].duty_phase_min
        if tables.units[case.posts + p].men > 0:
            now.duty_min += duty_minutes(case.horizon_min, phase, patrol.cycle_min, patrol.duty_share)


@kernel
def _begin_units(tables: Any, run: Any) -> None:
    for u in range(len(tables.units)):
        unit = run.units[u]
        unit.men, unit.busy_until = tables.units[u].men, 0
        run.chasing[u] = False


@kernel
def _begin_groups(tables: Any, run: Any) -> None:
    """Single groups, then those of the streams in order of departure."""
    now = run.now[0]
    now.groups = 0
    for index in range(len(tables.parties)):
        party = tables.parties[index]
        if party.is_stream:
            _let_arrive(tables, run, index)
        else:
            _add_group(tables, run, index, 0)
        if now.full:
            return


@kernel
def _let_arrive(tables: Any, run: Any, index: int) -> None:
    """The groups of a stream in this run."""
    party, now = tables.parties[index], run.now[0]
    at, count = float(party.from_min), 0
    while party.per_min > 0.0 and not now.full:
        at = next_arrival(at, party.per_min, uniform(now.key, party.entity, Purpose.ARRIVAL, count))
        if at > party.until_min:
            return
        count += 1
        _add_group(tables, run, index, count)
        if now.full:
            return
        group = run.groups[now.groups - 1]
        draw = uniform(now.key, party.entity, Purpose.SIZE, count)
        group.size = group.persons = drawn_whole(draw, party.size, party.size_highest)
        group.signature = tables.signatures[party.first_signature + group.size - party.size]
        group.departure_min = int(at)


@kernel
def _add_group(tables: Any, run: Any, index: int, number: int) -> None:
    """One more group of a party; `number` counts those of a stream from 1."""
    now, party = run.now[0], tables.parties[index]
    if now.groups == len(run.groups):
        now.full = True
        return
    run.groups[now.groups] = run.blank[0]
    group = run.groups[now.groups]
    now.groups += 1
    group.party, group.number, group.size, group.persons = index, number, party.size, party.size
    group.signature = tables.signatures[party.first_signature]
    group.entity = numbered(party.prefix, number) if party.is_stream else party.entity
    draw = uniform(now.key, group.entity, Purpose.DEPARTURE)
    group.departure_min = drawn_whole(draw, party.depart_earliest_min, party.depart_latest_min)
    draw = uniform(now.key, group.entity, Purpose.PACE)
    group.pace = drawn_between(draw, party.pace_low, party.pace_high)


@kernel
def _set_out(tables: Any, run: Any, g: int) -> None:
    """A group at the beginning of its route, whom nobody has seen yet, and who has seen nobody."""
    case, group = tables.case[0], run.groups[g]
    first = tables.steps[tables.routes[group.route].first_step]
    group.x_km, group.y_km = first.x_km, first.y_km
    for observer in range(case.posts + case.patrols):
        run.left[g, observer] = UNDRAWN
    for u in range(len(tables.units)):
        run.heard[g, u] = run.contacts[g, u] = 0
        run.unspent[g, u] = UNDRAWN
    for p in range(case.patrols):
        run.clear_until[g, p] = run.met[g, p] = run.near[g, p] = 0


@kernel
def _draw_alarms(tables: Any, run: Any) -> None:
    """Minutes in which squads are called out by false alarms, in order of minute, post and number."""
    case, now = tables.case[0], run.now[0]
    now.alarms = now.next_alarm = 0
    check = check_minutes(case.false_alarm_check, case.check_min)
    for post in range(case.posts):
        unit = tables.units[post]
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


@kernel
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


@kernel
def _draw_cuts(tables: Any, run: Any) -> None:
    """Power cuts of the run, from so long before it that one may well be on at minute 0."""
    case, now = tables.case[0], run.now[0]
    now.cuts = now.power_until = 0
    for post in range(case.posts):
        unit, mine = tables.units[post], run.units[post]
        mine.first_cut, mine.cuts = now.cuts, 0
        at, number = -CUTS_BEFORE * unit.power_cut_min, 0
        while unit.power_cuts_per_min > 0.0:
            at = next_arrival(at, unit.power_cuts_per_min, uniform(now.key, unit.entity, Purpose.POWER_CUT, number))
            if at > case.horizon_min:
                break
            length = minus_log(uniform(now.key, unit.entity, Purpose.POWER_CUT_LENGTH, number))
            number += 1
            end = at + unit.power_cut_min * length
            if end > 0.0:
                if now.cuts == len(run.cuts):
                    now.full = True
                    return
                cut = run.cuts[now.cuts]
                cut.start_min, cut.end_min = at, end
                now.cuts += 1
                mine.cuts += 1


BUCKETS = 512
MOST_GUMBEL = 40.0
"""More than -ln(-ln u) for any u that can come up."""

GUMBEL_AT_MOST = np.array([-math.log(-math.log((k + 1) / BUCKETS)) + 1e-9 for k in range(BUCKETS - 1)] + [MOST_GUMBEL])
"""A bound on the Gumbel number of the uniform numbers from k / BUCKETS to (k + 1) / BUCKETS."""


@kernel
def choose_route(tables: Any, run: Any, g: int) -> int:
    """Number of the route that seems best to a group, the first of equals.

    A taste is a logarithm of a logarithm. Where even the best taste that its draw allows could not make a route as good
    as the best so far, it is not taken: the choice is the same. The short routes are looked at first, since most of the
    others then fall out.
    """
    case, group = tables.case[0], run.groups[g]
    party = tables.parties[group.party]
    if case.informed:
        _find_known(tables, run, g)
    scale = case.taste_min
    best, least = party.first_route, np.inf
    for place in range(party.first_route, party.first_route + party.routes):
        number = tables.by_length[place]
        route = tables.routes[number]
        draw, most = 0.5, 0.0
        if scale > 0.0:
            draw = uniform(run.now[0].key, pair(group.entity, route.liked), Purpose.TASTE)
            most = scale * GUMBEL_AT_MOST[int(draw * BUCKETS)]
        if perceived_cost(float(route.steps), case.aversion, 0.0, most) > least:
            continue
        exposure, chances = route.exposure, number * case.posts
        if case.informed:
            exposure = known_danger(run.known[0 : case.posts], tables.exposures[chances : chances + case.posts])
        if perceived_cost(float(route.steps), case.aversion, exposure, most) > least:
            continue
        taste = scale * gumbel_of(draw) if scale > 0.0 else 0.0
        cost = perceived_cost(float(route.steps), case.aversion, exposure, taste)
        if cost < least or (cost == least and number < best):
            best, least = number, cost
    return best


@kernel
def _find_known(tables: Any, run: Any, g: int) -> None:
    """Which posts a group knows of."""
    for post in range(tables.case[0].posts):
        unit = tables.units[post]
        run.known[post] = is_known_to(run.now[0].key, run.groups[g].entity, unit.entity, unit.awareness)
