"""How a sweep samples intervals: low-discrepancy points that fill the ranges evenly, the same for the same seed."""

from __future__ import annotations

import math
import warnings
from collections.abc import Sequence
from typing import Annotated, Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BeforeValidator

from sim.scenario.base import ScenarioError, Section, choice, quantity
from sim.scenario.expand import MOST_POINTS, Interval

_STREAM = 0x5EE9
"""Keeps the sampling apart from whatever else may be drawn with the same seed."""


def _zipped(value: Any) -> Any:
    groups = [value] if isinstance(value, (list, tuple)) and value and isinstance(value[0], str) else value
    if not isinstance(groups, (list, tuple)) or not all(
        isinstance(group, (list, tuple)) and len(group) > 1 and all(isinstance(key, str) for key in group)
        for group in groups
    ):
        raise ValueError(
            "allowed: a list of two or more keys, such as [outpost.x_km,outpost.y_km], or several such lists"
        )
    return tuple(tuple(group) for group in groups)


class SweepSettings(Section):
    """How the points of a sweep are chosen: keys ``sweep.samples``, ``.method``, ``.zip``, ``.seed``."""

    samples: int = quantity(
        256,
        "points of the sample, where a key is given as interval(a,b); powers of 2 suit sobol best",
        unit="points",
        assumed="as many as time allows",
        ge=1,
        le=MOST_POINTS,
    )
    method: Literal["sobol", "lhs"] = choice(
        "sobol", "how intervals are sampled: a scrambled Sobol sequence, or a Latin hypercube", assumed="either"
    )
    zip: Annotated[tuple[tuple[str, ...], ...], BeforeValidator(_zipped)] = choice(
        (), "listed keys that are walked together, not crossed", assumed="the user's choice"
    )
    seed: int | None = quantity(None, "of the sample; null takes the run's seed", assumed="any", ge=0, le=2**63 - 1)


def sample(intervals: Sequence[Interval], whole: Sequence[bool], settings: SweepSettings, seed: int) -> list[list[Any]]:
    """Points within some intervals.

    Parameters
    ----------
    intervals:
        The ends of each key; an upper end is included for keys of whole numbers only.
    whole:
        Which keys take whole numbers: each from the lower to the upper end is then equally likely.
    settings:
        How many, and by which method.
    seed:
        Of the scrambling.

    Returns
    -------
    list
        For each point the values of all keys.

    Raises
    ------
    ScenarioError
        For an interval of a whole-number key that holds no whole number.
    """
    for interval, rounds in zip(intervals, whole, strict=True):
        if rounds and math.ceil(interval.low) > math.floor(interval.high):
            raise ScenarioError(
                interval.key,
                f"is interval({interval.low:g},{interval.high:g}); allowed: an interval that holds a whole number",
            )
    unit = unit_points(len(intervals), settings, seed)
    columns = [_scaled(unit[:, i], *pair) for i, pair in enumerate(zip(intervals, whole, strict=True))]
    return [list(point) for point in zip(*columns, strict=True)]


def unit_points(dimensions: int, settings: SweepSettings, seed: int) -> NDArray[np.float64]:
    """Points in the unit cube, each coordinate in [0, 1), shape (samples, dimensions)."""
    # Workers of a sweep know its points already, and need not load all of scipy's statistics.
    from scipy.stats import qmc

    luck = np.random.default_rng([_STREAM, seed])
    sampler: Any = qmc.Sobol(dimensions, scramble=True, rng=luck) if settings.method == "sobol" else None
    if sampler is None:
        sampler = qmc.LatinHypercube(dimensions, rng=luck)
    with warnings.catch_warnings():
        # That powers of 2 are better is said where the number is asked for.
        warnings.filterwarnings("ignore", message="The balance properties of Sobol")
        return np.asarray(sampler.random(settings.samples))


def _scaled(unit: NDArray[np.float64], interval: Interval, rounds: bool) -> list[Any]:
    if rounds:
        first, last = math.ceil(interval.low), math.floor(interval.high)
        return [int(value) for value in np.minimum(first + np.floor(unit * (last - first + 1)), last)]
    # Rounding may carry a point onto or beyond the upper end.
    return [
        float(value) for value in np.clip(interval.low + unit * (interval.high - interval.low), None, interval.high)
    ]
