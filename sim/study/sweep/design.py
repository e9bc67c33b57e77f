"""The design of a sweep: one table of points, from the keys that vary and how they are combined."""

from __future__ import annotations

import itertools
import json
import math
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.scenario.base import ScenarioError
from sim.scenario.overrides import MOST_POINTS, Axis, Interval, Listed
from sim.study.sweep.settings import SweepSettings

_STREAM = 0x5EE9
"""Keeps the draws of the sample apart from all others with the same seed."""


@dataclass(frozen=True)
class Design:
    """The points of a sweep: of each the value of each key that varies, in the order given; `seed` is the sample's."""

    axes: tuple[Axis, ...]
    points: tuple[tuple[Any, ...], ...]
    settings: SweepSettings
    seed: int

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys that vary."""
        return tuple(axis.key for axis in self.axes)

    def values(self, point: int) -> dict[str, Any]:
        """The value of each key at one point."""
        return dict(zip(self.keys, self.points[point], strict=True))

    def in_words(self, point: int, separator: str = " ") -> str:
        """The values of one point as ``key=value``."""
        return separator.join(f"{key}={value}" for key, value in self.values(point).items())

    def cells(self) -> dict[str, list[Any]]:
        """The column of each key for a table: numbers and words as they are, all else and what is mixed as text."""
        return {key: _column(values) for key, values in zip(self.keys, zip(*self.points, strict=True), strict=True)}

    def to_frame(self) -> pd.DataFrame:
        """One row a point: its number and the value of each key."""
        return pd.DataFrame({"point": range(len(self.points)), **self.cells()})

    def described(self) -> dict[str, Any]:
        """What distinguishes this design from another, as JSON knows it."""
        listed = {axis.key: list(axis.values) for axis in self.axes if isinstance(axis, Listed)}
        between = {axis.key: [axis.low, axis.high] for axis in self.axes if isinstance(axis, Interval)}
        described: dict[str, Any] = {"keys": list(self.keys), "points": len(self.points), "listed": listed}
        if self.settings.zip:
            described["zip"] = [list(keys) for keys in self.settings.zip]
        if between:
            described["sampled"] = between
            described |= {"samples": self.settings.samples, "method": self.settings.method, "seed": self.seed}
        return described


def _column(values: Sequence[Any]) -> list[Any]:
    cells = [cell(value) for value in values]
    mixed = len({isinstance(value, str) for value in cells}) > 1
    return [str(value) for value in cells] if mixed else cells


def cell(value: Any) -> Any:
    """A value as a cell of a table: numbers and words as they are, everything else as text.

    >>> cell(4.5), cell(["eye", "radar"]), cell(None), cell(True)
    (4.5, '["eye","radar"]', 'null', 'true')
    """
    if isinstance(value, str) or (isinstance(value, (int, float)) and not isinstance(value, bool)):
        return value
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def make_design(
    axes: Sequence[Axis], settings: SweepSettings, seed: int, whole: Callable[[str], bool] = lambda _key: False
) -> Design:
    """Cross lists with each other and with one sample of all intervals; keys of ``sweep.zip`` are paired instead.

    The values of the first key vary slowest. All intervals make one sample, which stands where the first of them was
    given; paired lists stand where the first of theirs was.

    Parameters
    ----------
    seed:
        Of the run; the sample's, too, where `settings` names none.
    whole:
        Whether a key takes whole numbers only.

    Raises
    ------
    ScenarioError
        For paired keys that are not listed or not equally long, an interval that holds no value, or more than
        `MOST_POINTS` points, or none.

    Examples
    --------
    >>> axes = [Listed("a", (1, 2)), Listed("b", (3, 4)), Listed("c", ("x", "y"))]
    >>> make_design(axes, SweepSettings(zip=["a", "c"]), seed=1).points
    ((1, 3, 'x'), (1, 4, 'x'), (2, 3, 'y'), (2, 4, 'y'))
    """
    used = seed if settings.seed is None else settings.seed
    listed = {axis.key: axis.values for axis in axes if isinstance(axis, Listed)}  # noqa: PD011  (no series)
    intervals = [axis for axis in axes if isinstance(axis, Interval)]
    _check_zip(listed, settings.zip)
    _check_count(listed, settings, sampled=bool(intervals))
    sampled = tuple(axis.key for axis in intervals)
    together = {key: keys for keys in (*settings.zip, sampled) for key in keys}
    # Keys that take their values together, each group once, in the order in which their first key was given.
    groups = list(dict.fromkeys(together.get(axis.key, (axis.key,)) for axis in axes))
    values: list[list[tuple[Any, ...]]] = [
        sample(intervals, [whole(key) for key in keys], settings, used)
        if keys == sampled
        else list(zip(*(listed[key] for key in keys), strict=True))
        for keys in groups
    ]
    order = list(itertools.chain(*groups))
    places = [order.index(axis.key) for axis in axes]
    flat = (tuple(itertools.chain(*rows)) for rows in itertools.product(*values))
    return Design(tuple(axes), tuple(tuple(row[place] for place in places) for row in flat), settings, used)


def _check_zip(listed: dict[str, tuple[Any, ...]], groups: tuple[tuple[str, ...], ...]) -> None:
    named = list(itertools.chain(*groups))
    for key in named:
        if key not in listed:
            raise ScenarioError(
                "sweep.zip", f"names '{key}', which is not listed; allowed: {', '.join(listed) or 'keys with lists'}"
            )
        if named.count(key) > 1:
            raise ScenarioError("sweep.zip", f"names '{key}' twice; allowed: each key once")
    for keys in groups:
        if len({len(listed[key]) for key in keys}) > 1:
            lengths = ", ".join(f"{key} has {len(listed[key])}" for key in keys)
            raise ScenarioError("sweep.zip", f"pairs lists of different lengths ({lengths}); allowed: equal lengths")


def _check_count(listed: dict[str, tuple[Any, ...]], settings: SweepSettings, *, sampled: bool) -> None:
    """Refuse a product that is too large before anything of its size is made."""
    paired = {key for keys in settings.zip for key in keys[1:]}
    count = math.prod(len(values) for key, values in listed.items() if key not in paired)
    count *= settings.samples if sampled else 1
    if not 1 <= count <= MOST_POINTS:
        raise ScenarioError("sweep", f"makes {count} points; allowed: 1 to {MOST_POINTS}")


def sample(
    intervals: Sequence[Interval], whole: Sequence[bool], settings: SweepSettings, seed: int
) -> list[tuple[Any, ...]]:
    """Points within some intervals: for each point the values of all keys.

    An upper end is included for keys of whole numbers only (`whole`): each from end to end is then equally likely.

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
    return list(zip(*columns, strict=True))


def unit_points(dimensions: int, settings: SweepSettings, seed: int) -> NDArray[np.float64]:
    """Points in the unit cube, each coordinate in [0, 1), shape (samples, dimensions)."""
    # Workers of a sweep know its points already, and need not load all of scipy's statistics.
    from scipy.stats import qmc

    draws = np.random.default_rng([_STREAM, seed])
    sobol = settings.method == "sobol"
    sampler = qmc.Sobol(dimensions, rng=draws) if sobol else qmc.LatinHypercube(dimensions, rng=draws)
    with warnings.catch_warnings():
        # That powers of 2 are better is said where the number is asked for.
        warnings.filterwarnings("ignore", message="The balance properties of Sobol")
        return np.asarray(sampler.random(settings.samples))


def _scaled(unit: NDArray[np.float64], interval: Interval, rounds: bool) -> list[Any]:
    if rounds:
        first, last = math.ceil(interval.low), math.floor(interval.high)
        return np.minimum(first + np.floor(unit * (last - first + 1)), last).astype(int).tolist()
    # Rounding may carry a point onto or beyond the upper end.
    scaled = interval.low + unit * (interval.high - interval.low)
    return np.clip(scaled, None, interval.high).tolist()
