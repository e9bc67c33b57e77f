"""Running a job until its store holds all replications."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import NamedTuple

import pandas as pd

from sim.execution.chunks import CHUNK_SECONDS, Chunk, ChunkPlan
from sim.execution.errors import ExecutionError
from sim.execution.failures import MANY, replay_command
from sim.execution.job import Job
from sim.execution.pool import pack, usable_cores, worker_pool
from sim.execution.progress import Progress, Silent
from sim.execution.remote import Pool
from sim.execution.store import Store
from sim.execution.worker import ChunkResult, compute

KINDS = ("local", "serial", "dask", "mpi")
MOST_RETRIES = 3
"""How often a chunk whose worker died is run again."""

_ALONE_SECONDS = 1.0
_POOL_WORTH_SECONDS = 4.0

Accept = Callable[[Chunk, ChunkResult], None]


def run_job(
    job: Job,
    store: Store,
    replications: int,
    *,
    kind: str = "local",
    workers: int | None = None,
    chunk_size: int | None = None,
    progress: Progress | None = None,
    each: Callable[[pd.DataFrame], None] | None = None,
    chunk_seconds: float = CHUNK_SECONDS,
    stage: int | None = None,
    address: str | None = None,
) -> str:
    """Run what the store lacks of replications 0 to `replications` - 1, and close the books.

    A replication that raises an exception is recorded in ``store.failures`` and left out; the others are run.

    Neither the way of running nor the cutting changes the rows, so any settings give the same digest. Without
    `chunk_size` the first second's work is done in this process: short jobs then need no others, and for long
    ones the speed is known.

    Parameters
    ----------
    job:
        What to run; with ``local`` it is pickled once and sent to each worker once.
    store:
        Where the rows are kept; each chunk's at once.
    replications:
        How many are wanted in all, those included that the store holds.
    kind:
        ``local`` for a pool of processes on this machine, ``serial`` for this process alone, ``dask`` for a Dask
        cluster, ``mpi`` for the processes that ``mpiexec`` started.
    workers:
        Number of worker processes, by default one for each usable core.
    chunk_size:
        Replications a chunk, by default sized to take about `chunk_seconds`.
    progress:
        Who is told how far it is, by default nobody.
    each:
        Shown all rows, part by part and in order, when they are read back at the end.
    chunk_seconds:
        How long a chunk should take where its size is not given.
    stage:
        Replications of a stage, where the job reads the rows of earlier ones from the store: none of a stage is run
        before all rows of the stages before it are written. It is run on this machine, whatever `kind`.
    address:
        Of the Dask scheduler, by default a cluster on this machine.

    Returns
    -------
    str
        The digest of all rows (`rows_digest`), which is then in the manifest too.

    Raises
    ------
    ExecutionError
        When a chunk's worker died four times, the cluster is gone, the first twenty replications all failed, or any
        failed of a job in stages. The state is then ``failed``.
    MissingExtraError
        When `kind` needs what is not installed.
    StoreError
        When the rows cannot be written or read back.
    KeyboardInterrupt
        On Ctrl-C; the state is then ``interrupted``. What was written is kept in every case.
    """
    if kind not in KINDS:
        raise ValueError(f"kind must be one of {', '.join(KINDS)}, not {kind!r}")
    if stage is not None:
        # Such a job reads a folder of this machine, which the others need not see.
        kind = {"dask": "local", "mpi": "serial"}.get(kind, kind)
    missing = store.begin(replications)
    progress = progress or Silent()
    share = 1 if kind == "serial" else workers or usable_cores()
    plan = ChunkPlan(missing, chunk_size, share, chunk_seconds, stage=stage)
    try:
        progress.start(replications, replications - plan.remaining)
        _run_plan(job, store, plan, kind, Where(address, workers), progress)
        if store.failures and not store.held:
            raise ExecutionError(_all_failed(store, f"the {len(store.failures)}"))
        return store.complete(each)
    except BaseException as error:
        store.stop(error)
        raise
    finally:
        progress.close()


class Where(NamedTuple):
    """Address of the scheduler, and number of workers as it was asked for; None for what was left open."""

    address: str | None
    workers: int | None


def _run_plan(job: Job, store: Store, plan: ChunkPlan, kind: str, where: Where, progress: Progress) -> None:
    def accept(chunk: Chunk, result: ChunkResult) -> None:
        if result.error is not None:
            raise ExecutionError(f"{chunk}: {result.error}", chunk, result.traceback_text)
        for stretch, part in result.parts:
            store.write(stretch, part)
        if result.failures:
            _keep_failures(store, result, plan, progress)
        plan.observe(chunk.stop - chunk.start, result.seconds)
        progress.advance(chunk.stop - chunk.start)

    here = kind in ("local", "serial") and (plan.fixed_size is None or min(plan.workers, plan.chunks_left()) <= 1)
    if here:
        enough = _ALONE_SECONDS if plan.workers > 1 else float("inf")
        _run_here(job, store.run, plan, accept, enough)
    if plan.remaining:
        payload, useful = pack(job), min(plan.workers, plan.chunks_left())
        _run_in_pool(lambda: _pool(kind, payload, store.run, useful, where), plan, accept, progress.note)


def _pool(kind: str, payload: bytes, run: str, useful: int, where: Where) -> AbstractContextManager[Pool]:
    if kind == "dask":
        from sim.execution.dask_pool import dask_pool

        return dask_pool(payload, run, where.address, where.workers)
    if kind == "mpi":
        from sim.execution.mpi_pool import mpi_pool

        return mpi_pool(payload, run)
    return worker_pool(payload, run, useful)


def _keep_failures(store: Store, result: ChunkResult, plan: ChunkPlan, progress: Progress) -> None:
    """Record what failed, and give up where going on is pointless."""
    store.note_failures(result.failures)
    last = result.failures[-1]
    if plan.stage is not None:
        # Later stages read the rows of earlier ones, all of them.
        raise ExecutionError(f"replication {last.replication}: {last.error}", None, result.traceback_text)
    if not store.held and len(store.failures) >= MANY:
        raise ExecutionError(_all_failed(store, f"the first {len(store.failures)}"), None, result.traceback_text)
    if len(store.failures) == len(result.failures):
        progress.note(f"replication {last.replication} failed ({last.error}); going on")


def _all_failed(store: Store, which: str) -> str:
    first = store.failures[min(store.failures)]
    return f"{which} replications all failed, {first.replication} with {first.error}; to see it: " + replay_command(
        store.folder, first
    )


def _run_here(job: Job, run: str, plan: ChunkPlan, accept: Accept, enough_seconds: float) -> None:
    """Run chunks in this process: all, or until it is clear that what is left is worth a pool."""
    began, chunks = time.monotonic(), 0
    while (chunk := plan.take()) is not None:
        accept(chunk, compute(job, chunk, run))
        chunks += 1
        # The first chunk may have spent its time on loading and compiling, and says nothing of the speed.
        spent = time.monotonic() - began
        if chunks > 1 and spent > enough_seconds and plan.seconds_left() > _POOL_WORTH_SECONDS:
            return


@dataclass
class _Queue:
    """Chunks for the pool: first those whose worker died, then the plan's."""

    plan: ChunkPlan
    again: deque[Chunk] = field(default_factory=deque)
    deaths: dict[Chunk, int] = field(default_factory=dict)

    def take(self, in_flight: Iterable[Chunk]) -> Chunk | None:
        """The next chunk, None when there is none, or none that may be run before those in flight have ended."""
        if self.again:
            return self.again.popleft()
        return None if self.plan.must_wait_for(in_flight) else self.plan.take()

    def give_back(self, lost: list[Chunk]) -> None:
        """Queue again what a broken pool lost; raises when a chunk was lost too often."""
        for chunk in lost:
            self.deaths[chunk] = self.deaths.get(chunk, 0) + 1
            if self.deaths[chunk] > MOST_RETRIES:
                raise ExecutionError(
                    f"{chunk}: the worker process died {self.deaths[chunk]} times (killed, out of memory, crashed, "
                    "or unable to start)",
                    chunk,
                )
        self.again.extend(sorted(lost))

    def room(self, in_flight: dict[Future[ChunkResult], Chunk], window: int) -> int:
        """How many chunks may be under way: one alone while a chunk is suspected of killing its worker.

        When a pool breaks nobody knows which chunk did it. Run one by one, the guilty chunk shows.
        """
        suspected = bool(self.again) or any(chunk in self.deaths for chunk in in_flight.values())
        return 1 if suspected else window


def _run_in_pool(
    open_pool: Callable[[], AbstractContextManager[Pool]],
    plan: ChunkPlan,
    accept: Accept,
    note: Callable[[str], None],
) -> None:
    queue = _Queue(plan)
    while queue.again or plan.remaining:
        with open_pool() as pool:
            plan.workers = pool.workers
            lost = _work(pool, queue, accept)
        queue.give_back(lost)
        if lost:
            note(f"a worker process died; starting anew, {len(lost)} chunk(s) to be run again")


def _work(pool: Pool, queue: _Queue, accept: Accept) -> list[Chunk]:
    """Keep the pool busy until all is done or it breaks; returns the chunks lost then."""
    in_flight: dict[Future[ChunkResult], Chunk] = {}
    while True:
        while (
            len(in_flight) < queue.room(in_flight, 2 * pool.workers)
            and (chunk := queue.take(in_flight.values())) is not None
        ):
            try:
                in_flight[pool.submit(chunk)] = chunk
            except (BrokenProcessPool, OSError):
                return [*_collect(pool, in_flight, set(in_flight), accept), chunk]
        if not in_flight:
            return []
        done, _ = wait(in_flight, return_when=FIRST_COMPLETED)
        lost = _collect(pool, in_flight, done, accept)
        if lost:
            return lost + _collect(pool, in_flight, set(in_flight), accept)


def _collect(
    pool: Pool, in_flight: dict[Future[ChunkResult], Chunk], futures: set[Future[ChunkResult]], accept: Accept
) -> list[Chunk]:
    """Accept results, waiting for those not there yet; returns the chunks whose worker is gone."""
    lost = []
    for future in futures:
        chunk = in_flight.pop(future)
        try:
            result = future.result()
        except (Exception, CancelledError) as error:
            if (problem := pool.explain(chunk, error)) is not None:
                raise problem from error
            lost.append(chunk)
        else:
            accept(chunk, result)
    return lost
