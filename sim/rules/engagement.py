"""Engagement: a stochastic Lanchester duel with surrender and break-off.

Losses fall one at a time; the next is the group's with a probability given by the law (Brown 1963). Without
surrender and break-off the chance to win obeys P(x, y) = q P(x, y-1) + (1-q) P(x-1, y).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple


class Fight(NamedTuple):
    """How a duel ended: men left on either side, and whether the responders won."""

    responders_left: int
    group_left: int
    won: bool


def left_of(men: int, share_lost: float) -> float:
    """Men that are left when a share of them is lost; need not be whole.

    >>> left_of(20, 0.75)
    5.0
    """
    return men * (1.0 - share_lost)


def gives_up(persons: int, size: int, abandon_at: float) -> bool:
    """Whether a group that got away has lost too many of its own to go on.

    >>> gives_up(10, 20, 0.5), gives_up(11, 20, 0.5), gives_up(20, 20, 0.0)
    (True, False, False)
    """
    return persons < size and persons <= left_of(size, abandon_at)


def group_loses_next(responders: int, group: int, effectiveness: float, square: bool) -> float:
    """Probability that the next loss is the group's.

    >>> group_loses_next(2, 1, 1.0, True)
    0.6666666666666666
    """
    if square:
        weight = effectiveness * responders
        return weight / (weight + group)
    return effectiveness / (effectiveness + 1.0)


def duel(
    responders: int,
    group: int,
    effectiveness: float,
    square: bool,
    surrender_below: float,
    break_off_below: float,
    draw: Callable[[int], float],
) -> Fight:
    """Fight until the group gives up or the responders break off.

    Parameters
    ----------
    responders, group:
        Men at the start, both at least 1.
    effectiveness:
        Of one responder over one fighter.
    surrender_below, break_off_below:
        A side stops when it has so many men or fewer; 0 means that it fights to the last man.
    draw:
        Uniform number in (0, 1) by counter.
    """
    x, y = responders, group
    counter = 0
    while True:
        if y <= surrender_below:
            return Fight(x, y, True)
        if x <= break_off_below:
            return Fight(x, y, False)
        if draw(counter) < group_loses_next(x, y, effectiveness, square):
            y -= 1
        else:
            x -= 1
        counter += 1


def captured_of(persons: int, probability: float, draw: Callable[[int], float]) -> int:
    """How many of a beaten group's persons are captured; the others slip away."""
    return sum(draw(person) < probability for person in range(persons))
