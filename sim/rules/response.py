"""Response: where men who are sent can first meet a group, and what they may do when they do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.rules.randomness import minus_log


def expected_minute(step: Any, last_step: int, last_min: int, pace: float) -> Any:
    """When command expects a group, last seen at `last_step`, at a step of its route; takes arrays too.

    >>> expected_minute(4, 1, 100, 0.5)
    106.0
    """
    return last_min + (step - last_step) / pace


def in_time(travel_min: Any, ready_min: float, group_min: Any) -> Any:
    """Whether men who leave at `ready_min` can be at a place no later than the group; takes arrays too."""
    return ready_min + travel_min <= group_min


def whole_delay(mean_min: float, stages: int, total: float) -> int:
    """Minutes of a delay whose exponential stages, of mean 1 each, add up to `total`.

    >>> whole_delay(30.0, 3, 3.3)
    33
    """
    return int(mean_min * total / stages + 0.5)


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
    """When command expects a group at the steps from `last_step` on, shape (steps - last_step,).

    >>> expected_minutes(4, 1, 100, 0.5).tolist()
    [100.0, 102.0, 104.0]
    """
    return np.asarray(expected_minute(np.arange(last_step, steps), last_step, last_min, pace))


def strong_enough(men: int, persons: int, ratio: float) -> bool:
    """Whether so many men take on so many persons."""
    return men > 0 and men >= ratio * persons


def report_delay(mean_min: float, stages: int, draw: Callable[[int], float]) -> int:
    """Minutes that a report takes: a sum of exponential stages with the mean given (Erlang), rounded.

    Parameters
    ----------
    mean_min:
        Mean of the whole delay.
    stages:
        0 for a fixed delay, 1 for an exponential one; the variance is mean^2 / stages.
    draw:
        Uniform number in (0, 1) by counter.

    Examples
    --------
    >>> report_delay(30, 0, lambda k: 0.5), report_delay(30, 1, lambda k: 0.5), report_delay(30, 3, lambda k: 0.5)
    (30, 21, 21)
    """
    if stages == 0:
        return int(mean_min)
    total = 0.0
    for stage in range(stages):
        total += minus_log(draw(stage))
    return whole_delay(mean_min, stages, total)
