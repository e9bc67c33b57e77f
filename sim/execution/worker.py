"""The running of a chunk, in a worker process or in this one."""

from __future__ import annotations

import pickle
import signal
import time
import traceback
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.execution.chunks import Chunk
from sim.execution.errors import one_line
from sim.execution.failures import Failure, failure_of
from sim.execution.job import Job
from sim.execution.orphans import end_with

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class ChunkResult:
    """What came of a chunk: parquet files of its parts, replications that failed, or the error that stopped it.

    Errors travel as text, since an exception that cannot be pickled would take the whole pool down.

    Attributes
    ----------
    parts:
        One for the whole chunk, or one for each stretch between replications that failed.
    seconds:
        How long it took.
    failures:
        Replications that raised an exception.
    error:
        What is wrong with the job as a whole, so that nothing of it can be run.
    traceback_text:
        Of that error, or of the last failure.
    """

    parts: tuple[tuple[Chunk, bytes], ...] = ()
    seconds: float = 0.0
    failures: tuple[Failure, ...] = ()
    error: str | None = None
    traceback_text: str = ""


def compute(job: Job, chunk: Chunk, run: str) -> ChunkResult:
    """Run a chunk of a job and encode its rows; replications that raise are left out and named.

    Rows that cannot be kept become a result with an error: that is a fault of the job, not of a replication.
    """
    began = time.perf_counter()
    try:
        try:
            parts = [(chunk, _part(job, chunk, run))]
            failures: list[Failure] = []
            text = ""
        except _RaisedError:
            parts, failures, text = _piecewise(job, chunk, run)
    except Exception as error:
        return ChunkResult(error=one_line(error), traceback_text=traceback.format_exc())
    return ChunkResult(tuple(parts), time.perf_counter() - began, tuple(failures), traceback_text=text)


class _RaisedError(Exception):
    """The job raised an error; what is raised about its rows is another matter."""

    def __init__(self, error: Exception) -> None:
        super().__init__(str(error))
        self.error = error


def _rows(job: Job, chunk: Chunk) -> pd.DataFrame:
    try:
        return job.run(chunk.start, chunk.stop)
    except Exception as error:
        raise _RaisedError(error) from error


def _part(job: Job, chunk: Chunk, run: str) -> bytes:
    rows = _rows(job, chunk)
    from sim.execution.parts import encode_part  # with it come pandas and Arrow: wanted after the playing

    return encode_part(rows, chunk, run, getattr(job, "per_point", None))


def _piecewise(job: Job, chunk: Chunk, run: str) -> tuple[list[tuple[Chunk, bytes]], list[Failure], str]:
    """Find out one by one which replications fail, and run the stretches between them again.

    Joining the rows found on the way would be quicker, but could change the types of their columns.
    """
    failures, text = [], ""
    for replication in range(*chunk):
        try:
            _rows(job, Chunk(replication, replication + 1))
        except _RaisedError as raised:
            failures.append(failure_of(replication, raised.error))
            text = "".join(traceback.format_exception(raised.error))
    parts = []
    for good in _between(chunk, [failure.replication for failure in failures]):
        try:
            parts.append((good, _part(job, good, run)))
        except _RaisedError as raised:
            # It worked alone a moment ago: memory, or whatever else comes and goes. The next run tries again.
            failures += [failure_of(replication, raised.error) for replication in range(*good)]
            text = "".join(traceback.format_exception(raised.error))
    return parts, failures, text


def _between(chunk: Chunk, failed: list[int]) -> list[Chunk]:
    borders = zip([chunk.start, *(number + 1 for number in failed)], [*failed, chunk.stop], strict=True)
    return [Chunk(start, stop) for start, stop in borders if start < stop]


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
    end_with(parent)


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
