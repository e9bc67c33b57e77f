"""Watching in compiled code: posts and patrols look out for a group, and what happens when one detects it."""

from __future__ import annotations

import math
from typing import Any

from sim.engine.clearance import clear_of_all
from sim.engine.codes import BY_SIGHT, NEVER, NEVER_MORE, POST
from sim.engine.commanding import hear
from sim.engine.compiling import part, small
from sim.engine.guessing import believed_route
from sim.engine.patrolling import in_sight, is_watching, may_be_within, place_at
from sim.engine.sending import is_available, plan_meeting, send
from sim.engine.state import UNDRAWN
from sim.rules.movement import gap_km
from sim.rules.randomness import Purpose, pair, threshold
from sim.rules.sensing import LYING_UP, MARCHING, hazard, visibility
from sim.world.hazards import METRES


@small
def watch_posts(chart: Any, run: Any, g: int) -> None:
    """Posts that can see a group's place look out for it."""
    group = run.groups[g]
    at = chart.routes[group.route].first_step + group.step
    first, end = chart.steps[at].first_look, chart.steps[at + 1].first_look
    for number in range(first, end):
        danger, post = _danger(chart, run, g, number), chart.looks[number].post
        if danger > 0 and _add(chart, run, g, post, danger):
            detect(chart, run, g, post)


@part
def detection_in(chart: Any, run: Any, g: int) -> int:
    """Minute in which a post detects a group if both stay as they are, or in which a power cut begins or ends."""
    group, now = run.groups[g], run.now[0]
    at = chart.routes[group.route].first_step + group.step
    soonest = NEVER_MORE
    for number in range(chart.steps[at].first_look, chart.steps[at + 1].first_look):
        post = chart.looks[number].post
        danger = _danger(chart, run, g, number)
        if danger > 0:
            left = left_to(chart, run, g, post)
            run.left[g, post] = left
            if left > 0:
                soonest = min(soonest, now.minute + (left + danger - 1) // danger)
    for number in range(now.cuts):
        for moment in (run.cuts[number].start_min, run.cuts[number].end_min):
            if moment > now.minute:
                soonest = min(soonest, math.ceil(moment))
    return soonest


@part
def watch_for(chart: Any, run: Any, g: int, minutes: int) -> None:
    """So many minutes in which posts look out for a group that stays where it is, without detecting it."""
    group = run.groups[g]
    at = chart.routes[group.route].first_step + group.step
    for number in range(chart.steps[at].first_look, chart.steps[at + 1].first_look):
        post = chart.looks[number].post
        danger = _danger(chart, run, g, number)
        if danger > 0 and run.left[g, post] > 0:
            run.left[g, post] -= minutes * danger


@small
def _danger(chart: Any, run: Any, g: int, number: int) -> int:
    """Hazard of this minute to a group from the post of a look."""
    look, now = chart.looks[number], run.now[0]
    power = 1 if all_have_power(run) or not is_dark(run, look.post, now.minute) else 0
    if power == 1 and run.groups[g].posture == MARCHING:
        return chart.dangers[now.weather * 3 + now.light, number]
    table = chart.rate_tables[look.post, (now.weather * 3 + now.light) * 2 + power]
    if look.metre >= table.length:
        return 0
    return hazard(chart.rates[table.first + look.metre], visible_now(chart, run, g))


@small
def danger_on_march(chart: Any, run: Any, g: int, number: int, at: int, minute: int, light: int) -> int:
    """The same to a group that marches past a step at another minute, in which some post may be without power."""
    now, post = run.now[0], chart.looks[number].post
    if not is_dark(run, post, minute):
        return chart.dangers[now.weather * 3 + light, number]
    table = chart.rate_tables[post, (now.weather * 3 + light) * 2]
    metre, party = chart.looks[number].metre, chart.parties[run.groups[g].party]
    if metre >= table.length:
        return 0
    return hazard(chart.rates[table.first + metre], visibility(party.signature, 1.0, chart.concealments[at]))


@small
def visible_now(chart: Any, run: Any, g: int) -> float:
    """How visible a group is here and now, over a standard target in the open."""
    group = run.groups[g]
    party = chart.parties[group.party]
    hiding = party.lying_up_factor if group.posture == LYING_UP else 1.0
    concealment = chart.concealments[chart.routes[group.route].first_step + group.step]
    return visibility(party.signature, hiding, concealment)


@small
def all_have_power(run: Any) -> bool:
    """Whether no post is without power now; then none is before `now.power_until`."""
    now = run.now[0]
    if now.minute >= now.power_until:
        now.power_until = _next_dark(run, now.minute)
    return now.minute < now.power_until


@part
def _next_dark(run: Any, minute: int) -> int:
    """First minute from this one on in which a post may be without power."""
    soonest = NEVER_MORE
    for number in range(run.now[0].cuts):
        cut = run.cuts[number]
        if cut.end_min > minute:
            soonest = min(soonest, max(minute, math.ceil(cut.start_min)))
    return soonest


@part
def is_dark(run: Any, post: int, minute: int) -> bool:
    """Whether a post is without power at a minute."""
    first = run.units[post].first_cut
    for number in range(first, first + run.units[post].cuts):
        if run.cuts[number].start_min <= minute < run.cuts[number].end_min:
            return True
    return False


@small
def left_to(chart: Any, run: Any, g: int, sentinel: int) -> int:
    """Hazard left until a sentinel detects a group."""
    left = run.left[g, sentinel]
    if left == UNDRAWN:
        who = pair(run.groups[g].entity, chart.units[sentinel].entity)
        return threshold(run.now[0].key, who, Purpose.DETECTION)
    return left


@small
def _add(chart: Any, run: Any, g: int, sentinel: int, danger: int) -> bool:
    """Add the hazard of one minute; True in the minute of the detection, never again afterwards."""
    left = left_to(chart, run, g, sentinel)
    if left <= 0:
        return False
    run.left[g, sentinel] = left - danger
    return left - danger <= 0


@small
def watch_patrols(chart: Any, run: Any, g: int) -> None:
    """Patrols near by look out for a group."""
    group, minute = run.groups[g], run.now[0].minute
    if minute < group.calm_until:
        return
    calm_until = clear_of_all(chart, run, g, minute, group.x_km, group.y_km)
    group.calm_until = max(calm_until, minute + 1)
    if calm_until <= minute:
        for p in range(chart.case[0].patrols):
            if run.clear_until[g, p] <= minute:
                _look(chart, run, g, p)


@part
def _look(chart: Any, run: Any, g: int, p: int) -> None:
    """One patrol watches a group, when on duty and not hopelessly far away."""
    group, now, sentinel = run.groups[g], run.now[0], chart.case[0].posts + p
    table = chart.rate_tables[sentinel, (now.weather * 3 + now.light) * 2 + 1]
    if not may_be_within(chart, run, g, p, table.reach_km) or not is_watching(chart, run, p):
        return
    x, y = place_at(chart, run, p, now.minute)
    metre = int(gap_km(group.x_km - x, group.y_km - y) * METRES)
    if metre >= table.length or not in_sight(chart, run, g, p):
        return
    danger = hazard(chart.rates[table.first + metre], visible_now(chart, run, g))
    if danger > 0 and _add(chart, run, g, sentinel, danger):
        detect(chart, run, g, sentinel)


@part
def detect(chart: Any, run: Any, g: int, s: int) -> None:
    """A post or patrol has detected a group: it acts alone if it can, and reports."""
    group, now = run.groups[g], run.now[0]
    note_detection(run, g, s, BY_SIGHT)
    route = believed_route(chart, run, s, g, group.step)
    _respond_alone(chart, run, s, g, route)
    hear(chart, run, s, g, route, group.step, now.minute, False)


@part
def note_detection(run: Any, g: int, s: int, how: int) -> None:
    """Remember the first detection."""
    group = run.groups[g]
    if group.detected_min == NEVER:
        group.detected_by, group.detected_how, group.detected_min = s + 1, how, run.now[0].minute


@part
def _respond_alone(chart: Any, run: Any, s: int, g: int, route: int) -> None:
    """Send the own squad, or go oneself, where the place is near enough; a post only on its own stretch of border."""
    group, now, case = run.groups[g], run.now[0], chart.case[0]
    if not is_available(chart, run, s):
        return
    ready = now.minute
    if chart.units[s].kind == POST:
        if not chart.own_stretch[s, chart.routes[group.route].crossing]:
            return
        ready += case.check_min if case.false_alarm_check else 0
    within = chart.units[s].response_km
    step, arrive, travel = plan_meeting(chart, run, s, route, group.step, now.minute, within, ready)
    if step >= 0:
        send(chart, run, s, s, g, route, group.step, now.minute, step, arrive, travel)
