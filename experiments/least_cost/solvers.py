"""Least minutes from a cell by programs of others, over the steps of `definition.py`."""

from __future__ import annotations

from collections.abc import Iterable

import networkx as nx  # type: ignore[import-untyped]
import numpy as np
from numpy.typing import NDArray
from skimage.graph import MCP_Flexible

from experiments.least_cost.definition import STEPS

Floats = NDArray[np.float64]
Edges = Iterable[tuple[int, int, float]]


def by_networkx(steps: Edges, shape: tuple[int, int], source: int) -> Floats:
    """Dijkstra's algorithm as NetworkX has it, (cells,)."""
    graph = nx.DiGraph()
    graph.add_nodes_from(range(shape[0] * shape[1]))
    graph.add_weighted_edges_from(steps)
    minutes = np.full(shape[0] * shape[1], np.inf)
    for cell, least in nx.single_source_dijkstra_path_length(graph, source).items():
        minutes[cell] = least
    return minutes


class _Field(MCP_Flexible):
    """scikit-image's front of least cost, told of directed steps: each cell's "cost" is its number.

    The front sets out with the source's own cost. It is 0 here, as numbers are counted on from the source.
    """

    def __init__(self, shape: tuple[int, int], steps: Edges, source: int) -> None:
        cells = shape[0] * shape[1]
        numbers = (np.arange(cells) - source) % cells
        super().__init__(numbers.reshape(shape).astype(float), offsets=list(STEPS))
        self._minutes = {((a - source) % cells, (b - source) % cells): minutes for a, b, minutes in steps}

    def travel_cost(self, old_cost: float, new_cost: float, offset_length: float) -> float:  # noqa: ARG002
        return self._minutes.get((int(old_cost), int(new_cost)), np.inf)


def by_scikit_image(steps: Edges, shape: tuple[int, int], source: int) -> Floats:
    """The minimum-cost-path front of scikit-image, (cells,)."""
    found = _Field(shape, steps, source).find_costs([divmod(source, shape[1])])[0]
    return np.asarray(found, dtype=float).ravel()
