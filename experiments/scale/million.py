"""What a comparison of a million replications costs: `python experiments/scale/million.py [REPLICATIONS] [WORKERS]`.

Rows of the default case's six arms, played once and then repeated under other numbers (minutes and places a little
shifted, so that they are as many-valued as real ones), go through what a run goes through: chunks in processes, parts
on the disk, the digest, the summary, the report. Only the playing is left out. Time and peak memory by stage are
printed as JSON: resident memory of all processes added up (`resident_mb`, in which a page of a library counts once for
each process), and with shared pages counted once (`memory_mb`).
"""

from __future__ import annotations

import contextlib
import json
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.execution.executor import run_job
from sim.execution.manifest import ManifestHead
from sim.execution.rows import Rows
from sim.execution.store import Store, open_store
from sim.scenario import Scenario
from sim.scenario.load import load_scenario
from sim.study.compare.result import Comparison
from sim.study.replications import Replications, arms_in_order, build_worlds
from sim.study.result import write_report
from sim.world import World

PLAYED = 50
CHUNK = 8_000
"""Replications a chunk: two seconds' work at 40 microseconds for one of an arm, as chunks are cut by default."""
SHIFTED_MIN = ("departed_min", "crossed_min", "detected_min", "intercepted_min", "ended_min")
SHIFTED_KM = ("x_km", "y_km", "depth_km")


@dataclass(frozen=True)
class Repeated:
    """A job that gives the same played replications again and again.

    Attributes
    ----------
    rows:
        Of replications 0 to `PLAYED` - 1, equally many of each, with strings as categories.
    """

    rows: pd.DataFrame

    def run(self, start: int, stop: int) -> pd.DataFrame:
        """Rows of replications start .. stop - 1."""
        return self.of(np.arange(start, stop))

    def of(self, numbers: NDArray[np.int64]) -> pd.DataFrame:
        """Rows of some replications: which of those played each one repeats looks random."""
        each = len(self.rows) // PLAYED
        place = (numbers * 2_654_435_761 >> 7) % PLAYED
        frame = self.rows.take((place[:, None] * each + np.arange(each)).ravel()).reset_index(drop=True)
        number = np.repeat(numbers, each)
        moved = {name: self._later(frame[name], number) for name in SHIFTED_MIN}
        moved |= {name: frame[name] + (number * 40_503 >> 4) % 997 / 1000 for name in SHIFTED_KM}
        return frame.assign(replication=number, **moved)

    def _later(self, minutes: pd.Series, number: NDArray[np.int64]) -> pd.Series:
        return minutes.where(minutes < 0, minutes + number % 61)


class Watch:
    """Time and memory of the stages of a program, looked at twenty times a second."""

    def __init__(self) -> None:
        self.told: dict[str, dict[str, float]] = {}
        self._most = (0.0, 0.0)
        threading.Thread(target=self._look, daemon=True).start()

    def _look(self) -> None:
        while True:
            self._most = tuple(map(max, self._most, memory_mb()))  # type: ignore[assignment]
            time.sleep(0.05)

    @contextlib.contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Measure what is done inside."""
        self._most, began = (0.0, 0.0), time.perf_counter()
        yield
        resident, shared_once = map(max, self._most, memory_mb())
        seconds = time.perf_counter() - began
        self.told[name] = {
            "seconds": round(seconds, 1),
            "resident_mb": round(resident),
            "memory_mb": round(shared_once),
        }
        print(name, self.told[name], file=sys.stderr, flush=True)


def memory_mb() -> tuple[float, float]:
    """Resident memory of this process and its children: added up, and with shared pages counted once."""
    resident = shared_once = 0
    for process in ("self", *children()):
        with contextlib.suppress(OSError, ProcessLookupError):
            lines = (line.split() for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()[1:])
            sizes = {line[0]: int(line[1]) for line in lines}
            resident, shared_once = resident + sizes["Rss:"], shared_once + sizes["Pss:"]
    return resident / 1024, shared_once / 1024


def children() -> list[str]:
    """Numbers of the processes that this one started."""
    found = []
    for task in Path("/proc/self/task").iterdir():
        with contextlib.suppress(OSError):
            found += (task / "children").read_text().split()
    return found


def played(worlds: tuple[World, ...]) -> pd.DataFrame:
    """The rows to be repeated."""
    return Rows.of(Replications(worlds, 1).run(0, PLAYED)).frame(coded=True)


def fill(job: Repeated, store: Store, replications: int, workers: int, watch: Watch) -> str:
    """Write all parts, and take the digest."""
    with watch.stage("rows made and written"):
        kind = "serial" if workers == 1 else "local"
        run_job(job, store, replications, kind=kind, workers=workers, chunk_size=CHUNK, close=False)
    with watch.stage("read back, verified, hashed"):
        return store.complete()


def tell(result: Comparison, folder: Path, watch: Watch) -> None:
    """Write the summary and the report."""
    with watch.stage("summary"):
        (folder / "summary.json").write_text(json.dumps(result.summary(), indent=2))
    with watch.stage("report"):
        write_report(folder, result, {})


def measure(scenario: Scenario, folder: Path, replications: int, workers: int, watch: Watch) -> None:
    """Go through all stages in a folder."""
    with watch.stage("worlds built, and some replications played"):
        worlds = build_worlds(scenario, arms_in_order(scenario))
        job = Repeated(played(worlds))
    with open_store(folder, ManifestHead("compare", scenario.name, 1, replications)) as store:
        digest = fill(job, store, replications, workers, watch)
        with watch.stage("rows taken up"):
            rows = store.rows()
        # About as many as move in the default case.
        fixed = Rows.of(job.of(np.arange(0, replications, 40))).frame(coded=True)
        fixed = fixed[fixed["arm"] != scenario.baseline].reset_index(drop=True)
        result = Comparison(scenario, worlds, rows, 1, digest, fixed_routes=fixed, played=replications)
        tell(result, folder, watch)
    size = sum(path.stat().st_size for path in folder.rglob("part-*")) / 1e6
    watch.told["disk"] = {"mb": round(size), "bytes_per_row": round(size * 1e6 / len(rows), 1)}


def main() -> None:
    """Measure and print."""
    replications, workers = (int(word) for word in (*sys.argv[1:], *("1000000", "2")[len(sys.argv) - 1 :]))
    watch = Watch()
    with tempfile.TemporaryDirectory() as place:
        measure(load_scenario(), Path(place) / "out", replications, workers, watch)
    print(json.dumps(watch.told, indent=2))


if __name__ == "__main__":
    main()
