"""Running a job until its store holds all replications."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field

import pandas as pd

from sim.execution.chunks import CHUNK_SECONDS, Chunk, ChunkPlan
from sim.execution.errors import ExecutionError
from sim.execution.job import Job
from sim.execution.pool import Submit, pack, usable_cores, worker_pool
from sim.execution.progress import Progress, Silent
from sim.execution.store import Store
from sim.execution.worker import ChunkResult, compute

KINDS = ("local", "serial")
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
) -> str:
    """Run what the store lacks of replications 0 to `replications` - 1, and close the books.

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
        ``local`` for a pool of processes on this machine, ``serial`` for this process alone.
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
        before all rows of the stages before it are written.

    Returns
    -------
    str
        The digest of all rows (`rows_digest`), which is then in the manifest too.

    Raises
    ------
    ExecutionError
        When the job raised an exception, or a chunk's worker died four times. The state is then ``failed``.
    StoreError
        When the rows cannot be written or read back.
    KeyboardInterrupt
        On Ctrl-C; the state is then ``interrupted``. What was written is kept in every case.
    """
    if kind not in KINDS:
        raise ValueError(f"kind must be one of {', '.join(KINDS)}, not {kind!r}")
    missing = store.begin(replications)
    progress = progress or Silent()
    workers = 1 if kind == "serial" else workers or usable_cores()
    plan = ChunkPlan(missing, chunk_size, workers, chunk_seconds, stage=stage)
    try:
        progress.start(replications, replications - plan.remaining)
        _run_plan(job, store, plan, workers, progress)
        return store.complete(each)
    except BaseException as error:
        store.stop(error)
        raise
    finally:
        progress.close()


def _run_plan(job: Job, store: Store, plan: ChunkPlan, workers: int, progress: Progress) -> None:
    def accept(chunk: Chunk, result: ChunkResult) -> None:
        if result.error is not None:
            raise ExecutionError(f"{chunk}: {result.error}", chunk, result.traceback_text)
        store.write(chunk, result.part)
        plan.observe(chunk.stop - chunk.start, result.seconds)
        progress.advance(chunk.stop - chunk.start)

    if plan.fixed_size is None or min(workers, plan.chunks_left()) <= 1:
        enough = _ALONE_SECONDS if workers > 1 else float("inf")
        _run_here(job, store.run, plan, accept, enough)
    if plan.remaining:
        _run_in_pool(pack(job), store.run, plan, workers, accept, progress.note)


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
    payload: bytes, run: str, plan: ChunkPlan, workers: int, accept: Accept, note: Callable[[str], None]
) -> None:
    queue = _Queue(plan)
    workers = min(workers, plan.chunks_left())
    while queue.again or plan.remaining:
        with worker_pool(payload, run, workers) as submit:
            lost = _work(submit, queue, 2 * workers, accept)
        queue.give_back(lost)
        if lost:
            note(f"a worker process died; starting anew, {len(lost)} chunk(s) to be run again")


def _work(submit: Submit, queue: _Queue, window: int, accept: Accept) -> list[Chunk]:
    """Keep the pool busy until all is done or it breaks; returns the chunks lost then."""
    in_flight: dict[Future[ChunkResult], Chunk] = {}
    while True:
        while len(in_flight) < queue.room(in_flight, window) and (chunk := queue.take(in_flight.values())) is not None:
            try:
                in_flight[submit(chunk)] = chunk
            except (BrokenProcessPool, OSError):
                return [*_collect(in_flight, set(in_flight), accept), chunk]
        if not in_flight:
            return []
        done, _ = wait(in_flight, return_when=FIRST_COMPLETED)
        lost = _collect(in_flight, done, accept)
        if lost:
            return lost + _collect(in_flight, set(in_flight), accept)


def _collect(
    in_flight: dict[Future[ChunkResult], Chunk], futures: set[Future[ChunkResult]], accept: Accept
) -> list[Chunk]:
    """Accept results, waiting for those not there yet; returns the chunks whose worker is gone."""
    lost = []
    for future in futures:
        chunk = in_flight.pop(future)
        try:
            result = future.result()
        except BrokenProcessPool:
            lost.append(chunk)
        else:
            accept(chunk, result)
    return lost
