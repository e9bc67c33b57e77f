"""Patrols in compiled code: where they are, whether they watch, and when a group need not fear them."""

from __future__ import annotations

import math
from typing import Any

from sim.engine.codes import BACK_AND_FORTH, LOOP, RANDOM
from sim.engine.compiling import part, small
from sim.rules.movement import (
    along_track,
    between_samples,
    drawn_share,
    gap_km,
    leg_end,
    nearest_sample,
    on_duty,
    on_leg,
)
from sim.rules.randomness import LEGS_PER_TRACK, Purpose, uniform
from sim.rules.sensing import DAY
from sim.world.track import ANCHOR_KM, STAND_KM

MARGIN_KM = 1e-6
"""By so much a distance must exceed another to be surely larger, whatever was rounded."""


@part
def begin_patrols(chart: Any, run: Any) -> None:
    """Draw where each patrol is in its turn of duty and on its tracks."""
    case, now = chart.case[0], run.now[0]
    now.duty_min = 0
    for p in range(case.patrols):
        patrol, who = chart.patrols[p], chart.units[case.posts + p].entity
        unit = run.units[case.posts + p]
        unit.duty_phase_min = int(patrol.cycle_min * uniform(now.key, who, Purpose.DUTY_PHASE))
        unit.turn, unit.own_track = -1, 0
        for own in range(patrol.tracks):
            number = patrol.first_track + own
            turns = 2 if patrol.mode == BACK_AND_FORTH else 1
            draw = uniform(now.key, who, Purpose.PATROL_PHASE, own)
            run.offsets_km[number] = turns * chart.tracks[number].length_km * draw
            leg = run.legs[number]
            leg.number, leg.start_min, leg.end_min = 0, 0.0, 0.0
            leg.start_km = leg.goal_km = run.offsets_km[number]


@small
def own_track(chart: Any, run: Any, p: int) -> int:
    """Which of its own tracks a patrol walks in this turn of duty; drawn once for each turn."""
    patrol, now = chart.patrols[p], run.now[0]
    if patrol.shares == 0:
        return 0
    unit = run.units[chart.case[0].posts + p]
    turn = (now.minute + unit.duty_phase_min) // patrol.cycle_min
    if turn != unit.turn:
        who = chart.units[chart.case[0].posts + p].entity
        shares = chart.shares[patrol.first_share : patrol.first_share + patrol.shares]
        unit.turn, unit.own_track = turn, drawn_share(uniform(now.key, who, Purpose.TRACK, turn), shares)
    return unit.own_track


@small
def along_now(chart: Any, run: Any, p: int) -> float:
    """Kilometres along its track at which a patrol is this minute."""
    patrol = chart.patrols[p]
    own = own_track(chart, run, p)
    number = patrol.first_track + own
    if patrol.mode == RANDOM:
        return _along_legs(chart, run, p, own)
    length = chart.tracks[number].length_km
    return along_track(run.now[0].minute, run.offsets_km[number], patrol.speed_kmh, length, patrol.mode == LOOP)


@part
def _along_legs(chart: Any, run: Any, p: int, own: int) -> float:
    patrol, now = chart.patrols[p], run.now[0]
    who = chart.units[chart.case[0].posts + p].entity
    leg = run.legs[patrol.first_track + own]
    # Minutes are asked for in their order: what lies behind is not needed again.
    while now.minute >= leg.end_min:
        draw = uniform(now.key, who, Purpose.WAYPOINT, own * LEGS_PER_TRACK + leg.number)
        leg.number += 1
        leg.start_min, leg.start_km = leg.end_min, leg.goal_km
        leg.goal_km = chart.tracks[patrol.first_track + own].length_km * draw
        leg.end_min = leg_end(leg.start_min, leg.start_km, leg.goal_km, patrol.speed_kmh)
    return on_leg(now.minute, leg.start_min, leg.start_km, leg.end_min, leg.goal_km)


@small
def place_at(chart: Any, run: Any, p: int, along_km: float) -> tuple[float, float]:
    """Where a patrol is that is so far along its track (km)."""
    track = chart.tracks[chart.patrols[p].first_track + own_track(chart, run, p)]
    first, share = between_samples(along_km, STAND_KM, track.samples, track.length_km)
    here, there = chart.samples[track.first_sample + first], chart.samples[track.first_sample + first + 1]
    return here.x_km + share * (there.x_km - here.x_km), here.y_km + share * (there.y_km - here.y_km)


@small
def is_on_duty(chart: Any, run: Any, p: int) -> bool:
    """Whether a patrol is out this minute."""
    patrol, unit = chart.patrols[p], run.units[chart.case[0].posts + p]
    return on_duty(run.now[0].minute, unit.duty_phase_min, patrol.cycle_min, patrol.duty_share)


@small
def is_watching(chart: Any, run: Any, p: int) -> bool:
    """Whether a patrol is on its track now, and not sent elsewhere."""
    u = chart.case[0].posts + p
    unit = run.units[u]
    if unit.men == 0 and chart.units[u].men > 0:
        return False
    return not run.chasing[u] and run.now[0].minute >= unit.busy_until and is_on_duty(chart, run, p)


@small
def next_turn(chart: Any, run: Any, p: int) -> int:
    """First minute of a patrol's next turn of duty."""
    patrol, unit = chart.patrols[p], run.units[chart.case[0].posts + p]
    return run.now[0].minute + patrol.cycle_min - (run.now[0].minute + unit.duty_phase_min) % patrol.cycle_min


@small
def may_be_within(chart: Any, run: Any, g: int, p: int, reach_km: float) -> bool:
    """Whether a group is so near to the patrol's ground that some place of it can be within reach."""
    group, patrol = run.groups[g], chart.patrols[p]
    reach = patrol.radius_km + reach_km
    return abs(group.x_km - patrol.centre_x_km) <= reach and abs(group.y_km - patrol.centre_y_km) <= reach


@small
def in_sight(chart: Any, run: Any, g: int, p: int, along_km: float) -> bool:
    """Whether a patrol that is so far along its track has a line of sight to a group."""
    group = run.groups[g]
    track = chart.tracks[chart.patrols[p].first_track + own_track(chart, run, p)]
    sample = track.first_sample + nearest_sample(along_km, STAND_KM, track.samples)
    return chart.sight[sample, chart.steps[chart.routes[group.route].first_step + group.step].spot]


@part
def is_near(chart: Any, run: Any, g: int, p: int, reach_km: float) -> bool:
    """Whether a patrol, watching, is within reach of a group and in its sight."""
    if not may_be_within(chart, run, g, p, reach_km) or not is_watching(chart, run, p):
        return False
    along = along_now(chart, run, p)
    x, y = place_at(chart, run, p, along)
    return gap_km(run.groups[g].x_km - x, run.groups[g].y_km - y) <= reach_km and in_sight(chart, run, g, p, along)


@part
def clear_of(chart: Any, run: Any, g: int, p: int) -> bool:
    """Note until when a group need not fear a patrol, nor the patrol look; whether that is so now.

    It holds for the light of now, but where the group is beyond reach in any light. Never while the group counts as
    near to the patrol: then each minute tells.
    """
    if run.near[g, p] != 0:
        return False
    minute, group, patrol = run.now[0].minute, run.groups[g], chart.patrols[p]
    latest, pace = chart.skies[minute].next_change, km_per_min(chart, run, g)
    away = gap_km(group.x_km - patrol.centre_x_km, group.y_km - patrol.centre_y_km) - patrol.radius_km - pace
    beyond_all = whole_minutes(away - _widest_km(chart, run, g, p), pace)
    if minute + beyond_all >= latest:
        run.clear_until[g, p] = minute + 1 + beyond_all
        return True
    if not is_on_duty(chart, run, p):
        run.clear_until[g, p] = next_turn(chart, run, p)
        return True
    # Who looks out for patrols does so before the step of this minute.
    reach = _reach_km(chart, run, g, p) + pace
    gap = away + pace - reach
    if gap > 0.0:
        run.clear_until[g, p] = min(latest, minute + 1 + whole_minutes(gap, pace))
        return True
    x, y = place_at(chart, run, p, along_now(chart, run, p))
    gap = gap_km(group.x_km - x, group.y_km - y) - reach
    if gap <= 0.0:
        return False
    # Who has several tracks may begin the next turn of duty on another.
    latest = min(latest, next_turn(chart, run, p)) if patrol.tracks > 1 else latest
    run.clear_until[g, p] = min(latest, minute + 1 + whole_minutes(gap, pace + patrol.speed_kmh / 60.0))
    return True


@small
def _reach_km(chart: Any, run: Any, g: int, p: int) -> float:
    """Within which distance a group and a patrol can matter to one another in the light of now."""
    now, party = run.now[0], chart.parties[run.groups[g].party]
    table = chart.rate_tables[chart.case[0].posts + p, (now.weather * 3 + now.light) * 2 + 1]
    notice = party.notice_km * (1.0 if now.light == DAY else party.notice_night_factor)
    return max(table.reach_km, notice) + MARGIN_KM


@small
def _widest_km(chart: Any, run: Any, g: int, p: int) -> float:
    """The same in whatever light and weather."""
    party = chart.parties[run.groups[g].party]
    return max(chart.patrols[p].widest_km, party.notice_km * max(1.0, party.notice_night_factor)) + MARGIN_KM


@small
def km_per_min(chart: Any, run: Any, g: int) -> float:
    """More than a group can come on in a minute."""
    return chart.routes[run.groups[g].route].stride_km * (math.floor(run.groups[g].pace) + 1.0)


@small
def whole_minutes(gap_km: float, km_per_min: float) -> int:
    """Whole minutes in which a gap cannot be closed; 0 where there is none."""
    return int(max(0.0, min(gap_km / max(km_per_min, 1e-9), 1e6)))


@small
def whole_up(minutes: float) -> int:
    """Minutes rounded up; 0 where there are none."""
    return math.ceil(max(0.0, min(minutes, 1e12)))


@part
def travel_from(chart: Any, run: Any, u: int) -> tuple[int, float]:
    """Row of the travel times of a unit, and minutes that it takes it to where they begin."""
    row, posts = chart.units[u].travel_row, chart.case[0].posts
    if row >= 0:
        return row, 0.0
    p = u - posts
    along = along_now(chart, run, p)
    track = chart.tracks[chart.patrols[p].first_track + own_track(chart, run, p)]
    anchor = track.first_anchor + nearest_sample(along, ANCHOR_KM, track.anchors)
    x, y = place_at(chart, run, p, along)
    there = chart.samples[chart.anchors[anchor]]
    gap = gap_km(x - there.x_km, y - there.y_km)
    return posts + anchor, 60.0 * gap / chart.patrols[p].speed_kmh


@part
def place_of(chart: Any, run: Any, u: int) -> tuple[float, float]:
    """Where a unit is when it has no task (km)."""
    unit, posts = chart.units[u], chart.case[0].posts
    if unit.travel_row >= 0:
        return unit.x_km, unit.y_km
    return place_at(chart, run, u - posts, along_now(chart, run, u - posts))
