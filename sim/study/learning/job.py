"""Seasons as a job: replications of all arms, each season in the light of those before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from sim.execution.store import read_stretch
from sim.study.learning.learning import after_season
from sim.study.learning.redeployment import redeployed_world
from sim.study.replications import Replications
from sim.world import World

if TYPE_CHECKING:
    import pandas as pd


@dataclass
class Seasons:
    """A job to be run in stages of one season: replications of all arms, each season in the light of those before.

    Attributes
    ----------
    worlds:
        The World of each arm as it is in the first season.
    seed:
        Of the keyed streams.
    trials:
        Replications of a season.
    folder:
        Output folder in which the rows of earlier seasons lie.
    redeploy:
        Whether the state moves its patrols as `season.redeploy_share` says.
    engine:
        See `sim.study.replications.ENGINES`.
    """

    worlds: tuple[World, ...]
    seed: int
    trials: int
    folder: Path
    redeploy: bool = True
    engine: str = "compiled"
    _now: tuple[World, ...] = ()
    _season: int = field(default=-1)
    _played: Replications | None = field(default=None, repr=False)

    def run(self, start: int, stop: int) -> pd.DataFrame:
        """Outcome rows of replications `start` to `stop` - 1, all of one season."""
        worlds = self.in_season(start // self.trials)
        if self._played is None or self._played.worlds is not worlds:
            self._played = Replications(worlds, self.seed, engine=self.engine)
        return self._played.run(start, stop)

    def in_season(self, season: int) -> tuple[World, ...]:
        """The World of each arm as it is in a season (from 0), whose earlier seasons must be in the folder."""
        if self._season < 0 or self._season > season:
            self._now, self._season = self.worlds, 0
        while self._season < season:
            first = self._season * self.trials
            self._now = next_season(self._now, read_stretch(self.folder, first, first + self.trials), self.redeploy)
            self._season += 1
        return self._now


LESSON = ("arm", "crossing", "outcome", "detected")
"""Columns from which adversary and state learn."""


def next_season(worlds: Sequence[World], rows: pd.DataFrame, redeploy: bool = True) -> tuple[World, ...]:
    """The World of each arm after a season: the adversary has learnt, and the state has moved its patrols.

    Parameters
    ----------
    rows:
        Outcome rows of the season, of all arms; each arm's adversary and state know of its own only.
    redeploy:
        Whether the state moves its patrols as `season.redeploy_share` says.
    """
    after = []
    for world in worlds:
        mine = rows[rows["arm"] == world.arm] if len(rows) else rows
        wiser = after_season(world, mine)
        after.append(redeployed_world(wiser, mine) if redeploy else wiser)
    return tuple(after)
