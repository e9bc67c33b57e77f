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
from sim.study.adaptation import Unmoved
from sim.study.compare import arms_in_order
from sim.study.learning import learned_world
from sim.study.replications import build_worlds
from sim.world import World

STUDIES = ("compare", "naive")


@dataclass(frozen=True)
class Earlier:
    """What an output folder says of its run.

    Attributes
    ----------
    scenario:
        The case.
    seed:
        Of the keyed streams.
    ways_kept:
        Whether groups keep the ways of the baseline, as in the part of a comparison that is played again.
    """

    scenario: Scenario
    seed: int
    ways_kept: bool

    def models(self, replication: int, arm: str | None, model: type[BorderModel]) -> Iterator[BorderModel]:
        """The replication as a model about to begin, in the arm that is named or in all, the baseline first."""
        baseline, *rivals = (learned_world(world, self.seed) for world in build_worlds(self.scenario, self._arms(arm)))
        for world in (baseline, *rivals) if arm in (None, baseline.arm) else rivals:
            yield model(rng=self.seed, replication=replication, world=world, **self._ways(baseline, world, replication))

    def _arms(self, arm: str | None) -> tuple[str, ...]:
        arms = arms_in_order(self.scenario)
        if arm is None:
            return arms
        if arm not in arms:
            raise ScenarioError("replay.arm", f"is '{arm}'; allowed: {', '.join(arms)}")
        return tuple(dict.fromkeys((self.scenario.baseline, arm)))

    def _ways(self, baseline: World, world: World, replication: int) -> dict[str, Any]:
        if not self.ways_kept or world is baseline:
            return {}
        job = Unmoved(baseline, (world,), self.seed)
        return {"routes": job.as_called(job.ways(baseline, replication), world)}


def earlier_run(folder: Path) -> Earlier:
    """The run that an output folder holds.

    Raises
    ------
    StoreError
        When it is no output folder.
    ScenarioError
        When its study cannot be replayed, or its configuration is not one of this version.
    """
    manifest = read_manifest(folder)
    study = manifest.get("study")
    if study not in STUDIES:
        raise ScenarioError("output", f"{folder} holds study={study}; allowed for study=replay: compare")
    return Earlier(validate(dict(manifest["configuration"])), int(manifest["seed"]), study == "naive")
