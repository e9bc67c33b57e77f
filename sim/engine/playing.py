"""Playing whole replications in compiled code: minute by minute, and over the hours in which nothing can happen."""

from __future__ import annotations

from typing import Any

from sim.engine.beginning import begin, begin_forces
from sim.engine.codes import ABROAD, ENDED, NOBODY_MORE
from sim.engine.commanding import act_on_reports
from sim.engine.compiling import entry, part
from sim.engine.marching import live
from sim.engine.pursuing import go_on
from sim.engine.sending import chaser_after, is_available
from sim.engine.skipping import next_of_group, pass_over
from sim.engine.skipping_chases import next_of_unit, pass_over_chase
from sim.engine.strips import read_strips
from sim.engine.watching import watch_patrols, watch_posts
from sim.rules.randomness import Purpose, replication_key, uniform


@entry
def play(charts: Any, runs: Any, seed: int, numbers: Any, forced: Any, tolds: Any, whole: bool) -> tuple[int, int]:
    """Play replications one after the other, and tell of their groups.

    Parameters
    ----------
    charts, runs:
        Records of the World's chart, and of room for the state of one run, shape (1,).
    seed:
        Of the keyed streams.
    numbers:
        Of the replications, shape (replications,).
    forced:
        Routes that groups must take, below 0 where they choose, shape (replications, groups) or (replications, 0).
    tolds:
        Record of the room in which the answer is given, shape (1,).
    whole:
        Whether to play on from the choice of the ways.

    Returns
    -------
    tuple
        How many replications were played, and how many rows they have. It stops before one for which there is no room:
        in `tolds`, or, with `now.full`, in the state.
    """
    chart, run, told, rows = charts[0], runs[0], tolds[0], 0
    for index in range(len(numbers)):
        begin(chart, run, replication_key(seed, numbers[index]), forced[index])
        if whole and not run.now[0].full:
            _play_on(chart, run)
        now = run.now[0]
        if now.full or rows + now.groups > len(told.rows):
            return index, rows
        for g in range(now.groups):
            _sum_up(run, g, numbers[index])
            told.rows[rows] = run.groups[g]
            rows += 1
    return len(numbers), rows


@part
def _sum_up(run: Any, g: int, number: int) -> None:
    """Write the totals of the run beside a group."""
    group, now = run.groups[g], run.now[0]
    group.replication, group.weather, group.dispatches = number, now.weather, now.dispatches
    group.false_alarms, group.duty_min = now.alarms, now.duty_min


@part
def _play_on(chart: Any, run: Any) -> None:
    """From the choice of the ways until every group's story has ended, or the horizon is reached."""
    case, now = chart.case[0], run.now[0]
    begin_forces(chart, run)
    going_on = True
    while going_on and now.minute < case.horizon_min and not now.full:
        _skip_to(chart, run, _next_minute(chart, run))
        going_on = _step(chart, run)


@part
def _step(chart: Any, run: Any) -> bool:
    """One minute, in the order of `sim.model.model.BorderModel.step`; whether any group's story went on in it."""
    now = run.now[0]
    now.minute += 1
    now.light = chart.skies[now.minute].light
    going_on = False
    for g in range(now.groups):
        if run.groups[g].stage != ENDED:
            live(chart, run, g)
            if run.groups[g].stage == ABROAD:
                watch_posts(chart, run, g)
                watch_patrols(chart, run, g)
            going_on = going_on or run.groups[g].stage != ENDED
    if now.next_sign <= now.minute:
        read_strips(chart, run)
    if now.next_due <= now.minute:
        act_on_reports(chart, run)
    _answer_alarms(chart, run, now.minute)
    # In a minute in which men meet the group, others go home whose turn has been or is yet to come.
    u = chaser_after(run, -1)
    while u != NOBODY_MORE:
        go_on(chart, run, u)
        u = chaser_after(run, u)
    return going_on


@part
def _next_minute(chart: Any, run: Any) -> int:
    """Next minute in which anything may happen beyond false alarms and what `sim.engine.skipping` passes over.

    The last one at the latest: nothing is known of what comes after it.
    """
    now = run.now[0]
    soonest = min(now.next_due, now.next_sign, chart.case[0].horizon_min)
    for place in range(now.chases):
        soonest = min(soonest, next_of_unit(chart, run, run.chasers[place]))
    for g in range(now.groups):
        if soonest <= now.minute + 1:
            return now.minute + 1
        soonest = min(soonest, next_of_group(chart, run, g, soonest))
    return max(soonest, now.minute + 1)


@part
def _skip_to(chart: Any, run: Any, minute: int) -> None:
    """Pass over the minutes before one."""
    now = run.now[0]
    between = minute - 1 - now.minute
    if between <= 0:
        return
    # Men who are led go where the group will be: it is passed over after them.
    for place in range(now.chases):
        pass_over_chase(chart, run, run.chasers[place], between)
    for g in range(now.groups):
        pass_over(chart, run, g, between)
    _answer_alarms(chart, run, minute - 1)
    now.minute = minute - 1
    now.light = chart.skies[now.minute].light


@part
def _answer_alarms(chart: Any, run: Any, until_min: int) -> None:
    """Send out the squads of posts to which false alarms come up to a minute, each in its own."""
    now = run.now[0]
    while now.next_alarm < now.alarms and run.alarms[now.next_alarm].minute <= until_min:
        _answer_alarm(chart, run, now.next_alarm)
        now.next_alarm += 1


@part
def _answer_alarm(chart: Any, run: Any, number: int) -> None:
    """Go out for nothing, if the squad is there and no check has told the alarm from a true one."""
    case, now, alarm = chart.case[0], run.now[0], run.alarms[number]
    here = now.minute
    # What lies before the first minute comes in it.
    now.minute = max(alarm.minute, 1)
    draw = uniform(now.key, chart.units[alarm.post].entity, Purpose.FALSE_ALARM_CHECK, alarm.number)
    caught = case.false_alarm_check and draw < case.check_catches
    if is_available(chart, run, alarm.post) and not caught:
        run.units[alarm.post].busy_until = now.minute + case.false_alarm_min
    now.minute = here
