"""Whole replications in compiled code: minute by minute, and over the hours in which nothing can happen."""

from __future__ import annotations

from typing import Any

from sim.engine.beginning import begin, begin_forces
from sim.engine.commanding import act_on_reports, count_sought
from sim.engine.compiling import entry, kernel
from sim.engine.layout import ENDED, NOBODY_MORE
from sim.engine.marching import step_group
from sim.engine.pursuing import step_pursuit
from sim.engine.sending import chaser_after, is_available
from sim.engine.skipping import next_of_group, next_of_unit, skip_chase, skip_group
from sim.engine.strips import read_strips
from sim.engine.watching import is_watched_for, watch_patrols, watch_posts
from sim.rules.command import is_recognised
from sim.rules.randomness import replication_key


@entry
def run_replications(
    tables_record: Any, run_record: Any, results_record: Any, seed: int, numbers: Any, forced: Any
) -> tuple[int, int]:
    """Run replications one after the other, and put down the records of their groups.

    Parameters
    ----------
    tables_record, run_record, results_record:
        Records of the World's tables, of room for the state of one run, and of room for the results, shape (1,).
    seed:
        Of the keyed streams.
    numbers:
        Of the replications, shape (replications,).
    forced:
        Routes that groups must take, below 0 where they choose, shape (replications, groups) or (replications, 0).

    Returns
    -------
    tuple
        How many replications were run, and how many rows they have. It stops before one for which there is no room:
        in `results_record`, or, with `now.full`, in the state.
    """
    tables, run, results, rows = tables_record[0], run_record[0], results_record[0], 0
    for index in range(len(numbers)):
        begin(tables, run, replication_key(seed, numbers[index]), forced[index])
        if not run.now[0].full:
            _run_on(tables, run)
        now = run.now[0]
        if now.full or rows + now.groups > len(results.rows):
            return index, rows
        for g in range(now.groups):
            group = run.groups[g]
            group.replication, group.weather, group.dispatches = numbers[index], now.weather, now.dispatches
            group.false_alarms, group.duty_min = now.alarms, now.duty_min
            results.rows[rows] = group
            rows += 1
    return len(numbers), rows


@kernel
def _run_on(tables: Any, run: Any) -> None:
    """From the choice of the routes until every group's story has ended, or the horizon is reached."""
    case, now = tables.case[0], run.now[0]
    begin_forces(tables, run)
    going_on = True
    while going_on and now.minute < case.horizon_min and not now.full:
        _skip_to(tables, run, _next_minute(tables, run))
        going_on = _step(tables, run)


@kernel
def _step(tables: Any, run: Any) -> bool:
    """One minute, in the order of `sim.model.model.BorderModel.step`; whether any group's story went on in it."""
    now = run.now[0]
    now.minute += 1
    now.light = tables.skies[now.minute].light
    count_sought(run, now.minute)
    going_on = False
    for g in range(now.groups):
        if run.groups[g].stage != ENDED:
            step_group(tables, run, g)
            if is_watched_for(tables, run, g):
                watch_posts(tables, run, g)
                watch_patrols(tables, run, g)
            going_on = going_on or run.groups[g].stage != ENDED
    if now.next_sign <= now.minute:
        read_strips(tables, run)
    if now.next_due <= now.minute:
        act_on_reports(tables, run)
    _answer_alarms(tables, run, now.minute)
    # In a minute in which men meet the group, others go home whose turn has been or is yet to come.
    u = chaser_after(run, -1)
    while u != NOBODY_MORE:
        step_pursuit(tables, run, u)
        u = chaser_after(run, u)
    return going_on


@kernel
def _next_minute(tables: Any, run: Any) -> int:
    """Next minute in which anything may happen beyond false alarms and what `sim.engine.skipping` passes over.

    The last one at the latest: nothing is known of what comes after it.
    """
    now = run.now[0]
    count_sought(run, now.minute + 1)
    soonest = min(now.next_due, now.next_sign, tables.case[0].horizon_min)
    for place in range(now.chases):
        soonest = min(soonest, next_of_unit(tables, run, run.chasers[place]))
    for g in range(now.groups):
        if soonest <= now.minute + 1:
            return now.minute + 1
        soonest = min(soonest, next_of_group(tables, run, g, soonest))
    return max(soonest, now.minute + 1)


@kernel
def _skip_to(tables: Any, run: Any, minute: int) -> None:
    """Pass over the minutes before one."""
    now = run.now[0]
    between = minute - 1 - now.minute
    if between <= 0:
        return
    # Men who are led go where the group will be: it is passed over after them.
    for place in range(now.chases):
        skip_chase(tables, run, run.chasers[place], between)
    for g in range(now.groups):
        skip_group(tables, run, g, between)
    _answer_alarms(tables, run, minute - 1)
    now.minute = minute - 1
    now.light = tables.skies[now.minute].light


@kernel
def _answer_alarms(tables: Any, run: Any, until_min: int) -> None:
    """Let squads go out for nothing on false alarms up to a minute, each in its own, but for those recognised."""
    case, now, here = tables.case[0], run.now[0], run.now[0].minute
    while now.next_alarm < now.alarms and run.alarms[now.next_alarm].minute <= until_min:
        alarm = run.alarms[now.next_alarm]
        # What lies before the first minute comes in it.
        now.minute = max(alarm.minute, 1)
        who = tables.units[alarm.post].entity
        known = is_recognised(now.key, who, alarm.number, case.false_alarm_check, case.check_catches)
        if is_available(tables, run, alarm.post) and not known:
            run.units[alarm.post].busy_until = now.minute + case.false_alarm_min
        now.next_alarm += 1
    now.minute = here
