"""Pairs: the same group, in the same replication, in two arms."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.outcomes import interdicted, neutralised
from sim.statistics import PairedTable

if TYPE_CHECKING:
    import pandas as pd

METRICS = ("interdiction", "neutralised", "detection", "interception")
"""Of each group yes or no: stopped before its target; stopped, or beaten in its attack on it; detected; met by men who
engaged it."""

KEY = ["replication", "group"]


@dataclass(frozen=True, eq=False)
class Pairs:
    """Rows of one arm and of the baseline, row by row the same replication and group.

    Attributes
    ----------
    arm, base:
        Outcome rows of the arm and of the baseline.
    """

    arm: pd.DataFrame
    base: pd.DataFrame

    @cached_property
    def alone(self) -> bool:
        """Whether every pair is the only one of its replication."""
        return bool(self.base["replication"].is_unique)

    @property
    def clusters(self) -> NDArray[np.int64]:
        """The replication of each pair: groups that share one share its draws."""
        return self.base["replication"].to_numpy()

    def values(self, metric: str) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """A yes-or-no metric in the arm and in the baseline."""
        return metric_of(self.arm, metric), metric_of(self.base, metric)

    def table(self, metric: str = "interdiction") -> PairedTable:
        """The four cells: both, only in the arm, only in the baseline, neither."""
        return PairedTable.from_arrays(*self.values(metric))

    def where(self, keep: NDArray[np.bool_]) -> Pairs:
        """Some of the pairs."""
        return Pairs(self.arm[keep].reset_index(drop=True), self.base[keep].reset_index(drop=True))


def metric_of(rows: pd.DataFrame, metric: str) -> NDArray[np.bool_]:
    """One of `METRICS` for each row."""
    if metric == "interdiction":
        return np.asarray(interdicted(rows), dtype=bool)
    if metric == "neutralised":
        return np.asarray(neutralised(rows), dtype=bool)
    return np.asarray(rows["detected" if metric == "detection" else "intercepted"], dtype=bool)


def pair_up(rows: pd.DataFrame, arm: str, baseline: str) -> Pairs:
    """The pairs of an arm and the baseline.

    Raises
    ------
    ValueError
        If a replication or group is there in one arm and not in the other.
    """
    return side_by_side(rows[rows["arm"] == arm], rows[rows["arm"] == baseline])


def side_by_side(arm: pd.DataFrame, base: pd.DataFrame) -> Pairs:
    """The pairs of an arm's rows and the baseline's; raises `ValueError` as `pair_up` does."""
    pairs = Pairs(in_order(arm), in_order(base))
    if not pairs.arm[KEY].equals(pairs.base[KEY]):
        names = [side["arm"].iloc[0] if len(side) else "an arm without rows" for side in (arm, base)]
        raise ValueError(f"the rows of {names[0]} and {names[1]} are not of the same replications and groups")
    return pairs


def in_order(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows of one arm by replication and group."""
    numbers = rows["replication"]
    ascending = numbers.is_monotonic_increasing and numbers.is_unique
    return (rows if ascending else rows.sort_values(KEY)).reset_index(drop=True)
