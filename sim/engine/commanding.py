"""Command in compiled code: it hears reports, waits until they are through, cues, and sends men."""

from __future__ import annotations

from typing import Any

from sim.engine.codes import ABROAD, ENDED, FORCE, NEVER_MORE, NOBODY
from sim.engine.compiling import part, small
from sim.engine.patrolling import place_of
from sim.engine.sending import is_available, note_cue, plan_meeting, send
from sim.rules.movement import gap_km
from sim.rules.randomness import MOST_STAGES, Purpose, minus_log, pair, uniform
from sim.rules.response import whole_delay

NO_UNIT = -1
INFINITE = float("inf")


@part
def hear(chart: Any, run: Any, s: int, g: int, route: int, step: int, minute: int, checked: bool) -> None:
    """Take in a report; it is acted on when the report delay is over, and the check where one is still due."""
    case, now = chart.case[0], run.now[0]
    if now.reports == len(run.reports):
        now.full = True
        return
    delay = _delay(chart, run, s, g)
    if case.false_alarm_check and not checked:
        delay += case.check_min
    report = run.reports[now.reports]
    report.due_min, report.sentinel, report.group = now.minute + delay, s, g
    report.route, report.step, report.minute = route, step, minute
    now.reports += 1
    now.next_due = min(now.next_due, report.due_min)


@part
def _delay(chart: Any, run: Any, s: int, g: int) -> int:
    """Minutes that this report takes; drawn anew for each report of a sentinel about a group."""
    case = chart.case[0]
    first = run.heard[g, s] * MOST_STAGES
    run.heard[g, s] += 1
    if case.delay_stages == 0:
        return case.report_delay_min
    who, total = pair(chart.units[s].entity, run.groups[g].entity), 0.0
    for stage in range(case.delay_stages):
        total += minus_log(uniform(run.now[0].key, who, Purpose.REPORT_DELAY, first + stage))
    return whole_delay(float(case.report_delay_min), case.delay_stages, total)


@part
def act_on_reports(chart: Any, run: Any) -> None:
    """Act on the reports that are through by now, in the order in which they came."""
    now = run.now[0]
    for number in range(now.reports):
        if run.reports[number].due_min <= now.minute:
            _cue(chart, run, number)
    kept = 0
    now.next_due = NEVER_MORE
    for number in range(now.reports):
        if run.reports[number].due_min > now.minute:
            run.reports[kept] = run.reports[number]
            now.next_due = min(now.next_due, run.reports[kept].due_min)
            kept += 1
    now.reports = kept


@part
def _cue(chart: Any, run: Any, number: int) -> None:
    """Tell neighbours and the interior, and send those who can meet the group soonest; nothing if it is over."""
    report, case = run.reports[number], chart.case[0]
    group = run.groups[report.group]
    if group.stage == ENDED:
        return
    if case.cue_interior or _neighbours(chart, run, report.sentinel) > 0:
        note_cue(run, report.group)
    if case.cue_interior:
        _alert(chart, run, report.sentinel)
    if group.stage == ABROAD:
        _dispatch(chart, run, number)


@part
def _alert(chart: Any, run: Any, s: int) -> None:
    """Put the interior on alert, some time from now."""
    now, case = run.now[0], chart.case[0]
    if now.alerts == len(run.alerts):
        now.full = True
        return
    alert = run.alerts[now.alerts]
    alert.start_min, alert.source = now.minute + case.interior_delay_min, s
    alert.end_min = alert.start_min + case.alert_min
    now.alerts += 1


@part
def _neighbours(chart: Any, run: Any, s: int) -> int:
    """How many units hear of a sentinel's report."""
    told = 0
    for u in range(len(chart.units)):
        told += _is_told(chart, run, s, u)
    return told


@part
def _is_told(chart: Any, run: Any, s: int, u: int) -> bool:
    """Whether a unit hears of a sentinel's report: within the sharing radius, or the reaction force."""
    case = chart.case[0]
    if chart.units[u].kind == FORCE:
        return case.cue_interior
    if u == s or case.sharing_km <= 0.0:
        return False
    here, there = place_of(chart, run, s), place_of(chart, run, u)
    return gap_km(there[0] - here[0], there[1] - here[1]) <= case.sharing_km


@part
def _dispatch(chart: Any, run: Any, number: int) -> None:
    """Send the units with the earliest meetings until the men on the way are enough."""
    report, case = run.reports[number], chart.case[0]
    g, s, minute = report.group, report.sentinel, report.minute
    # Without a common picture nobody knows of the men who were sent on the report of somebody else.
    needed = case.force_ratio * run.groups[g].persons - _men_after(run, g, NO_UNIT if case.common_picture else s)
    if needed <= 0.0:
        return
    for u in range(len(chart.units)):
        unit = run.units[u]
        unit.planned_step = -1
        if _is_told(chart, run, s, u) and is_available(chart, run, u):
            plan = plan_meeting(chart, run, u, report.route, report.step, minute, INFINITE, run.now[0].minute)
            unit.planned_step, unit.planned_arrive, unit.planned_travel = plan
    while needed > 0.0:
        u = _soonest(run)
        if u == NO_UNIT:
            return
        unit = run.units[u]
        step, arrive, travel = unit.planned_step, unit.planned_arrive, unit.planned_travel
        unit.planned_step = -1
        send(chart, run, u, s, g, report.route, report.step, minute, step, arrive, travel)
        needed -= unit.men


@part
def _soonest(run: Any) -> int:
    """The unit whose plan has the earliest arrival, the first of equals; `NO_UNIT` if nobody has one."""
    best = NO_UNIT
    for u in range(len(run.units)):
        unit = run.units[u]
        if unit.planned_step >= 0 and (best == NO_UNIT or unit.planned_arrive < run.units[best].planned_arrive):
            best = u
    return best


@part
def _men_after(run: Any, g: int, s: int) -> int:
    """Men who are on their way to a group, or near it; only those sent on one sentinel's report, if it is one."""
    men = 0
    for u in range(len(run.units)):
        unit = run.units[u]
        if run.chasing[u] and unit.group == g and (s == NO_UNIT or unit.sentinel == s):
            men += unit.men
    return men


@small
def alert_at(run: Any, minute: int) -> int:
    """Who raised the alert under which the interior is at a minute, as unit + 1; `NOBODY` when there is none.

    Alerts begin and end in the order in which they were raised: those that have ended are passed for good.
    """
    now = run.now[0]
    while now.first_alert < now.alerts and run.alerts[now.first_alert].end_min <= minute:
        now.first_alert += 1
    if now.first_alert < now.alerts and run.alerts[now.first_alert].start_min <= minute:
        return run.alerts[now.first_alert].source + 1
    return NOBODY
