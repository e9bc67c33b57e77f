"""Graphs over the cells of a ground: steps from cell to cell, and what each takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.terrain.compiled import compiled

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

Floats = NDArray[np.float64]
Int32s = NDArray[np.int32]


class Graph(NamedTuple):
    """Directed steps, cell after cell; those from one cell in the order of the cells that they lead to.

    Attributes
    ----------
    ends:
        (cells + 1,): steps from cell c are number ``ends[c]`` up to the one before ``ends[c + 1]``.
    cells:
        (steps,): where each leads to.
    minutes:
        (steps,): how long each takes.
    """

    ends: Int32s
    cells: Int32s
    minutes: Floats

    @property
    def size(self) -> int:
        """How many cells there are."""
        return len(self.ends) - 1

    def turned(self) -> Graph:
        """The same steps backwards."""
        turned = Graph(np.zeros_like(self.ends), np.empty_like(self.cells), np.empty_like(self.minutes))
        _turn(self.ends, self.cells, self.minutes, *turned)
        return turned

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


@compiled
def _fill(planes: Floats, offsets: NDArray[np.int64], ends: Int32s, cells: Int32s, minutes: Floats) -> None:
    """Write all steps that exist cell by cell; planes (moves, cells) are infinite where none exists."""
    entry = 0
    for cell in range(planes.shape[1]):
        for move in range(len(offsets)):
            if np.isfinite(planes[move, cell]):
                cells[entry], minutes[entry] = cell + offsets[move], planes[move, cell]
                entry += 1
        ends[cell + 1] = entry


@compiled
def _turn(
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
