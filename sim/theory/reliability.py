"""The way through a network on which an evader is least likely to be detected."""

from __future__ import annotations

import heapq
import math
from collections.abc import Hashable, Iterable
from typing import TypeVar

from sim.theory.checks import probability

Node = TypeVar("Node", bound=Hashable)
Cost = tuple[int, float]
"""Number of arcs that detect for certain, then the sum of -ln(1 - p) of the others."""


def most_reliable_path(
    edges: Iterable[tuple[Node, Node, float]], source: Node, target: Node, directed: bool = False
) -> tuple[list[Node], float]:
    """Path with the highest probability of passing undetected, when detections on arcs are independent.

    Dijkstra's shortest path with arc lengths ``-ln(1 - p)``. Arcs with p = 1 are used only where no other way is.

    Parameters
    ----------
    edges:
        ``(from, to, detection probability)``, the probability from 0 to 1.
    source, target:
        Ends of the path.
    directed:
        Whether arcs lead from the first node to the second only.

    Returns
    -------
    tuple
        The nodes from source to target and the probability of passing undetected.

    Raises
    ------
    ValueError
        If a probability is outside [0, 1], or no path joins the two.

    References
    ----------
    Dijkstra, E. W. (1959). A note on two problems in connexion with graphs. Numerische Mathematik 1, 269-271;
    Morton, D. P., Pan, F. and Saeger, K. J. (2007). Models for nuclear smuggling interdiction. IIE Transactions 39,
    3-14.

    Examples
    --------
    >>> path, undetected = most_reliable_path([("a", "b", 0.5), ("b", "c", 0.5), ("a", "c", 0.8)], "a", "c")
    >>> path, round(undetected, 6)
    (['a', 'b', 'c'], 0.25)
    """
    costs, previous = _shortest(_arcs(edges, directed), source, target)
    if target not in costs:
        raise ValueError(f"target = {target!r}: a node that the edges join to source = {source!r} is allowed")
    path = [target]
    while path[-1] != source:
        path.append(previous[path[-1]])
    certain, length = costs[target]
    return path[::-1], 0.0 if certain else math.exp(-length)


def _arcs(edges: Iterable[tuple[Node, Node, float]], directed: bool) -> dict[Node, list[tuple[Node, Cost]]]:
    arcs: dict[Node, list[tuple[Node, Cost]]] = {}
    for tail, head, detection in edges:
        p = float(probability(f"detection probability of {tail!r} to {head!r}", detection))
        cost = (1, 0.0) if p == 1 else (0, -math.log1p(-p))
        arcs.setdefault(tail, []).append((head, cost))
        if not directed:
            arcs.setdefault(head, []).append((tail, cost))
    return arcs


def _shortest(
    arcs: dict[Node, list[tuple[Node, Cost]]], source: Node, target: Node
) -> tuple[dict[Node, Cost], dict[Node, Node]]:
    costs: dict[Node, Cost] = {source: (0, 0.0)}
    previous: dict[Node, Node] = {}
    # The counter keeps the heap from comparing nodes, which need no order.
    queue: list[tuple[Cost, int, Node]] = [((0, 0.0), 0, source)]
    pushed = 1
    while queue:
        cost, _, node = heapq.heappop(queue)
        if node == target:
            break
        if cost > costs[node]:
            continue
        for head, step in arcs.get(node, ()):
            through = (cost[0] + step[0], cost[1] + step[1])
            if head not in costs or through < costs[head]:
                costs[head], previous[head] = through, node
                heapq.heappush(queue, (through, pushed, head))
                pushed += 1
    return costs, previous
