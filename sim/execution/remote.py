"""Chunks on processes that this one did not start: what such a process is given, and what it gives back."""

from __future__ import annotations

import pickle
import threading
import traceback
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, NamedTuple

from sim.execution.chunks import Chunk
from sim.execution.code import Code, difference_from
from sim.execution.errors import ExecutionError, one_line
from sim.execution.job import Job
from sim.execution.worker import ChunkResult, compute

WAIT_SECONDS = 60.0
"""How long to wait for workers where there are none."""

# A cluster's worker may run several tasks in threads of one process; a model is made for one at a time.
_one_at_a_time = threading.Lock()


class Lost(NamedTuple):
    """A chunk whose worker is gone, and how many were lost over it."""

    chunk: Chunk
    deaths: int = 1


class Pool(NamedTuple):
    """Workers at hand.

    Attributes
    ----------
    submit:
        Hands them a chunk.
    workers:
        How many there are.
    explain:
        What to raise for the error of a chunk's future; or that the chunk was merely lost, and can be run again.
    look:
        Called while no result comes; raises `ExecutionError` when none can be hoped for.
    look_seconds:
        How often.
    """

    submit: Callable[[Chunk], Future[ChunkResult]]
    workers: int
    explain: Callable[[Chunk, BaseException], ExecutionError | Lost]
    look: Callable[[], None] = lambda: None
    look_seconds: float | None = None


class Sent:
    """A job as it travels: packed, with the code that it was packed by; unpacked by whoever first needs it.

    Processes of a cluster hand it on among themselves, and each has to look at its own code.

    Parameters
    ----------
    payload:
        The job as `pool.pack` made it.
    code:
        Of the process that asks.
    """

    def __init__(self, payload: bytes, code: Code) -> None:
        self.payload, self.code = payload, code
        self._unpacked: Job | ChunkResult | None = None

    def __getstate__(self) -> dict[str, Any]:
        return {"payload": self.payload, "code": self.code, "_unpacked": None}

    def unpacked(self) -> Job | ChunkResult:
        """The job, or the result that every chunk of it shall have instead."""
        if self._unpacked is None:
            difference = difference_from(self.code)
            # Of other code the job might be unpacked, and run, to other rows.
            self._unpacked = unpack(self.payload) if difference is None else ChunkResult(error=difference)
        return self._unpacked


def unpack(payload: bytes) -> Job | ChunkResult:
    """The job that `pool.pack` made to bytes, or the result that every chunk of it shall have instead."""
    try:
        job: Job = pickle.loads(payload)
    except Exception as error:
        text = f"the job cannot be unpacked in a worker process ({one_line(error)}); execution=serial needs no packing"
        return ChunkResult(error=text, traceback_text=traceback.format_exc())
    return job


def compute_there(sent: Sent, start: int, stop: int, run: str) -> ChunkResult:
    """Run a chunk of a job; errors of every kind become a result, so that the worker lives on."""
    try:
        with _one_at_a_time:
            job = sent.unpacked()
            return job if isinstance(job, ChunkResult) else compute(job, Chunk(start, stop), run)
    except BaseException as error:
        return ChunkResult(error=one_line(error), traceback_text=traceback.format_exc())
