"""How far a group comes in compiled code: steps of its route by the minutes that it goes on."""

from __future__ import annotations

import math
from typing import Any

from sim.engine.codes import ABROAD, APPROACH
from sim.engine.compiling import part, small
from sim.rules.movement import progress
from sim.rules.sensing import DAY, LYING_UP, NIGHT

MARGIN_STEPS = 1e-6
"""By so much a group must be short of a step to be surely short of it, whatever was rounded."""

MARGIN_KM = 1e-6
"""By so much a distance must exceed another to be surely larger, whatever was rounded."""


@small
def minutes_to(chart: Any, run: Any, g: int, step: int) -> int:
    """In how many minutes a group that goes on may be at a step at the earliest."""
    group, now = run.groups[g], run.now[0]
    if is_afloat(chart, run, g):
        return step - group.step
    ahead = step - MARGIN_STEPS - _walked(chart, run, g)
    sky = chart.skies[min(now.minute + 1, chart.case[0].horizon_min)]
    night_pace = chart.parties[group.party].night_pace if sky.light == NIGHT else 1.0
    minutes, until_change = whole_up(ahead / (group.pace * night_pace)), sky.next_change - now.minute
    if minutes < until_change:
        return minutes
    # The pace changes with the light, but is never above that by day.
    return max(until_change, whole_up(ahead / group.pace))


@small
def most_per_min(chart: Any, run: Any, g: int, light: int) -> float:
    """The most steps that a group comes on in a minute of a light, but for `most_over`; on the water one a minute."""
    group = run.groups[g]
    party = chart.parties[group.party]
    if group.step < chart.routes[group.route].landing_step:
        return max(1.0, group.pace)
    if light == NIGHT:
        return group.pace * party.night_pace
    return 0.0 if party.lies_up and light == DAY else group.pace


@small
def most_over(run: Any, g: int) -> float:
    """The most steps that come on top, once: what is walked counts in whole steps, and some is left at the bank."""
    return max(1.0, run.groups[g].pace)


@small
def whole_minutes(gap_km: float, km_per_min: float) -> int:
    """Whole minutes in which a gap cannot be closed; 0 where there is none."""
    return int(max(0.0, min(gap_km / max(km_per_min, 1e-9), 1e6)))


@small
def whole_up(minutes: float) -> int:
    """Minutes rounded up; 0 where there are none."""
    return math.ceil(max(0.0, min(minutes, 1e12)))


@small
def is_afloat(chart: Any, run: Any, g: int) -> bool:
    """Whether a group is on the water, where a step takes a minute."""
    group = run.groups[g]
    return group.stage == ABROAD and group.step < chart.routes[group.route].landing_step


@small
def rafted(chart: Any, run: Any, g: int) -> int:
    """Steps of a group that were on the water, once it has landed."""
    route = chart.routes[run.groups[g].route]
    return route.landing_step - route.raft_step if run.groups[g].step >= route.landing_step else 0


@small
def _walked(chart: Any, run: Any, g: int) -> float:
    """Steps behind a group, with those on the water."""
    group = run.groups[g]
    night_pace = chart.parties[group.party].night_pace
    return progress(group.day_min, group.night_min, group.pace, night_pace) + rafted(chart, run, g)


@small
def step_after(chart: Any, run: Any, g: int, minutes: int) -> int:
    """The step at which a group abroad, or at the bank, is after so many minutes in the light of the next one."""
    group, light = run.groups[g], chart.skies[run.now[0].minute + 1].light
    at_bank = group.stage == APPROACH and group.step >= chart.routes[group.route].raft_step
    if at_bank or (group.posture == LYING_UP and light == DAY):
        return group.step
    if is_afloat(chart, run, g):
        return group.step + minutes
    return _step_walked(chart, run, g, 0 if light == NIGHT else minutes, minutes if light == NIGHT else 0)


@small
def _step_walked(chart: Any, run: Any, g: int, day_min: int, night_min: int) -> int:
    """The step at which a group is by the minutes that it has walked, and so many more."""
    group = run.groups[g]
    walked = progress(
        group.day_min + day_min, group.night_min + night_min, group.pace, chart.parties[group.party].night_pace
    )
    return int(walked) + rafted(chart, run, g)


@part
def go(chart: Any, run: Any, g: int, minutes: int) -> None:
    """So many minutes on foot, or on the water."""
    group, now = run.groups[g], run.now[0]
    if is_afloat(chart, run, g):
        group.step += minutes
    else:
        nights = chart.skies[now.minute + minutes].nights - chart.skies[now.minute].nights
        group.night_min += nights
        group.day_min += minutes - nights
        group.step = _step_walked(chart, run, g, 0, 0)
    place = chart.steps[chart.routes[group.route].first_step + group.step]
    group.x_km, group.y_km = place.x_km, place.y_km
