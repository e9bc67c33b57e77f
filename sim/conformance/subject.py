"""The model that is tried, with what it is tried on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

from sim.conformance.playing import EachMinute, Luck, Rows, nothing, rows_of
from sim.conformance.scenes import Scene
from sim.model import BorderModel
from sim.world import World


class Run(NamedTuple):
    """Which run of a scene: the place of its World among the scene's, and the replication."""

    scene: int
    arm: int
    replication: int


@dataclass(frozen=True)
class Subject:
    """A model, the scenes, and the luck.

    Attributes
    ----------
    model:
        `BorderModel` or a subclass.
    scenes:
        On which it is tried.
    replications:
        Of each arm of each scene.
    seed:
        Of the keyed streams.
    """

    model: type[BorderModel]
    scenes: tuple[Scene, ...]
    replications: int
    seed: int

    @property
    def name(self) -> str:
        """Name of the class."""
        return self.model.__name__

    @cached_property
    def reference(self) -> dict[Run, Rows]:
        """Rows of all runs, played once in the order in which studies play them."""
        return {run: self.rows(run) for run in self.runs()}

    def runs(self) -> Iterator[Run]:
        """All runs: scene by scene, in it replication by replication, and in it arm by arm."""
        for number, scene in enumerate(self.scenes):
            for replication in range(self.replications):
                for arm in range(len(scene.worlds)):
                    yield Run(number, arm, replication)

    def world(self, run: Run) -> World:
        """The World of a run."""
        return self.scenes[run.scene].worlds[run.arm]

    def luck(self, run: Run) -> Luck:
        """Seed and replication of a run."""
        return Luck(self.seed, run.replication)

    def rows(self, run: Run, each_minute: EachMinute = nothing) -> Rows:
        """Rows of one run, played anew."""
        return rows_of(self.model, self.world(run), self.luck(run), each_minute)

    def place(self, run: Run) -> str:
        """A run in words."""
        return f"{self.scenes[run.scene].name}, arm {self.world(run).arm}, replication {run.replication}"

    @cached_property
    def stock(self) -> Subject:
        """The same with the plain model: what it does not keep in a scene, nobody can be asked to keep there."""
        return replace(self, model=BorderModel)
