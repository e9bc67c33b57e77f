"""The road inland in compiled code: its checkpoints, and the interior's search."""

from __future__ import annotations

import math
from typing import Any

from sim.engine.codes import ENDED, INLAND, NOBODY
from sim.engine.commanding import alert_at
from sim.engine.compiling import part
from sim.engine.fighting import engage_inland, reach_target
from sim.rules.randomness import Purpose, threshold, uniform
from sim.rules.road import checkpoint_minute, road_end


@part
def take_the_road(chart: Any, run: Any, g: int) -> None:
    """The group is at the target on the grid, from where it goes on by road."""
    case, group, now = chart.case[0], run.groups[g], run.now[0]
    draw = uniform(now.key, group.entity, Purpose.INLAND_DURATION)
    hours = case.hours_low + draw * (case.hours_high - case.hours_low)
    group.stage, group.road_start_min, group.passed = INLAND, now.minute, 0
    group.road_end_min = road_end(now.minute, group.crossed_min, hours, case.road_hours)
    group.left = threshold(now.key, group.entity, Purpose.INTERIOR_SEARCH)


@part
def go_on_by_road(chart: Any, run: Any, g: int) -> None:
    """One minute on the road."""
    group, now = run.groups[g], run.now[0]
    source = alert_at(run, now.minute)
    stopped_by = _checkpoint(chart, run, g, source != NOBODY)
    if stopped_by == NOBODY:
        stopped_by = _search(chart, run, g, source != NOBODY)
    if stopped_by != NOBODY:
        engage_inland(chart, run, g, stopped_by, source)
    if group.stage != ENDED and now.minute >= group.road_end_min:
        reach_target(chart, run, g)


@part
def _checkpoint(chart: Any, run: Any, g: int, alerted: bool) -> int:
    """The code of the checkpoint that stops the group this minute, if one does."""
    case, group, now = chart.case[0], run.groups[g], run.now[0]
    if group.passed >= case.checkpoints or now.minute < _next_checkpoint(chart, run, g):
        return NOBODY
    group.passed += 1
    chance = case.alerted_stop_probability if alerted else case.stop_probability
    draw = uniform(now.key, group.entity, Purpose.CHECKPOINT, group.passed)
    return len(chart.units) + 1 + group.passed if draw < chance else NOBODY


@part
def _next_checkpoint(chart: Any, run: Any, g: int) -> int:
    group = run.groups[g]
    return checkpoint_minute(group.road_start_min, group.road_end_min, group.passed + 1, chart.case[0].checkpoints)


@part
def _search(chart: Any, run: Any, g: int, alerted: bool) -> int:
    """The code of the interior if it finds the group this minute."""
    group = run.groups[g]
    if group.left <= 0:
        return NOBODY
    group.left -= chart.case[0].alerted_units if alerted else chart.case[0].quiet_units
    return len(chart.units) + 1 if group.left <= 0 else NOBODY


@part
def next_on_road(chart: Any, run: Any, g: int) -> int:
    """Next minute in which anything but search without success can happen to a group on the road."""
    case, group, now = chart.case[0], run.groups[g], run.now[0]
    soonest = group.road_end_min
    if group.passed < case.checkpoints:
        soonest = min(soonest, _next_checkpoint(chart, run, g))
    alerted = alert_at(run, now.minute + 1) != NOBODY
    rate = case.alerted_units if alerted else case.quiet_units
    if group.left > 0 and rate > 0:
        soonest = min(soonest, now.minute + (group.left + rate - 1) // rate)
    if now.first_alert < now.alerts:
        alert = run.alerts[now.first_alert]
        soonest = min(soonest, math.ceil(alert.end_min) if alerted else alert.start_min)
    return max(soonest, now.minute + 1)


@part
def search_on(chart: Any, run: Any, g: int, minutes: int) -> None:
    """So many minutes of search without success, all under the alert or all without, as in the next."""
    group, case = run.groups[g], chart.case[0]
    if group.left > 0:
        alerted = alert_at(run, run.now[0].minute + 1) != NOBODY
        group.left -= minutes * (case.alerted_units if alerted else case.quiet_units)
