"""What a sweep finds: sums by point and arm as the rows stream by, the table of them, and tipping points."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.report.words import MAIN_ARM
from sim.statistics import PairedTable
from sim.statistics.clustered import PairedSums
from sim.study.pairs import METRICS, metric_of
from sim.study.sweep.design import Design
from sim.study.sweep.job import FAILED

Ints = NDArray[np.int64]

LEDGER = ("both", "only_with", "only_without", "neither")
TOTALS2, PRODUCTS = 4, 5
"""Positions of a cluster's sums after the four cells of the ledger, see `PairedSums`."""


class Tally:
    """Sums by point and arm: what is kept grows with the points and not with the replications.

    Attributes
    ----------
    arms:
        The arms of each point, its baseline first.
    failed:
        Number of replications of each point that could not be run, shape (points,).
    first_failed:
        The first of them by point.
    """

    def __init__(self, arms: Sequence[tuple[str, ...]]) -> None:
        self.arms = arms
        self.names = list(dict.fromkeys(name for some in arms for name in some))
        self.failed: Ints = np.zeros(len(arms), dtype=np.int64)
        self.first_failed: dict[int, int] = {}
        self._baseline = np.array([self.names.index(some[0]) for some in arms])
        by_arm = (len(arms), len(self.names))
        self._sums: Ints = np.zeros((*by_arm, len(METRICS), 6), dtype=np.int64)
        # Of each point and arm: replications with a group, sum of squared numbers of groups.
        self._sizes: Ints = np.zeros((*by_arm, 2), dtype=np.int64)

    def add(self, rows: pd.DataFrame) -> None:
        """Count rows in; all rows of a replication must come together.

        Raises
        ------
        ValueError
            If a group is there in one arm of a replication and not in its baseline.
        """
        failed = (rows["outcome"] == FAILED).to_numpy()
        if failed.any():
            for lost in rows.loc[failed, ["point", "replication"]].drop_duplicates().to_numpy().tolist():
                self.add_failure(*lost)
            rows = rows[~failed].reset_index(drop=True)
        if len(rows) == 0:
            return
        point, replication = rows["point"].to_numpy(), rows["replication"].to_numpy()
        arm = pd.Index(self.names).get_indexer(pd.Index(rows["arm"]))
        group, _ = pd.factorize(rows["group"])
        unit = point * (replication.max() + 1) + replication
        key = unit * (group.max() + 1) + group
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
        np.add.at(self._sizes[:, arm], where, np.column_stack([np.ones_like(size), size**2]))

    def add_failure(self, point: int, replication: int) -> None:
        """Count in a replication that could not be run."""
        self.failed[point] += 1
        self.first_failed[point] = min(replication, self.first_failed.get(point, replication))

    def share(self, point: int, arm: str, metric: str) -> float:
        """The share of an arm's groups for which a metric is true; NaN without any."""
        table = self.pairs(point, arm, metric).table
        return (table.both + table.only_with) / table.total if table.total else float("nan")

    def pairs(self, point: int, arm: str, metric: str) -> PairedSums:
        """An arm against its point's baseline, in sums."""
        number = self.names.index(arm)
        *cells, totals2, products = self._sums[point, number, METRICS.index(metric)].tolist()
        clusters, sizes2 = self._sizes[point, number].tolist()
        return PairedSums(PairedTable(*cells), clusters, totals2, products, sizes2)

    def table(self, design: Design, replications: int) -> pd.DataFrame:
        """One row a point and arm.

        Columns: ``point``, the keys that vary, ``arm``, ``replications`` (those that were run), ``failed``,
        ``groups``; for each metric (interdiction, neutralised, detection, interception) the share of groups, then
        ``METRIC_difference`` with ``_low`` and ``_high``: the paired difference to the point's baseline with its 95 %
        interval, missing for the baseline itself; at last the ledger of interdiction: ``both``, ``only_with``,
        ``only_without``, ``neither``. Of the `replications` of each point some may have failed.
        """
        columns, rows = design.cells(), []
        for point, names in enumerate(self.arms):
            values = {key: column[point] for key, column in columns.items()}
            failed = int(self.failed[point])
            for arm in names:
                counts = {"replications": replications - failed, "failed": failed}
                rows.append({"point": point, **values, "arm": arm, **counts, **self._findings(point, arm)})
        return pd.DataFrame(rows).astype(dict.fromkeys(LEDGER, "Int64"))

    def _findings(self, point: int, arm: str) -> dict[str, Any]:
        is_baseline = arm == self.arms[point][0]
        ledger = self.pairs(point, arm, "interdiction").table
        row: dict[str, Any] = {"groups": ledger.total}
        row |= {metric: self.share(point, arm, metric) for metric in METRICS}
        for metric in METRICS:
            ends = (float("nan"),) * 3 if is_baseline else self.pairs(point, arm, metric).difference()
            row |= {f"{metric}_{name}": end for name, end in zip(("difference", "low", "high"), ends, strict=True)}
        return row | {name: None if is_baseline else getattr(ledger, name) for name in LEDGER}


def main_arm_of(table: pd.DataFrame, baseline: str) -> str | None:
    """The arm that the question is about; None where only the baseline was run."""
    rivals = [arm for arm in table["arm"].unique() if arm != baseline]
    return MAIN_ARM if MAIN_ARM in rivals else next(iter(rivals), None)


def sign_of(low: float, high: float) -> str:
    """What an interval says of the sign: ``positive``, ``negative``, or ``open`` where it includes zero.

    >>> sign_of(0.1, 0.2), sign_of(-0.1, 0.2), sign_of(-0.2, 0.0)
    ('positive', 'open', 'open')
    """
    return "positive" if low > 0 else "negative" if high < 0 else "open"


def signs(rows: pd.DataFrame) -> pd.Series:
    """`sign_of` the interval of the effect on interdiction in each row."""
    ends = zip(rows["interdiction_low"], rows["interdiction_high"], strict=True)
    return pd.Series([sign_of(low, high) for low, high in ends], index=rows.index, dtype=object)


def tipping_points(table: pd.DataFrame, keys: Sequence[str]) -> list[dict[str, Any]]:
    """All places between neighbouring points of a table where an arm's interval comes to include zero, or leaves it.

    They are found by drawing a straight line between the interval's ends at the two points, and are no surer than that.
    Neighbours differ in one key of numbers alone; so a sample of several keys has none.

    Returns
    -------
    list of dict
        ``arm``, ``key``, ``at`` (its value there), ``before`` and ``after`` (``"positive"``, ``"negative"`` or
        ``"open"``, along rising values), ``between`` (the two neighbours), ``others`` (the other keys' values).
    """
    found = []
    usable = table.dropna(subset=["interdiction_low", "interdiction_high"])
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
                found += [{"arm": values[-1], "key": key, **one, "others": fixed} for one in _along(line, key)]
    return found


def _along(line: pd.DataFrame, key: str) -> list[dict[str, Any]]:
    found = []
    ends = line[[key, "interdiction_low", "interdiction_high"]].to_numpy(dtype=float)
    for (x0, low0, high0), (x1, low1, high1) in itertools.pairwise(ends):
        before, after = sign_of(low0, high0), sign_of(low1, high1)
        # From wholly above to wholly below zero both ends cross: first the one, then the other.
        for end, bounds in (("positive", (low0, low1)), ("negative", (high0, high1))):
            if before != after and end in (before, after):
                at = float(x0 + (x1 - x0) * bounds[0] / (bounds[0] - bounds[1]))
                one, two = (end, "open") if before == end else ("open", end)
                found.append({"at": at, "before": one, "after": two, "between": [float(x0), float(x1)]})
    return sorted(found, key=lambda one: one["at"])


def _plain(value: Any) -> Any:
    return value.item() if hasattr(value, "item") else value
