"""What a chunk costs on each executor: `python experiments/scale/executors.py`, in the project's folder."""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[2]), str(Path(__file__).parent)]

from measure import Toy

from sim.execution.executor import run_job
from sim.execution.manifest import ManifestHead
from sim.execution.store import open_store

WANTED = 2000


def seconds(kind: str, chunk_size: int) -> float:
    """How long the toy job takes."""
    head = ManifestHead("toy", "toy", 1, WANTED)
    with tempfile.TemporaryDirectory() as place, open_store(Path(place) / "out", head) as store:
        began = time.perf_counter()
        run_job(Toy(), store, WANTED, kind=kind, workers=2, chunk_size=chunk_size)
        return time.perf_counter() - began


def main() -> None:
    """Many chunks against few."""
    for kind in ("serial", "local", "dask"):
        many, few = seconds(kind, 10), seconds(kind, 500)
        print(f"{kind}: {(many - few) / 196 * 1000:.1f} ms a chunk, {few:.1f} s for 4 chunks")


if __name__ == "__main__":
    main()
