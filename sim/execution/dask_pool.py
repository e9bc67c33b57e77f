"""Workers of a Dask cluster: of one that is there, or of one made on this machine for as long as it is needed."""

from __future__ import annotations

import contextlib
import logging
import time
import warnings
from collections.abc import Iterator
from concurrent.futures import CancelledError, Future
from functools import partial
from typing import Any

from sim.execution.chunks import Chunk
from sim.execution.code import own_code
from sim.execution.errors import ExecutionError, MissingExtraError, one_line
from sim.execution.pool import interrupts_held, usable_cores
from sim.execution.remote import WAIT_SECONDS, Lost, Pool, Sent, compute_there
from sim.execution.worker import ChunkResult

CONNECT_SECONDS = 10.0
LOOK_SECONDS = 1.0
_CLOSE_SECONDS = 5.0


def check_dask() -> None:
    """Raise `MissingExtraError` when Dask is not installed."""
    _distributed()


@contextlib.contextmanager
def dask_pool(
    payload: bytes, run: str, address: str | None, workers: int | None, wait_s: float = WAIT_SECONDS
) -> Iterator[Pool]:
    """The workers of a cluster, for one job.

    The job is a task of its own, which the chunks depend on: the cluster sends it to each worker once, and makes it
    anew where a worker took it along. A chunk whose worker died is run again by the scheduler, as often as its
    setting ``distributed.scheduler.allowed-failures`` says: three times, unless the cluster's owner says otherwise.
    Then it is lost, perhaps for the company it kept on its worker.

    Parameters
    ----------
    payload:
        The job as `pool.pack` made it.
    run:
        What marks the parts of this run.
    address:
        Of the scheduler; None makes a cluster on this machine's loopback address.
    workers:
        For a cluster of one's own: how many, by default one for each usable core.
    wait_s:
        How long to wait for workers, at first and when all are gone.
    """
    with contextlib.ExitStack() as stack:
        place = address or stack.enter_context(_own_cluster(workers))
        client = stack.enter_context(_client(place))
        executor = client.get_executor(pure=False)
        await_workers(client, place, wait_s)
        sent = client.submit(Sent, payload, own_code(), pure=False)

        def submit(chunk: Chunk) -> Future[ChunkResult]:
            future: Future[ChunkResult] = executor.submit(compute_there, sent, chunk.start, chunk.stop, run)
            return future

        watch = Watch(client, place, wait_s)
        explain = partial(_explain, address=place)
        yield Pool(submit, sum(client.nthreads().values()) or 1, explain, watch.look, LOOK_SECONDS)
        executor.shutdown()


def await_workers(client: Any, address: str, wait_s: float) -> None:
    """Raise `ExecutionError` when no worker comes in time."""
    try:
        client.wait_for_workers(1, timeout=wait_s)
    except TimeoutError:
        raise _nobody_works(address, wait_s) from None
    except OSError:
        raise _gone(address) from None


class Watch:
    """Sees whether a cluster still has workers, while nothing is heard of it."""

    def __init__(self, client: Any, address: str, wait_s: float) -> None:
        self._client, self._address, self._wait_s = client, address, wait_s
        self._seen = time.monotonic()

    def look(self) -> None:
        """Raise `ExecutionError` when there was no worker for so long."""
        if self._some():
            self._seen = time.monotonic()
        elif time.monotonic() - self._seen > self._wait_s:
            raise _nobody_works(self._address, self._wait_s)

    def _some(self) -> bool:
        try:
            return bool(self._client.nthreads())
        except Exception:
            # Where the scheduler is gone the futures tell it.
            return True


def _nobody_works(address: str, wait_s: float) -> ExecutionError:
    return ExecutionError(
        f"the Dask cluster at {address} has no workers, and none came within {wait_s:g} s (execution.wait_s); start "
        f"some with: dask worker {address} --nthreads 1; what was finished is kept"
    )


@contextlib.contextmanager
def _client(address: str) -> Iterator[Any]:
    distributed = _distributed()
    try:
        with warnings.catch_warnings():
            # Of versions that differ a little, or of a job of some megabytes: neither changes a row.
            warnings.simplefilter("ignore")
            client = distributed.Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError, TypeError) as error:
        raise ExecutionError(
            f"execution.address={address} does not answer as a Dask scheduler ({one_line(error)[:120]})"
        ) from error
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield client
    finally:
        # A scheduler that is gone must not keep us waiting.
        with contextlib.suppress(Exception):
            client.close(timeout=_CLOSE_SECONDS)


@contextlib.contextmanager
def _own_cluster(workers: int | None) -> Iterator[str]:
    distributed = _distributed()
    with interrupts_held():
        cluster = distributed.LocalCluster(
            n_workers=workers or usable_cores(),
            threads_per_worker=1,
            host="127.0.0.1",
            dashboard_address=None,
            memory_limit=0,
            silence_logs=logging.CRITICAL,
        )
    try:
        yield str(cluster.scheduler_address)
    finally:
        with contextlib.suppress(Exception):
            cluster.close(timeout=_CLOSE_SECONDS)


def _explain(chunk: Chunk, error: BaseException, address: str) -> ExecutionError | Lost:
    if isinstance(error, _distributed().KilledWorker):
        return Lost(chunk, error.allowed_failures + 1)
    if isinstance(error, (CancelledError, OSError)):
        return _gone(address, chunk)
    return ExecutionError(f"{chunk}: the Dask cluster could not run it: {one_line(error)}", chunk)


def _gone(address: str, chunk: Chunk | None = None) -> ExecutionError:
    return ExecutionError(
        f"the Dask scheduler at {address} is gone; what was finished is kept, run again with the same output= to go on",
        chunk,
    )


def _distributed() -> Any:
    try:
        import distributed
    except ImportError as error:
        raise MissingExtraError("dask", one_line(error)) from None
    # It tells of every connection that breaks, at length; we tell what it means, once.
    for name in list(logging.root.manager.loggerDict):
        if name.partition(".")[0] == "distributed":
            logging.getLogger(name).setLevel(logging.CRITICAL)
    return distributed
