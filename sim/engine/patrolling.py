"""Patrols in compiled code: where they are, and whether they watch."""

from __future__ import annotations

from typing import Any

from sim.engine.compiling import inlined, kernel
from sim.engine.layout import BACK_AND_FORTH, LOOP, RANDOM
from sim.rules import movement
from sim.rules import patrol as rules
from sim.rules.movement import (
    along_track,
    between_points,
    between_samples,
    gap_km,
    is_within,
    may_be_within,
    minutes_for,
    nearest_sample,
    way_of,
)
from sim.rules.randomness import Purpose, uniform
from sim.rules.response import is_free
from sim.world.track import ANCHOR_KM, SAMPLE_KM


@kernel
def begin_patrols(tables: Any, run: Any) -> None:
    """Draw where each patrol is in its turn of duty and on its tracks."""
    case, now = tables.case[0], run.now[0]
    now.duty_min = 0
    for p in range(case.patrols):
        patrol, who = tables.patrols[p], tables.units[case.posts + p].entity
        unit = run.units[case.posts + p]
        unit.duty_phase_min = rules.drawn_phase(uniform(now.key, who, Purpose.DUTY_PHASE), patrol.cycle_min)
        unit.turn, unit.own_track = -1, 0
        for own in range(patrol.tracks):
            number = patrol.first_track + own
            draw, length = uniform(now.key, who, Purpose.PATROL_PHASE, own), tables.tracks[number].length_km
            run.offsets_km[number] = rules.drawn_offset(draw, length, patrol.mode == BACK_AND_FORTH)
            leg = run.legs[number]
            leg.number, leg.start_min, leg.end_min = 0, 0.0, 0.0
            leg.start_km = leg.goal_km = run.offsets_km[number]


@inlined
def own_track(tables: Any, run: Any, p: int, minute: int) -> int:
    """Which of its own tracks a patrol walks in the turn of duty of a minute; drawn once for each turn."""
    patrol, now = tables.patrols[p], run.now[0]
    if patrol.shares == 0:
        return 0
    unit = run.units[tables.case[0].posts + p]
    turn = rules.turn_of_duty(minute, unit.duty_phase_min, patrol.cycle_min)
    if turn != unit.turn:
        who = tables.units[tables.case[0].posts + p].entity
        shares = tables.shares[patrol.first_share : patrol.first_share + patrol.shares]
        unit.turn, unit.own_track = turn, rules.drawn_share(uniform(now.key, who, Purpose.TRACK, turn), shares)
    return unit.own_track


@inlined
def gone(tables: Any, way: int, minute: int) -> float:
    """Minutes of going by day that the minutes up to one are worth, on foot or otherwise."""
    minutes = tables.case[0].horizon_min + 1
    return movement.gone(tables.going[way * minutes : (way + 1) * minutes], minute)


@inlined
def gone_on_track(tables: Any, p: int, minute: int) -> float:
    """The same for a patrol on its track."""
    return gone(tables, way_of(tables.units[tables.case[0].posts + p].vehicle), minute)


@inlined
def along_at(tables: Any, run: Any, p: int, minute: int) -> float:
    """Kilometres along its track at which a patrol is at a minute, of which those before this one are not known."""
    patrol = tables.patrols[p]
    own = own_track(tables, run, p, minute)
    number = patrol.first_track + own
    if patrol.mode == RANDOM:
        return _along_legs(tables, run, p, own, minute)
    track, gone_min = tables.tracks[number], gone_on_track(tables, p, minute)
    return along_track(gone_min, run.offsets_km[number], track.speed_kmh, track.length_km, patrol.mode == LOOP)


@inlined
def turns_at(tables: Any, run: Any, p: int) -> float:
    """Kilometres along its track at which a patrol that does not walk in a loop turns next; ask `along_at` first."""
    patrol, minute = tables.patrols[p], run.now[0].minute
    number = patrol.first_track + own_track(tables, run, p, minute)
    if patrol.mode == RANDOM:
        return run.legs[number].goal_km
    length, gone_min = tables.tracks[number].length_km, gone_on_track(tables, p, minute)
    there_and_back = along_track(gone_min, run.offsets_km[number], tables.tracks[number].speed_kmh, 2.0 * length, True)
    return length if there_and_back <= length else 0.0


@kernel
def _along_legs(tables: Any, run: Any, p: int, own: int, minute: int) -> float:
    patrol, now, gone_min = tables.patrols[p], run.now[0], gone_on_track(tables, p, minute)
    who, track = tables.units[tables.case[0].posts + p].entity, tables.tracks[patrol.first_track + own]
    leg, length = run.legs[patrol.first_track + own], track.length_km
    number, start_min, start_km, end_min, goal_km = leg.number, leg.start_min, leg.start_km, leg.end_min, leg.goal_km
    while gone_min >= end_min:
        start_min, start_km, goal_km = end_min, goal_km, rules.waypoint(now.key, who, own, number, length)
        number, end_min = number + 1, rules.leg_end(start_min, start_km, goal_km, track.speed_kmh)
    if minute <= now.minute:  # else earlier ones are still to be asked for
        leg.number, leg.start_min, leg.start_km = number, start_min, start_km
        leg.end_min, leg.goal_km = end_min, goal_km
    return rules.on_leg(gone_min, start_min, start_km, end_min, goal_km)


@inlined
def place_at(tables: Any, run: Any, p: int, minute: int) -> tuple[float, float]:
    """Where a patrol is at a minute (km)."""
    track = tables.tracks[tables.patrols[p].first_track + own_track(tables, run, p, minute)]
    along = along_at(tables, run, p, minute)
    first, share = between_samples(along, SAMPLE_KM, track.samples, track.length_km)
    here, there = tables.samples[track.first_sample + first], tables.samples[track.first_sample + first + 1]
    return between_points(here.x_km, there.x_km, share), between_points(here.y_km, there.y_km, share)


@inlined
def is_on_duty(tables: Any, run: Any, p: int, minute: int) -> bool:
    """Whether a patrol is out at a minute."""
    patrol, unit = tables.patrols[p], run.units[tables.case[0].posts + p]
    return rules.on_duty(minute, unit.duty_phase_min, patrol.cycle_min, patrol.duty_share)


@inlined
def is_watching(tables: Any, run: Any, p: int) -> bool:
    """Whether a patrol is on its track now, and not sent elsewhere."""
    u = tables.case[0].posts + p
    unit, minute = run.units[u], run.now[0].minute
    free = is_free(run.chasing[u], minute, unit.busy_until)
    return rules.is_watching(unit.men, tables.units[u].men, free, is_on_duty(tables, run, p, minute))


@inlined
def next_turn(tables: Any, run: Any, p: int, minute: int) -> int:
    """First minute of a patrol's turn of duty after that of a minute."""
    patrol, unit = tables.patrols[p], run.units[tables.case[0].posts + p]
    return rules.next_turn(minute, unit.duty_phase_min, patrol.cycle_min)


@inlined
def may_watch(tables: Any, run: Any, g: int, p: int, reach_km: float) -> bool:
    """Whether a patrol watches, and some place of its ground can be within reach of a group."""
    group, patrol = run.groups[g], tables.patrols[p]
    east, north = group.x_km - patrol.centre_x_km, group.y_km - patrol.centre_y_km
    return may_be_within(east, north, patrol.radius_km, reach_km) and is_watching(tables, run, p)


@inlined
def in_sight(tables: Any, run: Any, g: int, p: int) -> bool:
    """Whether a patrol has a line of sight to a group this minute."""
    group, minute = run.groups[g], run.now[0].minute
    track = tables.tracks[tables.patrols[p].first_track + own_track(tables, run, p, minute)]
    sample = track.first_sample + nearest_sample(along_at(tables, run, p, minute), SAMPLE_KM, track.samples)
    return tables.sight[sample, tables.steps[tables.routes[group.route].first_step + group.step].spot]


@kernel
def is_near(tables: Any, run: Any, g: int, p: int, reach_km: float) -> bool:
    """Whether a patrol, watching, is within reach of a group and in its sight."""
    if not may_watch(tables, run, g, p, reach_km):
        return False
    x, y = place_at(tables, run, p, run.now[0].minute)
    near = is_within(run.groups[g].x_km - x, run.groups[g].y_km - y, reach_km)
    return near and in_sight(tables, run, g, p)


@kernel
def travel_from(tables: Any, run: Any, u: int) -> tuple[int, float]:
    """Row of the travel times of a unit, and minutes that it takes it to where they begin."""
    row, posts = tables.units[u].travel_row, tables.case[0].posts
    if row >= 0:
        return row, 0.0
    p, minute = u - posts, run.now[0].minute
    track = tables.tracks[tables.patrols[p].first_track + own_track(tables, run, p, minute)]
    anchor = track.first_anchor + nearest_sample(along_at(tables, run, p, minute), ANCHOR_KM, track.anchors)
    x, y = place_at(tables, run, p, minute)
    there = tables.samples[tables.anchors[anchor]]
    return posts + anchor, minutes_for(gap_km(x - there.x_km, y - there.y_km), track.speed_kmh)


@kernel
def place_of(tables: Any, run: Any, u: int) -> tuple[float, float]:
    """Where a unit is when it has no task (km)."""
    unit, posts = tables.units[u], tables.case[0].posts
    if unit.travel_row >= 0:
        return unit.x_km, unit.y_km
    return place_at(tables, run, u - posts, run.now[0].minute)
