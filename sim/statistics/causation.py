"""Probabilities of causation: was the change necessary, sufficient, or both, for the outcome?

With common random numbers both potential outcomes of a unit are seen, so the probabilities can be counted.
The counts depend, however, on how the two runs share their random numbers, which no data from the real world
could settle. The bounds, which need the two margins only, do not; print them beside the counts.
"""

from __future__ import annotations

from dataclasses import dataclass

from sim.statistics.proportion import wilson
from sim.statistics.table import PairedTable

Interval = tuple[float, float]


@dataclass(frozen=True)
class Causation:
    """Probabilities of causation of a paired table; whatever is undefined is None.

    Attributes
    ----------
    pn, pn_interval, pn_bounds, pn_monotone:
        Necessity: of the units that succeed with the change, the share that would have failed without it.
    ps, ps_interval, ps_bounds, ps_monotone:
        Sufficiency: of the units that fail without the change, the share that would succeed with it.
    pns, pns_interval, pns_bounds, pns_monotone:
        Both: the share of all units that succeed with the change and fail without it.
    confidence:
        Level of the intervals (Wilson, on the conditional counts). The bounds and the monotone values are
        computed from the observed margins and carry no sampling error of their own.

    Notes
    -----
    The monotone values hold if the change never spoils a success. ``p1 < p0`` refutes that, and they are
    None; a table with `only_without` above 0 refutes it pair by pair, and they are given for comparison only.
    """

    pn: float | None
    pn_interval: Interval | None
    pn_bounds: Interval | None
    pn_monotone: float | None
    ps: float | None
    ps_interval: Interval | None
    ps_bounds: Interval | None
    ps_monotone: float | None
    pns: float | None
    pns_interval: Interval | None
    pns_bounds: Interval | None
    pns_monotone: float | None
    confidence: float


def probabilities_of_causation(table: PairedTable, confidence: float = 0.95) -> Causation:
    """Count the probabilities of causation in a paired table, with intervals, bounds and monotone values.

    References
    ----------
    Pearl, J. (2009). Causality, 2nd ed., chapter 9; Tian, J. and Pearl, J. (2000). Probabilities of causation:
    bounds and identification. Annals of Mathematics and Artificial Intelligence 28, 287-313.

    Examples
    --------
    >>> result = probabilities_of_causation(PairedTable(both=45, only_with=25, only_without=5, neither=25))
    >>> round(result.pn, 6), [round(bound, 6) for bound in result.pn_bounds], round(result.pn_monotone, 6)
    (0.357143, [0.285714, 0.714286], 0.285714)
    """
    pn, pn_interval = _share(table.only_with, table.both + table.only_with, confidence)
    ps, ps_interval = _share(table.only_with, table.only_with + table.neither, confidence)
    pns, pns_interval = _share(table.only_with, table.total, confidence)
    p1, p0 = table.p1, table.p0
    return Causation(
        pn=pn,
        pn_interval=pn_interval,
        pn_bounds=None if pn is None else necessity_bounds(p1, p0),
        pn_monotone=None if pn is None else necessity_if_monotone(p1, p0),
        ps=ps,
        ps_interval=ps_interval,
        ps_bounds=None if ps is None else sufficiency_bounds(p1, p0),
        ps_monotone=None if ps is None else sufficiency_if_monotone(p1, p0),
        pns=pns,
        pns_interval=pns_interval,
        pns_bounds=None if pns is None else necessity_and_sufficiency_bounds(p1, p0),
        pns_monotone=None if pns is None or p1 < p0 else table.difference,
        confidence=confidence,
    )


def necessity_bounds(p1: float, p0: float) -> Interval | None:
    """Bounds on PN from the margins: ``max(0, (p1-p0)/p1) <= PN <= min(1, (1-p0)/p1)``; None if ``p1 = 0``."""
    _check_margins(p1, p0)
    return None if p1 == 0 else (max(0.0, (p1 - p0) / p1), min(1.0, (1 - p0) / p1))


def sufficiency_bounds(p1: float, p0: float) -> Interval | None:
    """Bounds on PS from the margins: ``max(0, (p1-p0)/(1-p0)) <= PS <= min(1, p1/(1-p0))``; None if ``p0 = 1``."""
    _check_margins(p1, p0)
    return None if p0 == 1 else (max(0.0, (p1 - p0) / (1 - p0)), min(1.0, p1 / (1 - p0)))


def necessity_and_sufficiency_bounds(p1: float, p0: float) -> Interval:
    """Bounds on PNS from the margins: ``max(0, p1-p0) <= PNS <= min(p1, 1-p0)``."""
    _check_margins(p1, p0)
    return max(0.0, p1 - p0), min(p1, 1 - p0)


def necessity_if_monotone(p1: float, p0: float) -> float | None:
    """PN if the change never spoils a success, ``(p1-p0)/p1``; None where ``p1 = 0`` or ``p1 < p0`` refutes it."""
    _check_margins(p1, p0)
    return None if p1 == 0 or p1 < p0 else (p1 - p0) / p1


def sufficiency_if_monotone(p1: float, p0: float) -> float | None:
    """PS if the change never spoils a success, ``(p1-p0)/(1-p0)``; None where ``p0 = 1`` or ``p1 < p0``."""
    _check_margins(p1, p0)
    return None if p0 == 1 or p1 < p0 else (p1 - p0) / (1 - p0)


def _share(part: int, whole: int, confidence: float) -> tuple[float | None, Interval | None]:
    return (None, None) if whole == 0 else (part / whole, wilson(part, whole, confidence))


def _check_margins(p1: float, p0: float) -> None:
    for name, value in (("p1", p1), ("p0", p0)):
        if not 0 <= value <= 1:
            raise ValueError(f"{name} = {value!r}: a probability from 0 to 1 is needed")
