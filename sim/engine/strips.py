"""The control strip in compiled code: tracks that groups leave on it, and what patrols read of them."""

from __future__ import annotations

from typing import Any

from sim.engine.bounds import MARGIN_KM
from sim.engine.compiling import kernel
from sim.engine.layout import ABROAD, BY_TRACKS, ENDED, LOOP, NEVER_MORE, TRAIL, UNDRAWN
from sim.engine.patrolling import along_at, is_on_duty, is_watching, next_turn, own_track, turns_at
from sim.engine.sending import is_available, send
from sim.engine.watching import report_detection
from sim.rules.patrol import finds_tracks, has_faded, is_beside, reading_hazard
from sim.rules.randomness import Purpose, threshold


@kernel
def lay_signs(tables: Any, run: Any, g: int) -> None:
    """The group leaves tracks where its last steps crossed the strip."""
    group, now = run.groups[g], run.now[0]
    route = tables.routes[group.route]
    while group.next_strip < route.strips and tables.strips[route.first_strip + group.next_strip].step <= group.step:
        if now.signs == len(run.signs):
            now.full = True
            return
        here, sign = tables.strips[route.first_strip + group.next_strip], run.signs[now.signs]
        sign.patrol, sign.group, sign.line, sign.track = here.patrol, g, here.line, here.track
        sign.along_km = here.along_km
        sign.step, sign.minute, sign.passages, sign.look_again = here.step, now.minute, 0, now.minute
        sign.beside = sign.gone = False
        now.signs += 1
        group.next_strip += 1
        now.next_sign = now.minute


@kernel
def read_strips(tables: Any, run: Any) -> None:
    """Let each patrol look for tracks this minute; those that are found are reported and followed."""
    now = run.now[0]
    now.next_sign = NEVER_MORE
    for p in range(tables.case[0].patrols):
        for number in range(now.signs):
            sign = run.signs[number]
            if sign.patrol == p and not sign.gone:
                if sign.look_again <= now.minute:
                    _read(tables, run, p, number)
                if not sign.gone:
                    now.next_sign = min(now.next_sign, max(sign.look_again, now.minute + 1))


@kernel
def _read(tables: Any, run: Any, p: int, number: int) -> None:
    """One patrol looks for one group's tracks, unless it knows of the group already: it finds nothing new then."""
    sign, now, u = run.signs[number], run.now[0], tables.case[0].posts + p
    too_old = has_faded(now.minute, sign.minute, tables.case[0].lasting_min)
    left = run.left[sign.group, u]
    if too_old or run.groups[sign.group].stage == ENDED or (left <= 0 and left != UNDRAWN):
        sign.gone = True
    elif _finds(tables, run, p, number):
        run.left[sign.group, u] = 0
        _find_tracks(tables, run, p, number)


@kernel
def _finds(tables: Any, run: Any, p: int, number: int) -> bool:
    """Whether a patrol finds tracks this minute: one draw each time that it comes past."""
    sign, now, patrol = run.signs[number], run.now[0], tables.patrols[p]
    came_past = not sign.beside
    sign.beside = False
    sign.look_again = now.minute + 1
    if own_track(tables, run, p, now.minute) != sign.track or not is_on_duty(tables, run, p, now.minute):
        sign.look_again = next_turn(tables, run, p, now.minute)
        return False
    beside = is_beside(along_at(tables, run, p, now.minute), sign.along_km, patrol.strip_reach_km)
    if not beside:
        sign.look_again = not_before(tables, run, p, sign.along_km)
    if not beside or not is_watching(tables, run, p):
        return False
    sign.beside = True
    if not came_past:
        return False
    sign.passages += 1
    case, group, u = tables.case[0], run.groups[sign.group], tables.case[0].posts + p
    size_factor, men = tables.size_factors[group.size], run.units[u].men
    hazard = reading_hazard(men, case.reading_per_man, now.light, case.night_factor, size_factor)
    who = tables.units[u].entity
    return finds_tracks(now.key, group.entity, who, sign.line, sign.track, sign.passages, hazard)


@kernel
def not_before(tables: Any, run: Any, p: int, along_km: float) -> int:
    """Minute before which a patrol that is not beside tracks at a place of its own track cannot be beside them."""
    patrol, minute = tables.patrols[p], run.now[0].minute
    here = along_at(tables, run, p, minute)
    if patrol.mode == LOOP:
        ahead = (along_km - here) % tables.tracks[patrol.first_track + own_track(tables, run, p, minute)].length_km
    else:
        ahead, turn = abs(along_km - here), turns_at(tables, run, p)
        if (turn - here) * (along_km - here) < 0.0:
            ahead += 2.0 * abs(turn - here)
    gap = ahead - patrol.strip_reach_km - MARGIN_KM
    until = minute + 1 + max(0, int(60.0 * gap / patrol.speed_kmh))
    return min(until, next_turn(tables, run, p, minute)) if patrol.tracks > 1 else until


@kernel
def _find_tracks(tables: Any, run: Any, p: int, number: int) -> None:
    """A patrol has found the tracks of a group that it did not know of: it reports and follows them."""
    sign, now, u = run.signs[number], run.now[0], tables.case[0].posts + p
    g, unit, group = sign.group, run.units[u], run.groups[sign.group]
    believed = report_detection(tables, run, g, u, BY_TRACKS, sign.step, sign.minute)
    if is_available(tables, run, u) and group.stage == ABROAD:
        unit.meeting_step, unit.arrive_min, unit.travel_min = sign.step, now.minute, 0
        send(tables, run, u, unit.men, u, g, believed, sign.step, sign.minute)
        # Tracks lie on the group's own route, whatever route command takes it to be on.
        unit.phase, unit.route, unit.step = TRAIL, group.route, float(sign.step)
        unit.contact_hazard = threshold(now.key, unit.with_group, Purpose.TRAIL)
