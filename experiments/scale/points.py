"""What a point of a sweep costs, part by part, and what one costs with Hydra's own sweeper.

    python experiments/scale/points.py [EXPERIMENT] [--points N] [--replications N] [--repeats N] [--hydra]

The arms `without` and `with_outpost` of an experiment are compared at many ranges of the outpost, in this process
alone; `tiny` is a case as small as a case can be (level ground, 24 x 24 cells, a horizon of two hours). A point has

- its *scenario*: made of plain data and validated, once in the check of all points and once where it is played;
- its *World* in each arm, and the *chart*, the same as tables for the engine, with its room;
- its *replications*, played by the compiled engine;
- its *rows*: what the engine tells of the groups, turned into columns and frames;
- *storage*: rows encoded, written, read back and hashed, which any run of as many replications must do;
- *counting* of the rows as they are read back;
- *the rest*: places checked, chunks planned, intervals, and the table written.

Time within another part counts only for the inner one. What a sweep pays once (the first ground and its routes)
drops out: two points are run as well, and the difference is divided by the number of points between. The check
against the readable model takes a share of the whole run (`sim.study.replications`) and is shared by all points. The
report is left out, as it does not grow with the points. Processor time is what counts, since others may be at work
on the machine.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
from numpy.typing import NDArray

import sim
import sim.engine.engine
import sim.execution.rows
import sim.model
import sim.study.sweep.job
from sim.execution.store import Store
from sim.scenario.overrides import expand
from sim.study.running import python_context, run_in
from sim.study.sweep.job import SweepJob
from sim.study.sweep.points import Points, check_points, points_from_words
from sim.study.sweep.run import SweepRun
from sim.study.sweep.summary import Tally

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
FEW = 2
"""Points of the sweep that is taken off: what it pays once is paid by it, too."""

REST = "rest"
CHECK = "check against the model"
PARTS = {
    "scenario": ((Points, "scenario"),),
    "Worlds": ((sim.study.sweep.job, "build_worlds"),),
    "tables of the engine": ((sim.engine.engine.Engine, "__init__"),),
    "replications": ((sim.engine.engine.Engine, "run"),),
    "rows": ((SweepJob, "run"),),
    "storage": ((sim.execution.rows, "encode_part"), (Store, "write"), (Store, "complete")),
    "counting": ((Tally, "add"),),
    CHECK: ((SweepJob, "check"),),
}
"""Which functions are timed; what is in none of them is the rest."""

COUNTED_APART = ("Worlds", "tables of the engine", "replications")
"""Parts that are the model's; all others are what the sweep adds to them."""

Seconds = NDArray[np.float64]
"""Of the processor, and by the clock on the wall."""


class Stopwatch:
    """Seconds spent within the functions of each part, without those spent within inner ones."""

    def __init__(self) -> None:
        self.seconds: dict[str, Seconds] = defaultdict(lambda: np.zeros(2))
        self._part, self._since = REST, _clocks()

    def around(self, part: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function, with its time counted for a part."""

        def timed(*args: Any, **kwargs: Any) -> Any:
            outer = self._turn_to(part)
            try:
                return function(*args, **kwargs)
            finally:
                self._turn_to(outer)

        return timed

    def _turn_to(self, part: str) -> str:
        """Count what has passed for the part so far, and go on with another; returns the part so far."""
        before, now = self._part, _clocks()
        self.seconds[before] += now - self._since
        self._part, self._since = part, now
        return before

    def stop(self) -> dict[str, Seconds]:
        """What was spent, by part."""
        self._turn_to(REST)
        return dict(self.seconds)


def _clocks() -> Seconds:
    return np.array([time.process_time(), time.perf_counter()])


def milliseconds(points: int, replications: int, experiment: str) -> dict[str, Seconds]:
    """Milliseconds a point by part: of the processor, and by the clock."""
    with tempfile.TemporaryDirectory() as folder:
        words = [*_words(Path(folder), experiment), f"replications={replications}"]
        # Once for nothing, since what is loaded and compiled stays.
        _, few, many = (_spent(Path(folder) / f"run_{turn}", words, n) for turn, n in enumerate((FEW, FEW, points)))
    return per_point(few, many, points - FEW)


def per_point(few: Mapping[str, Seconds], many: Mapping[str, Seconds], between: int) -> dict[str, Seconds]:
    """Milliseconds a point from the seconds of two sweeps, of which the larger has so many points more."""
    nothing = np.zeros(2)
    parts = (*PARTS, REST)
    return {part: 1000 * (many.get(part, nothing) - few.get(part, nothing)) / between for part in parts}


def _words(folder: Path, experiment: str) -> list[str]:
    if experiment == "tiny":
        (folder / "tiny.yaml").write_text(TINY, encoding="utf-8")
        return [f"experiment={folder / 'tiny.yaml'}"]
    arms = sim.load_scenario(experiment).arms
    return [f"experiment={experiment}", *(f"~arms.{arm}" for arm in arms if arm not in ("without", "with_outpost"))]


def _spent(output: Path, words: list[str], points: int) -> dict[str, Seconds]:
    """Seconds of a sweep, by part."""
    # Composing is paid once, and left out.
    design, settings = points_from_words(*expand([*words, f"outpost.range_km=range(1,5,{4 / points!r})"]))
    watch = Stopwatch()
    with contextlib.ExitStack() as patches:
        for part, functions in PARTS.items():
            for owner, name in functions:
                patches.enter_context(patch.object(owner, name, watch.around(part, getattr(owner, name))))
        _run(output, design, settings.replications)
        return watch.stop()


def _run(output: Path, points: Points, replications: int) -> None:
    run = SweepRun(points, check_points(points), replications)
    result, _ = run_in(output, run, python_context(workers=1, quiet=True, engine="compiled"))
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


def table(found: Sequence[Mapping[str, Seconds]]) -> Iterator[str]:
    """The lines of a table: the median of all runs, in brackets the least and the most."""
    yield "| ms a point | of the processor | by the clock |"
    yield "|---|---|---|"
    for part in (*PARTS, REST):
        yield _line(part, [one[part] for one in found])
    remaining = [part for part in (*PARTS, REST) if part not in COUNTED_APART]
    rest = [sum((one[part] for part in remaining), np.zeros(2)) for one in found]
    yield _line(f"all but {', '.join(COUNTED_APART)}", rest)
    yield _line("all", [sum(one.values(), np.zeros(2)) for one in found])


def _line(name: str, found: Sequence[Seconds]) -> str:
    cells = (f"{np.median(some):.2f} ({min(some):.2f} to {max(some):.2f})" for some in np.transpose(found))
    return f"| {name} | {' | '.join(cells)} |"


def _asked(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="points.py", description="What a point of a sweep costs.")
    parser.add_argument("experiment", nargs="?", default="shahrituz_2019", help="name of an experiment, or tiny")
    parser.add_argument("--points", type=int, default=300)
    parser.add_argument("--replications", type=int, default=100)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--hydra", action="store_true", help="run Hydra's own sweeper as well")
    asked = parser.parse_args(words)
    for name, least in (("points", FEW + 1), ("replications", 1), ("repeats", 1)):
        if getattr(asked, name) < least:
            parser.error(f"argument --{name}: allowed: {least} or more")
    return asked


def main(words: Sequence[str] | None = None) -> None:
    """Measure, and print the table."""
    asked = _asked(words)
    load = os.getloadavg()[0]
    found = [milliseconds(asked.points, asked.replications, asked.experiment) for _ in range(asked.repeats)]
    print(f"{asked.experiment}: {asked.points} points x {asked.replications} replications of 2 arms, one process;")
    print(f"{asked.repeats} runs, load {load:.1f} at the beginning and {os.getloadavg()[0]:.1f} at the end\n")
    print(*table(found), sep="\n", flush=True)
    if asked.hydra:
        spent = hydra_milliseconds(HYDRA_POINTS)
        print(f"\nHydra's basic sweeper, {HYDRA_POINTS} points that do nothing: {spent:.0f} ms a point by the clock")


if __name__ == "__main__":
    main()
