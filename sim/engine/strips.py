"""The control strip in compiled code: tracks that groups leave on patrols' ground, and what patrols read of them."""

from __future__ import annotations

from typing import Any

from sim.engine.codes import ABROAD, BY_TRACKS, ENDED, LOOP, NEVER_MORE, TRAIL
from sim.engine.commanding import hear
from sim.engine.compiling import part
from sim.engine.going import MARGIN_KM
from sim.engine.guessing import believed_route
from sim.engine.patrolling import along_at, is_on_duty, is_watching, next_turn, own_track, turns_at
from sim.engine.sending import is_available, take_up
from sim.engine.state import UNDRAWN
from sim.engine.watching import note_detection
from sim.rules.randomness import PASSAGES_PER_TRACK, Purpose, pair, threshold, uniform


@part
def lay_signs(chart: Any, run: Any, g: int) -> None:
    """The group leaves tracks where its last steps crossed the strip."""
    group, now = run.groups[g], run.now[0]
    route = chart.routes[group.route]
    while group.next_strip < route.strips and chart.strips[route.first_strip + group.next_strip].step <= group.step:
        if now.signs == len(run.signs):
            now.full = True
            return
        here, sign = chart.strips[route.first_strip + group.next_strip], run.signs[now.signs]
        sign.patrol, sign.group, sign.track, sign.along_km = here.patrol, g, here.track, here.along_km
        sign.step, sign.minute, sign.passages, sign.look_again = here.step, now.minute, 0, now.minute
        sign.beside = sign.gone = False
        now.signs += 1
        group.next_strip += 1
        now.next_sign = now.minute


@part
def read_strips(chart: Any, run: Any) -> None:
    """Let each patrol look for tracks this minute; those that are found are reported and followed."""
    now = run.now[0]
    now.next_sign = NEVER_MORE
    for p in range(chart.case[0].patrols):
        for number in range(now.signs):
            sign = run.signs[number]
            if sign.patrol == p and not sign.gone:
                if sign.look_again <= now.minute:
                    _read(chart, run, p, number)
                if not sign.gone:
                    now.next_sign = min(now.next_sign, max(sign.look_again, now.minute + 1))


@part
def _read(chart: Any, run: Any, p: int, number: int) -> None:
    """One patrol looks for one group's tracks, unless it knows of the group already: it finds nothing new then."""
    sign, now, u = run.signs[number], run.now[0], chart.case[0].posts + p
    too_old = sign.minute < now.minute - chart.case[0].strip_lasting_min
    left = run.left[sign.group, u]
    if too_old or run.groups[sign.group].stage == ENDED or (left <= 0 and left != UNDRAWN):
        sign.gone = True
    elif _finds(chart, run, p, number):
        run.left[sign.group, u] = 0
        _find_tracks(chart, run, p, number)


@part
def _finds(chart: Any, run: Any, p: int, number: int) -> bool:
    """Whether a patrol finds tracks this minute: one draw each time that it comes past."""
    sign, now, patrol = run.signs[number], run.now[0], chart.patrols[p]
    came_past = not sign.beside
    sign.beside = False
    sign.look_again = now.minute + 1
    if own_track(chart, run, p, now.minute) != sign.track or not is_on_duty(chart, run, p, now.minute):
        sign.look_again = next_turn(chart, run, p, now.minute)
        return False
    away = abs(along_at(chart, run, p, now.minute) - sign.along_km)
    if not is_watching(chart, run, p) or away > patrol.strip_reach_km:
        if away > patrol.strip_reach_km:
            sign.look_again = not_before(chart, run, p, sign.along_km)
        return False
    sign.beside = True
    if not came_past:
        return False
    sign.passages += 1
    who = pair(run.groups[sign.group].entity, chart.units[chart.case[0].posts + p].entity)
    draw = uniform(now.key, who, Purpose.STRIP, sign.track * PASSAGES_PER_TRACK + sign.passages)
    return draw < chart.case[0].strip_find


@part
def not_before(chart: Any, run: Any, p: int, along_km: float) -> int:
    """Minute before which a patrol that is not beside tracks at a place of its own track cannot be beside them."""
    patrol, minute = chart.patrols[p], run.now[0].minute
    here = along_at(chart, run, p, minute)
    if patrol.mode == LOOP:
        ahead = (along_km - here) % chart.tracks[patrol.first_track + own_track(chart, run, p, minute)].length_km
    else:
        ahead, turn = abs(along_km - here), turns_at(chart, run, p)
        if (turn - here) * (along_km - here) < 0.0:
            ahead += 2.0 * abs(turn - here)
    gap = ahead - patrol.strip_reach_km - MARGIN_KM
    until = minute + 1 + max(0, int(60.0 * gap / patrol.speed_kmh))
    return min(until, next_turn(chart, run, p, minute)) if patrol.tracks > 1 else until


@part
def _find_tracks(chart: Any, run: Any, p: int, number: int) -> None:
    """A patrol has found the tracks of a group that it did not know of: it reports and follows them."""
    sign = run.signs[number]
    g, u = sign.group, chart.case[0].posts + p
    note_detection(run, g, u, BY_TRACKS)
    believed = believed_route(chart, run, u, g, sign.step)
    hear(chart, run, u, g, believed, sign.step, sign.minute, True)
    if is_available(chart, run, u) and run.groups[g].stage == ABROAD:
        _follow(chart, run, u, number, believed)


@part
def _follow(chart: Any, run: Any, u: int, number: int, believed: int) -> None:
    """Take up the trail where the tracks cross the strip, on the group's own way."""
    sign, unit, now = run.signs[number], run.units[u], run.now[0]
    group = run.groups[sign.group]
    take_up(chart, run, u, u, sign.group, believed, sign.step, sign.minute)
    unit.route, unit.meeting_step = group.route, sign.step
    unit.leave_min = unit.arrive_min = now.minute
    unit.deadline_min = now.minute + chart.case[0].pursuit_limit_min
    unit.phase, unit.step = TRAIL, float(sign.step)
    who = pair(chart.units[u].entity, group.entity)
    unit.grip = threshold(now.key, who, Purpose.TRAIL)
