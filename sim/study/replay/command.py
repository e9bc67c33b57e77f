"""`study=replay` from the command line: one replication of an earlier run, told minute by minute."""

from __future__ import annotations

import sys
import traceback
from dataclasses import dataclass
from pathlib import Path

from sim.execution.errors import one_line
from sim.model import BorderModel
from sim.scenario import ScenarioError
from sim.study.replay.replay import earlier_run
from sim.study.settings import RunSettings


@dataclass(frozen=True)
class Replay:
    """A replication of an earlier run, to be told minute by minute."""

    settings: RunSettings

    def show(self) -> int:
        """Run the replication that `replay.` names; 1 when it raises an error, shown with its traceback.

        Nothing is written. Without `replay.arm` all arms are run, up to the first that raises.
        """
        return replay(self.settings)


def replay(settings: RunSettings) -> int:
    """Run a replication of an earlier run and print its story."""
    from sim.watch.story import StoryModel

    if settings.output is None:
        raise ScenarioError("output", "is not given; allowed for study=replay: the output folder of an earlier run")
    earlier = earlier_run(Path(settings.output), settings.of("replay").replication)
    print(f"{earlier.scenario.name}: {earlier.told}, seed {earlier.seed}", flush=True)
    models = earlier.models(settings.of("replay").arm, StoryModel)
    try:
        for model in models:
            _tell(model)
    except ScenarioError:
        raise
    except Exception as error:
        traceback.print_exc()
        print(f"border-sim: {earlier.told} failed: {one_line(error)}", file=sys.stderr)
        return 1
    return 0


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
