"""Handing chunks to a pool of any kind and taking their results, until all is done, however often workers die."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, wait
from contextlib import AbstractContextManager
from typing import NamedTuple

from sim.execution.chunks import Chunk, ChunkPlan
from sim.execution.errors import ExecutionError, Failure
from sim.execution.worker import ChunkResult

MOST_RETRIES = 3
"""How often a chunk whose worker died is run again alone before it is cut in halves."""

MOST_DEATHS = 24
"""Workers that may die over one chunk before its remaining pieces are given up whole: 19 find one in 20,000."""

MOST_IN_A_ROW = 40
"""If so many workers die and no chunk is finished in between, the fault is hardly that of single replications."""

Accept = Callable[[Chunk, ChunkResult], None]


class Lost(NamedTuple):
    """A chunk whose worker died, and how many workers died over it."""

    chunk: Chunk
    deaths: int = 1


class Pool(NamedTuple):
    """Workers at hand: what local processes, a Dask cluster and MPI have in common.

    `explain` takes the error of a chunk that was submitted: it returns that the chunk was merely lost, and can be run
    again, or raises an `ExecutionError`. `check_alive` is called every `check_seconds` (None: never) while no result
    comes, and raises an `ExecutionError` when none can be hoped for.
    """

    submit: Callable[[Chunk], Future[ChunkResult]]
    workers: int
    explain: Callable[[Chunk, BaseException], Lost]
    check_alive: Callable[[], None] = lambda: None
    check_seconds: float | None = None


def run_in_pool(
    open_pool: Callable[[bool], AbstractContextManager[Pool]],
    plan: ChunkPlan,
    accept: Accept,
    note: Callable[[str], None],
) -> None:
    """Run all that is left of a plan; `accept` takes each chunk's result, also of those given up as their workers died.

    `open_pool` makes a pool, of which one worker will do where its argument is true. `note` takes messages to the user.
    """
    isolation = CrashIsolation(note)
    while isolation or plan.remaining:
        alone = bool(isolation)
        with open_pool(alone) as pool:
            if not alone:
                plan.workers = pool.workers
            lost = _run_until_broken(pool, plan, isolation, accept, alone)
        if lost and not alone:
            note(f"a worker process died; starting anew, {len(lost)} chunk(s) to be run again")
        for chunk, failures in isolation.add(lost, alone) if lost else ():
            accept(chunk, ChunkResult(failures=tuple(failures)))


def _run_until_broken(
    pool: Pool, plan: ChunkPlan, isolation: CrashIsolation, accept: Accept, alone: bool
) -> list[Lost]:
    """Keep a pool busy until it breaks, or nothing is left: of the isolated chunks, or of the plan.

    Returns the chunks that were lost when it broke.
    """
    in_flight: dict[Future[ChunkResult], Chunk] = {}
    lost: list[Lost] = []

    def take() -> Chunk | None:
        if alone:
            return isolation.take()
        return None if plan.must_wait_for(in_flight.values()) else plan.take()

    while True:
        while not lost and len(in_flight) < (1 if alone else 2 * pool.workers) and (chunk := take()) is not None:
            try:
                in_flight[pool.submit(chunk)] = chunk
            except Exception as error:
                lost.append(pool.explain(chunk, error))
        if not in_flight:
            return lost
        while not (done := wait(in_flight, pool.check_seconds, FIRST_COMPLETED).done):
            pool.check_alive()
        for future in done:
            chunk = in_flight.pop(future)
            try:
                result = future.result()
            except (Exception, CancelledError) as error:
                lost.append(pool.explain(chunk, error))
                continue
            if result.error is None:
                isolation.finished(chunk)
            accept(chunk, result)


class CrashIsolation:
    """Chunks to be run again, one at a time and alone, to find the replications that kill their worker.

    When a pool breaks, nobody knows which of its chunks did it. Run alone, that chunk shows; and halved again and
    again, the replication. `note` is called with a message when the search in a chunk begins.
    """

    def __init__(self, note: Callable[[str], None]) -> None:
        self._note = note
        self._waiting: deque[Chunk] = deque()
        self._origin: dict[Chunk, Chunk] = {}  # of a chunk: the first one that it was cut from, perhaps itself
        self._deaths: Counter[Chunk] = Counter()  # over a chunk, and over those that it was cut from
        self._all_deaths: Counter[Chunk] = Counter()  # over all that was cut from a first chunk
        self._in_a_row = 0

    def __len__(self) -> int:
        return len(self._waiting)

    def take(self) -> Chunk | None:
        """The next chunk to be run alone."""
        return self._waiting.popleft() if self._waiting else None

    def finished(self, chunk: Chunk) -> None:
        """Forget the deaths over a chunk that was finished; any finished chunk ends a row of deaths."""
        for known in (self._origin, self._deaths, self._all_deaths):
            known.pop(chunk, None)
        self._in_a_row = 0

    def add(self, lost: Iterable[Lost], alone: bool) -> list[tuple[Chunk, list[Failure]]]:
        """Queue chunks whose worker died, in halves where they are known to kill it; returns those given up.

        `alone` says that nothing else was under way, so that it must have been this chunk. An `ExecutionError` is
        raised when workers die whatever they run.
        """
        self._in_a_row += 1
        pieces: list[Chunk] = []
        given_up = []
        for chunk, deaths in sorted(lost):
            if self._in_a_row >= MOST_IN_A_ROW:
                raise ExecutionError(
                    f"{chunk}: worker processes died {self._in_a_row} times in a row (killed, out of memory, crashed "
                    "or unable to start) and finished nothing in between; what was finished before is kept"
                )
            origin = self._origin.setdefault(chunk, chunk)
            self._deaths[chunk] += deaths
            self._all_deaths[origin] += deaths
            if not alone or self._deaths[chunk] <= MOST_RETRIES:
                pieces.append(chunk)
            elif chunk.stop - chunk.start == 1 or self._all_deaths[origin] >= MOST_DEATHS:
                given_up.append((chunk, _failures(chunk, self._deaths[chunk])))
            else:
                pieces += self._halves(chunk)
        self._waiting.extendleft(reversed(pieces))
        return given_up

    def _halves(self, chunk: Chunk) -> list[Chunk]:
        origin, deaths = self._origin[chunk], self._deaths[chunk]
        if origin == chunk:
            self._note(f"{chunk}: {_died(deaths)}; looking for the one that does it")
        middle = (chunk.start + chunk.stop) // 2
        halves = [Chunk(chunk.start, middle), Chunk(middle, chunk.stop)]
        self._origin |= dict.fromkeys(halves, origin)
        self._deaths.update(dict.fromkeys(halves, deaths))
        return halves


def _failures(chunk: Chunk, deaths: int) -> list[Failure]:
    error = _died(deaths)
    if chunk.stop - chunk.start > 1:
        error += f", at some of {chunk}, not looked into one by one"
    return [Failure(number, None, error) for number in range(*chunk)]


def _died(times: int) -> str:
    return f"the worker process died {times} times (killed, out of memory or crashed)"
