"""Pairs: the same group, in the same replication, in two arms."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.outcomes import interdicted
from sim.statistics import PairedTable

METRICS = ("interdiction", "detection", "interception")
"""What is told of each group as yes or no: stopped before its target; detected; met by men who engaged it."""


@dataclass(frozen=True, eq=False)
class Pairs:
    """Rows of one arm beside the baseline's, row by row the same replication and group.

    Attributes
    ----------
    arm, base:
        Outcome rows of the arm and of the baseline.
    """

    arm: pd.DataFrame
    base: pd.DataFrame

    @property
    def clusters(self) -> NDArray[np.int64]:
        """The replication of each pair: groups that share one share its luck."""
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
    return np.asarray(rows["detected" if metric == "detection" else "intercepted"], dtype=bool)


def pair_up(rows: pd.DataFrame, arm: str, baseline: str) -> Pairs:
    """The pairs of an arm and the baseline.

    Raises
    ------
    ValueError
        If a replication or group is there in one arm and not in the other.
    """
    key = ["replication", "group"]
    sides = [rows[rows["arm"] == name].sort_values(key).reset_index(drop=True) for name in (arm, baseline)]
    if not sides[0][key].equals(sides[1][key]):
        raise ValueError(f"the rows of {arm} and {baseline} are not of the same replications and groups")
    return Pairs(*sides)
