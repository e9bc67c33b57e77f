"""What a chunk costs on each executor: `python experiments/scale/executors.py [RUNS]`, in the project's folder."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[2]), str(Path(__file__).parent)]

from measure import CHUNK, Toy

from sim.execution.executor import run_job
from sim.execution.manifest import ManifestHead
from sim.execution.store import open_store

FEW, SMALL = 4, 10
BILLION = 10**9
Spread = list[float]


def seconds(kind: str, chunks: int, chunk_size: int) -> float:
    """How long the toy job takes in so many chunks."""
    wanted = chunks * chunk_size
    head = ManifestHead("toy", "toy", 1, wanted)
    with tempfile.TemporaryDirectory() as place, open_store(Path(place) / "out", head) as store:
        began = time.perf_counter()
        run_job(Toy(), store, wanted, kind=kind, workers=2, chunk_size=chunk_size)
        return time.perf_counter() - began


def measured(kind: str) -> tuple[float, float, float]:
    """Seconds for a few small chunks, nearly all of them the start; and for one chunk more, a small and a large one."""
    start = seconds(kind, FEW, SMALL)
    small = (seconds(kind, 400, SMALL) - start) / (400 - FEW)
    large = (seconds(kind, 40, CHUNK) - seconds(kind, FEW, CHUNK)) / (40 - FEW)
    return start, small, large


def between(values: Spread, factor: float, unit: str) -> str:
    """The least and the most."""
    return f"{min(values) * factor:.1f} to {max(values) * factor:.1f} {unit}"


def main() -> None:
    """Many chunks against few, small and large, each so many times."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    print(f"{runs} runs, load {os.getloadavg()[0]:.1f} at the beginning", flush=True)
    for kind in ("serial", "local", "dask"):
        start, small, large = (list(spread) for spread in zip(*(measured(kind) for _ in range(runs)), strict=True))
        print(f"{kind}: start and {FEW} small chunks {between(start, 1, 's')}")
        print(f"  a chunk of {SMALL} more: {between(small, 1000, 'ms')}; of {CHUNK:,}: {between(large, 1000, 'ms')}")
        hours = between(large, BILLION / CHUNK / 3600, "h")
        print(f"  a billion replications in {BILLION // CHUNK:,} of these: {hours}", flush=True)
    print(f"load {os.getloadavg()[0]:.1f} at the end")


if __name__ == "__main__":
    main()
