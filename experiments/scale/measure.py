"""What a replication costs the machine: `python experiments/scale/measure.py [REPLICATIONS]`, in the project's folder.

A toy job of one row of nine columns is run in this process, into a temporary folder. Resident memory, disk and time
are printed as JSON, and the memory is drawn to docs/images/memory.png.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from sim.execution.executor import run_job
from sim.execution.manifest import ManifestHead
from sim.execution.store import open_store

CHUNK = 20_000


@dataclass(frozen=True)
class Toy:
    """One row a replication, of the kinds of columns that outcomes have."""

    def run(self, start: int, stop: int) -> pd.DataFrame:
        number = np.arange(start, stop)
        mixed = (number * 2654435761) % 100_003
        columns = {f"quantity_{which}": np.sqrt(mixed + which) for which in range(4)}
        counts = {f"count_{which}": mixed % (which + 7) for which in range(3)}
        words = np.array(["west", "centre", "east"])[mixed % 3]
        return pd.DataFrame({"replication": number, **columns, **counts, "where": words})


@dataclass
class Watching:
    """A progress that notes the resident memory after each chunk."""

    done: int = 0
    seen: list[tuple[int, float]] = field(default_factory=list)

    def start(self, replications: int, done: int) -> None:  # noqa: ARG002
        self.done = done

    def advance(self, replications: int) -> None:
        self.done += replications
        self.seen.append((self.done, resident_mb()))

    def note(self, text: str) -> None:
        print(text, file=sys.stderr)

    def close(self) -> None:
        pass


def resident_mb() -> float:
    """Resident memory of this process."""
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


def run_toy(replications: int, chunk_size: int) -> tuple[Watching, float, float]:
    """Memory on the way, seconds, and megabytes on the disk."""
    watching, began = Watching(), time.perf_counter()
    with tempfile.TemporaryDirectory() as place:
        with open_store(Path(place) / "out", ManifestHead("toy", "toy", 1, replications)) as store:
            run_job(Toy(), store, replications, kind="serial", chunk_size=chunk_size, progress=watching)
        seconds = time.perf_counter() - began
        size = sum(path.stat().st_size for path in Path(place).rglob("part-*")) / 1e6
    return watching, seconds, size


def draw(seen: list[tuple[int, float]]) -> None:
    """Memory against replications."""
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(figsize=(6, 3.2))
    axes.plot(*zip(*seen, strict=True))
    axes.set(xlabel="replications finished", ylabel="resident memory, MB", ylim=(0, None))
    figure.tight_layout()
    figure.savefig(Path(__file__).parents[2] / "docs" / "images" / "memory.png", dpi=120, metadata={"Software": None})


def main() -> None:
    """Measure, print, draw."""
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    watching, seconds, size = run_toy(wanted, CHUNK)
    memory = [megabytes for _, megabytes in watching.seen]
    many, few = run_toy(2000, 10)[1], run_toy(2000, 2000)[1]
    facts = {
        "replications": wanted,
        "seconds": round(seconds, 1),
        "disk_mb_per_million_rows": round(size / wanted * 1e6, 1),
        "memory_mb_after_a_tenth": round(memory[len(memory) // 10], 1),
        "memory_mb_at_the_end": round(memory[-1], 1),
        "overhead_ms_per_chunk": round((many - few) / 199 * 1000, 2),
    }
    print(json.dumps(facts, indent=2))
    draw(watching.seen)


if __name__ == "__main__":
    main()
