"""Arrivals: moments of a Poisson stream, for false alarms, power cuts and groups."""

from __future__ import annotations

from collections.abc import Callable

from sim.rules.randomness import minus_log

CUTS_BEFORE = 20
"""Mean lengths of a power cut by which their stream begins before minute 0."""


def next_arrival(at: float, per_min: float, draw: float) -> float:
    """Moment of the arrival after the one at `at`: an exponential gap on."""
    return at + minus_log(draw) / per_min


def poisson_times(per_min: float, start: float, end: float, draw: Callable[[int], float]) -> list[float]:
    """Moments of a Poisson stream from `start` up to and with `end`, in order.

    Parameters
    ----------
    per_min:
        Mean number in a minute; 0 for none.
    start, end:
        Minutes.
    draw:
        Uniform number in (0, 1) by counter: the k-th gap is exponential with it.

    Examples
    --------
    >>> poisson_times(0.5, 0.0, 5.0, lambda k: 0.5)  # each gap is ln 2 / 0.5 = 1.386
    [1.386..., 2.772..., 4.158...]
    """
    times: list[float] = []
    at = start
    while per_min > 0:
        at = next_arrival(at, per_min, draw(len(times)))
        if at > end:
            break
        times.append(at)
    return times


def drawn_between(draw: float, low: float, high: float) -> float:
    """A number between two by a uniform one: a pace, or the hours of a journey."""
    return low + draw * (high - low)


def drawn_whole(draw: float, low: int, high: int) -> int:
    """A whole number from `low` up to and with `high` by a uniform one: a minute of departure, or a size."""
    return low + int((high + 1 - low) * draw)


def size_factor(size: int, standard_size: float, size_exponent: float) -> float:
    """How much of a group there is to see, or to read of its tracks, over one of the standard size.

    Called by Python alone, which hands the number to compiled code: a power may differ there in its last bit.

    Parameters
    ----------
    size:
        Persons who set out; losses do not change it.
    standard_size:
        Size of the group for which the rates of sensors are stated.
    size_exponent:
        0: the size does not matter; 1: each person is as likely to be seen as if alone, whoever goes with him.

    Examples
    --------
    >>> size_factor(5, 20.0, 0.5), size_factor(5, 20.0, 0.0), size_factor(5, 20.0, 1.0)
    (0.5, 1.0, 0.25)
    """
    return float((size / standard_size) ** size_exponent)
