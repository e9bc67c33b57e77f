"""Learning over seasons: what an adversary believes after each, and the Worlds of arms in which it has learnt."""

from __future__ import annotations

import tempfile
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from sim.execution.executor import run_job
from sim.execution.manifest import ManifestHead
from sim.execution.open_store import open_store
from sim.execution.progress import Progress, Silent
from sim.execution.settings import ExecutionSettings
from sim.execution.store import read_stretch
from sim.outcomes import interdicted
from sim.rules.randomness import absorb, entity
from sim.study.learning.redeployment import redeployed_world
from sim.study.replications import Replications
from sim.world import World

if TYPE_CHECKING:
    import pandas as pd

    from sim.model import BorderModel

LARGEST_SEED = (1 << 63) - 1

LEARNT_FROM = ("arm", "crossing", "outcome", "detected")
"""Columns from which adversary and state learn."""


def learn(
    danger: Mapping[str, float],
    stopped: Mapping[str, int],
    crossed: Mapping[str, int],
    weight: float,
    forgetting: float,
) -> dict[str, float]:
    """What is believed of each crossing point after a season.

    Where groups crossed: (1 - weight) x what was believed + weight x share of them that was stopped. Elsewhere, where
    there is no news: what was believed x (1 - forgetting). A crossing point that is not named is held to be safe.

    Parameters
    ----------
    danger:
        Believed probability to be stopped, by crossing point; the result is that too, in the order of the names.
    stopped, crossed:
        How many of the season's groups were stopped that chose a crossing point, and how many chose it.
    weight, forgetting:
        Shares, 0 to 1.

    Examples
    --------
    >>> learn({"c00": 0.4, "c01": 0.2}, {"c00": 3}, {"c00": 4}, weight=0.5, forgetting=0.1)
    {'c00': 0.575, 'c01': 0.18000000000000002}
    """
    believed = {name: before * (1.0 - forgetting) for name, before in danger.items()}
    for name, groups in crossed.items():
        if groups:
            believed[name] = (1.0 - weight) * danger.get(name, 0.0) + weight * stopped.get(name, 0) / groups
    return {name: min(1.0, believed.get(name, 0.0)) for name in sorted({*danger, *crossed})}


def tally(rows: pd.DataFrame) -> tuple[dict[str, int], dict[str, int]]:
    """How many groups were stopped, and how many there were, by the crossing point that they chose."""
    if not len(rows):
        return {}, {}
    crossed = Counter(rows["crossing"].tolist())
    stopped = Counter(rows.loc[interdicted(rows), "crossing"].tolist())
    return dict(stopped), dict(crossed)


def after_season(world: World, rows: pd.DataFrame) -> World:
    """The same World for an adversary that knows how a season went in it: outcome rows of that season in this arm."""
    season = world.scenario.season
    danger = learn(world.scenario.infiltrators.danger, *tally(rows), season.weight, season.forgetting)
    return world.with_changes(**{"infiltrators.danger": danger})


def next_season(worlds: Sequence[World], rows: pd.DataFrame, redeploy: bool = True) -> tuple[World, ...]:
    """The World of each arm after a season: the adversary has learnt, and the state has moved its patrols.

    Parameters
    ----------
    rows:
        Outcome rows of the season, of all arms; each arm's adversary and state know of its own only.
    redeploy:
        Whether the state moves its patrols as `season.redeploy_share` says.
    """
    of_arms = [rows[rows["arm"] == world.arm] if len(rows) else rows for world in worlds]
    after = tuple(map(after_season, worlds, of_arms))
    return tuple(map(redeployed_world, after, of_arms)) if redeploy else after


def learns(world: World) -> bool:
    """Whether the adversary of this arm learns over seasons."""
    return world.scenario.infiltrators.behaviour == "learning"


def learning_seed(seed: int) -> int:
    """The seed of the seasons that come before the counted replications of a seed.

    It is a hash of the seed alone: no season shares its random numbers with a counted replication, and in one season
    all arms have the same. `study=season` with this seed and `season.redeploy_share=0` runs the very seasons from
    which the adversary of `study=compare` has learnt.
    """
    return absorb(entity("seasons"), seed) & LARGEST_SEED


def learned_world(world: World, seed: int, model: type[BorderModel] | None = None, engine: str = "compiled") -> World:
    """The World of an arm after the adversary has learnt in it; as it is where the adversary does not learn.

    It runs `season.seasons` seasons of `season.trials` replications with `learning_seed`, one after the other in this
    process. Season s (from 0) takes the replications s x trials to (s + 1) x trials - 1 of that seed.

    Parameters
    ----------
    world:
        Of one arm, with what is believed at first as `scenario.infiltrators.danger`.
    seed:
        Of the replications that shall be counted afterwards.
    model, engine:
        See `sim.study.replications.Replications`.
    """
    if not learns(world):
        return world
    season, before = world.scenario.season, learning_seed(seed)
    for first in range(0, season.seasons * season.trials, season.trials):
        rows = Replications((world,), before, model, engine).run(first, first + season.trials)
        world = after_season(world, rows)
    return world


def learn_in_arms(
    worlds: tuple[World, ...],
    seed: int,
    execution: ExecutionSettings,
    progress: Progress | None = None,
    engine: str = "compiled",
) -> tuple[World, ...]:
    """What `learned_world` gives for each arm, on as many processes as there are.

    The rows of the seasons are kept in a temporary folder only: a run that is resumed makes them again.

    Parameters
    ----------
    execution, progress:
        On what to run, and what shows how far it is; neither changes what is learnt.
    """
    progress = progress or Silent()
    alike: dict[tuple[int, int], list[World]] = defaultdict(list)
    for world in filter(learns, worlds):
        alike[world.scenario.season.seasons, world.scenario.season.trials].append(world)
    learned: dict[str, World] = {}
    for (seasons, trials), some in alike.items():
        arms = "1 arm" if len(some) == 1 else f"{len(some)} arms"
        progress.note(f"the adversary learns from {seasons} seasons of {trials} replications in each of {arms}")
        learned |= {world.arm: world for world in _after_seasons(some, seed, execution, progress, engine)}
    if learned:
        progress.note("it has learnt; now the replications that count")
    return tuple(learned.get(world.arm, world) for world in worlds)


def _after_seasons(
    worlds: Sequence[World], seed: int, execution: ExecutionSettings, progress: Progress, engine: str
) -> tuple[World, ...]:
    """Arms with seasons of equal length, after the last season."""
    season, before = worlds[0].scenario.season, learning_seed(seed)
    wanted = season.seasons * season.trials
    with tempfile.TemporaryDirectory(prefix="border-sim-seasons-") as name:
        folder = Path(name) / "run"
        with open_store(folder, ManifestHead("season", worlds[0].scenario.name, before, wanted)) as store:
            job = Seasons(tuple(worlds), before, season.trials, folder, redeploy=False, engine=engine)
            run_job(job, store, wanted, **execution.model_dump(), progress=progress, stage=season.trials)
            return job.in_season(season.seasons)


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
    _job: Replications | None = field(default=None, repr=False)

    def run(self, start: int, stop: int) -> pd.DataFrame:
        """Outcome rows of replications `start` to `stop` - 1, all of one season."""
        worlds = self.in_season(start // self.trials)
        if self._job is None or self._job.worlds is not worlds:
            self._job = Replications(worlds, self.seed, engine=self.engine)
        return self._job.run(start, stop)

    def in_season(self, season: int) -> tuple[World, ...]:
        """The World of each arm as it is in a season (from 0), whose earlier seasons must be in the folder."""
        if self._season < 0 or self._season > season:
            self._now, self._season = self.worlds, 0
        while self._season < season:
            first = self._season * self.trials
            self._now = next_season(self._now, read_stretch(self.folder, first, first + self.trials), self.redeploy)
            self._season += 1
        return self._now
