"""What a point of a sweep costs, part by part, and what one costs with Hydra's own sweeper.

    python experiments/range_sweep/overhead.py [POINTS] [REPLICATIONS] [EXPERIMENT]

Without an EXPERIMENT the case is as small as a case can be (level ground, 24 x 24 cells, a horizon of two hours), so
that what is measured is not lost in the runs; of another the arms `without` and `with_outpost` are kept. Everything
runs in this process alone, and processor time is what counts, since others may be at work on the machine. A point has

- its *World* in each arm, and the *chart*, the same as tables for the engine;
- its *replications*: played, and told as rows;
- *storage*: rows encoded, written, read back and hashed, which any run of as many replications must do;
- *the rest*, which is the sweep's own: reading the command line, composing, checking all points, validating, counting,
  and writing the tables.

The engine is compiled, and the first ground built, before the clock starts. The report is left out, as it does not
grow with the points.

Beside it, the same grid with Hydra's basic sweeper: an application that only composes this project's configuration
and does nothing with it, run with `-m` for 40 points.
"""

from __future__ import annotations

import contextlib
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

import sim
import sim.engine.engine
import sim.engine.playhouse
import sim.execution.store
import sim.execution.worker
import sim.study.sweep_job
from sim.execution.settings import ExecutionSettings
from sim.execution.store import open_store
from sim.scenario.expand import expand
from sim.study.points import check_points, points_from_words
from sim.study.sweep import play_sweep, sweep_head, write_tables
from sim.study.tally import Tally

TINY = """\
defaults: [override /terrain: flat, override /forces: null, override /infiltrators: null, override /inland: null,
           override /arms: null]
name: tiny
horizon_min: 120
terrain: {width_km: 12, height_km: 12, cell_m: 500}
outpost: {name: new, x_km: 8.0, y_km: 7.5, sensors: [eye], range_km: 3.0, responders: 8}
reaction_force: {x_km: 6.0, y_km: 11.0}
inland: {enabled: false}
infiltrators:
  groups: [{name: one, size: 3, start_x_km: 6, start_y_km: 5, target_x_km: 6, target_y_km: 9, inland: false,
            depart_earliest_min: 1, depart_latest_min: 5}]
arms:
  without: {}
  with_outpost: {changes: {outpost: {present: true}}}
"""

HYDRA_APP = """\
import hydra
@hydra.main(config_path={configs!r}, config_name="config", version_base="1.3")
def main(config): pass
main()
"""

HYDRA_POINTS = 40


class Stopwatch:
    """Seconds spent within some functions."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def around(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def timed(*args: Any, **kwargs: Any) -> Any:
            began = time.process_time()
            try:
                return function(*args, **kwargs)
            finally:
                self.seconds += time.process_time() - began

        return timed


PARTS = {
    "Worlds": ((sim.study.sweep_job, "build_worlds"),),
    "charts": ((sim.engine.engine, "chart_world"),),
    "replications": ((sim.engine.playhouse.Playhouse, "run"),),
    "storage": ((sim.execution.worker, "encode_part"), (sim.execution.store.Store, "complete")),
}
"""Which functions are timed. What is counted of the rows as they are read back is the sweep's own: see `Tally`."""


def our_milliseconds(points: int, replications: int, experiment: str | None) -> dict[str, float]:
    """Milliseconds of processor time a point, by part."""
    watches = {part: Stopwatch() for part in PARTS}
    counting = Stopwatch()
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as patches:
        words = _words(Path(folder), experiment)
        _run(Path(folder) / "warm", [*words, "outpost.range_km=2,2.5"], replications)
        for part, functions in PARTS.items():
            for owner, name in functions:
                patches.enter_context(patch.object(owner, name, watches[part].around(getattr(owner, name))))
        patches.enter_context(patch.object(Tally, "add", counting.around(Tally.add)))
        began = time.process_time()
        _run(Path(folder) / "out", [*words, f"outpost.range_km=range(1,5,{4 / points!r})"], replications)
        spent = time.process_time() - began
    told = {part: watch.seconds for part, watch in watches.items()}
    told["storage"] -= counting.seconds
    told["the rest"] = spent - sum(told.values())
    return {part: 1000 * seconds / points for part, seconds in told.items()}


def _words(folder: Path, experiment: str | None) -> list[str]:
    if experiment is None:
        return [f"experiment={_tiny_file(folder)}"]
    arms = sim.load_scenario(experiment).arms
    return [f"experiment={experiment}", *(f"~arms.{arm}" for arm in arms if arm not in ("without", "with_outpost"))]


def _run(output: Path, words: list[str], replications: int) -> None:
    design, _ = points_from_words(*expand([*words, f"replications={replications}"]))
    arms = check_points(design)
    with open_store(output, sweep_head(design, design.scenario(0), replications)) as place:
        here = ExecutionSettings(kind="serial")
        result = play_sweep(design, arms, place, replications=replications, execution=here)
        write_tables(output, result)
    assert not result.failures


def hydra_milliseconds(points: int) -> float:
    """Milliseconds a point with Hydra's basic sweeper: time for many points less time for one."""
    with tempfile.TemporaryDirectory() as folder:
        configs = str(Path(__file__).resolve().parents[2] / "configs")
        app = Path(folder) / "app.py"
        app.write_text(HYDRA_APP.format(configs=configs), encoding="utf-8")
        one, many = (_seconds([sys.executable, str(app), "-m", f"+x=range({n})"], folder) for n in (1, points))
    return 1000 * (many - one) / (points - 1)


def _seconds(command: list[str], folder: str) -> float:
    began = time.perf_counter()
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return time.perf_counter() - began


def _tiny_file(folder: Path) -> Path:
    path = folder / "tiny.yaml"
    path.write_text(TINY, encoding="utf-8")
    return path


def main(words: list[str]) -> Iterator[str]:
    """The lines to print."""
    points, replications = (int(word) for word in (words + ["1000", "20"][len(words) :])[:2])
    told = our_milliseconds(points, replications, words[2] if len(words) > 2 else None)
    yield f"{points} points x {replications} replications of 2 arms, one process; ms of processor time a point:"
    yield f"  all {sum(told.values()):.2f}: " + ", ".join(f"{part} {spent:.2f}" for part, spent in told.items())
    theirs = hydra_milliseconds(HYDRA_POINTS)
    yield f"Hydra's basic sweeper, {HYDRA_POINTS} points that do nothing: {theirs:.0f} ms a point"


if __name__ == "__main__":
    for line in main(sys.argv[1:]):
        print(line, flush=True)
