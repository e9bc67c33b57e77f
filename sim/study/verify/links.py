"""Links of the chain: each a laboratory with its scenario, its closed form, and what is counted in its replications."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from sim.scenario.base import ScenarioError
from sim.scenario.load import LABORATORY, scenario_of
from sim.scenario.scenario import Scenario
from sim.study.replications import Replications
from sim.study.settings import compose
from sim.study.verify.laboratories import Laboratory, read_laboratory
from sim.study.verify.laboratories.base import Expectation
from sim.world import build_world

FOLDER = "verification"

SUITE: dict[str, tuple[str, tuple[str, ...]]] = {
    "definite_range": ("definite_range", ()),
    "constant_rate": ("constant_rate", ()),
    "constant_rate_offset": ("constant_rate", ("laboratory.x=0.6",)),
    "inverse_cube": ("inverse_cube", ()),
    "inverse_cube_offset": ("inverse_cube", ("laboratory.x=1.7724538509",)),
    "barrier_ends": ("barrier_patrol", ()),
    "barrier_inside": ("barrier_patrol", ("laboratory.turning=inside",)),
    "random_search": ("random_search", ()),
    "contact": ("contact", ()),
    "duel_square": ("duel", ()),
    "duel_linear": ("duel", ("laboratory.law=linear",)),
    "reliability_path": ("reliability_path", ()),
    "repeat_trials": ("repeat_trials", ()),
    "detection_chain": ("detection_chain", ()),
}
"""What `study=verify` runs: for each name the experiment under `FOLDER`, and what is changed in it."""

BATCH = 1000
"""Replications that are counted together: their sums are one row, so that a million of them are a thousand rows."""


@dataclass(frozen=True)
class Link:
    """One thing to verify: its name in tables, the symbols of its closed form, and the scenario that is run."""

    name: str
    laboratory: Laboratory
    scenario: Scenario

    @property
    def arm(self) -> str:
        """The arm that is run."""
        return self.laboratory.arm_in(self.scenario)

    @cached_property
    def expectation(self) -> Expectation:
        """What theory says of it."""
        return self.laboratory.expectation(self.scenario)


def link_of(name: str, config: dict[str, Any]) -> Link:
    """The link in a composed configuration; raises `ScenarioError` where that has no laboratory, or a bad one."""
    if config.get(LABORATORY) is None:
        names = ", ".join(f"{FOLDER}/{name}" for name in dict.fromkeys(name for name, _ in SUITE.values()))
        raise ScenarioError("experiment", f"has no laboratory to verify; allowed with study=verify: {names}")
    return Link(name, read_laboratory(config[LABORATORY]), scenario_of(config))


def suite(names: Sequence[str] = tuple(SUITE)) -> tuple[Link, ...]:
    """The links of `SUITE`, or some of them."""
    links = []
    for name in names:
        experiment, changes = SUITE[name]
        links.append(link_of(name, compose([f"experiment={FOLDER}/{experiment}", *changes])))
    return tuple(links)


class VerifyJob:
    """So many replications of each link, in batches that are numbered through all links.

    Unit u is batch ``u % per_point`` of link ``u // per_point``.
    """

    def __init__(self, links: tuple[Link, ...], replications: int, seed: int, engine: str = "compiled") -> None:
        self.links, self.replications, self.seed, self.engine = links, replications, seed, engine
        self.per_point = -(-replications // BATCH)
        self._last: tuple[int, Replications] | None = None

    @property
    def batches(self) -> int:
        """Of all links together."""
        return len(self.links) * self.per_point

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_last": None}

    def run(self, start: int, stop: int) -> pd.DataFrame:
        """Rows of batches start .. stop - 1: link, batch, replications; sum, squares and positives of the counts."""
        rows = [self._batch(*divmod(unit, self.per_point)) for unit in range(start, stop)]
        columns = ("point", "replication", "trials", "total", "squares", "positive")
        data = np.array(rows, dtype=np.int64).reshape(-1, len(columns))
        return pd.DataFrame({name: data[:, at] for at, name in enumerate(columns)})

    def _batch(self, link: int, batch: int) -> tuple[int, ...]:
        first, last = batch * BATCH, min((batch + 1) * BATCH, self.replications)
        counts = self.links[link].laboratory.counts(self._replications(link), first, last)
        return link, batch, last - first, int(counts.sum()), int((counts**2).sum()), int((counts > 0).sum())

    def _replications(self, number: int) -> Replications:
        """The replications of one link; those of the last that was asked for are kept, with their World."""
        if self._last is None or self._last[0] != number:
            link = self.links[number]
            world = build_world(link.scenario, link.arm)
            self._last = (number, Replications((world,), self.seed, engine=self.engine))
        return self._last[1]
