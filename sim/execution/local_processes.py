"""Processes of this machine: a pool of workers, one in the background, and what Ctrl-C does meanwhile."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context, resource_tracker
from multiprocessing.process import BaseProcess
from typing import Any

from sim.execution.chunks import Chunk
from sim.execution.dispatch import Lost, Pool
from sim.execution.errors import ExecutionError, one_line
from sim.execution.worker import ChunkResult, PackedJob, serve, start_worker

_LIBRARIES = ("OMP", "OPENBLAS", "MKL", "NUMEXPR", "NUMBA")
_ONE_THREAD = {f"{library}_NUM_THREADS": "1" for library in _LIBRARIES} | {"VECLIB_MAXIMUM_THREADS": "1"}
"""For numerical libraries, as the processes are many already. They read it when they are loaded, before any of our code
runs in a spawned process: so it has to be in the environment that the process inherits."""


def usable_cores() -> int:
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@contextlib.contextmanager
def process_pool(
    workers: int, environment: Mapping[str, str], packed: PackedJob | None = None
) -> Iterator[Callable[..., Future[Any]]]:
    """So many new processes with some environment variables, perhaps workers of a job; gives what submits a call.

    On a normal exit they are let go when all is done; on an exception, a KeyboardInterrupt among them, they are killed.
    Either way no process is left.
    """
    # A fork would copy this process's threads' locks in whatever state they are.
    context, arguments = get_context("spawn"), (packed, os.getpid())
    pool = ProcessPoolExecutor(workers, mp_context=context, initializer=start_worker, initargs=arguments)

    def submit(function: Callable[..., Any], *arguments: object) -> Future[Any]:
        # The first call starts all processes.
        with _environment_set(environment), interrupts_blocked():
            return pool.submit(function, *arguments)

    processes: list[BaseProcess] = []
    try:
        yield submit
    except BaseException:
        processes = _processes(pool)
        _kill(processes)
        raise
    finally:
        processes = processes or _processes(pool)
        pool.shutdown(wait=True, cancel_futures=True)
        # Those of a pool that failed half-way through its start have nobody else to end them.
        _kill(processes)


def _processes(pool: ProcessPoolExecutor) -> list[BaseProcess]:
    # There is no public way to end the workers before Python 3.14.
    return list((getattr(pool, "_processes", None) or {}).values())


def _kill(processes: list[BaseProcess]) -> None:
    for process in processes:
        with contextlib.suppress(ValueError, OSError):
            process.kill()


@contextlib.contextmanager
def _environment_set(values: Mapping[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name in values:
            os.environ.pop(name, None)
        os.environ.update({name: value for name, value in before.items() if value is not None})


@contextlib.contextmanager
def worker_pool(packed: PackedJob, workers: int) -> Iterator[Pool]:
    """A pool of so many processes that serve one job."""

    def explain(chunk: Chunk, error: BaseException) -> Lost:
        # When one process dies the whole pool breaks, and takes along the chunks of the others.
        if isinstance(error, BrokenProcessPool):
            return Lost(chunk)
        raise ExecutionError(f"{chunk}: {one_line(error)}") from error

    with process_pool(workers, _ONE_THREAD, packed) as submit:

        def submit_chunk(chunk: Chunk) -> Future[ChunkResult]:
            try:
                return submit(serve, *chunk)
            except OSError as error:
                # No process could be started, or the pipe to one is broken; an OSError of a result is another matter.
                raise BrokenProcessPool(one_line(error)) from error

        yield Pool(submit_chunk, workers, explain)


@contextlib.contextmanager
def background_process(work: Callable[[], object]) -> Iterator[None]:
    """Run some work in another process while the block runs; the block ends when both are done.

    All that comes of the work is what it leaves on disk: that it fails, or no process can be started, shows in nothing
    else. On an exception in the block the process is killed, and it ends by itself when this one does.
    """
    with process_pool(1, {}) as submit:
        begun: list[Future[Any]] = []
        with contextlib.suppress(OSError):
            begun.append(submit(work))
        yield
        wait(begun)


@contextlib.contextmanager
def interrupts_blocked() -> Iterator[None]:
    """While processes are started: block Ctrl-C; they inherit this, and print no traceback while they are loading."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    # multiprocessing's own helper unblocks them again when it is started: that has to be before.
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextlib.contextmanager
def interrupts_recorded() -> Iterator[Callable[[], None]]:
    """While a long run is under way: give a function that raises a Ctrl-C again which had no effect.

    In a ``__del__``, or in what C calls back, Python prints KeyboardInterrupt and forgets it; here it is not printed
    either. Handlers of somebody else's, and threads, are left alone.
    """
    recorded: list[int] = []

    def record(number: int, _: object) -> None:
        recorded.append(number)
        raise KeyboardInterrupt

    def raise_again() -> None:
        if recorded:
            raise KeyboardInterrupt

    in_main = threading.current_thread() is threading.main_thread()
    if not in_main or signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        yield raise_again
        return
    hook = sys.unraisablehook

    def print_others(lost: Any) -> None:
        if not issubclass(lost.exc_type, KeyboardInterrupt):
            hook(lost)

    signal.signal(signal.SIGINT, record)
    sys.unraisablehook = print_others
    try:
        yield raise_again
    finally:
        sys.unraisablehook = hook
        signal.signal(signal.SIGINT, signal.default_int_handler)
