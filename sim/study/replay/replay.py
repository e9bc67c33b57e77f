"""One replication of an earlier run, run again by agents from what its output folder says, and shown in words."""

from __future__ import annotations

import sys
import traceback
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sim.execution.errors import one_line
from sim.execution.manifest import read_manifest
from sim.scenario import ScenarioError
from sim.study.base import Earlier, Request, all_studies
from sim.study.replay.settings import ReplaySettings

if TYPE_CHECKING:
    from sim.study.replay.story import StoryModel
    from sim.study.running import RunContext


def prepare(request: Request, context: RunContext) -> Replay:  # noqa: ARG001
    """The replication, ready to be run."""
    # Nothing of the case is used, but what is wrong in it is refused as in every study.
    _ = request.scenario
    return Replay(request.settings.output, request.settings.of("replay"))


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
    manifest = read_manifest(folder)
    name, there = manifest.get("study"), int(manifest["replications"])
    replayable = [study for study in all_studies() if study.replays]
    study = next((study for study in replayable if name in (study.name, *study.stores)), None)
    if study is None:
        allowed = ", ".join(study.name for study in replayable)
        raise ScenarioError("output", f"{folder} holds study={name}; allowed for study=replay: {allowed}")
    if number >= there:
        # It could be run, but would be no part of the run's answer.
        raise ScenarioError(
            "replay.replication", f"is {number}; allowed: 0 to {there - 1}, the replications of {folder}"
        )
    return study.replayed(folder, manifest, number)


@dataclass(frozen=True)
class Replay:
    """A replication of an earlier run, to be shown minute by minute: folder of the run, number and arm."""

    output: str | None
    settings: ReplaySettings

    def show(self) -> int:
        """Run the replication and print what happens; 1 when it raises an error, shown with its traceback.

        Nothing is written. Without `replay.arm` all arms are run, up to the first that raises.
        """
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
