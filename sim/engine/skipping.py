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
        return max(_next_on_approach(chart, run, g), soonest)
    if group.stage == ABROAD:
        return max(_next_abroad(chart, run, g, latest), soonest)
    return NEVER_MORE


@small
def _next_on_approach(chart: Any, run: Any, g: int) -> int:
    group, now = run.groups[g], run.now[0]
    party, route = chart.parties[group.party], chart.routes[group.route]
    if group.step < route.raft_step:
        return now.minute + minutes_to(chart, run, g, route.raft_step)
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
    soonest, afloat = min(latest, sky.next_change), is_afloat(chart, run, g)
    if party.lies_up and sky.light == DAY and not afloat:
        # The first minute in hiding is stepped, and tells what is passed over after it.
        if group.posture != LYING_UP or now.light != DAY:
            return now.minute + 1
        look_ahead(chart, run, g, soonest)
        return min(soonest, group.calm_until, detection_in(chart, run, g))
    goal = route.landing_step if afloat else route.steps
    if group.next_strip < route.strips:
        goal = min(goal, chart.strips[route.first_strip + group.next_strip].step)
    soonest = min(soonest, now.minute + minutes_to(chart, run, g, goal))
    look_ahead(chart, run, g, soonest)
    soonest = min(soonest, group.calm_until)
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
    return busy > group.step and run.now[0].minute + minutes_to(chart, run, g, busy) >= minute


@part
def _march_past(chart: Any, run: Any, g: int, left: Any, until: int) -> int:
    """Let posts look out for a group that marches on up to the minute before `until`, in the same light.

    Returns the minute in which one of them detects it, or `until`. `left` is what is left of the thresholds.
    """
    group, now = run.groups[g], run.now[0]
    party, route = chart.parties[group.party], chart.routes[group.route]
    light = chart.skies[now.minute + 1].light
    day, night = group.day_min, group.night_min
    afloat = is_afloat(chart, run, g)
    first = route.first_step + (group.step - now.minute if afloat else rafted(chart, run, g))
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
        go(chart, run, g, minutes)
    elif group.stage == APPROACH and group.step < chart.routes[group.route].raft_step:
        go(chart, run, g, minutes)
