"""The job of a sweep: replications of many points, numbered through, so that they run and resume as one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sim.execution.settings import ExecutionSettings
from sim.outcomes import COLUMNS
from sim.study.engine_ready import LEAST, check_sample
from sim.study.learning.learn_in_arms import learned_worlds
from sim.study.replications import Replications, arms_in_order, build_worlds, is_compiled, model_of
from sim.study.sweep.point_rows import Columns, PointRows, columns_of
from sim.study.sweep.points import TABLES_MB, Points
from sim.world import Tables, World

if TYPE_CHECKING:
    from sim.engine.playhouse import Playhouse

FAILED = "failed"
"""Outcome of the rows that stand for a replication that could not be run."""

_HERE = ExecutionSettings(kind="serial", workers=1)

_EMPTY = {
    name: {"str": "", "bool": False, "int64": -1, "float64": float("nan")}[kind] for name, kind in COLUMNS.items()
}

Row = dict[str, Any]


class SweepJob:
    """Replications of all points of a design: unit u is replication ``u % per_point`` of point ``u // per_point``.

    It can be sent to other processes: a process builds the Worlds that it needs, and keeps tables for the next.

    Attributes
    ----------
    points:
        The scenarios.
    per_point:
        Replications of each point.
    engine:
        See `sim.study.replications.ENGINES`.
    """

    def __init__(self, points: Points, per_point: int, engine: str = "compiled") -> None:
        self.points, self.per_point, self.engine = points, per_point, engine
        self._forget()

    def _forget(self) -> None:
        self._tables = Tables(limit_mb=TABLES_MB)
        self._at: int | None = None
        self._worlds: tuple[World, ...] = ()
        self._arms: Playhouse | None = None
        self._problem: Exception | None = None

    def __getstate__(self) -> dict[str, Any]:
        return {"points": self.points, "per_point": self.per_point, "engine": self.engine}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._forget()

    def run(self, start: int, stop: int) -> pd.DataFrame:
        """Rows of units start .. stop - 1: column ``point``, then those of `sim.outcomes.COLUMNS`.

        A replication that raises an exception becomes one row for each arm with the outcome ``failed``.
        """
        told = PointRows(self.per_point)
        for point in range(start // self.per_point, -(-stop // self.per_point)):
            first = point * self.per_point
            told.add(point, self._of_point(point, max(start - first, 0), min(stop - first, self.per_point)))
        return told.frame()

    def _of_point(self, point: int, first: int, last: int) -> list[Columns]:
        """What is told of replications first .. last - 1 of a point."""
        if is_compiled(self.engine):
            try:
                return self._play(point, first, last)
            except (MemoryError, OSError):
                raise
            except Exception:
                pass
        return [columns_of(row for replication in range(first, last) for row in self._try(point, replication))]

    def _play(self, point: int, first: int, last: int) -> list[Columns]:
        """What the engine tells of replications first .. last - 1 of a point, arm by arm."""
        # The engine is imported only where something is run.
        from sim.engine.playhouse import Playhouse

        worlds = self._worlds_of(point)
        if self._arms is None:
            self._arms = Playhouse(worlds)
        return self._arms.columns(self.points.seed_of(point), self._arms.in_every_arm(np.arange(first, last)))

    def check(self, in_all: int) -> None:
        """Hold the engine against the readable model at the first point that can be built, if the sweep is large."""
        if in_all < LEAST or not is_compiled(self.engine):
            return
        for point in range(len(self.points)):
            try:
                worlds = self._worlds_of(point)
            except Exception:
                continue
            check_sample(Replications(worlds, self.points.seed_of(point)), self.per_point, in_all)
            return

    def replay(self, point: int, replication: int) -> Iterator[Row]:
        """Rows of one replication of a point, its exceptions included."""
        seed = self.points.seed_of(point)
        for world in self._worlds_of(point):
            model = model_of(None)(rng=seed, replication=replication, world=world)
            try:
                model.run()
                yield from model.rows()
            finally:
                model.release()

    def _try(self, point: int, replication: int) -> list[Row]:
        try:
            return list(self.replay(point, replication))
        except (MemoryError, OSError):
            # The machine's trouble and not the point's: another try may go well.
            raise
        except Exception:
            arms = arms_in_order(self.points.scenario(point))
            return [{**_EMPTY, "replication": replication, "arm": arm, "outcome": FAILED} for arm in arms]

    def _worlds_of(self, point: int) -> tuple[World, ...]:
        """Worlds of a point, built with its first replication; what stopped that is raised again with the others."""
        if self._at != point:
            self._at, self._worlds, self._arms, self._problem = point, (), None, None
            scenario = self.points.scenario(point)
            try:
                worlds = build_worlds(scenario, arms_in_order(scenario), self._tables)
                # Where the adversary learns, it does so in this process, and in the same way in any.
                self._worlds = learned_worlds(worlds, self.points.seed_of(point), _HERE, engine=self.engine)
            except Exception as problem:
                self._problem = problem
        if self._problem is not None:
            raise self._problem
        return self._worlds
