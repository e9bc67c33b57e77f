"""One replication of an earlier run, run again in the Mesa model from what its output folder says, and shown in words.

This module is loaded with every start, for its settings: what runs is loaded when it is wanted.
"""

from __future__ import annotations

import sys
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.scenario import Scenario, ScenarioError
from sim.scenario.base import Section, choice, quantity
from sim.study.base import Study, all_studies

if TYPE_CHECKING:
    from sim.model import BorderModel
    from sim.study.replay.story import StoryModel
    from sim.world import World


class ReplaySettings(Section):
    """Which replication of an earlier run to see again."""

    replication: int = quantity(0, "study=replay: number of the replication", assumed="the user's choice", ge=0)
    arm: str | None = choice(
        None, "study=replay: name of the arm; null takes the first that raises an error", assumed="the user's choice"
    )


@dataclass(frozen=True)
class Earlier:
    """One replication of an earlier run; a study whose runs differ in Worlds or routes has a subclass.

    Scenario and number of the replication are, of a sweep, those at the point; `label` says in words which it is.
    """

    scenario: Scenario
    seed: int
    replication: int
    label: str

    def worlds(self, arms: tuple[str, ...]) -> tuple[World, ...]:
        """The World of each arm, after an adversary that learns has learnt in it."""
        from sim.study.learning import learned_world
        from sim.study.replications import build_worlds

        return tuple(learned_world(world, self.seed) for world in build_worlds(self.scenario, arms))

    def routes(self, baseline: World, world: World) -> dict[str, tuple[str, str]] | None:  # noqa: ARG002
        """Crossing point and way that each group is given in an arm, by its name; None where they choose."""
        return None

    def models(self, arm: str | None, model: type[BorderModel]) -> Iterator[BorderModel]:
        """The replication as a model about to begin, in the arm that is named or in all, the baseline first."""
        baseline, *others = self.worlds(self._arms(arm))
        for world in (baseline, *others) if arm in (None, baseline.arm) else others:
            routes = self.routes(baseline, world)
            given: dict[str, Any] = {} if routes is None else {"routes": routes}
            yield model(rng=self.seed, replication=self.replication, world=world, **given)

    def _arms(self, arm: str | None) -> tuple[str, ...]:
        from sim.study.replications import arms_in_order

        arms = arms_in_order(self.scenario)
        if arm is None:
            return arms
        if arm not in arms:
            raise ScenarioError("replay.arm", f"is '{arm}'; allowed: {', '.join(arms)}")
        return tuple(dict.fromkeys((self.scenario.baseline, arm)))


def earlier_run(folder: Path, number: int) -> Earlier:
    """One replication of the run that an output folder holds, by the number that the folder's parts and messages give.

    Raises
    ------
    StoreError
        When it is no output folder, or a file of it is missing.
    ScenarioError
        When its study cannot be replayed, its configuration is not one of this version, or it never had such a
        replication.
    """
    from sim.execution.manifest import read_manifest

    manifest = read_manifest(folder)
    name, there = manifest.get("study"), int(manifest["replications"])
    replayable = [study for study in all_studies() if type(study).replayed is not Study.replayed]
    study = next((study for study in replayable if name in (study.name, *study.stores)), None)
    if study is not None and number >= there:
        # It could be run, but would be no part of the run's answer.
        raise ScenarioError(
            "replay.replication", f"is {number}; allowed: 0 to {there - 1}, the replications of {folder}"
        )
    earlier = None if study is None else study.replayed(folder, manifest, number)
    if earlier is None:
        allowed = ", ".join(study.name for study in replayable)
        raise ScenarioError("output", f"{folder} holds study={name}; allowed for study=replay: {allowed}")
    return earlier


@dataclass(frozen=True)
class Replay:
    """A replication of an earlier run, to be shown minute by minute: folder of the run, number and arm."""

    output: str | None
    settings: ReplaySettings

    def show(self) -> int:
        """Run the replication and print what happens; 1 when it raises an error, shown with its traceback.

        Nothing is written. Without `replay.arm` all arms are run, up to the first that raises.
        """
        from sim.execution.errors import one_line
        from sim.study.replay.story import StoryModel

        if self.output is None:
            raise ScenarioError("output", "is not given; allowed for study=replay: the output folder of an earlier run")
        earlier = earlier_run(Path(self.output), self.settings.replication)
        print(f"{earlier.scenario.name}: {earlier.label}, seed {earlier.seed}", flush=True)
        models = earlier.models(self.settings.arm, StoryModel)
        try:
            for model in models:
                assert isinstance(model, StoryModel)
                _show(model)
        except ScenarioError:
            raise
        except Exception as error:
            traceback.print_exc()
            print(f"border-sim: {earlier.label} failed: {one_line(error)}", file=sys.stderr)
            return 1
        return 0


def _show(model: StoryModel) -> None:
    """Run a model to its end; what happened before an error is printed as well."""
    from sim.study.replay.sentences import clock_of

    print(f"\nArm {model.arm}", flush=True)
    try:
        model.run()
    finally:
        for event in model.events:
            print(f"  {clock_of(model, event.minute)}  {event.text}")
    for row in model.rows():
        print(f"  {row['group']}: {row['outcome']}")
