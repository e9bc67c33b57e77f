"""Graphs over cells, compared with scipy's sparse matrices."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import coo_matrix, csr_matrix

from sim.terrain.shortest_paths import Graph, graph_of

MOVES = ((-1, 0), (0, -1), (0, 1), (1, 0))


def same(graph: Graph, matrix: csr_matrix) -> None:
    """Entry by entry, in the same order and of the same types."""
    for ours, theirs in zip(graph, (matrix.indptr, matrix.indices, matrix.data), strict=True):
        assert np.array_equal(ours, theirs)
        assert ours.dtype == theirs.dtype


def drawn(seed: int, rows: int, cols: int, share: float) -> tuple[Graph, np.ndarray]:
    """A graph of four moves, some of which do not exist, and its planes."""
    rng = np.random.default_rng(seed)
    planes = rng.uniform(1.0, 9.0, (4, rows, cols))
    planes[rng.random(planes.shape) > share] = np.inf
    planes[0, 0], planes[1, :, 0], planes[2, :, -1], planes[3, -1] = np.inf, np.inf, np.inf, np.inf
    return graph_of(planes, MOVES), planes


def test_two_by_two_cells_by_hand() -> None:
    planes = np.full((4, 2, 2), np.inf)
    planes[2, 0, 0], planes[3, 0, 0], planes[0, 1, 1] = 5.0, 7.0, 9.0  # 0 to 1, 0 to 2, 3 to 1
    graph = graph_of(planes, MOVES)
    assert [part.tolist() for part in graph] == [[0, 2, 2, 2, 3], [1, 2, 1], [5.0, 7.0, 9.0]]
    assert [part.tolist() for part in graph.reversed()] == [[0, 0, 2, 3, 3], [0, 3, 0], [5.0, 9.0, 7.0]]
    assert graph.size == graph.reversed().size == 4


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 2**32 - 1), st.integers(1, 9), st.integers(1, 9), st.sampled_from([0.0, 0.3, 1.0]))
def test_it_is_the_sparse_matrix_of_its_steps(seed: int, rows: int, cols: int, share: float) -> None:
    graph, planes = drawn(seed, rows, cols, share)
    steps = [
        (row * cols + col, (row + down) * cols + col + right, planes[move, row, col])
        for move, (down, right) in enumerate(MOVES)
        for row, col in np.argwhere(np.isfinite(planes[move]))
    ]
    begin, end, minutes = zip(*steps, strict=True) if steps else ((), (), ())
    wanted = coo_matrix(
        (np.array(minutes, float), (np.array(begin, int), np.array(end, int))), shape=(rows * cols,) * 2
    )
    same(graph, wanted.tocsr())
    same(graph.reversed(), wanted.T.tocsr())
    same(graph.reversed().reversed(), wanted.tocsr())
    same(graph, graph.matrix())


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_as_a_matrix_it_takes_no_more_memory(share: float) -> None:
    graph, _ = drawn(1, 5, 4, share)
    assert np.shares_memory(graph.minutes, graph.matrix().data) == (share > 0)
