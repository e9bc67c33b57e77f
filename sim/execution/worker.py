"""Running a chunk of a job, in this process or in a worker of any kind; errors become text."""

from __future__ import annotations

import os
import pickle
import signal
import threading
import time
import traceback
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from sim.execution.chunks import Chunk, missing_ranges
from sim.execution.errors import ExecutionError, Failure, one_line
from sim.execution.manifest import CodeVersion, code_mismatch

if TYPE_CHECKING:
    import pandas as pd

PARENT_POLL_SECONDS = 1.0


class Job(Protocol):
    """Something that can be pickled and run, a few replications at a time.

    A job over many points, each with as many replications, numbers all of them through and says how many a point has
    in an attribute ``per_point``; its rows then begin with a column ``point``.
    """

    def run(self, start: int, stop: int) -> pd.DataFrame:
        """Rows of replications `start` to `stop` - 1.

        The first column is ``replication`` (integers, ascending); all columns are integers, floats, booleans or
        strings, and the same in every call. The rows of a replication must depend on its number alone, in an
        order that is always the same: then no cutting in chunks can change the result.
        """
        ...


@dataclass(frozen=True)
class ChunkResult:
    """What came of a chunk; errors are text, since an exception that cannot be pickled would break the whole pool."""

    parts: tuple[tuple[Chunk, bytes], ...] = ()
    """Parquet files: one for the whole chunk, or one for each stretch between replications that failed."""

    seconds: float = 0.0
    failures: tuple[Failure, ...] = ()
    error: str | None = None
    """What is wrong with the job as a whole, so that nothing of it can be run."""

    traceback_text: str = ""
    """Of that error, or of the last failure."""


def compute(job: Job, chunk: Chunk, run: str) -> ChunkResult:
    """Run a chunk of a job and encode its rows; replications that raise are left out and named.

    Rows that cannot be kept become a result with an error: that is a fault of the job, not of a replication.
    """
    began = time.perf_counter()
    rows = {chunk: _rows(job, chunk)}
    failed: list[_Failed] = []
    if isinstance(rows[chunk], _Failed):
        alone = (_rows(job, Chunk(number, number + 1)) for number in range(*chunk))
        failed = [found for found in alone if isinstance(found, _Failed)]
        # Joining the rows found on the way would be quicker, but could change the types of their columns.
        known = [(found.failure.replication, found.failure.replication + 1) for found in failed]
        rows = {good: _rows(job, good) for good in missing_ranges([(0, chunk.start), *known], chunk.stop)}
    parts = []
    try:
        from sim.execution.rows import encode_part  # slow to import (pandas, Arrow), needed only now

        for good, found in rows.items():
            if isinstance(found, _Failed):
                # It worked alone a moment ago: memory, or whatever else comes and goes. The next run tries again.
                failed += [_Failed(replace(found.failure, replication=number), found.text) for number in range(*good)]
            else:
                parts.append((good, encode_part(found, good, run, getattr(job, "per_point", None))))
    except Exception as error:
        return ChunkResult(error=one_line(error), traceback_text=traceback.format_exc())
    failures = tuple(found.failure for found in failed)
    text = failed[-1].text if failed else ""
    return ChunkResult(tuple(parts), time.perf_counter() - began, failures, traceback_text=text)


class _Failed(NamedTuple):
    """The job raised an error at a chunk: recorded for its first replication, with the traceback."""

    failure: Failure
    text: str


def _rows(job: Job, chunk: Chunk) -> pd.DataFrame | _Failed:
    try:
        return job.run(*chunk)
    except Exception as error:
        return _Failed(Failure.of(chunk.start, error), traceback.format_exc())


# A worker of a cluster may run several tasks in threads of one process; a model is made for one at a time.
_one_at_a_time = threading.Lock()


class PackedJob:
    """A job as it travels to workers: pickled once, and unpickled by each process when its first chunk comes.

    `run` marks the parts of this run. A process of another `code` than given refuses the job, which it might run to
    other rows; None for processes of this machine. An `ExecutionError` says when the job cannot be pickled.
    """

    def __init__(self, job: Job, run: str, code: CodeVersion | None = None) -> None:
        try:
            self.payload = pickle.dumps(job, protocol=pickle.HIGHEST_PROTOCOL)
        except Exception as error:
            raise ExecutionError(
                f"the job cannot be sent to worker processes ({one_line(error)}); execution=serial needs no sending"
            ) from error
        self.run, self.code = run, code
        self._unpacked: Job | ChunkResult | None = None

    def __getstate__(self) -> dict[str, Any]:
        # Processes of a cluster hand it on among themselves, and each has to compare its own code.
        return {**vars(self), "_unpacked": None}

    def compute(self, start: int, stop: int) -> ChunkResult:
        """Run a chunk; errors of every kind become a result, so that a job that exits does not end the worker."""
        try:
            with _one_at_a_time:
                if self._unpacked is None:
                    self._unpacked = self._unpack()
                if isinstance(self._unpacked, ChunkResult):
                    return self._unpacked
                return compute(self._unpacked, Chunk(start, stop), self.run)
        except BaseException as error:
            return ChunkResult(error=one_line(error), traceback_text=traceback.format_exc())

    def _unpack(self) -> Job | ChunkResult:
        """The job, or the result that every chunk of it gets instead."""
        if self.code is not None and (mismatch := code_mismatch(self.code)):
            return ChunkResult(error=mismatch)
        try:
            job: Job = pickle.loads(self.payload)
        except Exception as error:
            text = f"the job cannot be unpacked in a worker process ({one_line(error)}); execution=serial needs no "
            return ChunkResult(error=text + "packing", traceback_text=traceback.format_exc())
        if self.code is None:
            self.payload = b""  # nobody asks a process of this machine for it again
        return job


# The job of this worker process, which waits here between chunks instead of being sent again with each.
_served: list[PackedJob] = []


def start_worker(packed: PackedJob | None, parent: int | None = None) -> None:
    """Make this process a worker, of one job if any is given: called once, first of all, by the pool.

    A `parent` on this machine, given by its process id, alone hears Ctrl-C; the worker ends soon after it, however that
    went.
    """
    _served[:] = [packed] if packed else []
    if parent is None:
        return

    def poll() -> None:
        # Orphans are given to another process: a killed parent shows in the parent's id alone.
        while os.getppid() == parent:
            time.sleep(PARENT_POLL_SECONDS)
        os._exit(1)

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=poll, daemon=True).start()


def serve(start: int, stop: int) -> ChunkResult:
    """Run a chunk of the job that this worker was given."""
    return _served[0].compute(start, stop)
