"""Response: who can be sent, where men can first meet a group, when they are strong enough, and their way home."""

from __future__ import annotations

import math


def is_free(has_task: bool, minute: int, busy_until: int) -> bool:
    """Whether a unit has no task, and is back from its last one."""
    return not has_task and minute >= busy_until


def can_be_sent(men: int, has_task: bool, minute: int, busy_until: int) -> bool:
    """Whether a unit has men who are free; a patrol must be on duty as well."""
    return men > 0 and is_free(has_task, minute, busy_until)


def first_minute(noted: int, minute: int) -> int:
    """The minute that is noted already, or this one where there is none yet (-1)."""
    return noted if noted >= 0 else minute


def is_own_frontage(along_km: float, own_km: float, frontage_km: float) -> bool:
    """Whether a place along the border lies on the stretch of a post that stands at `own_km`."""
    return abs(own_km - along_km) <= frontage_km / 2


def expected_step(minute: int, seen_step: int, seen_min: int, afloat: int, walked_min: float, pace: float) -> float:
    """Step of its route at which command expects a group at a minute; by it, men are sent to where it is yet to come.

    Parameters
    ----------
    seen_step, seen_min:
        Where and when it was seen last.
    afloat:
        Minutes that it then still had on the water, where a step takes a minute.
    walked_min:
        Minutes that it walks after these, each by day counting as one, by night as less (see `expected_share`).
    pace:
        By day, in steps a minute.

    Examples
    --------
    >>> expected_step(110, 20, 100, 15, 0.0, 0.8), expected_step(125, 20, 100, 15, 10.0, 0.8)
    (30.0, 43.0)
    """
    return seen_step + min(minute - seen_min, afloat) + pace * walked_min


def in_time(expected: float, step: int) -> bool:
    """Whether men who arrive at a step are there no later than a group that is expected at another by then."""
    return expected <= step


def strong_enough(men: int, persons: int, ratio: float) -> bool:
    """Whether so many men take on so many persons."""
    return men > 0 and men >= ratio * persons


def minutes_home(recalled: bool, minute: int, leave_min: int, arrive_min: int, travel_min: float) -> int:
    """Minutes of travel back: the way already gone if recalled under way, else the least-cost way from the place.

    Parameters
    ----------
    leave_min, arrive_min:
        Of the way there.
    travel_min:
        Of the least-cost way, infinite where there is none: then it takes as long as the way there.

    Examples
    --------
    >>> minutes_home(True, 30, 10, 60, 0.0), minutes_home(False, 90, 10, 60, 35.2)
    (20, 36)
    """
    there = arrive_min - leave_min
    if recalled:
        return min(max(0, minute - leave_min), there)
    return math.ceil(travel_min) if travel_min < math.inf else there
