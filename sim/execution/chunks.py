"""Cutting the missing replications into pieces of work."""

from __future__ import annotations

import itertools
import re
from collections import deque
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

CHUNK_SECONDS = 2.0
"""How long a chunk should take: long against its bookkeeping, short against the patience of who interrupts."""

FIRST_CHUNK = 2
GROWTH = 16
SMALLEST_SHARE = 8
LARGEST_CHUNK = 20_000

OUTCOMES = "outcomes"
"""Folder of the parts, below the output folder."""

_PART_NAME = re.compile(r"part-(\d{9,})-(\d{9,})\.parquet")


class Chunk(NamedTuple):
    """Replications `start` to `stop` - 1."""

    start: int
    stop: int

    def __str__(self) -> str:
        """For people: both ends included."""
        if self.stop - self.start == 1:
            return f"replication {self.start}"
        return f"replications {self.start} to {self.stop - 1}"


def part_name(chunk: Chunk) -> str:
    """Name of the file that holds a chunk's rows; the names sort as the replications do.

    >>> part_name(Chunk(0, 250))
    'part-000000000-000000250.parquet'
    """
    return f"part-{chunk.start:09d}-{chunk.stop:09d}.parquet"


def part_range(name: str) -> Chunk | None:
    """The replications that a file name promises, None for the name of anything else.

    >>> part_range("part-000000000-000000250.parquet")
    Chunk(start=0, stop=250)
    """
    match = _PART_NAME.fullmatch(name)
    return Chunk(int(match[1]), int(match[2])) if match else None


def part_files(folder: Path) -> list[tuple[Path, Chunk]]:
    """Files of an output folder that are named like parts, in order, with the replications that they promise."""
    outcomes = folder / OUTCOMES
    paths = sorted(outcomes.iterdir()) if outcomes.is_dir() else []
    return [(path, chunk) for path in paths if (chunk := part_range(path.name)) is not None]


def missing_ranges(there: Iterable[tuple[int, int]], replications: int) -> list[Chunk]:
    """Which of replications 0 to `replications` - 1 are missing, in as few ranges as possible.

    >>> missing_ranges([(4, 6), (0, 2)], 8)
    [Chunk(start=2, stop=4), Chunk(start=6, stop=8)]
    """
    gaps, reached = [], 0
    for start, stop in [*sorted(there), (replications, replications)]:
        if min(start, replications) > reached:
            gaps.append(Chunk(reached, min(start, replications)))
        reached = max(reached, stop)
    return gaps


class ChunkPlan:
    """Hands out the missing replications, in order and in pieces.

    Without a fixed `chunk_size` the first piece is small, to measure the rate; the next ones are sized to take
    about `chunk_seconds`, and shrink near the end, down to an eighth, so that all workers finish together. With a
    `stage` of so many replications, no chunk reaches into the next stage, and each stage is shared by all workers.
    """

    def __init__(
        self,
        missing: Iterable[Chunk],
        chunk_size: int | None = None,
        workers: int = 1,
        chunk_seconds: float = CHUNK_SECONDS,
        stage: int | None = None,
    ) -> None:
        self.stage = stage
        self._gaps = deque(missing if stage is None else _cut_at_stages(missing, stage))
        self.fixed_size = chunk_size
        self._size = chunk_size or FIRST_CHUNK
        self.workers = workers
        self._chunk_seconds = chunk_seconds
        self._rate = 0.0
        self.remaining = sum(gap.stop - gap.start for gap in self._gaps)

    def take(self) -> Chunk | None:
        """The next chunk, None when all are handed out."""
        if not self._gaps:
            return None
        start, end = self._gaps[0]
        chunk = Chunk(start, min(end, start + self._next_size()))
        if chunk.stop == end:
            self._gaps.popleft()
        else:
            self._gaps[0] = Chunk(chunk.stop, end)
        self.remaining -= chunk.stop - chunk.start
        return chunk

    def must_wait_for(self, others: Iterable[Chunk]) -> bool:
        """Whether the next chunk is of a later stage than one of the others, which are not finished."""
        if self.stage is None or not self._gaps:
            return False
        begun = self._gaps[0].start // self.stage
        return any(chunk.start // self.stage < begun for chunk in others)

    def observe(self, replications: int, seconds: float) -> None:
        """Learn from a finished chunk how long the next should be."""
        self._rate = replications / max(seconds, 1e-6)
        if self.fixed_size is None:
            aim = int(self._rate * self._chunk_seconds)
            self._size = max(1, min(aim, self._size * GROWTH, LARGEST_CHUNK))

    def seconds_left(self) -> float:
        """How long one worker needs for what is not handed out, by the last rate seen; infinite before any."""
        return self.remaining / self._rate if self._rate else float("inf")

    def chunks_left(self) -> int:
        """How many chunks are left if all have the size of the next."""
        return sum(-(-(gap.stop - gap.start) // self._next_size()) for gap in self._gaps)

    def _next_size(self) -> int:
        if self.fixed_size is not None:
            return self.fixed_size
        together = self.remaining if self.stage is None else self._gaps[0].stop - self._gaps[0].start
        share = -(-together // self.workers)
        worthwhile = int(self._rate * self._chunk_seconds / SMALLEST_SHARE)
        return max(1, min(self._size, max(share, worthwhile)))


def _cut_at_stages(missing: Iterable[Chunk], stage: int) -> Iterator[Chunk]:
    """The same ranges, cut wherever a stage ends."""
    for start, stop in missing:
        borders = [start, *range((start // stage + 1) * stage, stop, stage), stop]
        yield from (Chunk(low, high) for low, high in itertools.pairwise(borders))
