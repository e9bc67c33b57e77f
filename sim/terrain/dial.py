"""Shortest ways from one cell of a graph to all others, in compiled loops: Dial's buckets, and the way back."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.terrain.compiled import compiled, part

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

BUCKETS = 1024
"""Into how many parts the longest step is divided where cells wait for their turn."""


@compiled
def spread(
    ends: NDArray[np.int32],
    cells: NDArray[np.int32],
    steps: Floats,
    source: int,
    limit: float,
    width: float,
    minutes: Floats,
) -> None:
    """Fill in the least minutes from a cell, which are infinite so far, shape (cells,).

    Dial's variant of Dijkstra's algorithm: cells wait in a ring of buckets, one for each `width` minutes, in any
    order within. A cell that is improved waits again, so that the outcome is that of a strict order to the last bit:
    each cell's time is the least of its predecessors' times plus a step. Dial, "Algorithm 360: shortest-path forest
    with topological ordering", 1969.
    """
    heads = np.full(BUCKETS, -1, np.int32)
    waiting = np.full((3, len(minutes)), -1, np.int32)
    minutes[source], number, bucket = 0.0, 1, 0
    _enter(heads, waiting, source, 0)
    while number > 0:
        while heads[bucket] < 0:
            bucket = (bucket + 1) % BUCKETS
        cell, number = heads[bucket], number - 1
        _leave(heads, waiting, cell)
        for entry in range(ends[cell], ends[cell + 1]):
            there, then = cells[entry], minutes[cell] + steps[entry]
            if then < minutes[there] and then <= limit:
                minutes[there] = then
                if waiting[2, there] < 0:
                    number += 1
                else:
                    _leave(heads, waiting, there)
                _enter(heads, waiting, there, int(then / width) % BUCKETS)


@part
def _enter(heads: NDArray[np.int32], waiting: NDArray[np.int32], cell: int, bucket: int) -> None:
    """Put a cell first in a bucket; `waiting` holds for each cell the one before, the one after, and its bucket."""
    first = heads[bucket]
    waiting[0, cell], waiting[1, cell], waiting[2, cell] = -1, first, bucket
    if first >= 0:
        waiting[0, first] = cell
    heads[bucket] = cell


@part
def _leave(heads: NDArray[np.int32], waiting: NDArray[np.int32], cell: int) -> None:
    """Take a cell out of its bucket."""
    before, after = waiting[0, cell], waiting[1, cell]
    if before < 0:
        heads[waiting[2, cell]] = after
    else:
        waiting[1, before] = after
    if after >= 0:
        waiting[0, after] = before
    waiting[2, cell] = -1


@compiled
def walk_back(before: NDArray[np.int32], cell: int) -> Ints:
    """Cells from the source to `cell`, both included."""
    count, here = 1, cell
    while before[here] >= 0:
        here, count = before[here], count + 1
    found = np.empty(count, np.int64)
    for number in range(count - 1, -1, -1):
        found[number] = cell
        cell = before[cell]
    return found


@compiled
def trace_back(
    ends: NDArray[np.int32],
    cells: NDArray[np.int32],
    steps: Floats,
    minutes: Floats,
    before: NDArray[np.int32],
) -> bool:
    """Fill in from where each cell is reached soonest, shape (cells,); whether that is undecided for any cell.

    Of several ways that take the same time the one counts from the cell that was itself reached first.
    """
    undecided = False
    for cell in range(len(minutes)):
        if np.isfinite(minutes[cell]):
            for entry in range(ends[cell], ends[cell + 1]):
                there = cells[entry]
                if minutes[cell] + steps[entry] == minutes[there]:
                    other = before[there]
                    if other < 0 or minutes[cell] < minutes[other]:
                        before[there] = cell
                    elif minutes[cell] == minutes[other]:
                        undecided = True
    return undecided
