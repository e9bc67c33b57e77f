"""One replication of an earlier run, played again in the Mesa model from what its output folder says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.execution.manifest import read_manifest
from sim.model import BorderModel
from sim.scenario import Scenario, ScenarioError
from sim.scenario.scenario import validate
from sim.study.compare.fixed_routes import FixedRoutes
from sim.study.learning.job import Seasons
from sim.study.learning.learning import learned_world
from sim.study.replications import arms_in_order, build_worlds
from sim.study.sweep.stored_points import read_points
from sim.world import World

STUDIES = ("compare", "naive", "season", "sweep")


@dataclass(frozen=True)
class Earlier:
    """One replication of an earlier run.

    Attributes
    ----------
    scenario:
        The case; of a sweep, as it is at the point.
    seed:
        Of the keyed streams.
    replication:
        Its number; of a sweep, at the point.
    told:
        Which one it is, in words.
    ways_kept:
        Whether groups keep the ways of the baseline, as in the part of a comparison that is played again.
    seasons:
        Output folder in which the rows of earlier seasons lie; None for a run that has none.
    """

    scenario: Scenario
    seed: int
    replication: int
    told: str
    ways_kept: bool = False
    seasons: Path | None = None

    def models(self, arm: str | None, model: type[BorderModel]) -> Iterator[BorderModel]:
        """The replication as a model about to begin, in the arm that is named or in all, the baseline first."""
        number = self.replication
        baseline, *rivals = self._worlds(arm)
        for world in (baseline, *rivals) if arm in (None, baseline.arm) else rivals:
            yield model(rng=self.seed, replication=number, world=world, **self._ways(baseline, world))

    def _worlds(self, arm: str | None) -> tuple[World, ...]:
        arms = self._arms(arm)
        if self.seasons is None:
            return tuple(learned_world(world, self.seed) for world in build_worlds(self.scenario, arms))
        trials = self.scenario.season.trials
        played = Seasons(build_worlds(self.scenario, arms), self.seed, trials, self.seasons)
        return played.in_season(self.replication // trials)

    def _arms(self, arm: str | None) -> tuple[str, ...]:
        arms = arms_in_order(self.scenario)
        if arm is None:
            return arms
        if arm not in arms:
            raise ScenarioError("replay.arm", f"is '{arm}'; allowed: {', '.join(arms)}")
        return tuple(dict.fromkeys((self.scenario.baseline, arm)))

    def _ways(self, baseline: World, world: World) -> dict[str, Any]:
        if not self.ways_kept or world is baseline:
            return {}
        job = FixedRoutes(baseline, (world,), self.seed)
        return {"routes": job.as_called(job.routes(baseline, self.replication), world)}


def earlier_run(folder: Path, number: int) -> Earlier:
    """One replication of the run that an output folder holds.

    Parameters
    ----------
    folder:
        Of the run.
    number:
        Of the replication, as the folder's parts and messages number them: a sweep's run through all points, so that
        replication r of point p is p x (replications of each point) + r.

    Raises
    ------
    StoreError
        When it is no output folder, or that of a sweep without its points.
    ScenarioError
        When its study cannot be replayed, its configuration is not one of this version, or it never had such a
        replication.
    """
    manifest = read_manifest(folder)
    study, seed, there = manifest.get("study"), int(manifest["seed"]), int(manifest["replications"])
    if study not in STUDIES:
        raise ScenarioError("output", f"{folder} holds study={study}; allowed for study=replay: compare, season, sweep")
    if number >= there:
        # It could be played, but would be no part of the run's answer.
        raise ScenarioError(
            "replay.replication", f"is {number}; allowed: 0 to {there - 1}, the replications of {folder}"
        )
    configuration = dict(manifest["configuration"])
    if study == "sweep":
        return _of_sweep(folder, number, int(configuration["sweep"]["replications_each"]))
    scenario = validate(configuration)
    told = f"replication {number}"
    if study == "season":
        told += f" (season {number // scenario.season.trials + 1})"
    return Earlier(scenario, seed, number, told, study == "naive", folder if study == "season" else None)


def _of_sweep(folder: Path, number: int, each: int) -> Earlier:
    points, (point, replication) = read_points(folder), divmod(number, each)
    values = ", ".join(f"{key}={value}" for key, value in points.design.values(point).items())
    told = f"point {point} ({values}), replication {replication}"
    return Earlier(points.scenario(point), points.seed_of(point), replication, told)
