"""Engagements: Lanchester's square law and the stochastic duel of Brown."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from sim.theory.checks import Values, non_negative, positive, probability, whole


def lanchester_square_survivors(
    strength: ArrayLike, enemy_strength: ArrayLike, kill_rate: ArrayLike = 1.0, enemy_kill_rate: ArrayLike = 1.0
) -> Values:
    """Survivors of one side fought to the end under the square law, ``sqrt(max(0, A0^2 - (b/a) B0^2))``.

    ``dA/dt = -b B`` and ``dB/dt = -a A``, so that ``A^2 - (b/a) B^2`` is conserved. 0 where the side loses; exchange
    the sides for the enemy's survivors.

    Parameters
    ----------
    strength, enemy_strength:
        A0 and B0, at least 0.
    kill_rate, enemy_kill_rate:
        a, what one of A kills in a unit of time, and b, what one of B does; above 0, in the same unit.

    References
    ----------
    Lanchester, F. W. (1916). Aircraft in Warfare: The Dawn of the Fourth Arm, chapter 5.

    Examples
    --------
    >>> round(float(lanchester_square_survivors(20, 15)), 3)
    13.229
    """
    own, enemy = non_negative("strength", strength), non_negative("enemy_strength", enemy_strength)
    ratio = positive("enemy_kill_rate", enemy_kill_rate) / positive("kill_rate", kill_rate)
    return np.sqrt(np.maximum(0.0, own**2 - ratio * enemy**2))


def duel_win_probability(x: int, y: int, law: str = "square", r: float = 1.0, p: float = 0.5) -> float:
    """Probability that x men annihilate y men when losses fall one at a time.

    ``P(x, y) = q P(x, y-1) + (1 - q) P(x-1, y)`` with ``P(x, 0) = 1`` and ``P(0, y) = 0``, where q is the probability
    that the next to fall is one of y: ``r x / (r x + y)`` under the square law, the constant p under the linear law.

    Parameters
    ----------
    x, y:
        Whole numbers of at least 0, not both 0.
    law:
        ``"square"`` (aimed fire) or ``"linear"`` (single combat).
    r:
        Square law only: kill rate of one of x over that of one of y, above 0.
    p:
        Linear law only: probability that the next to fall is one of y, 0 to 1.

    References
    ----------
    Brown, R. H. (1963). Theory of combat: the probability of winning. Operations Research 11, 418-425.

    Examples
    --------
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
