"""Movement: where a patrol is on its track, how far a group has come, and what light there is."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable

from sim.rules.sensing import DAY, NIGHT, TWILIGHT


def clock(minute: int, start_clock_min: int) -> int:
    """Minutes after midnight at a minute of the run.

    >>> clock(90, 23 * 60)
    30
    """
    return (start_clock_min + minute) % 1440


def light_class(clock_min: int, sunrise_min: int, sunset_min: int, twilight_min: int) -> int:
    """Day, twilight or night at a clock time.

    >>> [light_class(h * 60, 415, 1049, 27) for h in (3, 12, 22)] == [NIGHT, DAY, NIGHT]
    True
    """
    if sunrise_min <= clock_min < sunset_min:
        return DAY
    if sunrise_min - twilight_min <= clock_min < sunset_min + twilight_min:
        return TWILIGHT
    return NIGHT


def gap_km(east_km: float, north_km: float) -> float:
    """Distance over so many kilometres east and north; by the root of the squares, alike in all bits everywhere.

    >>> gap_km(3.0, -4.0)
    5.0
    """
    return math.sqrt(east_km * east_km + north_km * north_km)


def nearest_sample(along_km: float, spacing_km: float, samples: int) -> int:
    """Which of the samples of a track, one each `spacing_km` from its first point, is nearest to a place on it.

    >>> [nearest_sample(km, 0.25, 9) for km in (0.0, 0.1, 0.13, 5.0)]
    [0, 0, 1, 8]
    """
    return min(int(along_km / spacing_km + 0.5), samples - 1)


def between_samples(along_km: float, spacing_km: float, samples: int, length_km: float) -> tuple[int, float]:
    """The sample of a track before a place on it, and which share of the way to the next lies behind.

    >>> between_samples(1.9, 0.5, 5, 1.95)
    (3, 0.888...)
    """
    first = min(int(along_km / spacing_km), samples - 2)
    end = min((first + 1) * spacing_km, length_km)
    return first, (along_km - first * spacing_km) / (end - first * spacing_km)


def along_track(minute: int, offset_km: float, speed_kmh: float, length_km: float, loop: bool) -> float:
    """Distance from the track's first point (km) of a patrol that walks without rest.

    Back and forth, the offset lies in [0, 2 length) and the way back counts from the length on; on a loop the
    offset lies in [0, length).

    >>> [along_track(m, 0.0, 6.0, 2.0, False) for m in (0, 10, 20, 30, 40)]
    [0.0, 1.0, 2.0, 1.0, 0.0]
    """
    period = length_km if loop else 2.0 * length_km
    walked = (offset_km + speed_kmh * minute / 60.0) % period
    return walked if loop or walked <= length_km else period - walked


def leg_end(start_min: float, start_km: float, goal_km: float, speed_kmh: float) -> float:
    """Minute at which a leg along a track is walked.

    >>> leg_end(10.0, 3.0, 1.0, 6.0)
    30.0
    """
    return start_min + 60.0 * abs(goal_km - start_km) / speed_kmh


def on_leg(minute: float, start_min: float, start_km: float, end_min: float, goal_km: float) -> float:
    """Distance along the track (km) at a minute of a leg that lasts from `start_min` up to, not with, `end_min`.

    >>> on_leg(15.0, 10.0, 3.0, 30.0, 1.0)
    2.5
    """
    return start_km + (minute - start_min) / (end_min - start_min) * (goal_km - start_km)


def random_legs(
    start_km: float, length_km: float, speed_kmh: float, horizon_min: int, draw: Callable[[int], float]
) -> tuple[list[float], list[float]]:
    """Turning points of a walk from one uniform random point of a track to the next, up to the horizon.

    Returns
    -------
    tuple
        Minutes at which it turns (the first is 0), and kilometres along the track there.

    Examples
    --------
    >>> random_legs(0.0, 4.0, 6.0, 30, lambda k: (0.5, 0.25)[k % 2])
    ([0.0, 20.0, 30.0, 40.0], [0.0, 2.0, 1.0, 2.0])
    """
    minutes, places = [0.0], [start_km]
    while minutes[-1] <= horizon_min:
        place = length_km * draw(len(places) - 1)
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
    """Whether a patrol is on its track: the first `duty_share` of each cycle.

    >>> sum(on_duty(m, 17, 100, 0.43) for m in range(1000))
    430
    """
    return (minute + phase_min) % cycle_min < duty_share * cycle_min


def duty_minutes(horizon_min: int, phase_min: int, cycle_min: int, duty_share: float) -> int:
    """How many of the minutes 0 .. horizon - 1 are on duty.

    >>> duty_minutes(1234, 17, 100, 0.43) == sum(on_duty(m, 17, 100, 0.43) for m in range(1234))
    True
    """
    watch = math.ceil(duty_share * cycle_min)
    return duty_until(phase_min + horizon_min, cycle_min, watch) - duty_until(phase_min, cycle_min, watch)


def duty_until(minute: int, cycle_min: int, watch_min: int) -> int:
    """How many minutes of watch lie before a minute, where each cycle begins with `watch_min` of them.

    >>> duty_until(250, 100, 43)
    129
    """
    return minute // cycle_min * watch_min + min(minute % cycle_min, watch_min)


def progress(day_minutes: int, night_minutes: int, pace: float, night_pace: float) -> float:
    """Steps of a route that a group has behind it; a step is a minute of plain Tobler going."""
    return pace * (day_minutes + night_pace * night_minutes)


def step_towards(step: float, goal: int, pace: float) -> float:
    """Step of a route at which men are who go one minute towards another.

    >>> step_towards(10.0, 14, 1.5), step_towards(10.0, 9, 1.5)
    (11.5, 9.0)
    """
    return step + max(-pace, min(pace, goal - step))
