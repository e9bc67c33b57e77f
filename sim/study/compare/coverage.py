"""Coverage: what share of the groups that took each crossing point was detected, in each arm."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from sim.world import World

if TYPE_CHECKING:
    import pandas as pd

COVERAGE_COLUMNS = ("crossing", "detected")
FEW = 30
"""Groups below which a share says little."""


def coverage(worlds: Sequence[World], read: Callable[[str, Sequence[str]], pd.DataFrame]) -> dict[str, Any]:
    """Of each arm, by crossing point along the river: where it lies, groups that took it, and those detected."""
    return {world.arm: covered(world, read(world.arm, COVERAGE_COLUMNS)) for world in worlds}


def covered(world: World, rows: pd.DataFrame) -> dict[str, Any]:
    """The crossing points of one arm, those that nobody took among them."""
    groups = rows.groupby(rows["crossing"].astype("str"))["detected"].agg(["size", "sum"])
    counts = {name: (int(taken), int(seen)) for name, taken, seen in groups.itertuples()}
    found = {}
    for crossing in sorted(world.crossings, key=lambda crossing: crossing.along_km):
        taken, seen = counts.get(crossing.name, (0, 0))
        found[crossing.name] = {
            "along_km": crossing.along_km,
            "groups": taken,
            "detected": seen,
            "share": seen / taken if taken else None,
            "few": taken < FEW,
        }
    return found
