"""Skipping in compiled code: minutes in which a group only walks on, waits or hides, and nobody can see it.

What is passed over is exactly what stepping would have done: steps and thresholds are sums of whole numbers, or depend
on the minutes walked by day and by night alone.
"""

from __future__ import annotations

from typing import Any

from sim.engine.clearance import look_ahead
from sim.engine.codes import ABROAD, APPROACH, AT_HOME, INLAND, NEVER_MORE
from sim.engine.compiling import part, small
from sim.engine.going import go, is_afloat, minutes_to, rafted
from sim.engine.road import next_on_road, search_on
from sim.engine.state import UNDRAWN
from sim.engine.watching import all_have_power, danger_on_march, detection_in, left_to, watch_for
from sim.rules.movement import progress
from sim.rules.sensing import DAY, LYING_UP, MARCHING, NIGHT


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
        return max(_next_on_approach(chart, run, g, latest), soonest)
    if group.stage == ABROAD:
        return max(_next_abroad(chart, run, g, latest), soonest)
    return NEVER_MORE


@small
def _next_on_approach(chart: Any, run: Any, g: int, latest: int) -> int:
    group, now = run.groups[g], run.now[0]
    party, route = chart.parties[group.party], chart.routes[group.route]
    if group.step < route.raft_step:
        return now.minute + minutes_to(chart, run, g, route.raft_step)
    if now.minute <= group.hidden_until or not party.rafts_by_night or route.landing_step == route.raft_step:
        return now.minute + 1
    dark = chart.skies[min(now.minute + 1, chart.case[0].horizon_min)].next_dark
    if party.notice_km <= 0.0:
        return dark
    look_ahead(chart, run, g, min(dark, latest))
    return min(dark, group.calm_until)


@part
def _next_abroad(chart: Any, run: Any, g: int, latest: int) -> int:
    """While the light stays, no patrol can come near, and no post that looks can detect it."""
    group, now = run.groups[g], run.now[0]
    party, route = chart.parties[group.party], chart.routes[group.route]
    if now.minute <= group.hidden_until:
        return now.minute + 1
    sky = chart.skies[min(now.minute + 1, chart.case[0].horizon_min)]
    soonest, afloat = min(latest, sky.next_change), is_afloat(chart, run, g)
    lies = party.lies_up and sky.light == DAY and not afloat
    if lies and (group.posture != LYING_UP or now.light != DAY):
        # The first minute in hiding is stepped, and tells what is passed over after it.
        return now.minute + 1
    if not lies:
        goal = route.landing_step if afloat else route.steps
        if group.next_strip < route.strips:
            goal = min(goal, chart.strips[route.first_strip + group.next_strip].step)
        soonest = min(soonest, now.minute + minutes_to(chart, run, g, goal))
    look_ahead(chart, run, g, soonest)
    soonest = min(soonest, group.calm_until)
    if lies:
        return min(soonest, detection_in(chart, run, g))
    seen_from = _seen_from(chart, run, g)
    if soonest <= max(now.minute + 1, seen_from):
        return soonest
    for post in range(chart.case[0].posts):
        run.trial[0, post] = run.left[g, post]
    # What was tried need not be marched again.
    now.tried, now.tried_until = g, _march_past(chart, run, g, run.trial[0], seen_from, soonest)
    return now.tried_until


@small
def _seen_from(chart: Any, run: Any, g: int) -> int:
    """First minute in which a post may see a group that marches on."""
    group = run.groups[g]
    busy = chart.steps[chart.routes[group.route].first_step + group.step].next_busy
    return run.now[0].minute + (max(1, minutes_to(chart, run, g, busy)) if busy > group.step else 1)


@part
def _march_past(chart: Any, run: Any, g: int, left: Any, since: int, until: int) -> int:
    """Let posts look out for a group that marches on, from one minute up to the one before `until`, in the same light.

    Returns the minute in which one of them detects it, or `until`. `left` is what is left of the thresholds before it.
    """
    group, now = run.groups[g], run.now[0]
    party, route = chart.parties[group.party], chart.routes[group.route]
    light = chart.skies[now.minute + 1].light
    day, night, over = group.day_min, group.night_min, since - 1 - now.minute
    day, night = (day, night + over) if light == NIGHT else (day + over, night)
    afloat = is_afloat(chart, run, g)
    first = route.first_step + (group.step - now.minute if afloat else rafted(chart, run, g))
    dangers, some_dark = chart.dangers[now.weather * 3 + light], not all_have_power(run) or now.power_until < until
    steps, looks = chart.steps, chart.looks
    pace, night_pace = group.pace, party.night_pace
    for minute in range(since, until):
        day, night = (day, night + 1) if light == NIGHT else (day + 1, night)
        at = first + (minute if afloat else int(progress(day, night, pace, night_pace)))
        for number in range(steps[at].first_look, steps[at + 1].first_look):
            post, danger = looks[number].post, dangers[number]
            if some_dark:
                danger = danger_on_march(chart, run, g, number, at, minute, light)
            if danger > 0:
                if left[post] == UNDRAWN:
                    left[post] = run.left[g, post] = left_to(chart, run, g, post)
                if left[post] > danger:
                    left[post] -= danger
                elif left[post] > 0:
                    _give_back(chart, run, g, left, at, number, minute)
                    return minute
    return until


@part
def _give_back(chart: Any, run: Any, g: int, left: Any, at: int, end: int, minute: int) -> None:
    """What the looks of a minute before one of them took from the thresholds: the minute is stepped."""
    light = chart.skies[minute].light
    for number in range(chart.steps[at].first_look, end):
        post = chart.looks[number].post
        # Who detected it long ago took nothing; who did so just now is the last.
        if left[post] > 0:
            left[post] += danger_on_march(chart, run, g, number, at, minute, light)


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
                run.left[g, post] = run.trial[0, post]
        else:
            _march_past(chart, run, g, run.left[g], _seen_from(chart, run, g), until)
        group.posture = MARCHING
        go(chart, run, g, minutes)
    elif group.stage == APPROACH and group.step < chart.routes[group.route].raft_step:
        go(chart, run, g, minutes)
