"""Lessons: adversaries of several arms learn in all of them at once, on as many processes as there are."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from sim.execution.executor import run_job
from sim.execution.manifest import ManifestHead
from sim.execution.open_store import open_store
from sim.execution.progress import Progress, Silent
from sim.execution.settings import ExecutionSettings
from sim.study.learning.job import Seasons
from sim.study.learning.learning import learning_seed, learns
from sim.world import World


def learned_worlds(
    worlds: tuple[World, ...],
    seed: int,
    execution: ExecutionSettings,
    progress: Progress | None = None,
    engine: str = "compiled",
) -> tuple[World, ...]:
    """The World of each arm after its adversary has learnt in it, as `sim.study.learning.learning.learned_world` would give it.

    Arms whose adversary does not learn stay as they are. The rows of the seasons are kept in a temporary folder only:
    a run that is resumed plays them again, and gets the same.

    Parameters
    ----------
    worlds:
        Of the arms, with what is believed at first as `scenario.infiltrators.danger`.
    seed:
        Of the replications that shall be counted afterwards.
    execution:
        On what to run; it does not change what is learnt.
    progress:
        Who is told how far it is, by default nobody.
    engine:
        See `sim.study.replications.ENGINES`.
    """
    progress = progress or Silent()
    alike: dict[tuple[int, int], list[World]] = defaultdict(list)
    for world in filter(learns, worlds):
        alike[world.scenario.season.seasons, world.scenario.season.trials].append(world)
    learned: dict[str, World] = {}
    for (seasons, trials), some in alike.items():
        progress.note(f"the adversary learns from {seasons} seasons of {trials} replications in each of {_arms(some)}")
        learned |= {world.arm: world for world in _played(some, seed, execution, progress, engine)}
    if learned:
        progress.note("it has learnt; now the replications that count")
    return tuple(learned.get(world.arm, world) for world in worlds)


def _arms(worlds: Sequence[World]) -> str:
    return "1 arm" if len(worlds) == 1 else f"{len(worlds)} arms"


def _played(
    worlds: Sequence[World], seed: int, execution: ExecutionSettings, progress: Progress, engine: str
) -> tuple[World, ...]:
    """Arms with seasons of equal length, after the last season."""
    season, luck = worlds[0].scenario.season, learning_seed(seed)
    wanted = season.seasons * season.trials
    with tempfile.TemporaryDirectory(prefix="border-sim-seasons-") as folder:
        place = Path(folder) / "run"
        with open_store(place, ManifestHead("season", worlds[0].scenario.name, luck, wanted)) as store:
            job = Seasons(tuple(worlds), luck, season.trials, place, redeploy=False, engine=engine)
            run_job(
                job,
                store,
                wanted,
                **execution.model_dump(),
                progress=progress,
                stage=season.trials,
            )
            return job.in_season(season.seasons)
