"""Counting the rows of a sweep as they stream by: what is kept grows with the points and not with the replications."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.statistics import PairedTable
from sim.statistics.sums import PairedSums
from sim.study.pairs import METRICS, metric_of
from sim.study.sweep.job import FAILED

Ints = NDArray[np.int64]

BOTH, ONLY_WITH, ONLY_WITHOUT, NEITHER, TOTALS2, PRODUCTS = range(6)


class Tally:
    """Sums by point and arm.

    Parameters
    ----------
    arms:
        The arms of each point, its baseline first.

    Attributes
    ----------
    names:
        All arms, in the order in which they first come.
    failed:
        Number of replications of each point that could not be run, shape (points,).
    first_failed:
        The first of them by point.
    """

    def __init__(self, arms: Sequence[tuple[str, ...]]) -> None:
        self.names = list(dict.fromkeys(name for some in arms for name in some))
        self.failed: Ints = np.zeros(len(arms), dtype=np.int64)
        self.first_failed: dict[int, int] = {}
        self._baseline = np.array([self.names.index(some[0]) for some in arms])
        self._sums: Ints = np.zeros((len(arms), len(self.names), len(METRICS), 6), dtype=np.int64)
        self._own: Ints = np.zeros((len(arms), len(self.names), len(METRICS)), dtype=np.int64)
        # Of each point and arm: replications with a group, groups, sum of squared numbers of groups.
        self._sizes: Ints = np.zeros((len(arms), len(self.names), 3), dtype=np.int64)

    def add(self, rows: pd.DataFrame) -> None:
        """Count rows in; all rows of a replication must come together.

        Raises
        ------
        ValueError
            If a group is there in one arm of a replication and not in its baseline.
        """
        broken = (rows["outcome"] == FAILED).to_numpy()
        if broken.any():
            self._note_failures(rows[broken])
            rows = rows[~broken].reset_index(drop=True)
        if len(rows) == 0:
            return
        point = rows["point"].to_numpy()
        arm = pd.Index(self.names).get_indexer(pd.Index(rows["arm"]))
        replication = rows["replication"].to_numpy()
        group, _ = pd.factorize(rows["group"])
        key = (point * (replication.max() + 1) + replication) * (group.max() + 1) + group
        unit = point * (replication.max() + 1) + replication
        metrics = np.column_stack([metric_of(rows, metric) for metric in METRICS])
        base = np.flatnonzero(arm == self._baseline[point])
        base = base[np.argsort(key[base], kind="stable")]
        for number in np.unique(arm):
            mine = np.flatnonzero(arm == number)
            mine = mine[np.argsort(key[mine], kind="stable")]
            place = np.minimum(np.searchsorted(key[base], key[mine]), len(base) - 1)
            if not np.array_equal(key[base][place], key[mine]):
                raise ValueError(f"the rows of {self.names[number]} and its baseline are not of the same groups")
            self._add_arm(int(number), point[mine], unit[mine], metrics[mine], metrics[base][place])

    def _add_arm(self, arm: int, point: Ints, unit: Ints, y1: NDArray[np.bool_], y0: NDArray[np.bool_]) -> None:
        cells = np.stack([y1 & y0, y1 & ~y0, ~y1 & y0, ~y1 & ~y0], axis=-1)
        first = np.flatnonzero(np.diff(unit, prepend=unit[0] - 1))
        where = point[first]
        size = np.diff(first, append=len(unit))
        total = np.add.reduceat(y1.astype(np.int64) - y0, first, axis=0)
        np.add.at(self._sums[:, arm, :, :4], point, cells)
        np.add.at(self._sums[:, arm, :, TOTALS2], where, total**2)
        np.add.at(self._sums[:, arm, :, PRODUCTS], where, total * size[:, None])
        np.add.at(self._own[:, arm], point, y1)
        np.add.at(self._sizes[:, arm], where, np.column_stack([np.ones_like(size), size, size**2]))

    def _note_failures(self, rows: pd.DataFrame) -> None:
        lost = rows[["point", "replication"]].drop_duplicates()
        np.add.at(self.failed, lost["point"].to_numpy(), 1)
        for point, replication in lost.to_numpy().tolist():
            self.first_failed[point] = min(replication, self.first_failed.get(point, replication))

    def groups(self, point: int, arm: str) -> int:
        """How many groups there were in all replications of an arm."""
        return int(self._sizes[point, self.names.index(arm), 1])

    def share(self, point: int, arm: str, metric: str) -> float:
        """The share of an arm's groups for which a metric is true; NaN without any."""
        groups = self.groups(point, arm)
        hits = int(self._own[point, self.names.index(arm), METRICS.index(metric)])
        return hits / groups if groups else float("nan")

    def pairs(self, point: int, arm: str, metric: str) -> PairedSums:
        """An arm against its point's baseline, in sums."""
        number = self.names.index(arm)
        sums = [int(value) for value in self._sums[point, number, METRICS.index(metric)]]
        clusters, _, sizes2 = (int(value) for value in self._sizes[point, number])
        return PairedSums(PairedTable(*sums[:4]), clusters, sums[TOTALS2], sums[PRODUCTS], sizes2)
