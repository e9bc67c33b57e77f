"""Small jobs for the tests of sim/execution, importable by worker processes, and a program that runs one."""

from __future__ import annotations

import os
import signal
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

SMALL = {"outpost": {"range_km": 12.0, "sensors": ["eye", "radar"]}, "light": {"sunset": 18}}


def toy_rows(start: int, stop: int) -> pd.DataFrame:
    """Rows that depend on the replication alone: one to three of each, as runs with several groups have."""
    numbers = np.repeat(np.arange(start, stop), np.arange(start, stop) % 3 + 1)
    mixed = (numbers * 2654435761) % 1000
    detected = mixed < 600
    return pd.DataFrame(
        {
            "replication": numbers,
            "detected": detected,
            "detected_min": np.where(detected, mixed / 7, np.nan),
            "detected_by": [f"post_{value % 4}" if seen else None for value, seen in zip(mixed, detected, strict=True)],
        }
    )


@dataclass(frozen=True)
class ToyJob:
    """Gives `toy_rows`, taking a while if asked to."""

    seconds_each: float = 0.0

    def run(self, start: int, stop: int) -> pd.DataFrame:
        time.sleep(self.seconds_each * (stop - start))
        return toy_rows(start, stop)


@dataclass(frozen=True)
class KilledOnce:
    """A worker that runs replication `victim` is killed, until the file `scar` exists."""

    victim: int
    scar: Path

    def run(self, start: int, stop: int) -> pd.DataFrame:
        if start <= self.victim < stop and not self.scar.exists():
            self.scar.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return toy_rows(start, stop)


@dataclass(frozen=True)
class Deadly:
    """Every worker that runs one of the replications `victims` ends there and then: is killed, or leaves."""

    victims: tuple[int, ...]
    killed: bool = False

    def run(self, start: int, stop: int) -> pd.DataFrame:
        if any(start <= victim < stop for victim in self.victims):
            if self.killed:
                os.kill(os.getpid(), signal.SIGKILL)
            os._exit(7)
        return toy_rows(start, stop)


class AwkwardError(Exception):
    """An exception that cannot be unpickled."""

    def __init__(self, first: str, second: str) -> None:
        super().__init__(f"{first} {second}")


@dataclass(frozen=True)
class Failing:
    """Raises at replication `victim`; `how` is ``value``, ``awkward`` or ``exit``."""

    victim: int
    how: str = "value"

    def run(self, start: int, stop: int) -> pd.DataFrame:
        if start <= self.victim < stop:
            raise {"value": ValueError("no ford"), "awkward": AwkwardError("no", "ford"), "exit": SystemExit(5)}[
                self.how
            ]
        return toy_rows(start, stop)


@dataclass(frozen=True)
class Unpackable:
    """Can be pickled but not unpickled, as a class of a notebook."""

    def __reduce__(self) -> tuple[Any, ...]:
        return (_fail_to_unpack, ())

    def run(self, start: int, stop: int) -> pd.DataFrame:
        return toy_rows(start, stop)


def _fail_to_unpack() -> None:
    raise AttributeError("no class of that name here")


@dataclass(frozen=True)
class Looking:
    """Tells what its process looks like: number of threads for libraries, and whether it hears Ctrl-C."""

    def run(self, start: int, stop: int) -> pd.DataFrame:
        deaf = signal.getsignal(signal.SIGINT) == signal.SIG_IGN
        facts = {"process": os.getpid(), "threads": os.environ.get("OMP_NUM_THREADS"), "deaf": deaf}
        return pd.DataFrame({"replication": np.arange(start, stop)}).assign(**facts)


STAGE = 4


@dataclass(frozen=True)
class Sums:
    """Each replication's value is one more than the sum of all of the stages before: wrong if any is missing."""

    folder: Path

    def run(self, start: int, stop: int) -> pd.DataFrame:
        from sim.execution.store import read_outcomes

        before = start - start % STAGE
        total = int(read_outcomes(self.folder, 0, before)["value"].sum()) if before else 0
        return pd.DataFrame({"replication": range(start, stop), "value": total + 1})


def main() -> None:
    """Run a slow toy job: ``python -c "import toy_jobs; toy_jobs.main()" FOLDER REPLICATIONS SECONDS_EACH``."""
    from sim.execution.executor import run_job
    from sim.execution.manifest import ManifestHead
    from sim.execution.store import open_store

    # A shell that starts a test run in the background has it ignore Ctrl-C; this process is here to be interrupted.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    folder, replications, seconds = Path(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
    head = ManifestHead("toy", "toy", 1, replications, SMALL)
    with open_store(folder, head) as store:
        run_job(ToyJob(seconds), store, replications, workers=2, chunk_size=5)


if __name__ == "__main__":
    main()
