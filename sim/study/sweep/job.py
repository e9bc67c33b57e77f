"""The job of a sweep: replications of many points, numbered through, so that they run and resume as one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sim.execution.executor import ExecutionSettings
from sim.outcomes import COLUMNS, to_frame
from sim.study.learning import learn_in_arms
from sim.study.replications import LEAST, Replications, arms_in_order, build_worlds, check_sample, is_compiled
from sim.study.sweep.points import TABLES_MB, Points
from sim.world import Tables

if TYPE_CHECKING:
    from sim.engine.rows import Column

FAILED = "failed"
"""Outcome of the rows that stand for a replication that could not be run."""

_HERE = ExecutionSettings(kind="serial", workers=1)

_EMPTY = {
    name: {"str": "", "bool": False, "int64": -1, "float64": float("nan")}[kind] for name, kind in COLUMNS.items()
}

Columns = dict[str, "Column"]
"""Every column of the outcome schema by name, of some replications."""


@dataclass(eq=False)
class SweepJob:
    """Replications of all points of a design: unit u is replication ``u % per_point`` of point ``u // per_point``.

    It can be sent to other processes: a process builds the Worlds that it needs, and keeps tables for the next.
    """

    points: Points
    per_point: int
    engine: str = "compiled"

    def __post_init__(self) -> None:
        self._tables = Tables(limit_mb=TABLES_MB)
        self._at: int | None = None
        self._job: Replications | Exception = ValueError("no point yet")

    def __reduce__(self) -> tuple[Any, ...]:
        return SweepJob, (self.points, self.per_point, self.engine)

    def run(self, start: int, stop: int) -> pd.DataFrame:
        """Rows of units start .. stop - 1 by point, replication, arm and group.

        Columns: ``point``, then those of `sim.outcomes.COLUMNS`. A replication that raises an exception becomes one
        row for each arm with the outcome ``failed``.
        """
        from sim.engine.rows import frame_of

        # One frame is made of all points: a frame of the few rows of one costs more than the rows.
        parts: list[Columns] = []
        for point in range(start // self.per_point, -(-stop // self.per_point)):
            first = point * self.per_point
            for part in self._of_point(point, max(start - first, 0), min(stop - first, self.per_point)):
                # Numbered through all points, so that one sorting by replication puts all points in order.
                parts.append({**part, "replication": np.asarray(part["replication"]) + first})
        frame = frame_of(parts or [columns_of(to_frame([]))])
        point_of_row, frame["replication"] = np.divmod(frame["replication"].to_numpy(), self.per_point)
        frame.insert(0, "point", point_of_row)
        return frame

    def _of_point(self, point: int, first: int, last: int) -> list[Columns]:
        """Replications first .. last - 1 of a point: compiled, or one by one by the model where that raises."""
        if is_compiled(self.engine):
            try:
                return self._at_point(point).columns(np.arange(first, last))
            except (MemoryError, OSError):
                raise
            except Exception:
                pass
        return [columns_of(self._try(point, replication)) for replication in range(first, last)]

    def check(self) -> None:
        """Compare the engine with the readable model at the first point that can be built, if the sweep is large."""
        in_all = len(self.points) * self.per_point
        # `check_sample` would do nothing either, but only after the Worlds of a point were built.
        if in_all < LEAST or not is_compiled(self.engine):
            return
        for point in range(len(self.points)):
            try:
                job = self._at_point(point)
            except Exception:
                continue
            check_sample(job, self.per_point, in_all)
            return

    def replay(self, point: int, replication: int) -> pd.DataFrame:
        """Rows of one replication of a point by the readable model, or the exception that it raises."""
        return replace(self._at_point(point), engine="mesa").run(replication, replication + 1)

    def _try(self, point: int, replication: int) -> pd.DataFrame:
        try:
            return self.replay(point, replication)
        except (MemoryError, OSError):
            # The machine's trouble and not the point's: another try may go well.
            raise
        except Exception:
            arms = arms_in_order(self.points.scenario(point))
            return to_frame({**_EMPTY, "replication": replication, "arm": arm, "outcome": FAILED} for arm in arms)

    def _at_point(self, point: int) -> Replications:
        """The job of a point, built with its first replication; what stopped that is raised again with the others."""
        if self._at != point:
            scenario, seed = self.points.scenario(point), self.points.seed_of(point)
            self._at = point
            try:
                worlds = build_worlds(scenario, arms_in_order(scenario), self._tables)
                # Where the adversary learns, it does so in this process, and in the same way in any.
                worlds = learn_in_arms(worlds, seed, _HERE, engine=self.engine)
                self._job = Replications(worlds, seed, engine=self.engine)
            except Exception as problem:
                self._job = problem
        if isinstance(self._job, Exception):
            raise self._job
        return self._job


def columns_of(frame: pd.DataFrame) -> Columns:
    """Outcome rows in columns, as the engine gives them."""
    from sim.engine.rows import Words

    columns: Columns = {}
    for name, kind in COLUMNS.items():
        if kind == "str":
            codes, words = pd.factorize(frame[name])
            columns[name] = Words(codes, tuple(words))
        else:
            columns[name] = frame[name].to_numpy()
    return columns
