"""Workers that this process did not start: those of a Dask cluster, and the processes of an MPI run."""

from __future__ import annotations

import contextlib
import logging
import time
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Future
from functools import partial
from typing import Any, NoReturn

from sim.execution.chunks import Chunk
from sim.execution.dispatch import Lost, Pool
from sim.execution.errors import ExecutionError, MissingExtraError, one_line
from sim.execution.local_processes import interrupts_blocked, usable_cores
from sim.execution.worker import ChunkResult, PackedJob, serve, start_worker

CONNECT_SECONDS = 10.0
CHECK_SECONDS = 1.0
_CLOSE_SECONDS = 5.0

MPI_COMMAND = "mpiexec -n 3 python -m mpi4py.futures -m sim execution=mpi"


def check_kind(kind: str) -> None:
    """Raise `MissingExtraError` when a way of running needs what is not installed, or another way of starting."""
    if kind == "dask":
        _distributed()
    elif kind == "mpi":
        try:
            from mpi4py import MPI
            from mpi4py.futures import _core
        except (ImportError, RuntimeError) as error:
            raise MissingExtraError("mpi", one_line(error)) from None
        if getattr(_core, "SharedPool", None) is None or MPI.COMM_WORLD.Get_size() < 2:
            raise MissingExtraError(None, f"execution=mpi needs processes to work on; start it with: {MPI_COMMAND}")


@contextlib.contextmanager
def mpi_pool(packed: PackedJob) -> Iterator[Pool]:
    """The processes that ``mpiexec`` started with this one, for one job.

    MPI ends all processes when one of them dies; the store keeps what was written, and the next run goes on.
    """
    check_kind("mpi")
    from mpi4py import MPI
    from mpi4py.futures import MPIPoolExecutor

    executor = MPIPoolExecutor(initializer=start_worker, initargs=(packed,))

    def submit(chunk: Chunk) -> Future[ChunkResult]:
        future: Future[ChunkResult] = executor.submit(serve, *chunk)
        return future

    def explain(chunk: Chunk, error: BaseException) -> NoReturn:
        raise ExecutionError(f"{chunk}: the MPI processes could not run it: {one_line(error)}") from error

    try:
        yield Pool(submit, MPI.COMM_WORLD.Get_size() - 1, explain)
    finally:
        executor.shutdown(wait=True, cancel_futures=True)


@contextlib.contextmanager
def dask_pool(packed: PackedJob, address: str | None, workers: int | None, wait_s: float) -> Iterator[Pool]:
    """The workers of a Dask cluster, for one job; without an `address`, of one that is made on the loopback address.

    The job is a task of its own, which the chunks depend on: the cluster sends it to each worker once, and makes it
    anew where a worker took it along. A chunk whose worker died is run again by the scheduler, as often as its
    setting ``distributed.scheduler.allowed-failures`` says, usually three times. Then it is lost, perhaps because of
    other chunks on the same worker.
    """
    with contextlib.ExitStack() as stack:
        # Of versions that differ a little, or of a job of some megabytes: neither changes a row.
        stack.enter_context(warnings.catch_warnings(action="ignore"))
        if address is None:
            cluster = _local_cluster(workers or usable_cores())
            stack.callback(_close, cluster)
            address = str(cluster.scheduler_address)
        client = _connected(address)
        stack.callback(_close, client)
        executor = client.get_executor(pure=False)
        check_alive = _await_workers(client, address, wait_s)
        sent = client.submit(_received, packed, pure=False)

        def submit(chunk: Chunk) -> Future[ChunkResult]:
            future: Future[ChunkResult] = executor.submit(PackedJob.compute, sent, *chunk)
            return future

        explain = partial(_explain, address=address)
        yield Pool(submit, sum(client.nthreads().values()) or 1, explain, check_alive, CHECK_SECONDS)
        executor.shutdown()


def _received(packed: PackedJob) -> PackedJob:
    """The job where a worker has it."""
    return packed


def _await_workers(client: Any, address: str, wait_s: float) -> Callable[[], None]:
    """Wait for workers at first; returns a check that raises when there were none for so long later on."""
    try:
        client.wait_for_workers(1, timeout=wait_s)
    except TimeoutError:
        raise _no_workers(address, wait_s) from None
    except OSError:
        raise _gone(address) from None
    seen = time.monotonic()

    def check_alive() -> None:
        nonlocal seen
        try:
            some = bool(client.nthreads())
        except Exception:
            some = True  # where the scheduler is gone, the futures fail
        if some:
            seen = time.monotonic()
        elif time.monotonic() - seen > wait_s:
            raise _no_workers(address, wait_s)

    return check_alive


def _connected(address: str) -> Any:
    try:
        return _distributed().Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError, TypeError) as error:
        raise ExecutionError(
            f"execution.address={address} does not answer as a Dask scheduler ({one_line(error)[:120]})"
        ) from error


def _local_cluster(workers: int) -> Any:
    with interrupts_blocked():
        return _distributed().LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            host="127.0.0.1",
            dashboard_address=None,
            memory_limit=0,
            silence_logs=logging.CRITICAL,
        )


def _close(opened: Any) -> None:
    # Must not wait long for a scheduler that is gone.
    with contextlib.suppress(Exception):
        opened.close(timeout=_CLOSE_SECONDS)


def _explain(chunk: Chunk, error: BaseException, address: str) -> Lost:
    if isinstance(error, _distributed().KilledWorker):
        return Lost(chunk, error.allowed_failures + 1)
    if isinstance(error, (CancelledError, OSError)):
        raise _gone(address) from error
    raise ExecutionError(f"{chunk}: the Dask cluster could not run it: {one_line(error)}") from error


def _no_workers(address: str, wait_s: float) -> ExecutionError:
    return ExecutionError(
        f"the Dask cluster at {address} has no workers, and none came within {wait_s:g} s (execution.wait_s); start "
        f"some with: dask worker {address} --nthreads 1; what was finished is kept"
    )


def _gone(address: str) -> ExecutionError:
    return ExecutionError(
        f"the Dask scheduler at {address} is gone; what was finished is kept, run again with the same output= to go on"
    )


def _distributed() -> Any:
    try:
        import distributed
    except ImportError as error:
        raise MissingExtraError("dask", one_line(error)) from None
    # It logs every connection that breaks, at length; one message of ours says what that means.
    for name in list(logging.root.manager.loggerDict):
        if name.partition(".")[0] == "distributed":
            logging.getLogger(name).setLevel(logging.CRITICAL)
    return distributed
