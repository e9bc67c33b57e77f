"""The engine of one arm: its World as a chart, played compiled."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from sim.engine.chart import Records
from sim.engine.charting import chart_world
from sim.engine.playing import play
from sim.engine.state import GROUP, new_run, new_told
from sim.world import World

ROOM = 4
"""Groups for which there is room at first; it doubles where a run needs more."""

ROWS = 4096
"""Groups that are told of at once."""


class Engine:
    """Plays replications of one arm; what it keeps between them is only room.

    Parameters
    ----------
    world:
        Of the arm.
    """

    def __init__(self, world: World) -> None:
        self.world = world
        self._chart = chart_world(world)
        self._run = new_run(self._chart, ROOM)
        self._told = new_told(ROWS)

    def play(self, seed: int, numbers: NDArray[np.int64], forced: NDArray[np.int64] | None = None) -> Records:
        """Records of all groups of some replications at their end, by replication and group.

        Parameters
        ----------
        seed:
            Of the keyed streams.
        numbers:
            Of the replications, shape (replications,).
        forced:
            Routes that groups must take, numbered as in the chart, below 0 where they choose; shape (replications,
            groups). Groups beyond it choose.

        Returns
        -------
        numpy.ndarray
            Of `sim.engine.state.GROUP`, shape (groups of all replications,).
        """
        return self._all(seed, numbers, forced, whole=True)

    def choose(self, seed: int, numbers: NDArray[np.int64]) -> Records:
        """Records of all groups before their first step: what counts is the route that each has chosen."""
        return self._all(seed, numbers, None, whole=False)

    def _all(self, seed: int, numbers: NDArray[np.int64], forced: NDArray[np.int64] | None, whole: bool) -> Records:
        wanted = np.ascontiguousarray(numbers, dtype=np.int64)
        held = np.zeros((len(wanted), 0), dtype=np.int64) if forced is None else np.ascontiguousarray(forced)
        return np.concatenate([np.zeros(0, dtype=GROUP), *self._parts(seed, wanted, held, whole)])

    def _parts(
        self, seed: int, numbers: NDArray[np.int64], forced: NDArray[np.int64], whole: bool
    ) -> Iterator[Records]:
        begun = 0
        while begun < len(numbers):
            played, rows = play(
                self._chart.record, self._run.record, seed, numbers[begun:], forced[begun:], self._told.record, whole
            )
            yield self._told.table("rows")[:rows].copy()
            begun += played
            if begun < len(numbers):
                self._make_room(rows)

    def _make_room(self, rows: int) -> None:
        """More room for what stopped a replication: the state, or the telling of a single one."""
        if self._run.table("now")[0]["full"]:
            self._run = new_run(self._chart, 2 * len(self._run.table("groups")))
        elif rows == 0:
            self._told = new_told(2 * len(self._told.table("rows")))
