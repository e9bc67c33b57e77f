"""What a point of a sweep costs beside its World and its replications, and what one costs with Hydra's own sweeper.

    python experiments/range_sweep/overhead.py [POINTS] [REPLICATIONS]

The case is as small as a case can be (level ground, 24 x 24 cells, a horizon of two hours), so that what is measured is
not lost in the runs. Everything runs in this process alone, and processor time is what counts, since others may be at
work on the machine. Time in building Worlds and running the model is subtracted; what is left is the sweep's own:
reading the command line, composing, checking all points, validating, encoding and writing rows, reading them back,
counting, and writing the tables. Keeping the rows is told apart too: any run of as many replications must do that.
The report is left out, as it does not grow with the points.

Beside it, the same grid with Hydra's basic sweeper: an application that only composes this project's configuration
and does nothing with it, run with `-m` for 40 points.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import sim.execution.store
import sim.execution.worker
import sim.study.points
import sim.study.sweep_job
from sim.execution.settings import ExecutionSettings
from sim.execution.store import open_store
from sim.scenario.expand import expand
from sim.study.points import check_points, points_from_words
from sim.study.sweep import play_sweep, sweep_head, write_tables

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


def our_milliseconds(points: int, replications: int) -> tuple[float, float, float]:
    """Milliseconds a point: all; what is neither Worlds nor runs; and of that, what it takes to keep the rows."""
    job, worker, store = sim.study.sweep_job, sim.execution.worker, sim.execution.store
    runs, scenarios, rows = Stopwatch(), Stopwatch(), Stopwatch()
    kept = job.SweepJob.replay, job.Points.scenario, job.to_frame, worker.encode_part, store.Store.complete
    # A replay builds the World where it must, and for that the point's scenario, which is the sweep's own doing.
    job.SweepJob.replay = runs.around(lambda self, *unit: list(kept[0](self, *unit)))
    job.Points.scenario = scenarios.around(kept[1])
    job.to_frame, worker.encode_part, store.Store.complete = (rows.around(one) for one in kept[2:])
    with tempfile.TemporaryDirectory() as folder:
        words = [f"experiment={_tiny_file(Path(folder))}", f"replications={replications}"]
        words += [f"outpost.range_km=range(1,5,{4 / points!r})"]
        began = time.process_time()
        design, _ = points_from_words(*expand(words))
        arms = check_points(design)
        checked = scenarios.seconds
        output = Path(folder) / "out"
        with open_store(output, sweep_head(design, design.scenario(0), replications)) as place:
            here = ExecutionSettings(kind="serial")
            result = play_sweep(design, arms, place, replications=replications, execution=here)
            write_tables(output, result)
        spent = time.process_time() - began
    job.SweepJob.replay, job.Points.scenario, job.to_frame, worker.encode_part, store.Store.complete = kept
    assert not result.failures
    own = spent - runs.seconds + scenarios.seconds - checked
    return tuple(1000 * seconds / len(design) for seconds in (spent, own, rows.seconds))


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
    total, own, rows = our_milliseconds(points, replications)
    yield f"{points} points x {replications} replications of 2 arms, one process; ms of processor time a point:"
    yield f"  all {total:.2f}; beside Worlds and runs {own:.2f}, of which {rows:.2f} to keep and read back the rows"
    theirs = hydra_milliseconds(HYDRA_POINTS)
    yield f"Hydra's basic sweeper, {HYDRA_POINTS} points that do nothing: {theirs:.0f} ms a point"


if __name__ == "__main__":
    for line in main(sys.argv[1:]):
        print(line, flush=True)
