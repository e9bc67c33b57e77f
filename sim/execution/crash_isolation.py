"""Finding the replications that kill their worker among the chunks that were lost with one."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from sim.execution.chunks import Chunk
from sim.execution.errors import ExecutionError, Failure

MOST_RETRIES = 3
"""How often a chunk whose worker died is run again alone before it is cut in halves."""

MOST_DEATHS = 24
"""Workers that may die over one chunk before its remaining pieces are given up whole: 19 find one in 20,000."""

MOST_IN_A_ROW = 40
"""If so many workers die and no chunk is finished in between, the fault is hardly that of single replications."""


class Lost(NamedTuple):
    """A chunk whose worker died, and how many workers died over it."""

    chunk: Chunk
    deaths: int = 1


@dataclass
class _Deaths:
    """Deaths over a chunk and what it was cut from, and over all that was cut from the same first chunk."""

    own: int = 0
    together: list[int] = field(default_factory=lambda: [0])
    halved: bool = False

    def add(self, number: int) -> None:
        self.own += number
        self.together[0] += number


class CrashIsolation:
    """Chunks to be run again, one at a time and alone.

    When a pool breaks, nobody knows which of its chunks did it. Run alone, that chunk shows; and halved again and
    again, the replication. `note` is called with a message when the search in a chunk begins.
    """

    def __init__(self, note: Callable[[str], None]) -> None:
        self._note = note
        self._waiting: deque[Chunk] = deque()
        self._deaths: dict[Chunk, _Deaths] = {}
        self._in_a_row = 0

    def __len__(self) -> int:
        return len(self._waiting)

    def take(self) -> Chunk | None:
        """The next chunk to be run alone."""
        return self._waiting.popleft() if self._waiting else None

    def finished(self, chunk: Chunk) -> None:
        """Forget the deaths over a chunk that was finished; any finished chunk ends a row of deaths."""
        self._deaths.pop(chunk, None)
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
            count = self._deaths.setdefault(chunk, _Deaths())
            count.add(deaths)
            if not alone or count.own <= MOST_RETRIES:
                pieces.append(chunk)
            elif chunk.stop - chunk.start == 1 or count.together[0] >= MOST_DEATHS:
                given_up.append((chunk, _failures(chunk, self._deaths.pop(chunk))))
            else:
                pieces += self._halves(chunk, self._deaths.pop(chunk))
            self._check(chunk)
        self._waiting.extendleft(reversed(pieces))
        return given_up

    def _halves(self, chunk: Chunk, deaths: _Deaths) -> list[Chunk]:
        if not deaths.halved:
            self._note(f"{chunk}: {_died(deaths.own)}; looking for the one that does it")
        middle = (chunk.start + chunk.stop) // 2
        halves = [Chunk(chunk.start, middle), Chunk(middle, chunk.stop)]
        self._deaths |= {half: _Deaths(deaths.own, deaths.together, halved=True) for half in halves}
        return halves

    def _check(self, chunk: Chunk) -> None:
        if self._in_a_row >= MOST_IN_A_ROW:
            raise ExecutionError(
                f"{chunk}: worker processes died {self._in_a_row} times in a row (killed, out of memory, crashed or "
                "unable to start) and finished nothing in between; what was finished before is kept"
            )


def _failures(chunk: Chunk, deaths: _Deaths) -> list[Failure]:
    error = _died(deaths.own)
    if chunk.stop - chunk.start > 1:
        error += f", at some of {chunk}, not looked into one by one"
    return [Failure(number, None, error) for number in range(*chunk)]


def _died(times: int) -> str:
    return f"the worker process died {times} times (killed, out of memory or crashed)"
