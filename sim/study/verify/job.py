"""The job of a verification: many replications of each link, counted in batches."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from sim.study.replications import Replications
from sim.study.verify.link import Link
from sim.study.verify.measure import measured
from sim.world import build_world

BATCH = 1000
"""Replications that are counted together: what is kept is their sum, so that a million of them are a thousand rows."""


class VerifyJob:
    """Batches of all links, numbered through: unit u is batch ``u % per_point`` of link ``u // per_point``.

    Attributes
    ----------
    links:
        What is verified.
    replications:
        Of each link.
    seed:
        Of the keyed streams.
    engine:
        See `sim.study.replications.ENGINES`.
    """

    def __init__(self, links: tuple[Link, ...], replications: int, seed: int, engine: str = "compiled") -> None:
        self.links, self.replications, self.seed, self.engine = links, replications, seed, engine
        self.per_point = -(-replications // BATCH)
        self._played: tuple[int, Replications] | None = None

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_played": None}

    def run(self, start: int, stop: int) -> pd.DataFrame:
        """Rows of batches start .. stop - 1: link, batch, replications; sum, squares and positives of the numbers."""
        rows = [self._batch(*divmod(unit, self.per_point)) for unit in range(start, stop)]
        columns = ("point", "replication", "trials", "total", "squares", "positive")
        data = np.array(rows, dtype=np.int64).reshape(-1, len(columns))
        return pd.DataFrame({name: data[:, at] for at, name in enumerate(columns)})

    def _batch(self, point: int, batch: int) -> tuple[int, ...]:
        first, last = batch * BATCH, min((batch + 1) * BATCH, self.replications)
        numbers = measured(self.links[point].laboratory, self._job_of(point), first, last)
        return point, batch, last - first, int(numbers.sum()), int((numbers**2).sum()), int((numbers > 0).sum())

    def _job_of(self, point: int) -> Replications:
        if self._played is None or self._played[0] != point:
            link = self.links[point]
            world = build_world(link.scenario, link.arm)
            self._played = (point, Replications((world,), self.seed, engine=self.engine))
        return self._played[1]
