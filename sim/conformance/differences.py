"""Where two tellings of one run differ, in words."""

from __future__ import annotations

import math
from collections.abc import Collection
from typing import Any

from sim.conformance.playing import Rows


def difference(before: Rows, after: Rows, ignored: Collection[str] = ()) -> str | None:
    """The first difference between rows that should be equal; None when they are.

    Parameters
    ----------
    ignored:
        Columns that may differ.

    Examples
    --------
    >>> difference([{"group": "band", "killed": 0}], [{"group": "band", "killed": 2}])
    'killed of band is 2 where it was 0'
    """
    names, others = _groups(before), _groups(after)
    if names != others:
        return f"the groups are {_listed(others)} where they were {_listed(names)}"
    for row, other in zip(before, after, strict=True):
        changed = [key for key in row if key not in ignored and not _same(row[key], other.get(key))]
        if changed:
            first, rest = changed[0], changed[1:]
            more = (
                f", and {_listed(rest)} differ too" if len(rest) > 1 else f", and {rest[0]} differs too" if rest else ""
            )
            return (
                f"{first} of {row.get('group')} is {_short(other.get(first))} where it was {_short(row[first])}{more}"
            )
    return None


def of_groups(rows: Rows, names: Collection[Any]) -> Rows:
    """The rows of some groups."""
    return [row for row in rows if row.get("group") in names]


def _groups(rows: Rows) -> list[Any]:
    return [row.get("group") for row in rows]


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, float) and isinstance(other, float) and math.isnan(one) and math.isnan(other):
        return True
    return bool(one == other)


def _listed(words: list[Any], most: int = 4) -> str:
    told = ", ".join(map(str, words[:most])) or "none"
    return told if len(words) <= most else f"{told} and {len(words) - most} more"


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 40 else text[:37] + "..."
