"""Keyed randomness: a number is looked up by who draws it and for what, never drawn in order.

A hash of (seed, replication, entity, purpose, counter) is the random number. Adding an outpost therefore shifts
nobody else's draws, and arms of one replication differ only by what the arm changes (common random numbers).
The mixing is splitmix64 (Steele, Lea and Flood 2014), chained over the parts of the key. Only integer arithmetic and
correctly rounded operations are used, so that the same key gives the same bits on every machine.
"""

from __future__ import annotations

import math
from enum import IntEnum

MASK = 0xFFFF_FFFF_FFFF_FFFF
UNIT = 1 << 32
"""Hazards and thresholds are whole numbers of 2^-32, so that sums are exact in any order."""


LEGS_PER_TRACK = 1 << 24
PASSAGES_PER_TRACK = 1 << 20
TRACKS_PER_LINE = 1 << 12
DRAWS_PER_FIGHT = 1 << 20
MOST_STAGES = 64
"""How far apart the counters of one key begin for each track, line, fight and report: more than each may draw."""


class Purpose(IntEnum):
    """What a number is drawn for. Values are part of the digest: never renumber, only append."""

    DEPARTURE = 1
    PACE = 2
    TASTE = 3
    AWARENESS = 4
    WEATHER = 5
    PATROL_PHASE = 6
    DUTY_PHASE = 7
    DETECTION = 8
    FALSE_ALARM = 9
    CONTACT = 10
    DUEL = 11
    CAPTURE = 12
    INLAND_DURATION = 13
    CHECKPOINT = 14
    INTERIOR_SEARCH = 15
    SHADOW = 16
    POWER_CUT = 17
    POWER_CUT_LENGTH = 18
    REPORT_DELAY = 19
    FALSE_ALARM_CHECK = 20
    ROUTE_GUESS = 21
    LOST_SEARCH = 22
    WAYPOINT = 23
    TRACK = 24
    STRIP = 25
    TRAIL = 26
    NOTICE = 27
    WILL = 28
    ADMITTED = 29
    ARRIVAL = 30
    SIZE = 31
    DETERRED = 32
    ATTACK = 41


def word(x: int) -> int:
    """A whole number as a word of 64 bits; the engine compiles all that calls it with unsigned arithmetic."""
    return x & MASK


def mix(z: int) -> int:
    """The splitmix64 finaliser on 64 bits; a bijection.

    >>> hex(mix(0x9E3779B97F4A7C15))  # first output of the published generator started at 0
    '0xe220a8397b1dcdaf'
    """
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
    return z ^ (z >> 31)


def absorb(state: int, part: int) -> int:
    """Take one more part into a key."""
    return mix(((word(state) ^ word(part)) + 0x9E3779B97F4A7C15) & MASK)


def entity(name: str) -> int:
    """The number that stands for a named entity: the same in every arm, whoever else is there (FNV-1a, 64 bits).

    >>> entity("a")
    12638187200555641996
    """
    state = 0xCBF29CE484222325
    for byte in name.encode():
        state = ((state ^ byte) * 0x100000001B3) & MASK
    return state


def numbered(prefix: int, number: int) -> int:
    """`entity` of a name that ends in a number, from that of the name without it.

    >>> numbered(entity("flow_"), 120) == entity("flow_120")
    True
    """
    power = 1
    while power * 10 <= number:
        power *= 10
    state = word(prefix)
    while power > 0:
        state = word((state ^ word(48 + number // power % 10)) * 0x100000001B3)
        power //= 10
    return state


def replication_key(seed: int, replication: int) -> int:
    """The state from which all draws of one replication start."""
    return absorb(absorb(0x5851F42D4C957F2D, seed), replication)


def bits(run: int, who: int, purpose: int, counter: int = 0) -> int:
    """64 random bits for one key; `run` comes from `replication_key`, `who` from `entity` or `pair`."""
    return absorb(absorb(absorb(run, who), purpose), counter)


def pair(first: int, second: int) -> int:
    """The number that stands for an ordered pair of entities, such as a group and a sensor."""
    return absorb(mix(word(first)), second)


def uniform(run: int, who: int, purpose: int, counter: int = 0) -> float:
    """A number in the open interval (0, 1): the middle of one of 2^52 cells, so that neither end can come up."""
    return ((bits(run, who, purpose, counter) >> 12) + 0.5) * (1.0 / (1 << 52))


_SERIES = tuple(1.0 / odd for odd in range(21, 1, -2))
"""Of the inverse hyperbolic tangent, whose double at (m - 1) / (m + 1) is the logarithm of m."""


def minus_log(u: float) -> float:
    """-ln(u) for u > 0 by frexp and a series: the same bits wherever IEEE arithmetic holds.

    The error is below 4e-16 relative to 1 + |ln u|; libraries differ from one another in the last bit, which
    would let two machines disagree about one threshold in some billions.

    >>> abs(minus_log(0.5) - 0.6931471805599453) < 1e-15
    True
    """
    mantissa, exponent = math.frexp(u)
    if mantissa < 0.7071067811865476:
        mantissa *= 2.0
        exponent -= 1
    s = (mantissa - 1.0) / (mantissa + 1.0)
    s2 = s * s
    series = 0.0
    for term in _SERIES:
        series = (series + term) * s2
    return -(2.0 * s * (1.0 + series) + exponent * 0.6931471805599453)


def threshold(run: int, who: int, purpose: int, counter: int = 0) -> int:
    """An Exp(1) threshold in units of 2^-32: a thing happens in the first minute in which its hazard passes it."""
    return int(minus_log(uniform(run, who, purpose, counter)) * UNIT) + 1


def gumbel_of(draw: float) -> float:
    """A standard Gumbel number by a uniform one; with one added to each utility, the largest is a logit choice."""
    return minus_log(minus_log(draw))
