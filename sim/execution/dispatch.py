"""Handing chunks to a pool and taking their results, until all is done, however often the pool breaks."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager
from functools import partial

from sim.execution.chunks import Chunk, ChunkPlan
from sim.execution.remote import Lost, Pool
from sim.execution.suspects import Suspects
from sim.execution.worker import ChunkResult

Accept = Callable[[Chunk, ChunkResult], None]
InFlight = dict[Future[ChunkResult], Chunk]


def run_in_pool(
    open_pool: Callable[[bool], AbstractContextManager[Pool]],
    plan: ChunkPlan,
    accept: Accept,
    note: Callable[[str], None],
) -> None:
    """Run all that is left of a plan.

    Parameters
    ----------
    open_pool:
        Makes a pool; one worker will do where its argument is true.
    accept:
        Takes the result of each chunk, and of those that were given up because their workers died.
    note:
        Told what a person may want to know.
    """
    suspects = Suspects(note)
    while suspects or plan.remaining:
        alone = bool(suspects)
        with open_pool(alone) as pool:
            if not alone:
                plan.workers = pool.workers
            lost = _Work(pool, plan, suspects, accept).go_on(alone)
        if lost and not alone:
            note(f"a worker process died; starting anew, {len(lost)} chunk(s) to be run again")
        for chunk, failures in suspects.add(lost, alone) if lost else ():
            accept(chunk, ChunkResult(failures=failures))


class _Work:
    """What one pool has under way."""

    def __init__(self, pool: Pool, plan: ChunkPlan, suspects: Suspects, accept: Accept) -> None:
        self._pool, self._plan, self._suspects, self._accept = pool, plan, suspects, accept
        self._in_flight: InFlight = {}

    def go_on(self, alone: bool) -> list[Lost]:
        """Keep the pool busy until it breaks, or nothing is left: of the suspects, or of the plan.

        Returns the chunks that were lost when it broke.
        """
        window, take = (1, self._suspects.take) if alone else (2 * self._pool.workers, self._next_of_plan)
        lost: list[Lost] = []
        while not lost:
            while not lost and len(self._in_flight) < window and (chunk := take()) is not None:
                lost += self._submit(chunk)
            if not self._in_flight:
                break
            lost += self._collect() if not lost else []
        while self._in_flight:
            lost += self._collect()
        return lost

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
        lost = []
        for future in self._finished():
            chunk = self._in_flight.pop(future)
            try:
                result = future.result()
            except (Exception, CancelledError) as error:
                lost.append(self._lost(chunk, error))
            else:
                if result.error is None:
                    self._suspects.acquit(chunk)
                self._accept(chunk, result)
        return lost

    def _finished(self) -> set[Future[ChunkResult]]:
        look = partial(wait, self._in_flight, self._pool.look_seconds, FIRST_COMPLETED)
        while not (done := look().done):
            self._pool.look()
        return done

    def _lost(self, chunk: Chunk, error: BaseException) -> Lost:
        explained = self._pool.explain(chunk, error)
        if isinstance(explained, Lost):
            return explained
        raise explained from error
