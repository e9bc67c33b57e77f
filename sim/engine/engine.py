"""The compiled engine: replications of one arm, or of several arms with common random numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.cache.kept_code import KeptCode, cache_folder, open_cache
from sim.engine.build_tables import build_tables
from sim.engine.layout import GROUP, RUN, TABLES, Records, new_results, new_run
from sim.engine.replications import run_replications
from sim.engine.rows import Column, ColumnBuilder, frame_of
from sim.world import World

if TYPE_CHECKING:
    import pandas as pd

ROOM = 4
"""Groups for which there is room at first; it doubles where a run needs more."""

ROWS = 4096
"""Groups whose records are returned at once."""


def has_to_be_compiled() -> bool:
    """Whether the engine could be kept and is not; then a message says that it is being compiled."""
    kept_code = _kept_code(run_replications)
    if kept_code is None or cache_folder() is None or kept_code.is_whole():
        return False
    kept_code.announce()
    return True


def is_warm(function: Any = run_replications) -> bool:
    """Whether whole compiled code of a function is there, by default of the engine's entry.

    Its signature is not looked at: with arguments of other types the function is compiled all the same.
    """
    kept_code = _kept_code(function)
    return kept_code is not None and kept_code.is_whole()


def _kept_code(function: Any) -> KeptCode | None:
    """What keeps a function's compiled code; None where numba compiles nothing."""
    kept_code = getattr(function, "_cache", None)
    return kept_code if isinstance(kept_code, KeptCode) else None


def warm_up(listener: Callable[[str], None] | None = None) -> None:
    """Have the engine compiled and kept before processes are started that would each compile it; at once if it is.

    Nothing is done where nothing can be kept.

    Parameters
    ----------
    listener:
        See `sim.cache.kept_code.open_cache`.
    """
    if open_cache(listener) is not None:
        none = np.zeros(0, dtype=np.int64)
        records = np.zeros(1, dtype=TABLES.record), np.zeros(1, dtype=RUN.record), new_results(0).record
        run_replications(*records, 0, none, none.reshape(0, 0))


class Engine:
    """Runs replications of one arm; what it keeps between them is only room.

    Parameters
    ----------
    world:
        Of the arm.
    """

    def __init__(self, world: World) -> None:
        self.world = world
        self._tables = build_tables(world)
        self._run = new_run(self._tables, ROOM)
        self._results = new_results(ROWS)

    def run(self, seed: int, numbers: NDArray[np.int64], forced: NDArray[np.int64] | None = None) -> Records:
        """Records of all groups of some replications at their end, by replication and group.

        Parameters
        ----------
        seed:
            Of the keyed streams.
        numbers:
            Of the replications, shape (replications,).
        forced:
            Routes that groups must take, numbered as in the tables, below 0 where they choose; shape (replications,
            groups). Groups beyond it choose.

        Returns
        -------
        numpy.ndarray
            Of `sim.engine.layout.GROUP`, shape (groups of all replications,).
        """
        wanted = np.ascontiguousarray(numbers, dtype=np.int64)
        routes = np.zeros((len(wanted), 0), dtype=np.int64) if forced is None else np.ascontiguousarray(forced)
        return np.concatenate([np.zeros(0, dtype=GROUP), *self._parts(seed, wanted, routes)])

    def _parts(self, seed: int, numbers: NDArray[np.int64], forced: NDArray[np.int64]) -> Iterator[Records]:
        begun = 0
        while begun < len(numbers):
            records = self._tables.record, self._run.record, self._results.record
            done, rows = run_replications(*records, seed, numbers[begun:], forced[begun:])
            yield self._results.tables["rows"][:rows].copy()
            begun += done
            if begun < len(numbers):
                self._make_room(rows)

    def _make_room(self, rows: int) -> None:
        """More room for what stopped a replication: the state, or the results of a single one."""
        if self._run.tables["now"][0]["full"]:
            self._run = new_run(self._tables, 2 * len(self._run.tables["groups"]))
        elif rows == 0:
            self._results = new_results(2 * len(self._results.tables["rows"]))


BLOCK = 2048
"""Replications of an arm that are run at once."""

Wanted = tuple[NDArray[np.int64], NDArray[np.int64] | None]
"""Numbers of replications of an arm, and the routes that groups must take, if they must."""


class MultiArmEngine:
    """The engines of several arms, whose replications have common random numbers, and their outcome rows.

    Parameters
    ----------
    worlds:
        Of the arms, in the order in which the rows shall come.
    """

    def __init__(self, worlds: Sequence[World]) -> None:
        self.engines = [Engine(world) for world in worlds]
        self._builders = [ColumnBuilder(world) for world in worlds]

    def run(self, seed: int, numbers: NDArray[np.int64]) -> pd.DataFrame:
        """Outcome rows of some replications in every arm, ordered by replication, arm and group."""
        return self.run_some(seed, self.in_every_arm(numbers))

    def in_every_arm(self, numbers: NDArray[np.int64]) -> list[Wanted]:
        """The same replications in each arm, whose groups choose their routes."""
        return [(numbers, None)] * len(self.engines)

    def run_some(self, seed: int, wanted: Sequence[Wanted]) -> pd.DataFrame:
        """The same for what is wanted of each arm: numbers, and routes as `Engine.run` takes them."""
        return frame_of(self.columns(seed, wanted))

    def columns(self, seed: int, wanted: Sequence[Wanted]) -> list[dict[str, Column]]:
        """The same before it is one frame: columns of the arms one after the other, in blocks of replications."""
        parts = []
        for arm, (numbers, forced) in enumerate(wanted):
            # Records of groups take much more room than the columns made of them.
            for first in range(0, max(len(numbers), 1), BLOCK):
                some = slice(first, first + BLOCK)
                records = self.engines[arm].run(seed, numbers[some], None if forced is None else forced[some])
                parts.append(self._builders[arm].columns(records))
        return parts
