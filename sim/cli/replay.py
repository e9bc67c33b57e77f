"""`study=replay` from the command line: one replication of an earlier run, told minute by minute."""

from __future__ import annotations

import sys
import traceback
from pathlib import Path

from sim.execution.errors import one_line
from sim.execution.manifest import read_manifest
from sim.model import BorderModel
from sim.scenario import ScenarioError
from sim.study.replay import earlier_run
from sim.study.settings import RunSettings


def replay(settings: RunSettings) -> int:
    """Play the replication that `replay.` names, with its story; 1 when it raises an error, shown with its traceback.

    Nothing is written. Without `replay.arm` all arms are played, up to the first that raises.
    """
    from sim.watch.story import StoryModel

    if settings.output is None:
        raise ScenarioError("output", "is not given; allowed for study=replay: the output folder of an earlier run")
    earlier, number = earlier_run(Path(settings.output)), settings.replay.replication
    _check_number(Path(settings.output), number)
    print(f"{earlier.scenario.name}: replication {number}, seed {earlier.seed}", flush=True)
    models = earlier.models(number, settings.replay.arm, StoryModel)
    try:
        for model in models:
            _tell(model)
    except ScenarioError:
        raise
    except Exception as error:
        traceback.print_exc()
        print(f"border-sim: replication {number} failed: {one_line(error)}", file=sys.stderr)
        return 1
    return 0


def _check_number(folder: Path, number: int) -> None:
    """Any number could be played, but one that the run never had would be no part of its answer."""
    there = int(read_manifest(folder)["replications"])
    if number >= there:
        raise ScenarioError(
            "replay.replication", f"is {number}; allowed: 0 to {there - 1}, the replications of {folder}"
        )


def _tell(model: BorderModel) -> None:
    """Run a model to its end; what happened before an error is told as well."""
    from sim.watch.story import StoryModel
    from sim.watch.words import clock_of

    assert isinstance(model, StoryModel)
    print(f"\nArm {model.arm}", flush=True)
    try:
        model.run()
    finally:
        for event in model.events:
            print(f"  {clock_of(model, event.minute)}  {event.text}")
    for row in model.rows():
        print(f"  {row['group']}: {row['outcome']}")
