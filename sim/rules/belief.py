"""Belief: which of several ways that still lie open those who see a group take it to be on."""

from __future__ import annotations


def wrong_guess(draw: float, chance: float, others: int) -> int:
    """Which of so many other ways is taken for the true one, or -1 where the guess is right.

    Parameters
    ----------
    draw:
        Uniform number in (0, 1).
    chance:
        Of a right guess, where there is anything to guess.

    Examples
    --------
    >>> [wrong_guess(u, 0.5, 2) for u in (0.2, 0.6, 0.9)], wrong_guess(0.9, 0.5, 0)
    ([-1, 0, 1], -1)
    """
    if others == 0 or draw < chance:
        return -1
    return int((draw - chance) / (1.0 - chance) * others)
