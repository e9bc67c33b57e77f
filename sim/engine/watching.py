"""Watching in compiled code: posts and patrols look out for a group, and what happens when one detects it."""

from __future__ import annotations

import math
from typing import Any

from sim.engine.bounds import clear_of_all, minutes_held
from sim.engine.commanding import believed_route, hear, place_reported
from sim.engine.compiling import inlined, kernel
from sim.engine.layout import (
    ABROAD,
    APPROACH,
    BY_SIGHT,
    BY_TRACKS,
    IS_POST,
    NEVER,
    NEVER_MORE,
    UNDRAWN,
    danger_row,
    rate_column,
)
from sim.engine.patrolling import in_sight, may_watch, place_at, place_of
from sim.engine.sending import is_available, plan_meeting, send
from sim.rules.command import check_left, check_minutes
from sim.rules.movement import gap_km
from sim.rules.randomness import Purpose, pair, threshold
from sim.rules.sensing import MARCHING, detects, hazard, lacks_power, visibility_as
from sim.world.hazards import METRES


@inlined
def is_watched_for(tables: Any, run: Any, g: int) -> bool:
    """Whether posts and patrols look out for a group: abroad, and on its way there if they watch the far bank."""
    stage = run.groups[g].stage
    return stage == ABROAD or (stage == APPROACH and tables.case[0].watches_far_bank)


@inlined
def watch_posts(tables: Any, run: Any, g: int) -> None:
    """Posts that can see a group's place look out for it."""
    group = run.groups[g]
    at = tables.routes[group.route].first_step + group.step
    first, end = tables.steps[at].first_view, tables.steps[at + 1].first_view
    for number in range(first, end):
        danger, post = _danger(tables, run, g, number), tables.views[number].post
        if danger > 0 and _add(tables, run, g, post, danger):
            detect(tables, run, g, post)


@kernel
def detection_in(tables: Any, run: Any, g: int) -> int:
    """Minute in which a post detects a group if both stay as they are, or in which a power cut begins or ends."""
    group, now = run.groups[g], run.now[0]
    at = tables.routes[group.route].first_step + group.step
    soonest = NEVER_MORE
    for number in range(tables.steps[at].first_view, tables.steps[at + 1].first_view):
        post = tables.views[number].post
        danger = _danger(tables, run, g, number)
        if danger > 0:
            left = left_to(tables, run, g, post)
            run.left[g, post] = left
            if left > 0:
                soonest = min(soonest, now.minute + minutes_held(left, danger))
    for number in range(now.cuts):
        for moment in (run.cuts[number].start_min, run.cuts[number].end_min):
            if moment > now.minute:
                soonest = min(soonest, math.ceil(moment))
    return soonest


@kernel
def watch_for(tables: Any, run: Any, g: int, minutes: int) -> None:
    """So many minutes in which posts look out for a group that stays where it is, without detecting it."""
    group = run.groups[g]
    at = tables.routes[group.route].first_step + group.step
    for number in range(tables.steps[at].first_view, tables.steps[at + 1].first_view):
        post = tables.views[number].post
        danger = _danger(tables, run, g, number)
        if danger > 0 and run.left[g, post] > 0:
            run.left[g, post] -= minutes * danger


@inlined
def _danger(tables: Any, run: Any, g: int, number: int) -> int:
    """Hazard of this minute to a group from the post of a view."""
    group, now = run.groups[g], run.now[0]
    if tables.parties[group.party].alike and group.posture == MARCHING and all_have_power(run):
        return tables.dangers[danger_row(now.weather, now.light), number]
    at = tables.routes[group.route].first_step + group.step
    return danger_at(tables, run, g, number, at, group.posture, now.minute, now.light)


@inlined
def danger_at(tables: Any, run: Any, g: int, number: int, at: int, posture: int, minute: int, light: int) -> int:
    """The same to a group at another step and minute, in which some post may be without power."""
    now, view = run.now[0], tables.views[number]
    dark = is_dark(run, view.post, minute)
    if posture == MARCHING and not dark and tables.parties[run.groups[g].party].alike:
        return tables.dangers[danger_row(now.weather, light), number]
    table = tables.rate_tables[view.post, rate_column(now.weather, light, 0 if dark else 1)]
    if view.metre >= table.length:
        return 0
    return hazard(tables.rates[table.first + view.metre], visible_at(tables, run, g, at, posture))


@inlined
def visible_at(tables: Any, run: Any, g: int, at: int, posture: int) -> float:
    """How visible a group is at a step, over a standard target in the open."""
    group = run.groups[g]
    factor = tables.parties[group.party].lying_up_factor
    return visibility_as(posture, group.signature, factor, tables.concealments[at])


@inlined
def all_have_power(run: Any) -> bool:
    """Whether no post is without power now; then none is before `now.power_until`."""
    now = run.now[0]
    if now.minute >= now.power_until:
        now.power_until = _next_dark(run, now.minute)
    return now.minute < now.power_until


@kernel
def _next_dark(run: Any, minute: int) -> int:
    """First minute from this one on in which a post may be without power."""
    soonest = NEVER_MORE
    for number in range(run.now[0].cuts):
        cut = run.cuts[number]
        if cut.end_min > minute:
            soonest = min(soonest, max(minute, math.ceil(cut.start_min)))
    return soonest


@kernel
def is_dark(run: Any, post: int, minute: int) -> bool:
    """Whether a post is without power at a minute."""
    first = run.units[post].first_cut
    for number in range(first, first + run.units[post].cuts):
        if lacks_power(minute, run.cuts[number].start_min, run.cuts[number].end_min):
            return True
    return False


@inlined
def left_to(tables: Any, run: Any, g: int, observer: int) -> int:
    """Hazard left until an observer detects a group."""
    left = run.left[g, observer]
    if left == UNDRAWN:
        who = pair(run.groups[g].entity, tables.units[observer].entity)
        return threshold(run.now[0].key, who, Purpose.DETECTION)
    return left


@inlined
def _add(tables: Any, run: Any, g: int, observer: int, danger: int) -> bool:
    """Add the hazard of one minute; True in the minute of the detection, never again afterwards."""
    left = left_to(tables, run, g, observer)
    run.left[g, observer] = left - danger
    return detects(left, danger)


@inlined
def watch_patrols(tables: Any, run: Any, g: int) -> None:
    """Patrols near by look out for a group."""
    group, minute = run.groups[g], run.now[0].minute
    if minute < group.calm_until:
        return
    calm_until = clear_of_all(tables, run, g, minute, group.x_km, group.y_km)
    group.calm_until = max(calm_until, minute + 1)
    if calm_until <= minute:
        for p in range(tables.case[0].patrols):
            if run.clear_until[g, p] <= minute:
                _look(tables, run, g, p)


@kernel
def _look(tables: Any, run: Any, g: int, p: int) -> None:
    """One patrol watches a group, when on duty and not hopelessly far away."""
    group, now, observer = run.groups[g], run.now[0], tables.case[0].posts + p
    table = tables.rate_tables[observer, rate_column(now.weather, now.light, 1)]
    if not may_watch(tables, run, g, p, table.reach_km):
        return
    x, y = place_at(tables, run, p, now.minute)
    metre = int(gap_km(group.x_km - x, group.y_km - y) * METRES)
    if metre >= table.length or not in_sight(tables, run, g, p):
        return
    at = tables.routes[group.route].first_step + group.step
    danger = hazard(tables.rates[table.first + metre], visible_at(tables, run, g, at, group.posture))
    if danger > 0 and _add(tables, run, g, observer, danger):
        detect(tables, run, g, observer)


@kernel
def detect(tables: Any, run: Any, g: int, s: int) -> None:
    """A post or patrol has detected a group: it reports it, and acts alone once the group has put to water."""
    route = report_detection(tables, run, g, s, BY_SIGHT, run.groups[g].step, run.now[0].minute)
    if run.groups[g].stage == ABROAD:
        _respond_alone(tables, run, s, g, route, 0)


@kernel
def see_afloat(tables: Any, run: Any, g: int) -> None:
    """A group that was reported on the far bank puts to water: who reported it tells when and where it lands."""
    now = run.now[0]
    for number in range(now.reports):
        report = run.reports[number]
        if report.group == g:
            since_min = now.minute - report.minute
            report.step, report.minute = place_reported(tables, run, g, run.groups[g].step, now.minute)
            report.due_min = now.minute if report.due_min == NEVER_MORE else report.due_min
            now.next_due = min(now.next_due, report.due_min)
            _respond_alone(tables, run, report.observer, g, report.route, since_min)


@kernel
def report_detection(tables: Any, run: Any, g: int, s: int, how: int, step: int, minute: int) -> int:
    """Note the first detection, and report that the group was at a step; the route that it is believed to be on.

    Tracks are no false alarm: a report of them is not checked.
    """
    group = run.groups[g]
    if group.detected_min == NEVER:
        group.detected_by, group.detected_how, group.detected_min = s + 1, how, run.now[0].minute
    route = believed_route(tables, run, s, g, step)
    x, y = place_of(tables, run, s)
    hear(tables, run, s, g, route, step, minute, how == BY_TRACKS, x, y)
    return route


@kernel
def _respond_alone(tables: Any, run: Any, s: int, g: int, route: int, since_min: int) -> None:
    """Send the own squad, or go oneself, where the place is near enough; a post only on its own stretch of border.

    The report was first made, and its check begun, `since_min` ago.
    """
    group, now, case = run.groups[g], run.now[0], tables.case[0]
    if not is_available(tables, run, s):
        return
    ready = now.minute
    if tables.units[s].kind == IS_POST:
        if not tables.own_stretch[s, tables.routes[group.route].crossing]:
            return
        ready += check_left(check_minutes(case.false_alarm_check, case.check_min), since_min)
    within = tables.units[s].response_km
    step, minute = place_reported(tables, run, g, group.step, now.minute)
    if plan_meeting(tables, run, s, route, step, minute, within, ready + tables.units[s].notice_min):
        send(tables, run, s, run.units[s].men, s, g, route, step, minute)
