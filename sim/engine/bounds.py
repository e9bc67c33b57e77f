"""Bounds in compiled code: where a group will be, and until when it and a patrol cannot matter to one another."""

from __future__ import annotations

import math
from typing import Any

from sim.engine.compiling import inlined, kernel
from sim.engine.layout import ABROAD, APPROACH, NEVER_MORE, rate_column
from sim.engine.patrolling import is_on_duty, next_turn, place_at
from sim.rules.light import rests
from sim.rules.movement import after_minutes, gap_km, progress, rafted_steps, step_on_foot
from sim.rules.patrol import AWAY, notice_reach_km
from sim.rules.sensing import LYING_UP, NIGHT

MARGIN_STEPS = 1e-6
"""By so much a group must be short of a step to be surely short of it, whatever was rounded."""

MARGIN_KM = 1e-6
"""By so much a distance must exceed another to be surely larger, whatever was rounded."""


@inlined
def sky_in(tables: Any, run: Any, minutes: int) -> Any:
    """The sky in so many minutes from now; after the horizon that of the horizon."""
    return tables.skies[min(run.now[0].minute + minutes, tables.case[0].horizon_min)]


@inlined
def minutes_to(tables: Any, run: Any, g: int, step: int) -> int:
    """In how many minutes a group that goes on may be at a step at the earliest."""
    group, now = run.groups[g], run.now[0]
    if is_afloat(tables, run, g):
        return step - group.step
    ahead = step - MARGIN_STEPS - _walked(tables, run, g)
    sky = sky_in(tables, run, 1)
    night_pace = tables.parties[group.party].night_pace if sky.light == NIGHT else 1.0
    minutes, until_change = whole_up(ahead / (group.pace * night_pace)), sky.next_change - now.minute
    if minutes < until_change:
        return minutes
    # The pace changes with the light, but is never above that by day.
    return max(until_change, whole_up(ahead / group.pace))


@inlined
def most_per_min(tables: Any, run: Any, g: int, light: int) -> float:
    """The most steps that a group comes on in a minute of a light, but for `most_over`; on the water one a minute."""
    group = run.groups[g]
    party = tables.parties[group.party]
    if group.step < tables.routes[group.route].landing_step:
        return max(1.0, group.pace)
    if light == NIGHT:
        return group.pace * party.night_pace
    return 0.0 if rests(party.lies_up, light) else group.pace


@inlined
def most_over(run: Any, g: int) -> float:
    """The most steps that come on top, once: what is walked counts in whole steps, and some is left at the bank."""
    return max(1.0, run.groups[g].pace)


@inlined
def minutes_held(hazard: int, per_min: int) -> int:
    """In how many minutes a hazard is used up of which so much goes in each; a great many if none does."""
    return (hazard + per_min - 1) // per_min if per_min > 0 else NEVER_MORE


@inlined
def whole_minutes(gap_km: float, km_per_min: float) -> int:
    """Whole minutes in which a gap cannot be closed; 0 where there is none."""
    return int(max(0.0, min(gap_km / max(km_per_min, 1e-9), 1e6)))


@inlined
def whole_up(minutes: float) -> int:
    """Minutes rounded up; 0 where there are none."""
    return math.ceil(max(0.0, min(minutes, 1e12)))


@inlined
def is_afloat(tables: Any, run: Any, g: int) -> bool:
    """Whether a group is on the water, where a step takes a minute."""
    group = run.groups[g]
    return group.stage == ABROAD and group.step < tables.routes[group.route].landing_step


@inlined
def rafted(tables: Any, run: Any, g: int) -> int:
    """Steps of a group that were on the water, once it has landed."""
    route = tables.routes[run.groups[g].route]
    return rafted_steps(run.groups[g].step, route.raft_step, route.landing_step)


@inlined
def _walked(tables: Any, run: Any, g: int) -> float:
    """Steps behind a group, with those on the water."""
    group = run.groups[g]
    night_pace = tables.parties[group.party].night_pace
    return progress(group.day_min, group.night_min, group.pace, night_pace) + rafted(tables, run, g)


@inlined
def step_after(tables: Any, run: Any, g: int, minutes: int) -> int:
    """The step at which a group abroad, or at the bank, is after so many minutes in the light of the next one."""
    group = run.groups[g]
    if stays(tables, run, g):
        return group.step
    if is_afloat(tables, run, g):
        return group.step + minutes
    return step_walked(tables, run, g, minutes, tables.skies[run.now[0].minute + 1].light)


@inlined
def stays(tables: Any, run: Any, g: int) -> bool:
    """Whether a group waits at the bank, or goes on lying up in the light of the next minute."""
    group = run.groups[g]
    at_bank = group.stage == APPROACH and group.step >= tables.routes[group.route].raft_step
    return at_bank or rests(group.posture == LYING_UP, tables.skies[run.now[0].minute + 1].light)


@inlined
def step_walked(tables: Any, run: Any, g: int, minutes: int, light: int) -> int:
    """The step at which a group is by the minutes that it has walked, and so many more in a light."""
    group, route = run.groups[g], tables.routes[run.groups[g].route]
    day_min, night_min = after_minutes(minutes, light, group.day_min, group.night_min)
    night_pace = tables.parties[group.party].night_pace
    return step_on_foot(day_min, night_min, group.pace, night_pace, group.step, route.raft_step, route.landing_step)


@kernel
def go(tables: Any, run: Any, g: int, minutes: int) -> None:
    """So many minutes on foot, or on the water."""
    group, now = run.groups[g], run.now[0]
    if is_afloat(tables, run, g):
        group.step += minutes
    else:
        nights = tables.skies[now.minute + minutes].nights - tables.skies[now.minute].nights
        group.night_min += nights
        group.day_min += minutes - nights
        group.step = step_walked(tables, run, g, 0, now.light)
    place = tables.steps[tables.routes[group.route].first_step + group.step]
    group.x_km, group.y_km = place.x_km, place.y_km


@kernel
def clear_of_all(tables: Any, run: Any, g: int, minute: int, x_km: float, y_km: float) -> int:
    """Note until when a group and each patrol cannot matter to one another; the first of these minutes.

    Where it is not after `minute`, some patrol may matter in it: any whose own `clear_until` is not after it either.
    `x_km` and `y_km` are where the group is before or after its step of that minute.
    """
    soonest = NEVER_MORE
    for p in range(tables.case[0].patrols):
        if run.clear_until[g, p] <= minute:
            _note_clearance(tables, run, g, p, minute, x_km, y_km)
        soonest = min(soonest, run.clear_until[g, p])
    return soonest


@inlined
def _note_clearance(tables: Any, run: Any, g: int, p: int, minute: int, x_km: float, y_km: float) -> None:
    """The same for one patrol; nothing is noted where it may matter.

    It holds for the light of that minute, but where the group is beyond reach in any light. Never while the group
    counts as near to the patrol: then each minute is stepped.
    """
    if run.near[g, p] != AWAY:
        return
    sky, patrol, stride = tables.skies[minute], tables.patrols[p], tables.routes[run.groups[g].route].stride_km
    latest, over = sky.next_change, stride * most_over(run, g)
    away = gap_km(x_km - patrol.centre_x_km, y_km - patrol.centre_y_km) - patrol.radius_km - over
    # In whatever light it goes on: none makes more than `over` a minute.
    beyond_all = whole_minutes(away - _widest_km(tables, run, g, p) - over, over)
    pace, reach = stride * most_per_min(tables, run, g, sky.light), _reach_km(tables, run, g, p, sky.light)
    gap = away - reach - pace
    if minute + beyond_all >= latest:
        run.clear_until[g, p] = minute + 1 + beyond_all
    elif not is_on_duty(tables, run, p, minute):
        run.clear_until[g, p] = next_turn(tables, run, p, minute)
    elif gap > 0.0:
        run.clear_until[g, p] = min(latest, minute + 1 + whole_minutes(gap, pace))
    else:
        x, y = place_at(tables, run, p, minute)
        gap = gap_km(x_km - x, y_km - y) - reach - over - pace
        # Who has several tracks may begin the next turn of duty on another.
        latest = min(latest, next_turn(tables, run, p, minute)) if patrol.tracks > 1 else latest
        if gap > 0.0:
            run.clear_until[g, p] = min(latest, minute + 1 + whole_minutes(gap, pace + patrol.speed_kmh / 60.0))


@inlined
def _reach_km(tables: Any, run: Any, g: int, p: int, light: int) -> float:
    """Within which distance a group and a patrol can matter to one another in a light."""
    party = tables.parties[run.groups[g].party]
    table = tables.rate_tables[tables.case[0].posts + p, rate_column(run.now[0].weather, light, 1)]
    notice = notice_reach_km(party.notice_km, party.notice_night_factor, light)
    return max(table.reach_km, notice) + MARGIN_KM


@inlined
def _widest_km(tables: Any, run: Any, g: int, p: int) -> float:
    """The same in whatever light and weather."""
    party = tables.parties[run.groups[g].party]
    return max(tables.patrols[p].widest_km, party.notice_km * max(1.0, party.notice_night_factor)) + MARGIN_KM


@kernel
def look_ahead(tables: Any, run: Any, g: int, until: int) -> None:
    """Put off, up to `until`, the minute in which a group must look out: to when it is not clear of a patrol.

    Up to then, and no later than the horizon, the group must go on in the light of the next minute, or lie, or wait at
    the bank. What it does and where patrols are is known beforehand, but for the men that are sent; and those watch for
    nothing.
    """
    group, now = run.groups[g], run.now[0]
    first = tables.routes[group.route].first_step
    calm = True
    while calm and group.calm_until < until:
        minute = max(group.calm_until, now.minute + 1)
        place = tables.steps[first + step_after(tables, run, g, minute - 1 - now.minute)]
        soonest = clear_of_all(tables, run, g, minute, place.x_km, place.y_km)
        calm = soonest > minute
        group.calm_until = max(soonest, minute)
