"""Handing chunks to a pool of any kind and taking their results, until all is done, however often the pool breaks."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager
from typing import NamedTuple

from sim.execution.chunks import Chunk, ChunkPlan
from sim.execution.crash_isolation import CrashIsolation, Lost
from sim.execution.errors import ExecutionError
from sim.execution.worker import ChunkResult

Accept = Callable[[Chunk, ChunkResult], None]


class Pool(NamedTuple):
    """Workers at hand: what local processes, a Dask cluster and MPI have in common.

    Attributes
    ----------
    submit:
        Hands them a chunk.
    workers:
        How many there are.
    explain:
        What to raise for the error of a chunk's future; or that the chunk was merely lost, and can be run again.
    check_alive:
        Called while no result comes; raises `ExecutionError` when none can be hoped for.
    check_seconds:
        How often; None for never.
    """

    submit: Callable[[Chunk], Future[ChunkResult]]
    workers: int
    explain: Callable[[Chunk, BaseException], ExecutionError | Lost]
    check_alive: Callable[[], None] = lambda: None
    check_seconds: float | None = None


def run_in_pool(
    open_pool: Callable[[bool], AbstractContextManager[Pool]],
    plan: ChunkPlan,
    accept: Accept,
    note: Callable[[str], None],
) -> None:
    """Run all that is left of a plan.

    `open_pool` makes a pool; one worker will do where its argument is true. `accept` takes the result of each chunk,
    and of those that were given up because their workers died. `note` is called with messages for the user.
    """
    isolation = CrashIsolation(note)
    while isolation or plan.remaining:
        alone = bool(isolation)
        with open_pool(alone) as pool:
            if not alone:
                plan.workers = pool.workers
            lost = _Dispatcher(pool, plan, isolation, accept).run(alone)
        if lost and not alone:
            note(f"a worker process died; starting anew, {len(lost)} chunk(s) to be run again")
        for chunk, failures in isolation.add(lost, alone) if lost else ():
            accept(chunk, ChunkResult(failures=tuple(failures)))


class _Dispatcher:
    """What one pool has under way."""

    def __init__(self, pool: Pool, plan: ChunkPlan, isolation: CrashIsolation, accept: Accept) -> None:
        self._pool, self._plan, self._isolation, self._accept = pool, plan, isolation, accept
        self._in_flight: dict[Future[ChunkResult], Chunk] = {}

    def run(self, alone: bool) -> list[Lost]:
        """Keep the pool busy until it breaks, or nothing is left: of the isolated chunks, or of the plan.

        Returns the chunks that were lost when it broke.
        """
        window, take = (1, self._isolation.take) if alone else (2 * self._pool.workers, self._next_of_plan)
        lost: list[Lost] = []
        while True:
            while not lost and len(self._in_flight) < window and (chunk := take()) is not None:
                lost += self._submit(chunk)
            if not self._in_flight:
                return lost
            lost += self._collect()

    def _next_of_plan(self) -> Chunk | None:
        return None if self._plan.must_wait_for(self._in_flight.values()) else self._plan.take()

    def _submit(self, chunk: Chunk) -> list[Lost]:
        try:
            self._in_flight[self._pool.submit(chunk)] = chunk
        except (BrokenProcessPool, OSError):
            return [Lost(chunk)]
        return []

    def _collect(self) -> list[Lost]:
        """Wait for results and accept them; returns the chunks whose worker is gone."""
        while not (done := wait(self._in_flight, self._pool.check_seconds, FIRST_COMPLETED).done):
            self._pool.check_alive()
        lost = []
        for future in done:
            chunk = self._in_flight.pop(future)
            try:
                result = future.result()
            except (Exception, CancelledError) as error:
                explained = self._pool.explain(chunk, error)
                if not isinstance(explained, Lost):
                    raise explained from error
                lost.append(explained)
            else:
                if result.error is None:
                    self._isolation.finished(chunk)
                self._accept(chunk, result)
        return lost
