"""Compiling: the rules made callable from compiled code, and how the engine's own functions are compiled."""

from __future__ import annotations

from typing import Any

import numba
import numpy as np
from numba.extending import overload, register_jitable

from sim.cache.inner_code import AS_INNER
from sim.cache.kept_code import kept
from sim.rules import arrivals, belief, choice, engagement, movement, randomness, response, road, sensing

RULES = (
    arrivals.next_arrival,
    belief.wrong_guess,
    choice.perceived_cost,
    engagement.gives_up,
    engagement.group_loses_next,
    engagement.left_of,
    movement.along_track,
    movement.between_samples,
    movement.drawn_share,
    movement.duty_minutes,
    movement.duty_until,
    movement.gap_km,
    movement.leg_end,
    movement.nearest_sample,
    movement.on_duty,
    movement.on_leg,
    movement.progress,
    movement.step_towards,
    randomness.absorb,
    randomness.bits,
    randomness.minus_log,
    randomness.mix,
    randomness.numbered,
    randomness.pair,
    randomness.replication_key,
    randomness.threshold,
    randomness.uniform,
    response.expected_minute,
    response.in_time,
    response.strong_enough,
    response.whole_delay,
    road.checkpoint_minute,
    road.road_end,
    road.road_share,
    sensing.hazard,
    sensing.hazard_units,
    sensing.visibility,
)
"""All rules that the engine calls: the very functions that the Mesa model calls, which stay as they are."""


@overload(randomness.word)
def _word(x: Any) -> Any:  # noqa: ARG001
    # Python's whole numbers have no end; here 64 bits without a sign wrap round by themselves.
    def as_word(x: Any) -> Any:
        return np.uint64(x)

    return as_word


# Where it is left open, a function is inlined or not as the first is that calls it: numba hands the option on.
_PLAIN: dict[str, Any] = {**AS_INNER, "_nrt": False, "forceinline": False}
_SMALL: dict[str, Any] = {**_PLAIN, "forceinline": True}

for _rule in RULES:
    register_jitable(**_SMALL)(_rule)

part = numba.njit(**_PLAIN)
"""Decorator of the engine's inner functions; they are compiled into the entry that calls them."""

small = numba.njit(**_SMALL)
"""The same for little ones that are called often: a call would cost more than what they do."""

_ENTRY: dict[str, Any] = {"error_model": "numpy", "nogil": True, "_nrt": False, "no_cfunc_wrapper": True}


def entry(function: Any) -> Any:
    """Decorator of what Python calls; it is kept on disk with all that was compiled into it."""
    return kept("the engine", seconds=20)(numba.njit(**_ENTRY)(function))
