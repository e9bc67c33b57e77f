"""Validity of arguments: each check returns the values as floats, or says what is wrong and what is allowed."""

from __future__ import annotations

import math
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Values = Any
"""What the closed forms return: a float for numbers, an array of the broadcast shape for arrays."""


def require(condition: ArrayLike, name: str, value: ArrayLike, allowed: str) -> None:
    """Refuse `value` where `condition` does not hold, and say what is allowed."""
    fails = ~np.asarray(condition)
    if fails.any():
        worst = np.broadcast_to(np.asarray(value), fails.shape)[fails].flat[0]
        raise ValueError(f"{name} = {worst}: {allowed} is allowed")


def _within(low: float, high: float, allowed: str, name: str, value: ArrayLike) -> NDArray[np.float64]:
    try:
        values = np.asarray(value, dtype=float)
    except (TypeError, ValueError):
        raise ValueError(f"{name} = {value!r}: {allowed} is allowed") from None
    require(np.isfinite(values) & (values >= low) & (values <= high), name, values, allowed)
    return values


real = partial(_within, -math.inf, math.inf, "a finite number")
positive = partial(_within, math.ulp(0.0), math.inf, "a finite number above 0")
non_negative = partial(_within, 0.0, math.inf, "a finite number of at least 0")
probability = partial(_within, 0.0, 1.0, "a probability from 0 to 1")
positive_probability = partial(_within, math.ulp(0.0), 1.0, "a probability above 0 and up to 1")
_whole = partial(_within, 0.0, math.inf, "a whole number of at least 0")


def whole(name: str, value: int) -> int:
    """A whole number of at least 0."""
    if isinstance(value, bool) or value != int(_whole(name, value)):
        raise ValueError(f"{name} = {value!r}: a whole number of at least 0 is allowed")
    return int(value)
