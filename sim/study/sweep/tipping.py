"""Where an arm's effect stops being told from zero, along each key of a sweep."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import pandas as pd

METRIC = "interdiction"


def tipping_points(table: pd.DataFrame, keys: Sequence[str]) -> list[dict[str, Any]]:
    """All places between neighbouring points of the design where an arm's interval comes to include zero, or leaves it.

    They are found by drawing a straight line between the interval's ends at the two points, and are no surer than that.
    Neighbours differ in one key of numbers alone; so a sample of several keys has none.

    Parameters
    ----------
    table:
        The table of a sweep: one row a point and arm, with ``interdiction_low`` and ``interdiction_high``.
    keys:
        The keys that vary.

    Returns
    -------
    list of dict
        ``arm``, ``key``, ``at`` (its value there), ``before`` and ``after`` (``"positive"``, ``"negative"`` or
        ``"open"``, along rising values), ``between`` (the two neighbours), ``others`` (the other keys' values).
    """
    told = []
    usable = table.dropna(subset=[f"{METRIC}_low", f"{METRIC}_high"])
    for key in keys:
        if not pd.api.types.is_numeric_dtype(table[key]):
            continue
        others = [other for other in keys if other != key]
        groups = [*others, "arm"]
        # A sample of several keys has no two points that differ in one key alone: nothing is left of it here.
        lines = usable[usable.groupby(groups)[key].transform("size") > 1]
        for values, line in lines.groupby(groups, sort=False):
            line = line.sort_values(key)
            if line[key].is_unique:
                fixed = dict(zip(others, (_plain(value) for value in values[:-1]), strict=True))
                told += [{"arm": values[-1], "key": key, **found, "others": fixed} for found in _along(line, key)]
    return told


def _along(line: pd.DataFrame, key: str) -> list[dict[str, Any]]:
    ends = line[[key, f"{METRIC}_low", f"{METRIC}_high"]].to_numpy(dtype=float)
    found = []
    for (x0, low0, high0), (x1, low1, high1) in itertools.pairwise(ends):
        before, after = sign_of(low0, high0), sign_of(low1, high1)
        # From wholly above to wholly below zero both ends cross: first the one, then the other.
        for end, bounds in (("positive", (low0, low1)), ("negative", (high0, high1))):
            if before != after and end in (before, after):
                at = float(x0 + (x1 - x0) * bounds[0] / (bounds[0] - bounds[1]))
                one, two = (end, "open") if before == end else ("open", end)
                found.append({"at": at, "before": one, "after": two, "between": [float(x0), float(x1)]})
    return sorted(found, key=lambda one: one["at"])


def sign_of(low: float, high: float) -> str:
    """What an interval says of the sign: ``positive``, ``negative``, or ``open`` where it includes zero.

    >>> sign_of(0.1, 0.2), sign_of(-0.1, 0.2), sign_of(-0.2, 0.0)
    ('positive', 'open', 'open')
    """
    return "positive" if low > 0 else "negative" if high < 0 else "open"


def _plain(value: Any) -> Any:
    return value.item() if hasattr(value, "item") else value
