"""Graphs over the cells of a raster, and the quickest paths in them, in compiled loops.

Cells are numbered ``row * cols + col``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from sim.terrain import Floats, Int32s, Ints
from sim.terrain.compiled import compiled, kernel

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix


NO_PREDECESSOR = -9999
"""Predecessor of a cell that has none, as scipy marks it."""
BUCKETS = 1024
"""Into how many parts the longest step is divided where cells wait for their turn."""


class Graph(NamedTuple):
    """Directed steps, cell after cell; those from one cell in the order of the cells that they lead to.

    Steps from cell c are number ``ends[c]`` up to the one before ``ends[c + 1]``, shape (cells + 1,); `cells` and
    `minutes`, shape (steps,), say where each leads to and how long it takes.
    """

    ends: Int32s
    cells: Int32s
    minutes: Floats

    @property
    def size(self) -> int:
        """How many cells there are."""
        return len(self.ends) - 1

    def reversed(self) -> Graph:
        """The same steps backwards."""
        backwards = Graph(np.zeros_like(self.ends), np.empty_like(self.cells), np.empty_like(self.minutes))
        _reverse(*self, *backwards)
        return backwards

    def matrix(self) -> csr_matrix:
        """The same as scipy has it, (cells, cells) from row to column, over the same memory."""
        from scipy.sparse import csr_matrix  # a tenth of a second to load

        return csr_matrix((self.minutes, self.cells, self.ends), shape=(self.size, self.size))


def graph_of(planes: Floats, moves: tuple[tuple[int, int], ...]) -> Graph:
    """The graph of all steps that exist.

    Parameters
    ----------
    planes:
        Minutes of every move from every cell, (moves, rows, columns), infinite where none exists.
    moves:
        Rows and columns that each goes, in the order of the cells that they lead to.
    """
    flat, cols = planes.reshape(len(moves), -1), planes.shape[2]
    number = int(np.isfinite(flat).sum())
    graph = Graph(np.zeros(flat.shape[1] + 1, np.int32), np.empty(number, np.int32), np.empty(number))
    _fill(flat, np.array([row * cols + col for row, col in moves]), *graph)
    return graph


def minutes_from(graph: Graph, cells: ArrayLike, limit_min: float = np.inf) -> Floats:
    """Least minutes from each of n cells to every cell, (n, cells); infinite where no path is within the limit."""
    sources = np.atleast_1d(cells)
    minutes = np.full((len(sources), graph.size), np.inf)
    width = float(graph.minutes.max(initial=0.0)) / (BUCKETS - 2) or 1.0
    for row, source in zip(minutes, sources, strict=True):
        _shortest(*graph, int(source), float(limit_min), width, row)
    return minutes


def routes_from(graph: Graph, cells: ArrayLike) -> tuple[Floats, Int32s]:
    """As `minutes_from`, with the predecessor of every cell on its path from each of the n cells (see `path`)."""
    sources = np.atleast_1d(cells)
    minutes = minutes_from(graph, sources)
    before = np.full(minutes.shape, NO_PREDECESSOR, dtype=np.int32)
    for row, source in enumerate(sources):
        if _predecessors(*graph, minutes[row], before[row]):
            # Equally quick paths from cells reached at the same time, as on level ground: scipy's choice counts.
            from scipy.sparse.csgraph import dijkstra

            before[row] = dijkstra(graph.matrix(), indices=source, return_predecessors=True)[1]
    return minutes, before


def routes_to(graph: Graph, cells: ArrayLike) -> tuple[Floats, Int32s]:
    """Minutes from every cell to each of the n cells, and the next cell towards it: `path` then runs backwards."""
    return routes_from(graph.reversed(), cells)


@compiled
def path(predecessors: Int32s, cell: int) -> Ints:
    """Cells from the source to `cell`, both included, from one row of predecessors.

    The source alone when `cell` is the source or cannot be reached; `minutes_from` is infinite in the second case.
    """
    count, here = 1, cell
    while predecessors[here] >= 0:
        here, count = predecessors[here], count + 1
    found = np.empty(count, np.int64)
    for number in range(count - 1, -1, -1):
        found[number] = cell
        cell = predecessors[cell]
    return found


@compiled
def _fill(planes: Floats, offsets: Ints, ends: Int32s, cells: Int32s, minutes: Floats) -> None:
    """Write all steps that exist cell by cell; planes (moves, cells) are infinite where none exists."""
    entry = 0
    for cell in range(planes.shape[1]):
        for move in range(len(offsets)):
            if np.isfinite(planes[move, cell]):
                cells[entry], minutes[entry] = cell + offsets[move], planes[move, cell]
                entry += 1
        ends[cell + 1] = entry


@compiled
def _reverse(
    ends: Int32s, cells: Int32s, minutes: Floats, ends_back: Int32s, cells_back: Int32s, minutes_back: Floats
) -> None:
    """Write all steps by the cells that they lead to; `ends_back` is 0 so far."""
    for cell in cells:
        ends_back[cell + 1] += 1
    for cell in range(len(ends) - 1):
        ends_back[cell + 1] += ends_back[cell]
    free = ends_back[:-1].copy()
    for cell in range(len(ends) - 1):
        for entry in range(ends[cell], ends[cell + 1]):
            place = free[cells[entry]]
            cells_back[place], minutes_back[place] = cell, minutes[entry]
            free[cells[entry]] = place + 1


@compiled
def _shortest(
    ends: Int32s, cells: Int32s, steps: Floats, source: int, limit: float, width: float, minutes: Floats
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


@kernel
def _enter(heads: Int32s, waiting: Int32s, cell: int, bucket: int) -> None:
    """Put a cell first in a bucket; `waiting` holds for each cell the one before, the one after, and its bucket."""
    first = heads[bucket]
    waiting[0, cell], waiting[1, cell], waiting[2, cell] = -1, first, bucket
    if first >= 0:
        waiting[0, first] = cell
    heads[bucket] = cell


@kernel
def _leave(heads: Int32s, waiting: Int32s, cell: int) -> None:
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
def _predecessors(ends: Int32s, cells: Int32s, steps: Floats, minutes: Floats, before: Int32s) -> bool:
    """Fill in from where each cell is reached soonest, shape (cells,); whether that is undecided for any cell.

    Of several paths that take the same time the one counts from the cell that was itself reached first.
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
