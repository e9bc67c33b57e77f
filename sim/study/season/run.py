"""The study `season`: an adversary that remembers, season after season, in every arm.

Every arm is played for `season.seasons` seasons of `season.trials` replications, one season after the other. After each
season the adversary of that arm learns (`sim.study.learning.learning`) from who was stopped where in that arm, and with
`season.redeploy_share` over 0 the state moves patrol duty (`sim.study.learning.redeployment`). Season s (from 1) takes the
replications (s - 1) x trials to s x trials - 1 of the seed: within a season all arms have the same luck, and each
season has a luck of its own. All rows are kept, so the setting `replications` has no part in this study.

What is played is one history: what is believed in a season rests on the luck of the seasons before. The intervals tell
how far the season's replications may be off, given what was believed in it. They do not tell how another history
might have gone; other seeds do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from sim.execution.executor import run_job
from sim.execution.progress import Progress
from sim.execution.rows import Rows
from sim.execution.settings import ExecutionSettings
from sim.execution.store import Store
from sim.scenario import Scenario, ScenarioError
from sim.study.engine_ready import compile_engine
from sim.study.learning.job import LESSON, Seasons, next_season
from sim.study.replications import arms_in_order
from sim.study.season.summary import season_summary
from sim.world import World


def check_seasons(scenario: Scenario) -> None:
    """Refuse a case whose adversary does not learn, or whose arms have seasons of different lengths.

    Raises
    ------
    ScenarioError
        With the key, its value and what is allowed.
    """
    behaviour, season = scenario.infiltrators.behaviour, scenario.season
    if behaviour != "learning":
        raise ScenarioError("infiltrators.behaviour", f"is '{behaviour}'; allowed with study=season: learning")
    for arm in arms_in_order(scenario):
        here = scenario.for_arm(arm)
        wanted = {"infiltrators.behaviour": (here.infiltrators.behaviour, behaviour)}
        wanted |= {f"season.{key}": (getattr(here.season, key), getattr(season, key)) for key in ("seasons", "trials")}
        for key, (found, common) in wanted.items():
            if found != common:
                raise ScenarioError(
                    f"arms.{arm}.changes.{key}", f"is {found!r}; allowed with study=season: {common!r}, as in all arms"
                )


@dataclass(frozen=True, eq=False, repr=False)
class SeasonResult:
    """Outcome rows of all seasons and arms.

    Attributes
    ----------
    scenario:
        The case, before any arm's changes.
    history:
        The World of each arm (the baseline's first) as it is in each season, and last as it is after all of them.
    outcomes:
        Outcome rows of each season, ordered by replication, arm and group, held small.
    seed:
        Of the keyed streams.
    digest:
        SHA-256 of the rows.
    """

    scenario: Scenario
    history: tuple[tuple[World, ...], ...]
    outcomes: tuple[Rows, ...]
    seed: int
    digest: str

    @property
    def baseline(self) -> str:
        """The arm that the others are held against."""
        return self.scenario.baseline

    @property
    def seasons(self) -> int:
        """How many seasons were played."""
        return self.scenario.season.seasons

    @property
    def arms(self) -> tuple[str, ...]:
        """All arms, the baseline first."""
        return tuple(world.arm for world in self.history[0])

    @cached_property
    def rows(self) -> pd.DataFrame:
        """The rows of all seasons as a frame of plain columns, kept from the first use on.

        A million rows take half a gigabyte: where there are many, ask `of` for what is needed.
        """
        frames = [frame for frame in map(self.of, range(self.seasons)) if len(frame)]
        return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()

    def of(
        self, season: int, arm: str | None = None, columns: Sequence[str] | None = None, *, coded: bool = False
    ) -> pd.DataFrame:
        """The rows of a season (from 0), of one arm or of all, or some columns; with `coded`, strings are categories.

        A season in which no group came has no columns either.
        """
        return self.outcomes[season].frame(columns, arm=arm, coded=coded)

    def world(self, season: int, arm: str) -> World:
        """The World of an arm as it is in a season (from 0); the season after the last is allowed."""
        return next(world for world in self.history[season] if world.arm == arm)

    def summary(self) -> dict[str, Any]:
        """Everything that `summary.json` holds, see `sim.study.season.summary.season_summary`."""
        return season_summary(self)


def play_seasons(
    scenario: Scenario,
    worlds: tuple[World, ...],
    store: Store,
    *,
    seed: int,
    execution: ExecutionSettings,
    progress: Progress | None = None,
    engine: str = "compiled",
) -> SeasonResult:
    """Run what the store lacks of all seasons, and read everything back.

    Raises
    ------
    ExecutionError, StoreError
        As `sim.execution.executor.run_job` does.
    """
    compile_engine(engine, progress)
    seasons, trials = scenario.season.seasons, scenario.season.trials
    job = Seasons(worlds, seed, trials, store.folder.resolve(), engine=engine)
    digest = run_job(
        job,
        store,
        seasons * trials,
        **execution.model_dump(),
        progress=progress,
        stage=trials,
    )
    # Chunks are cut at the ends of seasons, so that no part holds rows of two.
    outcomes = tuple(store.rows(first, first + trials) for first in range(0, seasons * trials, trials))
    return SeasonResult(scenario, history_of(worlds, outcomes), outcomes, seed, digest)


def history_of(worlds: tuple[World, ...], outcomes: Sequence[Rows]) -> tuple[tuple[World, ...], ...]:
    """The World of each arm in each season and after the last, from the rows of the seasons alone."""
    history = [worlds]
    for season in outcomes:
        history.append(next_season(history[-1], season.frame(LESSON, coded=True)))
    return tuple(history)
