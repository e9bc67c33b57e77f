"""The running of a chunk, in a worker process or in this one."""

from __future__ import annotations

import os
import pickle
import signal
import threading
import time
import traceback
from dataclasses import dataclass
from typing import Any

from sim.execution.chunks import Chunk
from sim.execution.errors import one_line
from sim.execution.job import Job
from sim.execution.parts import encode_part


@dataclass(frozen=True)
class ChunkResult:
    """What came of a chunk: the parquet file of its part, or the error that stopped it.

    Errors travel as text, since an exception that cannot be pickled would take the whole pool down.
    """

    part: bytes = b""
    seconds: float = 0.0
    error: str | None = None
    traceback_text: str = ""


def compute(job: Job, chunk: Chunk, run: str) -> ChunkResult:
    """Run a chunk of a job and encode its rows; an exception of the job becomes a result with an error."""
    began = time.perf_counter()
    try:
        part = encode_part(job.run(chunk.start, chunk.stop), chunk, run, getattr(job, "per_point", None))
    except Exception as error:
        return ChunkResult(error=one_line(error), traceback_text=traceback.format_exc())
    return ChunkResult(part, time.perf_counter() - began)


# A worker process serves one job all its life. This is the only place where the job can wait between chunks
# without being sent again with each.
_served: dict[str, Any] = {}


def start_worker(payload: bytes, run: str, parent: int) -> None:
    """Make this process a worker: called once, first of all, by the pool.

    Parameters
    ----------
    payload:
        The pickled job; it is unpickled with the first chunk, where an error can still be reported.
    run:
        What marks the parts of this run.
    parent:
        Process id of whom to serve, and to follow when it goes.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _served.update(payload=payload, run=run)
    threading.Thread(target=_leave_with, args=(parent,), daemon=True).start()


def serve(chunk: Chunk) -> ChunkResult:
    """Run a chunk of the job that this worker was given."""
    try:
        if "job" not in _served:
            _served["job"] = pickle.loads(_served["payload"])
            del _served["payload"]
    except Exception as error:
        text = f"the job cannot be unpacked in a worker process ({one_line(error)}); execution=serial needs no packing"
        return ChunkResult(error=text, traceback_text=traceback.format_exc())
    try:
        return compute(_served["job"], chunk, _served["run"])
    except BaseException as error:
        # A job that calls sys.exit would otherwise end the program that waits for it.
        return ChunkResult(error=one_line(error), traceback_text=traceback.format_exc())


def _leave_with(parent: int) -> None:
    # Orphans are given to another process: a killed parent shows in the parent's id alone.
    while os.getppid() == parent:
        time.sleep(1.0)
    os._exit(1)
