"""Clearance in compiled code: until when a group need not fear a patrol, nor the patrol look for the group."""

from __future__ import annotations

from typing import Any

from sim.engine.codes import NEVER_MORE
from sim.engine.compiling import part, small
from sim.engine.going import MARGIN_KM, most_over, most_per_min, step_after, whole_minutes
from sim.engine.patrolling import is_on_duty, next_turn, place_at
from sim.rules.movement import gap_km
from sim.rules.sensing import DAY


@part
def clear_of_all(chart: Any, run: Any, g: int, minute: int, x_km: float, y_km: float) -> int:
    """Note until when a group and each patrol cannot matter to one another; the first of these minutes.

    Where it is not after `minute`, some patrol may matter in it: any whose own `clear_until` is not after it either.
    `x_km` and `y_km` are where the group is before or after its step of that minute.
    """
    soonest = NEVER_MORE
    for p in range(chart.case[0].patrols):
        if run.clear_until[g, p] <= minute:
            _note_clearance(chart, run, g, p, minute, x_km, y_km)
        soonest = min(soonest, run.clear_until[g, p])
    return soonest


@small
def _note_clearance(chart: Any, run: Any, g: int, p: int, minute: int, x_km: float, y_km: float) -> None:
    """The same for one patrol; nothing is noted where it may matter.

    It holds for the light of that minute, but where the group is beyond reach in any light. Never while the group
    counts as near to the patrol: then each minute tells.
    """
    if run.near[g, p] != 0:
        return
    sky, patrol, stride = chart.skies[minute], chart.patrols[p], chart.routes[run.groups[g].route].stride_km
    latest, over = sky.next_change, stride * most_over(run, g)
    away = gap_km(x_km - patrol.centre_x_km, y_km - patrol.centre_y_km) - patrol.radius_km - over
    # In whatever light it goes on: none makes more than `over` a minute.
    beyond_all = whole_minutes(away - _widest_km(chart, run, g, p) - over, over)
    pace, reach = stride * most_per_min(chart, run, g, sky.light), _reach_km(chart, run, g, p, sky.light)
    gap = away - reach - pace
    if minute + beyond_all >= latest:
        run.clear_until[g, p] = minute + 1 + beyond_all
    elif not is_on_duty(chart, run, p, minute):
        run.clear_until[g, p] = next_turn(chart, run, p, minute)
    elif gap > 0.0:
        run.clear_until[g, p] = min(latest, minute + 1 + whole_minutes(gap, pace))
    else:
        x, y = place_at(chart, run, p, minute)
        gap = gap_km(x_km - x, y_km - y) - reach - over - pace
        # Who has several tracks may begin the next turn of duty on another.
        latest = min(latest, next_turn(chart, run, p, minute)) if patrol.tracks > 1 else latest
        if gap > 0.0:
            run.clear_until[g, p] = min(latest, minute + 1 + whole_minutes(gap, pace + patrol.speed_kmh / 60.0))


@small
def _reach_km(chart: Any, run: Any, g: int, p: int, light: int) -> float:
    """Within which distance a group and a patrol can matter to one another in a light."""
    party = chart.parties[run.groups[g].party]
    table = chart.rate_tables[chart.case[0].posts + p, (run.now[0].weather * 3 + light) * 2 + 1]
    notice = party.notice_km * (1.0 if light == DAY else party.notice_night_factor)
    return max(table.reach_km, notice) + MARGIN_KM


@small
def _widest_km(chart: Any, run: Any, g: int, p: int) -> float:
    """The same in whatever light and weather."""
    party = chart.parties[run.groups[g].party]
    return max(chart.patrols[p].widest_km, party.notice_km * max(1.0, party.notice_night_factor)) + MARGIN_KM


@part
def look_ahead(chart: Any, run: Any, g: int, until: int) -> None:
    """Put off, up to `until`, the minute in which a group must look out: to when it is not clear of a patrol.

    Up to then, and no later than the horizon, the group must go on in the light of the next minute, or lie, or wait at
    the bank. What it does and where patrols are is known beforehand, but for the men that are sent; and those watch for
    nothing.
    """
    group, now = run.groups[g], run.now[0]
    first = chart.routes[group.route].first_step
    calm = True
    while calm and group.calm_until < until:
        minute = max(group.calm_until, now.minute + 1)
        place = chart.steps[first + step_after(chart, run, g, minute - 1 - now.minute)]
        soonest = clear_of_all(chart, run, g, minute, place.x_km, place.y_km)
        calm = soonest > minute
        group.calm_until = max(soonest, minute)
