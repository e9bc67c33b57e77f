"""Running the study `season`: an adversary that remembers, season after season, in every arm.

Every arm is run for `season.seasons` seasons of `season.trials` replications, one season after the other. After each
season the adversary of that arm learns (`sim.study.learning`) from who was stopped where in that arm, and with
`season.redeploy_share` over 0 the state moves patrol duty (`sim.rules.learning`). Season s (from 1) takes
the replications (s - 1) x trials to s x trials - 1 of the seed: within a season all arms share their random numbers,
and each season has its own. All rows are kept, so the setting `replications` has no part in this study.

One history is run: what is believed in a season rests on the random numbers of the seasons before. The intervals say
how far the season's replications may be off, given what was believed in it. They do not say how another history might
have gone; other seeds do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.execution.manifest import ManifestHead
from sim.execution.store import Store
from sim.scenario import Scenario, ScenarioError
from sim.scenario.scenario import validate
from sim.study.base import Earlier, Request
from sim.study.learning import LEARNT_FROM, Seasons, next_season
from sim.study.replications import arms_in_order, build_worlds
from sim.study.running import Run, RunContext
from sim.world import World

if TYPE_CHECKING:
    from sim.execution.rows import Rows
    from sim.study.season.result import SeasonResult


def prepare(request: Request, context: RunContext) -> SeasonRun:
    """Check the case and build the Worlds of the first season."""
    scenario = request.scenario
    check_seasons(scenario)
    worlds = context.build_worlds(scenario)
    return SeasonRun(scenario, worlds, request.settings.seed, replications_given=request.gives("replications"))


def replayed(folder: Path, manifest: Mapping[str, Any], number: int) -> EarlierSeason:
    """The replication in the light of the seasons before, whose rows are in the folder."""
    scenario = validate(dict(manifest["configuration"]))
    label = f"replication {number} (season {number // scenario.season.trials + 1})"
    return EarlierSeason(scenario, int(manifest["seed"]), number, label, folder)


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


@dataclass(frozen=True)
class SeasonRun(Run["SeasonResult"]):
    """Seasons about to begin, from the World of each arm in the first, the baseline's first.

    Whether the user set `replications`, which has no part here, is `replications_given`.
    """

    scenario: Scenario
    worlds: tuple[World, ...]
    seed: int
    replications_given: bool = False

    @property
    def head(self) -> ManifestHead:
        """What the manifest says of it."""
        season, configuration = self.scenario.season, self.scenario.model_dump(mode="json")
        return ManifestHead("season", self.scenario.name, self.seed, season.seasons * season.trials, configuration)

    @property
    def opening(self) -> Sequence[str]:
        """How many seasons, replications and arms there are."""
        season = self.scenario.season
        given = "replications= has no part in study=season; season.trials= and season.seasons= say how many there are"
        counts = f"seasons: {season.seasons}, replications of each: {season.trials}, arms: {len(self.worlds)}"
        return (counts, given) if self.replications_given else (counts,)

    def execute(self, store: Store, context: RunContext) -> SeasonResult:
        """All seasons, one after the other."""
        seasons, trials = self.scenario.season.seasons, self.scenario.season.trials
        progress, wanted = context.begin(f"{len(self.worlds)} arms, {seasons} seasons"), seasons * trials
        job = Seasons(self.worlds, self.seed, trials, store.folder.resolve(), engine=context.engine)
        digest = context.run_job(job, store, wanted, progress, stage=trials)
        # Chunks are cut at the ends of seasons, so that no part holds rows of two.
        outcomes = tuple(store.rows(first, first + trials) for first in range(0, wanted, trials))
        # Summaries need pandas and Arrow, which are loaded after the runs.
        from sim.study.season.result import SeasonResult

        return SeasonResult(self.scenario, history_of(self.worlds, outcomes), outcomes, self.seed, digest)


def history_of(worlds: tuple[World, ...], outcomes: Sequence[Rows]) -> tuple[tuple[World, ...], ...]:
    """The World of each arm in each season and after the last, from the rows of the seasons alone."""
    history = [worlds]
    for season in outcomes:
        history.append(next_season(history[-1], season.frame(LEARNT_FROM, coded=True)))
    return tuple(history)


@dataclass(frozen=True)
class EarlierSeason(Earlier):
    """One replication of an earlier run of this study.

    Attributes
    ----------
    folder:
        Output folder in which the rows of the seasons before lie.
    """

    folder: Path

    def worlds(self, arms: tuple[str, ...]) -> tuple[World, ...]:
        """The World of each arm as it was in the replication's season."""
        trials = self.scenario.season.trials
        seasons = Seasons(build_worlds(self.scenario, arms), self.seed, trials, self.folder)
        return seasons.in_season(self.replication // trials)
