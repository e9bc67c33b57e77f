"""Workers of an MPI run: ``mpiexec -n 3 python -m mpi4py.futures -m sim execution=mpi``."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from concurrent.futures import Future
from typing import Any

from sim.execution.chunks import Chunk
from sim.execution.code import own_code
from sim.execution.errors import ExecutionError, MissingExtraError, one_line
from sim.execution.remote import Pool, Sent, compute_there
from sim.execution.worker import ChunkResult

COMMAND = "mpiexec -n 3 python -m mpi4py.futures -m sim execution=mpi"

# One job for each process at a time, unpacked once and not with every chunk.
_served: dict[str, Any] = {}


def check_mpi() -> None:
    """See that this process has workers to give chunks to.

    Raises
    ------
    MissingExtraError
        When mpi4py or the MPI library is not there, or this process was not started with workers.
    """
    try:
        from mpi4py import MPI
        from mpi4py.futures import _core
    except (ImportError, RuntimeError) as error:
        raise MissingExtraError("mpi", one_line(error)) from None
    if getattr(_core, "SharedPool", None) is None or MPI.COMM_WORLD.Get_size() < 2:
        raise MissingExtraError(None, f"execution=mpi needs processes to work on; start it with: {COMMAND}")


@contextlib.contextmanager
def mpi_pool(payload: bytes, run: str) -> Iterator[Pool]:
    """The processes that ``mpiexec`` started beside this one, for one job.

    MPI ends all processes when one of them dies; the store keeps what was written, and the next run goes on.

    Parameters
    ----------
    payload:
        The job as `pool.pack` made it.
    run:
        What marks the parts of this run.
    """
    check_mpi()
    from mpi4py import MPI
    from mpi4py.futures import MPIPoolExecutor

    executor = MPIPoolExecutor(initializer=start_serving, initargs=(Sent(payload, own_code()), run))

    def submit(chunk: Chunk) -> Future[ChunkResult]:
        future: Future[ChunkResult] = executor.submit(serve_chunk, chunk.start, chunk.stop)
        return future

    try:
        yield Pool(submit, MPI.COMM_WORLD.Get_size() - 1, _explain)
    finally:
        executor.shutdown(wait=True, cancel_futures=True)


def start_serving(sent: Sent, run: str) -> None:
    """Make this process a worker of one job: called once in each, first of all."""
    _served.update(sent=sent, run=run)


def serve_chunk(start: int, stop: int) -> ChunkResult:
    """Run a chunk of the job that this process was given."""
    return compute_there(_served["sent"], start, stop, _served["run"])


def _explain(chunk: Chunk, error: BaseException) -> ExecutionError:
    return ExecutionError(f"{chunk}: the MPI processes could not run it: {one_line(error)}", chunk)
