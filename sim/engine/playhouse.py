"""Several arms played compiled, each replication with the same luck in every arm."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.engine.chart import Records
from sim.engine.engine import Engine
from sim.engine.rows import Column, Teller, frame_of
from sim.world import World

if TYPE_CHECKING:
    import pandas as pd

BLOCK = 2048
"""Replications of an arm that are played at once."""

Wanted = tuple[NDArray[np.int64], NDArray[np.int64] | None]
"""Numbers of replications of an arm, and the routes that groups must take, if they must."""


class Playhouse:
    """The engines of some arms, and those who tell of them.

    Parameters
    ----------
    worlds:
        Of the arms, in the order in which the rows shall come.
    """

    def __init__(self, worlds: Sequence[World]) -> None:
        self.engines = [Engine(world) for world in worlds]
        self._tellers = [Teller(world) for world in worlds]

    def run(self, seed: int, numbers: NDArray[np.int64]) -> pd.DataFrame:
        """Outcome rows of some replications in every arm, ordered by replication, arm and group.

        Parameters
        ----------
        seed:
            Of the keyed streams.
        numbers:
            Of the replications, ascending.
        """
        return self.run_some(seed, self.in_every_arm(numbers))

    def in_every_arm(self, numbers: NDArray[np.int64]) -> list[Wanted]:
        """The same replications in each arm, whose groups choose their routes."""
        return [(numbers, None)] * len(self.engines)

    def run_some(self, seed: int, wanted: Sequence[Wanted]) -> pd.DataFrame:
        """The same for other replications in each arm, with routes that groups must take.

        Parameters
        ----------
        wanted:
            For each arm numbers of replications, and the routes as `sim.engine.engine.Engine.play` takes them.
        """
        return frame_of(self.columns(seed, wanted))

    def columns(self, seed: int, wanted: Sequence[Wanted]) -> list[dict[str, Column]]:
        """The same before it is one frame: columns of the arms one after the other, in blocks of replications."""
        parts = []
        for arm, (numbers, forced) in enumerate(wanted):
            # What the engine tells takes much room beside what is kept of it.
            for first in range(0, max(len(numbers), 1), BLOCK):
                some = slice(first, first + BLOCK)
                told = self.engines[arm].play(seed, numbers[some], None if forced is None else forced[some])
                parts.append(self._tellers[arm].columns(told))
        return parts

    def choose(self, seed: int, numbers: NDArray[np.int64]) -> list[Records]:
        """Records of all groups of each arm before their first step, with the routes that they have chosen."""
        return [engine.choose(seed, numbers) for engine in self.engines]
