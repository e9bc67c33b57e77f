"""Chunks on processes that this one did not start: what such a process is given, and what it gives back."""

from __future__ import annotations

import pickle
import threading
import traceback
from collections.abc import Callable
from concurrent.futures import Future
from typing import NamedTuple

from sim.execution.chunks import Chunk
from sim.execution.errors import ExecutionError, one_line
from sim.execution.job import Job
from sim.execution.worker import ChunkResult, compute

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


def unpack(payload: bytes) -> Job | ChunkResult:
    """The job that `pool.pack` made to bytes, or the result that every chunk of it shall have instead."""
    try:
        job: Job = pickle.loads(payload)
    except Exception as error:
        text = f"the job cannot be unpacked in a worker process ({one_line(error)}); execution=serial needs no packing"
        return ChunkResult(error=text, traceback_text=traceback.format_exc())
    return job


def compute_there(job: Job | ChunkResult, start: int, stop: int, run: str) -> ChunkResult:
    """Run a chunk of an unpacked job; errors of every kind become a result, so that the worker lives on."""
    if isinstance(job, ChunkResult):
        return job
    try:
        with _one_at_a_time:
            return compute(job, Chunk(start, stop), run)
    except BaseException as error:
        return ChunkResult(error=one_line(error), traceback_text=traceback.format_exc())
