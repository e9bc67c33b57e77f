"""Our steps and least minutes beside those of others: how many differ at all, and by how many last places."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.least_cost.definition import ON_FOOT, Going, edges, numpys_exp
from experiments.least_cost.solvers import by_networkx, by_scikit_image
from sim.terrain.grid import Terrain
from sim.terrain.shortest_paths import Graph, minutes_from
from sim.terrain.travel import graphs

Floats = NDArray[np.float64]
GOINGS = {
    "on foot": ON_FOOT,
    "on foot, off paths": Going(off_path_factor=0.45, use_paths=False),
    "by vehicle": Going(max_slope_deg=15.0),
}
SEED = 5


def our_graph(terrain: Terrain, going: Going) -> Graph:
    """The project's own graph."""
    found = graphs(terrain, going.max_slope_deg or 0.0, going.off_path_factor)
    if going.max_slope_deg is not None:
        return found.vehicle
    return found.foot if going.use_paths else found.stealthy


def last_places(first: Floats, second: Floats) -> int:
    """Greatest number of doubles that lie between two non-negative numbers of the arrays, infinite ones included."""
    if first.size == 0:
        return 0
    return int(np.abs(np.ascontiguousarray(first).view(np.int64) - np.ascontiguousarray(second).view(np.int64)).max())


def sources(graph: Graph, number: int) -> list[int]:
    """Cells to start from: drawn among those that can be left at all."""
    leavable = np.flatnonzero(np.diff(graph.ends))
    return [int(cell) for cell in np.random.default_rng(SEED).choice(leavable, number, replace=False)]


def compare(terrain: Terrain, going: Going, number: int) -> dict[str, Any]:
    """All differences on one ground, as plain data; `number` sources, to and from all cells."""
    graph = our_graph(terrain, going)
    steps = list(edges(terrain, going))
    back = [(b, a, minutes) for a, b, minutes in steps]
    told = {
        "cells": int(graph.size),
        "steps": len(steps),
        "impassable": int((np.diff(graph.ends) == 0).sum()),
        **_steps(graph, steps, list(edges(terrain, going, numpys_exp))),
        "sources": number,
        "reached": 0,
        "networkx_from": 0,
        "networkx_to": 0,
        "scikit_image_from": 0,
        "scikit_image_to": 0,
    }
    for source in sources(graph, number):
        there, home = (minutes_from(each, source)[0] for each in (graph, graph.reversed()))
        told["reached"] += int(np.isfinite(there).sum())
        for solver, solve in (("networkx", by_networkx), ("scikit_image", by_scikit_image)):
            for way, ours, list_of_steps in (("from", there, steps), ("to", home, back)):
                theirs = solve(list_of_steps, terrain.shape, source)
                told[f"{solver}_{way}"] = max(told[f"{solver}_{way}"], last_places(ours, theirs))
    return told


def _steps(graph: Graph, *lists: list[tuple[int, int, float]]) -> dict[str, Any]:
    """Whether the same steps exist, and how far their minutes are apart: with C's exponential and with numpy's."""
    told: dict[str, Any] = {}
    for name, steps in zip(("c_exp", "numpys_exp"), lists, strict=True):
        ordered = sorted(steps)
        ends = np.repeat(np.arange(graph.size), np.diff(graph.ends))
        same = [(a, b) for a, b, _ in ordered] == list(zip(ends.tolist(), graph.cells.tolist(), strict=True))
        told["same_steps"] = told.get("same_steps", True) and same
        told[name] = last_places(graph.minutes, np.array([minutes for *_, minutes in ordered])) if same else -1
    return told
