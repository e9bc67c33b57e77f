"""Response: who can be sent, where men can first meet a group, when they are strong enough, and their way home."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray


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


def expected_minute(step: Any, last_step: int, last_min: int, pace: float) -> Any:
    """When command expects a group, last seen at `last_step`, at a step of its route; takes arrays too."""
    return last_min + (step - last_step) / pace


def in_time(travel_min: Any, ready_min: float, group_min: Any) -> Any:
    """Whether men who leave at `ready_min` can be at a place no later than the group; takes arrays too."""
    return ready_min + travel_min <= group_min


def earliest_meeting(travel_min: NDArray[np.float64], ready_min: float, group_min: NDArray[np.float64]) -> int:
    """First step of a route at which the men can be no later than the group, or -1.

    Parameters
    ----------
    travel_min:
        Minutes of travel to each step, infinite where it cannot be reached, shape (steps,).
    ready_min:
        When the men leave.
    group_min:
        When the group is expected at each step, shape (steps,).

    Examples
    --------
    >>> earliest_meeting(np.array([30.0, 20.0, 12.0]), 0.0, np.array([0.0, 10.0, 20.0]))
    2
    """
    feasible = in_time(travel_min, ready_min, group_min)
    return int(feasible.argmax()) if feasible.any() else -1


def expected_minutes(steps: int, last_step: int, last_min: int, pace: float) -> NDArray[np.float64]:
    """When command expects a group at the steps from `last_step` on, shape (steps - last_step,)."""
    return np.asarray(expected_minute(np.arange(last_step, steps), last_step, last_min, pace))


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
