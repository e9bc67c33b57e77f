"""Choice: what a way seems to cost a group, and the logit among crossing points."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def perceived_cost(minutes: float, aversion_min: float, exposure: float, taste_min: float = 0.0) -> float:
    """Minutes that a way is felt to cost: its time, what danger is worth in minutes, less a liking.

    >>> perceived_cost(600.0, 60.0, 0.5, 10.0)
    620.0
    """
    return minutes + aversion_min * exposure - taste_min


def detected_by_any(chances: Sequence[float]) -> float:
    """Chance that at least one of several independent sentinels detects.

    >>> detected_by_any([0.5, 0.5])
    0.75
    """
    missed = 1.0
    for chance in chances:
        missed *= 1.0 - chance
    return 1.0 - missed


def added_up(chances: Iterable[float]) -> float:
    """Sum from left to right: Python's own differs in the last bit from 3.12 on, and one bit can tip a choice.

    >>> added_up([0.25, 0.5])
    0.75
    """
    total = 0.0
    for chance in chances:
        total += chance
    return total


def least(costs: Sequence[float]) -> int:
    """Position of the least cost, the first of equals.

    >>> least([3.0, 1.0, 1.0])
    1
    """
    best = 0
    for position, cost in enumerate(costs):
        if cost < costs[best]:
            best = position
    return best
