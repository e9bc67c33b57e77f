"""Movement: what is near, how far a group or men have come, and where a place on a track is."""

from __future__ import annotations

import math
from collections.abc import Sequence

from sim.rules.light import rests
from sim.rules.sensing import NIGHT

FLAT_KMH = 3.022
"""Tobler's speed on level ground off paths, at which a step of a route takes a minute."""


def gap_km(east_km: float, north_km: float) -> float:
    """Distance over so many kilometres east and north; by the root of the squares, alike in all bits everywhere."""
    return math.sqrt(east_km * east_km + north_km * north_km)


def is_within(east_km: float, north_km: float, within_km: float) -> bool:
    """Whether what lies so many kilometres east and north is within a distance."""
    return gap_km(east_km, north_km) <= within_km


def may_be_within(east_km: float, north_km: float, radius_km: float, within_km: float) -> bool:
    """Whether some place of a circle, whose centre lies so far east and north, may be within a distance."""
    reach = radius_km + within_km
    return abs(east_km) <= reach and abs(north_km) <= reach


def nearest_sample(along_km: float, spacing_km: float, samples: int) -> int:
    """Which of the samples of a track, one each `spacing_km` from its first point, is nearest to a place on it."""
    return min(int(along_km / spacing_km + 0.5), samples - 1)


def between_samples(along_km: float, spacing_km: float, samples: int, length_km: float) -> tuple[int, float]:
    """The sample of a track before a place on it, and which share of the way to the next lies behind.

    >>> between_samples(1.9, 0.5, 5, 1.95)
    (3, 0.888...)
    """
    first = min(int(along_km / spacing_km), samples - 2)
    end = min((first + 1) * spacing_km, length_km)
    return first, (along_km - first * spacing_km) / (end - first * spacing_km)


def between_points(here_km: float, there_km: float, share: float) -> float:
    """A coordinate after a share of the way from one point to another."""
    return here_km + share * (there_km - here_km)


def minutes_for(gap_km: float, speed_kmh: float) -> float:
    """Minutes that a distance takes at a speed."""
    return 60.0 * gap_km / speed_kmh


def along_track(gone_min: float, offset_km: float, speed_kmh: float, length_km: float, loop: bool) -> float:
    """Distance from the track's first point (km) of a patrol that walks without rest, after so many minutes of going.

    Back and forth, the offset lies in [0, 2 length) and the way back counts from the length on; on a loop the
    offset lies in [0, length).

    >>> [along_track(m, 0.0, 6.0, 2.0, False) for m in (0, 10, 20, 30, 40)]
    [0.0, 1.0, 2.0, 1.0, 0.0]
    """
    period = length_km if loop else 2.0 * length_km
    walked = (offset_km + speed_kmh * gone_min / 60.0) % period
    return walked if loop or walked <= length_km else period - walked


def progress(day_minutes: int, night_minutes: int, pace: float, night_pace: float) -> float:
    """Steps of a route that a group has behind it on foot; a step is a minute of plain Tobler going."""
    return pace * (day_minutes + night_pace * night_minutes)


def after_minutes(minutes: int, light: int, day_minutes: int, night_minutes: int) -> tuple[int, int]:
    """Minutes walked by day and by night after so many more in a light; twilight counts as day."""
    return (day_minutes, night_minutes + minutes) if light == NIGHT else (day_minutes + minutes, night_minutes)


ON_FOOT, BY_VEHICLE, EXPECTED = range(3)
"""Who is on the way: men on foot, men who drive, and a group as command expects it."""


def way_of(vehicle: bool) -> int:
    """How men travel."""
    return BY_VEHICLE if vehicle else ON_FOOT


def share_of_pace(light: int, night_pace: float) -> float:
    """What is left of the pace by day in a light; twilight counts as day."""
    return night_pace if light == NIGHT else 1.0


def expected_share(light: int, night_pace: float, day_halts: bool) -> float:
    """The same of a group as command expects it: it lies up by day, or goes on."""
    return 0.0 if rests(day_halts, light) else share_of_pace(light, night_pace)


def minutes_short(travel_min: float, gone_min: float) -> int:
    """Whole minutes that men still need at the least, if they have as much behind them as by day takes so long.

    By night a minute counts for less: when these are over, one asks again.

    >>> minutes_short(30.0, 20.1), minutes_short(30.0, 30.0)
    (10, 0)
    """
    return max(0, math.ceil(travel_min - gone_min))


def gone(line: Sequence[float], minute: int) -> float:
    """Minutes of going by day that the minutes up to one are worth; beyond the end of the line each is worth one.

    >>> [gone([0.0, 1.0, 1.5], minute) for minute in (1, 2, 4)]
    [1.0, 1.5, 3.5]
    """
    last = len(line) - 1
    return line[min(minute, last)] + max(0, minute - last)


def arrival(line: Sequence[float], travel_min: float, leave_min: int) -> int:
    """Minute in which men arrive who leave at a minute for a place that is so far off by day; `line` as for `gone`.

    >>> arrival([0.0, 1.0, 1.5, 2.0, 3.0], 2.0, 1)
    4
    """
    minute, short = leave_min, minutes_short(travel_min, 0.0)
    while short > 0:
        minute += short
        short = minutes_short(travel_min, gone(line, minute) - gone(line, leave_min))
    return minute


def afloat_min(step: int, raft_step: int, landing_step: int) -> int:
    """Minutes that a group at a step still has on the water; a step takes a minute there."""
    return landing_step - step if raft_step <= step < landing_step else 0


def rafted_steps(step: int, raft_step: int, landing_step: int) -> int:
    """Steps on the water of a group that has landed; there a step takes a minute, whatever the pace on foot."""
    return landing_step - raft_step if step >= landing_step else 0


def step_on_foot(
    day_minutes: int, night_minutes: int, pace: float, night_pace: float, step: int, raft_step: int, landing_step: int
) -> int:
    """Step at which a group is by the minutes that it has walked, and those on the water if it has landed at `step`."""
    return int(progress(day_minutes, night_minutes, pace, night_pace)) + rafted_steps(step, raft_step, landing_step)


def step_towards(step: float, goal: int, pace: float) -> float:
    """Step of a route at which men are who go one minute towards another."""
    return step + max(-pace, min(pace, goal - step))
