"""The design of a sweep: one table of points, from the keys that vary and how they are put together."""

from __future__ import annotations

import itertools
import json
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from sim.scenario.base import ScenarioError
from sim.scenario.expand import MOST_POINTS, Axis, Interval, Listed
from sim.study.sweep.sampling import SweepSettings, sample

Block = tuple[tuple[str, ...], list[tuple[Any, ...]]]
"""Some keys, and the values that they take together."""


@dataclass(frozen=True)
class Design:
    """The points of a sweep.

    Attributes
    ----------
    axes:
        The keys that vary, in the order in which they were given.
    points:
        For each point the value of each key.
    settings:
        How they were put together.
    seed:
        Of the sample.
    """

    axes: tuple[Axis, ...]
    points: tuple[tuple[Any, ...], ...]
    settings: SweepSettings
    seed: int

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys that vary."""
        return tuple(axis.key for axis in self.axes)

    def values(self, point: int) -> dict[str, Any]:
        """What the keys are at one point."""
        return dict(zip(self.keys, self.points[point], strict=True))

    def cells(self) -> dict[str, list[Any]]:
        """The column of each key for a table: numbers and words as they are, all else and what is mixed as text."""
        columns = zip(*self.points, strict=True) if self.keys else ()
        return {key: _column(values) for key, values in zip(self.keys, columns, strict=True)}

    def to_frame(self) -> pd.DataFrame:
        """One row a point: its number and the value of each key."""
        return pd.DataFrame({"point": range(len(self.points)), **self.cells()})

    def described(self) -> dict[str, Any]:
        """What tells this design from another, as JSON knows it."""
        listed = {axis.key: list(axis.values) for axis in self.axes if isinstance(axis, Listed)}
        between = {axis.key: [axis.low, axis.high] for axis in self.axes if isinstance(axis, Interval)}
        told: dict[str, Any] = {"keys": list(self.keys), "points": len(self.points), "listed": listed}
        if self.settings.zip:
            told["zip"] = [list(keys) for keys in self.settings.zip]
        if between:
            told["sampled"] = between
            told |= {"samples": self.settings.samples, "method": self.settings.method, "seed": self.seed}
        return told


def make_design(
    axes: Sequence[Axis], settings: SweepSettings, seed: int, whole: Callable[[str], bool] = lambda _key: False
) -> Design:
    """Cross lists with each other and with one sample of all intervals; walk zipped lists together.

    The points run through the first block's values slowest. All intervals make one block, which stands where the
    first of them was given; so do lists that are zipped.

    Parameters
    ----------
    axes:
        The keys that vary.
    settings:
        ``sweep.samples``, ``.method``, ``.zip``, ``.seed``.
    seed:
        Of the run; the sample's, too, where `settings` names none.
    whole:
        Whether a key takes whole numbers only.

    Raises
    ------
    ScenarioError
        For zipped keys that are not listed or not equally long, an interval that holds no value, or more than
        `MOST_POINTS` points, or none.

    Examples
    --------
    >>> axes = [Listed("a", (1, 2)), Listed("b", (3, 4)), Listed("c", ("x", "y"))]
    >>> make_design(axes, SweepSettings(zip=["a", "c"]), seed=1).points
    ((1, 3, 'x'), (1, 4, 'x'), (2, 3, 'y'), (2, 4, 'y'))
    """
    used = seed if settings.seed is None else settings.seed
    blocks = _blocks(axes, settings, used, whole)
    order = [key for keys, _ in blocks for key in keys]
    places = [order.index(axis.key) for axis in axes]
    points = []
    for rows in itertools.product(*(rows for _, rows in blocks)):
        flat = [value for row in rows for value in row]
        points.append(tuple(flat[place] for place in places))
    return Design(tuple(axes), tuple(points), settings, used)


def cell(value: Any) -> Any:
    """A value as a cell of a table: numbers and words as they are, everything else as text.

    >>> cell(4.5), cell(["eye", "radar"]), cell(None), cell(True)
    (4.5, '["eye","radar"]', 'null', 'true')
    """
    if isinstance(value, str) or (isinstance(value, (int, float)) and not isinstance(value, bool)):
        return value
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def _column(values: Sequence[Any]) -> list[Any]:
    cells = [cell(value) for value in values]
    mixed = len({isinstance(value, str) for value in cells}) > 1
    return [str(value) for value in cells] if mixed else cells


def _blocks(axes: Sequence[Axis], settings: SweepSettings, seed: int, whole: Callable[[str], bool]) -> list[Block]:
    intervals = [axis for axis in axes if isinstance(axis, Interval)]
    listed = {axis.key: axis.values for axis in axes if isinstance(axis, Listed)}  # noqa: PD011  (no series)
    together = {key: keys for keys in settings.zip for key in keys}
    _check_zip(axes, settings.zip)
    _check_count(axes, settings, together)
    blocks: list[Block] = []
    done: set[str] = set()
    for axis in axes:
        if axis.key in done:
            continue
        if isinstance(axis, Interval):
            keys = tuple(one.key for one in intervals)
            rows = [tuple(point) for point in sample(intervals, [whole(key) for key in keys], settings, seed)]
        else:
            keys = together.get(axis.key, (axis.key,))
            rows = list(zip(*(listed[key] for key in keys), strict=True))
        blocks.append((keys, rows))
        done.update(keys)
    return blocks


def _check_zip(axes: Sequence[Axis], groups: tuple[tuple[str, ...], ...]) -> None:
    listed = {axis.key: len(axis.values) for axis in axes if isinstance(axis, Listed)}
    named = [key for keys in groups for key in keys]
    for key in named:
        if key not in listed:
            raise ScenarioError(
                "sweep.zip", f"names '{key}', which is not listed; allowed: {', '.join(listed) or 'keys with lists'}"
            )
        if named.count(key) > 1:
            raise ScenarioError("sweep.zip", f"names '{key}' twice; allowed: each key once")
    for keys in groups:
        if len({listed[key] for key in keys}) > 1:
            lengths = ", ".join(f"{key} has {listed[key]}" for key in keys)
            raise ScenarioError("sweep.zip", f"walks lists of different lengths ({lengths}); allowed: equal lengths")


def _check_count(axes: Sequence[Axis], settings: SweepSettings, together: dict[str, tuple[str, ...]]) -> None:
    """Refuse a product that is too large before anything of its size is made."""
    heads = {together.get(axis.key, (axis.key,))[0] for axis in axes if isinstance(axis, Listed)}
    count = math.prod(len(axis.values) for axis in axes if isinstance(axis, Listed) and axis.key in heads)
    count *= settings.samples if any(isinstance(axis, Interval) for axis in axes) else 1
    if not 1 <= count <= MOST_POINTS:
        raise ScenarioError("sweep", f"makes {count} points; allowed: 1 to {MOST_POINTS}")
