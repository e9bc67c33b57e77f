"""A pool of worker processes that starts with quiet libraries and leaves nothing behind."""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context, resource_tracker
from multiprocessing.process import BaseProcess

from sim.execution.chunks import Chunk
from sim.execution.errors import ExecutionError, one_line
from sim.execution.job import Job
from sim.execution.remote import Lost, Pool
from sim.execution.worker import ChunkResult, serve, start_worker

_LIBRARIES = ("OMP", "OPENBLAS", "MKL", "NUMEXPR", "NUMBA")
_ONE_THREAD = {f"{library}_NUM_THREADS": "1" for library in _LIBRARIES} | {"VECLIB_MAXIMUM_THREADS": "1"}


def usable_cores() -> int:
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def pack(job: Job) -> bytes:
    """The job as bytes to be sent to workers.

    Raises
    ------
    ExecutionError
        When it cannot be pickled.
    """
    try:
        return pickle.dumps(job, protocol=pickle.HIGHEST_PROTOCOL)
    except Exception as error:
        raise ExecutionError(
            f"the job cannot be sent to worker processes ({one_line(error)}); execution=serial needs no sending"
        ) from error


@contextlib.contextmanager
def worker_pool(payload: bytes, run: str, workers: int) -> Iterator[Pool]:
    """A pool of processes that serve one job; gives what hands them a chunk.

    Left in good order, the workers are let go; left by an exception, a KeyboardInterrupt among them, they are
    killed. Either way no process is left.

    Parameters
    ----------
    payload:
        The job as `pack` made it.
    run:
        What marks the parts of this run.
    workers:
        How many processes.
    """
    pool = ProcessPoolExecutor(
        workers,
        # A fork would copy this process's threads' locks in whatever state they are.
        mp_context=get_context("spawn"),
        initializer=start_worker,
        initargs=(payload, run, os.getpid()),
    )

    def submit(chunk: Chunk) -> Future[ChunkResult]:
        # The first call starts all processes.
        with _one_thread_each(), interrupts_held():
            return pool.submit(serve, chunk)

    processes: list[BaseProcess] = []
    try:
        yield Pool(submit, workers, _explain)
    except BaseException:
        processes = _processes(pool)
        _kill(processes)
        raise
    finally:
        processes = processes or _processes(pool)
        pool.shutdown(wait=True, cancel_futures=True)
        # Those of a pool that failed half-way through its start have nobody else to end them.
        _kill(processes)


def _explain(chunk: Chunk, error: BaseException) -> ExecutionError | Lost:
    # When one process dies the whole pool breaks, and takes along what the others were at.
    if isinstance(error, BrokenProcessPool):
        return Lost(chunk)
    return ExecutionError(f"{chunk}: {one_line(error)}", chunk)


def _processes(pool: ProcessPoolExecutor) -> list[BaseProcess]:
    # There is no public way to end the workers before Python 3.14.
    return list((getattr(pool, "_processes", None) or {}).values())


def _kill(processes: list[BaseProcess]) -> None:
    for process in processes:
        with contextlib.suppress(ValueError, OSError):
            process.kill()


@contextlib.contextmanager
def _one_thread_each() -> Iterator[None]:
    """While processes are started: one thread for numerical libraries, as the processes are many already.

    The libraries read this from the environment when they are loaded, which in a spawned process is before any
    code of ours: so it has to stand in the environment that the process inherits.
    """
    before = {name: os.environ.get(name) for name in _ONE_THREAD}
    os.environ.update(_ONE_THREAD)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


@contextlib.contextmanager
def interrupts_held() -> Iterator[None]:
    """While processes are started: hold Ctrl-C back; the processes inherit this and so never hear of it.

    Else a Ctrl-C on a terminal, which goes to all, would make those that are still loading print tracebacks.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    # multiprocessing's own helper lets them through again when it is started: that has to be before.
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
