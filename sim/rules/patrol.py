"""Patrols: when they are on duty, which track they walk and where, what they read on it, and who notices them."""

from __future__ import annotations

import math
from bisect import bisect_right

from sim.rules.randomness import (
    LEGS_PER_TRACK,
    PASSAGES_PER_TRACK,
    TRACKS_PER_LINE,
    UNIT,
    Purpose,
    minus_log,
    pair,
    threshold,
    uniform,
)
from sim.rules.sensing import CERTAIN, DAY, NIGHT


def drawn_phase(draw: float, cycle_min: int) -> int:
    """Minutes of a cycle of duty that are over at minute 0."""
    return int(cycle_min * draw)


def drawn_offset(draw: float, length_km: float, back_and_forth: bool) -> float:
    """Where a patrol is on a track at minute 0 (km); back and forth, the way back counts from the length on."""
    turns = 2 if back_and_forth else 1
    return turns * length_km * draw


def turn_of_duty(minute: int, phase_min: int, cycle_min: int) -> int:
    """Number of the turn of duty to which a minute belongs."""
    return (minute + phase_min) // cycle_min


def next_turn(minute: int, phase_min: int, cycle_min: int) -> int:
    """First minute of the turn of duty after that of a minute."""
    return minute + cycle_min - (minute + phase_min) % cycle_min


def waypoint(run: int, who: int, track: int, leg: int, length_km: float) -> float:
    """Where the leg of a random walk on a track of a patrol ends (km along it)."""
    return length_km * uniform(run, who, Purpose.WAYPOINT, track * LEGS_PER_TRACK + leg)


def leg_end(start_min: float, start_km: float, goal_km: float, speed_kmh: float) -> float:
    """Minute at which a leg along a track is walked."""
    return start_min + 60.0 * abs(goal_km - start_km) / speed_kmh


def on_leg(minute: float, start_min: float, start_km: float, end_min: float, goal_km: float) -> float:
    """Distance along the track (km) at a minute of a leg that lasts from `start_min` up to, not with, `end_min`."""
    return start_km + (minute - start_min) / (end_min - start_min) * (goal_km - start_km)


def random_legs(
    run: int, who: int, track: int, start_km: float, length_km: float, speed_kmh: float, horizon_min: int
) -> tuple[list[float], list[float]]:
    """Turning points of a walk from one `waypoint` of a track to the next, up to the horizon.

    Returns
    -------
    tuple
        Minutes at which it turns (the first is 0), and kilometres along the track there.
    """
    minutes, places = [0.0], [start_km]
    while minutes[-1] <= horizon_min:
        place = waypoint(run, who, track, len(places) - 1, length_km)
        minutes.append(leg_end(minutes[-1], places[-1], place, speed_kmh))
        places.append(place)
    return minutes, places


def along_legs(minute: float, minutes: list[float], places: list[float]) -> float:
    """Distance along the track (km) at a minute of a walk by `random_legs`; after its last turn it stands still.

    >>> along_legs(10, [0.0, 20.0, 30.0, 40.0], [0.0, 2.0, 1.0, 2.0])
    1.0
    """
    leg = min(bisect_right(minutes, minute), len(minutes) - 1)
    if minute >= minutes[leg]:
        return places[leg]
    return on_leg(minute, minutes[leg - 1], places[leg - 1], minutes[leg], places[leg])


def drawn_share(draw: float, shares: tuple[float, ...]) -> int:
    """Which of several shares a uniform number falls into, from 1; 0 for what the shares leave over.

    >>> [drawn_share(u, (0.3, 0.2)) for u in (0.1, 0.4, 0.9)]
    [1, 2, 0]
    """
    total = 0.0
    for number, share in enumerate(shares, 1):
        total += share
        if draw < total:
            return number
    return 0


def on_duty(minute: int, phase_min: int, cycle_min: int, duty_share: float) -> bool:
    """Whether a patrol is on its track: the first `duty_share` of each cycle."""
    return (minute + phase_min) % cycle_min < duty_share * cycle_min


def duty_minutes(horizon_min: int, phase_min: int, cycle_min: int, duty_share: float) -> int:
    """How many of the minutes 0 .. horizon - 1 are on duty."""
    watch = math.ceil(duty_share * cycle_min)
    return duty_until(phase_min + horizon_min, cycle_min, watch) - duty_until(phase_min, cycle_min, watch)


def duty_until(minute: int, cycle_min: int, watch_min: int) -> int:
    """How many minutes of watch lie before a minute, where each cycle begins with `watch_min` of them."""
    return minute // cycle_min * watch_min + min(minute % cycle_min, watch_min)


def is_watching(men: int, men_at_start: int, is_free: bool, on_duty: bool) -> bool:
    """Whether a patrol watches from its track: on duty, not sent elsewhere, and not without the men that it had."""
    return (men > 0 or men_at_start == 0) and is_free and on_duty


# -- the control strip -----------------------------------------------------------------------------------------------


def strip_reach_km(near_km: float, speed_kmh: float) -> float:
    """Within which distance a patrol is beside tracks: on wheels it must not jump over them between two minutes."""
    return max(near_km, speed_kmh / 120.0)


def has_faded(minute: int, laid_min: int, lasting_min: float) -> bool:
    """Whether tracks that were laid at a minute can be read no more."""
    return laid_min < minute - lasting_min


def is_beside(along_km: float, tracks_km: float, reach_km: float) -> bool:
    """Whether a patrol is beside tracks at a place of its own track."""
    return abs(along_km - tracks_km) <= reach_km


MEN_WHO_READ = 5
"""Men for whom the chance to find tracks is stated."""


def reading_per_man(find_probability: float) -> float:
    """What one man adds to the hazard of a passage by day, where `MEN_WHO_READ` find tracks with a probability.

    >>> round(5 * reading_per_man(0.4), 6)  # 1 - exp(-0.510826) is 0.4
    0.510826
    """
    certain = CERTAIN / UNIT
    return (minus_log(1.0 - find_probability) if find_probability < 1.0 else certain) / MEN_WHO_READ


def reading_hazard(men: int, per_man: float, light: int, night_factor: float, size_factor: float) -> int:
    """Hazard of one passage to the tracks of a group, in units of 2^-32: in proportion to the men who read.

    Parameters
    ----------
    per_man:
        See `reading_per_man`.
    night_factor:
        What a man who reads by night, with lamps, is worth over one by day or in twilight.
    size_factor:
        See `sim.rules.arrivals.size_factor`.
    """
    scaled = men * per_man * (night_factor if light == NIGHT else 1.0) * size_factor * UNIT
    return int(scaled + 0.5) if scaled < CERTAIN else CERTAIN


def finds_tracks(run: int, group: int, patrol: int, line: int, track: int, passage: int, hazard: int) -> bool:
    """Whether a patrol finds a group's tracks when it comes past them: with 1 - exp(-hazard), one draw a passage.

    Parameters
    ----------
    line, track, passage:
        Line of the strip, own track of the patrol, and how often it has come past them on it.
    hazard:
        See `reading_hazard`.
    """
    counter = (line * TRACKS_PER_LINE + track) * PASSAGES_PER_TRACK + passage
    return threshold(run, pair(group, patrol), Purpose.STRIP, counter) <= hazard


# -- evasion ---------------------------------------------------------------------------------------------------------


def notice_reach_km(notice_km: float, night_factor: float, light: int) -> float:
    """Within which distance a group may notice a patrol in a light."""
    return notice_km * (1.0 if light == DAY else night_factor)


AWAY, UNNOTICED, NOTICED = range(3)
"""What a patrol is to a group: not near, or near and noticed or not."""


def noticed(
    run: int, group: int, patrol: int, near: bool, before: int, encounters: int, probability: float
) -> tuple[int, int]:
    """What a patrol is to a group by now, and how often it has come near: one draw for each of these encounters.

    Parameters
    ----------
    run, group, patrol:
        Key of the run, and the two entities.
    before, encounters:
        The same a minute ago.
    """
    if not near:
        return AWAY, encounters
    if before != AWAY:
        return before, encounters
    seen = uniform(run, pair(group, patrol), Purpose.NOTICE, encounters + 1) < probability
    return NOTICED if seen else UNNOTICED, encounters + 1


def hides_until(minute: int, hide_min: int) -> int:
    """Last minute in which a group keeps out of sight that has a patrol in view at a minute."""
    return minute + hide_min


def is_hiding(minute: int, hidden_until: int) -> bool:
    """Whether a group that has noticed a patrol keeps out of sight this minute: up to and with the last one."""
    return minute <= hidden_until
