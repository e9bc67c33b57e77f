"""Seasons: the Worlds of arms in which an adversary has learnt and the state has redeployed, for several studies."""

from __future__ import annotations

import tempfile
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sim.execution.executor import ExecutionSettings, run_job
from sim.execution.manifest import ManifestHead
from sim.execution.progress import Progress
from sim.execution.store import open_store, read_outcomes
from sim.outcomes import interdicted
from sim.rules.learning import learn, redeploy, votes
from sim.rules.randomness import absorb, entity
from sim.study.replications import Replications
from sim.world import World
from sim.world.crossings import along_border_km

if TYPE_CHECKING:
    import pandas as pd

    from sim.model import BorderModel

LARGEST_SEED = (1 << 63) - 1

LEARNT_FROM = ("arm", "crossing", "outcome", "detected")
"""Columns from which adversary and state learn."""


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


def redeployed_world(world: World, rows: pd.DataFrame) -> World:
    """The World of an arm after the state has reassigned patrol duty in answer to a season's outcome rows in this arm.

    Each group that was detected in the season, by whomever, votes for the patrol whose track is nearest to its
    crossing point (`votes`): the distance is measured along the border, to the stretch that the patrol's tracks,
    alternatives included, follow. `redeploy` then reassigns `season.redeploy_share` of all duty by these votes.
    Nothing changes where that share is 0, nobody was detected, there is no patrol, or no border river to measure along.
    """
    share, patrols = world.scenario.season.redeploy_share, world.scenario.patrols
    detected = rows.loc[rows["detected"].astype(bool), "crossing"] if len(rows) else ()
    if not share or not patrols or not len(detected) or len(world.terrain.border_km) < 2:
        return world
    along = {crossing.name: crossing.along_km for crossing in world.crossings}
    weights = votes(patrol_stretches_km(world), [along[name] for name in detected])
    duty = redeploy([patrol.duty_share for patrol in patrols], weights, share)
    return world.with_changes(**{f"patrols.{index}.duty_share": float(part) for index, part in enumerate(duty)})


def patrol_stretches_km(world: World) -> list[tuple[float, float]]:
    """For each patrol the stretch of the border along which its tracks are: its two ends in km along the border."""
    stretches = []
    for numbers in world.patrol_tracks:
        tracks = [world.tracks[number] for number in numbers]
        points = np.concatenate([np.column_stack([track.x_km, track.y_km]) for track in tracks])
        along = [along_border_km(world.terrain.border_km, x, y) for x, y in points]
        stretches.append((min(along), max(along)))
    return stretches


def next_season(worlds: Sequence[World], rows: pd.DataFrame, redeploys: bool = True) -> tuple[World, ...]:
    """The World of each arm after a season: the adversary has learnt, and, if it `redeploys`, the state has answered.

    `rows` are the outcome rows of the season, of all arms; each arm's adversary and state know of its own only.
    """
    of_arms = [rows[rows["arm"] == world.arm] if len(rows) else rows for world in worlds]
    after = tuple(map(after_season, worlds, of_arms))
    return tuple(map(redeployed_world, after, of_arms)) if redeploys else after


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

    `seed` is that of the replications that shall be counted afterwards; `model` and `engine` are as in `Replications`.
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
    """
    progress = progress or Progress()
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
            job = Seasons(tuple(worlds), before, season.trials, folder, redeploys=False, engine=engine)
            run_job(job, store, wanted, **execution.model_dump(), progress=progress, stage=season.trials)
            return job.in_season(season.seasons)


@dataclass
class Seasons:
    """A job to be run in stages of one season: replications of all arms, each season in the light of those before.

    `worlds` are those of the first season, `trials` the replications of one; `folder` holds the rows of earlier ones.
    """

    worlds: tuple[World, ...]
    seed: int
    trials: int
    folder: Path
    redeploys: bool = True
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
            self._now = next_season(self._now, read_outcomes(self.folder, first, first + self.trials), self.redeploys)
            self._season += 1
        return self._now
