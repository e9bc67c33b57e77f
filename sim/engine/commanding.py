"""Command in compiled code: it hears reports, waits until they are through, cues, and sends men."""

from __future__ import annotations

from typing import Any

from sim.engine.compiling import inlined, kernel
from sim.engine.layout import ABROAD, APPROACH, ENDED, INLAND, IS_FORCE, NEVER_MORE, NOBODY
from sim.engine.patrolling import place_of
from sim.engine.sending import is_available, plan_meeting, send
from sim.rules import command as rules
from sim.rules.choice import least
from sim.rules.randomness import pair
from sim.rules.response import first_minute

INFINITE = float("inf")


@kernel
def hear(
    tables: Any, run: Any, s: int, g: int, route: int, step: int, minute: int, checked: bool, x_km: float, y_km: float
) -> None:
    """Take in a report from a place; it is acted on when its delay is over, and the check where one is still due."""
    case, now = tables.case[0], run.now[0]
    if now.reports == len(run.reports):
        now.full = True
        return
    who = pair(tables.units[s].entity, run.groups[g].entity)
    delay = rules.report_delay(now.key, who, run.heard[g, s], case.report_delay_min, case.delay_stages)
    delay += rules.check_minutes(case.false_alarm_check and not checked, case.check_min)
    run.heard[g, s] += 1
    report = run.reports[now.reports]
    report.due_min, report.observer, report.group = now.minute + delay, s, g
    report.route, report.step, report.minute, report.x_km, report.y_km = route, step, minute, x_km, y_km
    if run.groups[g].stage == ABROAD:
        report.step, report.minute = place_reported(tables, run, g, step, minute)
    now.reports += 1
    now.next_due = min(now.next_due, report.due_min)


@inlined
def place_reported(tables: Any, run: Any, g: int, step: int, minute: int) -> tuple[int, int]:
    """Step and minute that a report gives: of the sighting; of the landing, where the group is on the water."""
    return rules.place_reported(step, minute, tables.routes[run.groups[g].route].landing_step)


@kernel
def act_on_reports(tables: Any, run: Any) -> None:
    """Act on the reports that are through by now, in the order in which they came.

    Those of a group that is still on the far bank are kept, and acted on again when it puts to water.
    """
    now = run.now[0]
    for number in range(now.reports):
        if run.reports[number].due_min <= now.minute:
            _cue(tables, run, number)
    kept = 0
    now.next_due = NEVER_MORE
    for number in range(now.reports):
        report = run.reports[number]
        if report.due_min <= now.minute and run.groups[report.group].stage == APPROACH:
            report.due_min = NEVER_MORE
        if report.due_min > now.minute:
            run.reports[kept] = run.reports[number]
            now.next_due = min(now.next_due, run.reports[kept].due_min)
            kept += 1
    now.reports = kept


@kernel
def _cue(tables: Any, run: Any, number: int) -> None:
    """Cue neighbours and the interior; if the group has put to water, send those who can meet it soonest."""
    report, case = run.reports[number], tables.case[0]
    group = run.groups[report.group]
    if group.stage == ENDED:
        return
    heard = False
    for u in range(len(tables.units)):
        anybody = run.units[u].men > 0 or tables.units[u].kind == IS_FORCE
        heard = heard or (anybody and _hears(tables, run, number, u))
    if heard:
        group.cued_min = first_minute(group.cued_min, run.now[0].minute)
    if case.cue_interior:
        _alert(tables, run, report.group, report.observer)
    if group.stage == ABROAD:
        _dispatch(tables, run, number)


@kernel
def _alert(tables: Any, run: Any, g: int, s: int) -> None:
    """Put the interior on alert about a group, some time from now, or prolong the alert about it."""
    group, case, now = run.groups[g], tables.case[0], run.now[0].minute
    start, end = rules.alert_span(now, case.interior_delay_min, case.alert_min)
    if not rules.is_prolonged(now, group.alert_start_min, group.alert_end_min):
        group.alert_start_min, group.alerted_by = start, s + 1
    group.alert_end_min = end


@kernel
def _hears(tables: Any, run: Any, number: int, u: int) -> bool:
    """Whether a unit hears of a report: within the sharing radius of its place, or the reaction force."""
    case, report, (x, y) = tables.case[0], run.reports[number], place_of(tables, run, u)
    who = tables.units[report.observer].cues_units, tables.units[u].kind == IS_FORCE, u == report.observer
    east, north = x - report.x_km, y - report.y_km
    return rules.hears_of(who[0], who[1], who[2], case.cue_interior, east, north, case.sharing_radius_km)


@kernel
def _dispatch(tables: Any, run: Any, number: int) -> None:
    """Send the units with the earliest meetings until enough men are under way; of the last only some."""
    report, case = run.reports[number], tables.case[0]
    g, s, minute = report.group, report.observer, report.minute
    under_way, wanted, passing = 0, case.force_ratio * run.groups[g].persons, case.passing_hazard
    for place in range(run.now[0].chases):
        unit = run.units[run.chasers[place]]
        if unit.group == g and rules.is_known(case.common_picture, unit.observer == s):
            under_way += unit.men_out
    if rules.are_enough(under_way, wanted, passing):
        return
    route, step, units = report.route, report.step, len(tables.units)
    for u in range(units):
        run.planned[u] = NEVER_MORE
        asked = _hears(tables, run, number, u) and is_available(tables, run, u)
        ready = run.now[0].minute + tables.units[u].notice_min
        if asked and plan_meeting(tables, run, u, route, step, minute, INFINITE, ready):
            run.planned[u] = run.units[u].arrive_min
    while not rules.are_enough(under_way, wanted, passing):
        u = least(run.planned[0:units])
        if run.planned[u] == NEVER_MORE:
            return
        run.planned[u] = NEVER_MORE
        men = rules.men_to_send(run.units[u].men, under_way, wanted, passing)
        send(tables, run, u, men, s, g, route, step, minute)
        under_way += men


@inlined
def alert_at(run: Any, g: int, minute: int) -> int:
    """Whose report keeps the interior on alert about a group at a minute, as unit + 1; `NOBODY` when it is not."""
    group = run.groups[g]
    return group.alerted_by if rules.is_on_alert(minute, group.alert_start_min, group.alert_end_min) else NOBODY


@kernel
def count_sought(run: Any, minute: int) -> None:
    """Count the groups on the road about which the interior is on alert at a minute."""
    now = run.now[0]
    now.sought = 0
    for g in range(now.groups):
        now.sought += run.groups[g].stage == INLAND and alert_at(run, g, minute) != NOBODY


@kernel
def believed_route(tables: Any, run: Any, observer: int, g: int, step: int) -> int:
    """Number of the route on which a group is believed to be, by an observer who saw it at a step of its route."""
    group = run.groups[g]
    true, who = tables.routes[group.route], tables.units[observer].entity
    forks = tables.forks[true.first_fork : true.first_fork + true.same]
    own, chance = group.route - true.first_same, tables.case[0].route_guess_probability
    return true.first_same + rules.believed_route(run.now[0].key, who, group.entity, chance, forks, own, step)


@inlined
def fork_of(tables: Any, first: int, second: int) -> int:
    """Last step up to which two routes over the same crossing point are the same."""
    route = tables.routes[first]
    return tables.forks[route.first_fork + second - route.first_same]
