"""Names of parts: which replications a file promises to hold."""

from __future__ import annotations

import re

from sim.execution.chunks import Chunk

_NAME = re.compile(r"part-(\d{9,})-(\d{9,})\.parquet")


class DamagedPartError(Exception):
    """A file that has the name of a part but not what belongs in it."""


def part_name(chunk: Chunk) -> str:
    """File name of a part; the names sort as the replications do.

    >>> part_name(Chunk(0, 250))
    'part-000000000-000000250.parquet'
    """
    return f"part-{chunk.start:09d}-{chunk.stop:09d}.parquet"


def part_range(name: str) -> Chunk | None:
    """The replications that a file name promises, None for the name of anything else.

    >>> part_range("part-000000000-000000250.parquet")
    Chunk(start=0, stop=250)
    """
    match = _NAME.fullmatch(name)
    return Chunk(int(match[1]), int(match[2])) if match else None
