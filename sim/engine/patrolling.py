"""Patrols in compiled code: where they are, and whether they watch."""

from __future__ import annotations

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
from sim.world.track import ANCHOR_KM, SAMPLE_KM


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
def own_track(chart: Any, run: Any, p: int, minute: int) -> int:
    """Which of its own tracks a patrol walks in the turn of duty of a minute; drawn once for each turn."""
    patrol, now = chart.patrols[p], run.now[0]
    if patrol.shares == 0:
        return 0
    unit = run.units[chart.case[0].posts + p]
    turn = (minute + unit.duty_phase_min) // patrol.cycle_min
    if turn != unit.turn:
        who = chart.units[chart.case[0].posts + p].entity
        shares = chart.shares[patrol.first_share : patrol.first_share + patrol.shares]
        unit.turn, unit.own_track = turn, drawn_share(uniform(now.key, who, Purpose.TRACK, turn), shares)
    return unit.own_track


@small
def along_at(chart: Any, run: Any, p: int, minute: int) -> float:
    """Kilometres along its track at which a patrol is at a minute, of which those before this one are not known."""
    patrol = chart.patrols[p]
    own = own_track(chart, run, p, minute)
    number = patrol.first_track + own
    if patrol.mode == RANDOM:
        return _along_legs(chart, run, p, own, minute)
    length = chart.tracks[number].length_km
    return along_track(minute, run.offsets_km[number], patrol.speed_kmh, length, patrol.mode == LOOP)


@small
def turns_at(chart: Any, run: Any, p: int) -> float:
    """Kilometres along its track at which a patrol that does not walk in a loop turns next; ask `along_at` first."""
    patrol, minute = chart.patrols[p], run.now[0].minute
    number = patrol.first_track + own_track(chart, run, p, minute)
    if patrol.mode == RANDOM:
        return run.legs[number].goal_km
    length = chart.tracks[number].length_km
    there_and_back = along_track(minute, run.offsets_km[number], patrol.speed_kmh, 2.0 * length, True)
    return length if there_and_back <= length else 0.0


@part
def _along_legs(chart: Any, run: Any, p: int, own: int, minute: int) -> float:
    patrol, now = chart.patrols[p], run.now[0]
    who, length = chart.units[chart.case[0].posts + p].entity, chart.tracks[patrol.first_track + own].length_km
    leg = run.legs[patrol.first_track + own]
    number, start_min, start_km, end_min, goal_km = leg.number, leg.start_min, leg.start_km, leg.end_min, leg.goal_km
    while minute >= end_min:
        draw = uniform(now.key, who, Purpose.WAYPOINT, own * LEGS_PER_TRACK + number)
        number, start_min, start_km, goal_km = number + 1, end_min, goal_km, length * draw
        end_min = leg_end(start_min, start_km, goal_km, patrol.speed_kmh)
    if minute <= now.minute:  # else earlier ones are still to be asked for
        leg.number, leg.start_min, leg.start_km = number, start_min, start_km
        leg.end_min, leg.goal_km = end_min, goal_km
    return on_leg(minute, start_min, start_km, end_min, goal_km)


@small
def place_at(chart: Any, run: Any, p: int, minute: int) -> tuple[float, float]:
    """Where a patrol is at a minute (km)."""
    track = chart.tracks[chart.patrols[p].first_track + own_track(chart, run, p, minute)]
    along = along_at(chart, run, p, minute)
    first, share = between_samples(along, SAMPLE_KM, track.samples, track.length_km)
    here, there = chart.samples[track.first_sample + first], chart.samples[track.first_sample + first + 1]
    return here.x_km + share * (there.x_km - here.x_km), here.y_km + share * (there.y_km - here.y_km)


@small
def is_on_duty(chart: Any, run: Any, p: int, minute: int) -> bool:
    """Whether a patrol is out at a minute."""
    patrol, unit = chart.patrols[p], run.units[chart.case[0].posts + p]
    return on_duty(minute, unit.duty_phase_min, patrol.cycle_min, patrol.duty_share)


@small
def is_watching(chart: Any, run: Any, p: int) -> bool:
    """Whether a patrol is on its track now, and not sent elsewhere."""
    u = chart.case[0].posts + p
    unit = run.units[u]
    if unit.men == 0 and chart.units[u].men > 0:
        return False
    minute = run.now[0].minute
    return not run.chasing[u] and minute >= unit.busy_until and is_on_duty(chart, run, p, minute)


@small
def next_turn(chart: Any, run: Any, p: int, minute: int) -> int:
    """First minute of a patrol's turn of duty after that of a minute."""
    patrol, unit = chart.patrols[p], run.units[chart.case[0].posts + p]
    return minute + patrol.cycle_min - (minute + unit.duty_phase_min) % patrol.cycle_min


@small
def may_be_within(chart: Any, run: Any, g: int, p: int, reach_km: float) -> bool:
    """Whether a group is so near to the patrol's ground that some place of it can be within reach."""
    group, patrol = run.groups[g], chart.patrols[p]
    reach = patrol.radius_km + reach_km
    return abs(group.x_km - patrol.centre_x_km) <= reach and abs(group.y_km - patrol.centre_y_km) <= reach


@small
def in_sight(chart: Any, run: Any, g: int, p: int) -> bool:
    """Whether a patrol has a line of sight to a group this minute."""
    group, minute = run.groups[g], run.now[0].minute
    track = chart.tracks[chart.patrols[p].first_track + own_track(chart, run, p, minute)]
    sample = track.first_sample + nearest_sample(along_at(chart, run, p, minute), SAMPLE_KM, track.samples)
    return chart.sight[sample, chart.steps[chart.routes[group.route].first_step + group.step].spot]


@part
def is_near(chart: Any, run: Any, g: int, p: int, reach_km: float) -> bool:
    """Whether a patrol, watching, is within reach of a group and in its sight."""
    if not may_be_within(chart, run, g, p, reach_km) or not is_watching(chart, run, p):
        return False
    x, y = place_at(chart, run, p, run.now[0].minute)
    return gap_km(run.groups[g].x_km - x, run.groups[g].y_km - y) <= reach_km and in_sight(chart, run, g, p)


@part
def travel_from(chart: Any, run: Any, u: int) -> tuple[int, float]:
    """Row of the travel times of a unit, and minutes that it takes it to where they begin."""
    row, posts = chart.units[u].travel_row, chart.case[0].posts
    if row >= 0:
        return row, 0.0
    p, minute = u - posts, run.now[0].minute
    track = chart.tracks[chart.patrols[p].first_track + own_track(chart, run, p, minute)]
    anchor = track.first_anchor + nearest_sample(along_at(chart, run, p, minute), ANCHOR_KM, track.anchors)
    x, y = place_at(chart, run, p, minute)
    there = chart.samples[chart.anchors[anchor]]
    gap = gap_km(x - there.x_km, y - there.y_km)
    return posts + anchor, 60.0 * gap / chart.patrols[p].speed_kmh


@part
def place_of(chart: Any, run: Any, u: int) -> tuple[float, float]:
    """Where a unit is when it has no task (km)."""
    unit, posts = chart.units[u], chart.case[0].posts
    if unit.travel_row >= 0:
        return unit.x_km, unit.y_km
    return place_at(chart, run, u - posts, run.now[0].minute)
