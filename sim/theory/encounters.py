"""Two sides that meet: Lanchester's square law, Brown's duel, inspection and security games, the most reliable path."""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.theory.checks import (
    Values,
    non_negative,
    positive,
    positive_probability,
    probability,
    real,
    require,
    whole,
)

__all__ = [
    "SecurityGame",
    "duel_win_probability",
    "inspection_game",
    "lanchester_square_survivors",
    "most_reliable_path",
    "stackelberg_security_game",
]

Node = TypeVar("Node", bound=Hashable)

CERTAIN = 1e6
"""Length of an arc that detects for certain: longer than any path without one."""


def lanchester_square_survivors(
    strength: ArrayLike, enemy_strength: ArrayLike, kill_rate: ArrayLike = 1.0, enemy_kill_rate: ArrayLike = 1.0
) -> Values:
    """Survivors of one side fought to the end under the square law, ``sqrt(max(0, A0^2 - (b/a) B0^2))``.

    ``dA/dt = -b B`` and ``dB/dt = -a A``, so that ``A^2 - (b/a) B^2`` is conserved; A0 and B0 are at least 0, and the
    rates a and b, what one man kills in a unit of time, above 0. 0 where the side loses; exchange the sides for the
    enemy's survivors. Lanchester, F. W. (1916). Aircraft in Warfare: The Dawn of the Fourth Arm, chapter 5.

    >>> round(float(lanchester_square_survivors(20, 15)), 3)
    13.229
    """
    own, enemy = non_negative("strength", strength), non_negative("enemy_strength", enemy_strength)
    ratio = positive("enemy_kill_rate", enemy_kill_rate) / positive("kill_rate", kill_rate)
    return np.sqrt(np.maximum(0.0, own**2 - ratio * enemy**2))


def duel_win_probability(x: int, y: int, law: str = "square", r: float = 1.0, p: float = 0.5) -> float:
    """Probability that x men annihilate y men when losses fall one at a time; whole numbers, not both 0.

    ``P(x, y) = q P(x, y-1) + (1 - q) P(x-1, y)`` with ``P(x, 0) = 1`` and ``P(0, y) = 0``, where q is the probability
    that the next to fall is one of y: ``r x / (r x + y)`` under the square law (aimed fire; r, the kill rate of one of
    x over that of one of y, is above 0), the constant p under the linear law (single combat). Brown, R. H. (1963).
    Theory of combat: the probability of winning. Operations Research 11, 418-425.

    >>> round(duel_win_probability(3, 2), 6), round(duel_win_probability(3, 2, law="linear", p=0.5), 6)
    (0.775, 0.6875)
    """
    own, enemy = whole("x", x), whole("y", y)
    if own == enemy == 0:
        raise ValueError("x = 0 and y = 0: at least one side with a man is allowed")
    if law not in ("square", "linear"):
        raise ValueError(f"law = {law!r}: 'square' or 'linear' is allowed")
    ratio, constant = float(positive("r", r)), float(probability("p", p))
    column = [0.0] + [1.0] * own
    for b in range(1, enemy + 1):
        for a in range(1, own + 1):
            q = ratio * a / (ratio * a + b) if law == "square" else constant
            column[a] = q * column[a] + (1 - q) * column[a - 1]
    return column[own]


def inspection_game(detection_probability: ArrayLike) -> tuple[float, NDArray[np.float64]]:
    """One inspector, one evader, parallel arcs: the value of the game and the inspector's optimal mix, shape (arcs,).

    The inspector watches one arc, the evader takes one; if they meet on arc i, the evader is detected with
    probability p_i, above 0. Inspect in proportion to 1/p_i: under optimal play, with the same mix of the evader, the
    detection probability is ``1 / sum(1/p_i)``. Washburn, A. and Wood, K. (1995). Two-person zero-sum games for network
    interdiction. Operations Research 43, 243-251.

    >>> value, mix = inspection_game([0.5, 0.25, 1.0])
    >>> round(value * 7, 6), (mix * 7).round(6)
    (1.0, array([2., 4., 1.]))
    """
    detection = _vector("detection_probability", positive_probability("detection_probability", detection_probability))
    value = float(1 / np.sum(1 / detection))
    return value, value / detection


@dataclass(frozen=True)
class SecurityGame:
    """Solution of a Stackelberg security game.

    Attributes
    ----------
    coverage:
        Probability that each target is covered, shape (targets,).
    attacker_value, defender_value:
        Expected payoffs.
    target:
        Index of the attacked target; among the attacker's best the one that the defender prefers.
    """

    coverage: NDArray[np.float64]
    attacker_value: float
    defender_value: float
    target: int


def stackelberg_security_game(
    attacker_uncovered: ArrayLike,
    attacker_covered: ArrayLike,
    defender_uncovered: ArrayLike,
    defender_covered: ArrayLike,
    resources: float = 1.0,
) -> SecurityGame:
    """Strong Stackelberg equilibrium of a security game: the defender commits, the attacker watches and strikes.

    Payoffs have shape (targets,): Uu_t and Uc_t are the attacker's from striking target t uncovered and covered, with
    ``Uc_t < Uu_t``; the defender's is no worse where covered. `resources`, at least 0, is the number of targets that
    can be covered at once. Coverage is ``c_t = max(0, (Uu_t - v)/(Uu_t - Uc_t))``, the attacker's payoff v the lowest
    that the resources can force, and never below the best covered payoff. Ties go to the defender. What is not needed
    stays unused. Kiekintveld, C., Jain, M., Tsai, J., Pita, J., Ordonez, F. and Tambe, M. (2009). Computing optimal
    randomized resource allocations for massive security games. AAMAS 2009, 689-696.

    >>> game = stackelberg_security_game([10, 6, 4], [0, 0, 0], [-10, -6, -4], [0, 0, 0], resources=1)
    >>> (game.coverage * 31).round(6), round(game.attacker_value * 31, 6)
    (array([19., 11.,  1.]), 120.0)
    """
    gain, caught = _payoffs("attacker", attacker_uncovered, attacker_covered, len(np.atleast_1d(attacker_uncovered)))
    loss, saved = _payoffs("defender", defender_uncovered, defender_covered, len(gain))
    require(caught < gain, "attacker_covered", caught, "a payoff below attacker_uncovered")
    require(saved >= loss, "defender_covered", saved, "a payoff of at least defender_uncovered")
    value = _attacker_value(gain, caught, float(non_negative("resources", resources)))
    coverage = np.clip((gain - value) / (gain - caught), 0.0, 1.0)
    defence = loss + coverage * (saved - loss)
    payoff = gain + coverage * (caught - gain)
    best = payoff >= value - 1e-9 * max(1.0, float(np.max(np.abs(gain))))
    target = int(np.argmax(np.where(best, defence, -np.inf)))
    return SecurityGame(coverage, value, float(defence[target]), target)


def _attacker_value(gain: NDArray[np.float64], caught: NDArray[np.float64], resources: float) -> float:
    """Lowest v at which the coverage needed sums to the resources: the highest over the best k targets together."""
    order = np.argsort(-gain, kind="stable")
    weight = 1 / (gain - caught)[order]
    levels = (np.cumsum(gain[order] * weight) - resources) / np.cumsum(weight)
    return float(max(levels.max(), caught.max()))


def _payoffs(
    player: str, uncovered: ArrayLike, covered: ArrayLike, targets: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    names = (f"{player}_uncovered", f"{player}_covered")
    both = [_vector(name, real(name, value)) for name, value in zip(names, (uncovered, covered), strict=True)]
    for name, values in zip(names, both, strict=True):
        if len(values) != targets:
            raise ValueError(f"{name} = {values.tolist()}: one payoff for each of the {targets} targets is allowed")
    return both[0], both[1]


def _vector(name: str, values: NDArray[np.float64]) -> NDArray[np.float64]:
    if values.ndim != 1 or values.size == 0:
        raise ValueError(f"{name} has shape {values.shape}: a list of at least one number is allowed")
    return values


def most_reliable_path(
    edges: Iterable[tuple[Node, Node, float]], source: Node, target: Node, directed: bool = False
) -> tuple[list[Node], float]:
    """Path with the highest probability of passing undetected, and that probability; detections are independent.

    The shortest path with arc lengths ``-ln(1 - p)``, by Dijkstra's algorithm; arcs with p = 1 are used only where
    there is no other path. Morton, D. P., Pan, F. and Saeger, K. J. (2007). Models for nuclear smuggling interdiction.
    IIE Transactions 39, 3-14.

    Parameters
    ----------
    edges:
        ``(from, to, detection probability)``, the probability from 0 to 1; one-way if `directed`.

    Raises
    ------
    ValueError
        If a probability is outside [0, 1], or no path joins the two.

    Examples
    --------
    >>> path, undetected = most_reliable_path([("a", "b", 0.5), ("b", "c", 0.5), ("a", "c", 0.8)], "a", "c")
    >>> path, round(undetected, 6)
    (['a', 'b', 'c'], 0.25)
    """
    import networkx as nx  # type: ignore[import-untyped]

    graph = nx.MultiDiGraph() if directed else nx.MultiGraph()
    graph.add_nodes_from((source, target))
    for tail, head, detection in edges:
        p = float(probability(f"detection probability of {tail!r} to {head!r}", detection))
        graph.add_edge(tail, head, weight=CERTAIN if p == 1 else -math.log1p(-p))
    try:
        length, path = nx.single_source_dijkstra(graph, source, target)
    except nx.NetworkXNoPath:
        raise ValueError(f"target = {target!r}: a node that the edges join to source = {source!r} is allowed") from None
    return path, math.exp(-length)
