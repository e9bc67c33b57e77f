"""Command in compiled code: it hears reports, waits until they are through, cues, and sends men."""

from __future__ import annotations

from typing import Any

from sim.engine.compiling import inlined, kernel
from sim.engine.layout import ABROAD, ENDED, IS_FORCE, NEVER_MORE, NOBODY
from sim.engine.patrolling import place_of
from sim.engine.sending import is_available, plan_meeting, send
from sim.rules import command as rules
from sim.rules.choice import least
from sim.rules.randomness import pair
from sim.rules.response import first_minute

INFINITE = float("inf")


@kernel
def hear(tables: Any, run: Any, s: int, g: int, route: int, step: int, minute: int, checked: bool) -> None:
    """Take in a report; it is acted on when the report delay is over, and the check where one is still due."""
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
    report.route, report.step, report.minute = route, step, minute
    now.reports += 1
    now.next_due = min(now.next_due, report.due_min)


@kernel
def act_on_reports(tables: Any, run: Any) -> None:
    """Act on the reports that are through by now, in the order in which they came."""
    now = run.now[0]
    for number in range(now.reports):
        if run.reports[number].due_min <= now.minute:
            _cue(tables, run, number)
    kept = 0
    now.next_due = NEVER_MORE
    for number in range(now.reports):
        if run.reports[number].due_min > now.minute:
            run.reports[kept] = run.reports[number]
            now.next_due = min(now.next_due, run.reports[kept].due_min)
            kept += 1
    now.reports = kept


@kernel
def _cue(tables: Any, run: Any, number: int) -> None:
    """Cue neighbours and the interior, and send those who can meet the group soonest; nothing if it is over."""
    report, case = run.reports[number], tables.case[0]
    group = run.groups[report.group]
    if group.stage == ENDED:
        return
    heard = False
    for u in range(len(tables.units)):
        anybody = run.units[u].men > 0 or tables.units[u].kind == IS_FORCE
        heard = heard or (anybody and _hears(tables, run, report.observer, u))
    if heard:
        group.cued_min = first_minute(group.cued_min, run.now[0].minute)
    if case.cue_interior:
        _alert(tables, run, report.observer)
    if group.stage == ABROAD:
        _dispatch(tables, run, number)


@kernel
def _alert(tables: Any, run: Any, s: int) -> None:
    """Put the interior on alert, some time from now."""
    now, case = run.now[0], tables.case[0]
    if now.alerts == len(run.alerts):
        now.full = True
        return
    alert = run.alerts[now.alerts]
    alert.start_min, alert.end_min = rules.alert_span(now.minute, case.interior_delay_min, case.alert_min)
    alert.source = s
    now.alerts += 1


@kernel
def _hears(tables: Any, run: Any, s: int, u: int) -> bool:
    """Whether a unit hears of an observer's report: within the sharing radius, or the reaction force."""
    case, here, there = tables.case[0], place_of(tables, run, s), place_of(tables, run, u)
    east, north = there[0] - here[0], there[1] - here[1]
    return rules.hears_of(
        tables.units[u].kind == IS_FORCE, u == s, case.cue_interior, east, north, case.sharing_radius_km
    )


@kernel
def _dispatch(tables: Any, run: Any, number: int) -> None:
    """Send the units with the earliest meetings until the men on the way are enough."""
    report = run.reports[number]
    g, s, minute = report.group, report.observer, report.minute
    on_the_way, common = 0, tables.case[0].common_picture
    for place in range(run.now[0].chases):
        unit = run.units[run.chasers[place]]
        if unit.group == g and rules.is_known(common, unit.observer == s):
            on_the_way += unit.men
    needed = rules.men_needed(tables.case[0].force_ratio, run.groups[g].persons, on_the_way)
    if needed <= 0.0:
        return
    route, step, units = report.route, report.step, len(tables.units)
    for u in range(units):
        run.planned[u] = NEVER_MORE
        asked = _hears(tables, run, s, u) and is_available(tables, run, u)
        if asked and plan_meeting(tables, run, u, route, step, minute, INFINITE, run.now[0].minute):
            run.planned[u] = run.units[u].arrive_min
    while needed > 0.0:
        u = least(run.planned[0:units])
        if run.planned[u] == NEVER_MORE:
            return
        run.planned[u] = NEVER_MORE
        send(tables, run, u, s, g, route, step, minute)
        needed -= run.units[u].men


@inlined
def alert_at(run: Any, minute: int) -> int:
    """Who raised the alert under which the interior is at a minute, as unit + 1; `NOBODY` when there is none.

    Alerts begin and end in the order in which they were raised: those that have ended are passed for good.
    """
    now = run.now[0]
    while now.first_alert < now.alerts and run.alerts[now.first_alert].end_min <= minute:
        now.first_alert += 1
    if now.first_alert < now.alerts:
        alert = run.alerts[now.first_alert]
        if rules.is_on_alert(minute, alert.start_min, alert.end_min):
            return alert.source + 1
    return NOBODY


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
