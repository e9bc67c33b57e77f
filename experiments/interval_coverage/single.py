"""Coverage of the intervals for single pairs: exact by going through all tables, or drawn where those are too many."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln, xlogy

from experiments.interval_coverage.corners import Corner
from sim.statistics.paired import newcombe_interval, tango_interval
from sim.statistics.proportion import Z95
from sim.statistics.table import PairedTable

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Interval = Callable[[PairedTable], tuple[float, float]]


def wald_interval(table: PairedTable) -> tuple[float, float]:
    """Textbook interval of the difference, for comparison: it has no width when no pair is discordant."""
    n, b, c = table.total, table.only_with, table.only_without
    half = Z95 * math.sqrt(max(0.0, b + c - (b - c) ** 2 / n)) / n
    return max(-1.0, table.difference - half), min(1.0, table.difference + half)


INTERVALS: dict[str, Interval] = {"tango": tango_interval, "newcombe": newcombe_interval, "wald": wald_interval}
CONCORDANT_MATTER = {"tango": False, "newcombe": True, "wald": False}
"""Whether an interval asks how the concordant pairs divide."""
NEGLIGIBLE = 1e-13
"""Tables less probable than this everywhere are left out; together they weigh less than a millionth."""


def all_tables(pairs: int, four: bool) -> Ints:
    """Every table (m, 4) of so many pairs; without `four` all concordant pairs stand in the first cell."""
    if not four:
        gained, lost = np.indices((pairs + 1, pairs + 1)).reshape(2, -1)
        keep = gained + lost <= pairs
        gained, lost = gained[keep], lost[keep]
        return np.stack([pairs - gained - lost, gained, lost, np.zeros_like(gained)], axis=1)
    blocks = []
    for both in range(pairs + 1):
        rest = all_tables(pairs - both, four=False)
        blocks.append(np.column_stack([np.full(len(rest), both), rest[:, 1:3], rest[:, 0]]))
    return np.concatenate(blocks)


def chances(tables: Ints, corner: Corner, four: bool) -> Floats:
    """Probability of each table (m,)."""
    p = np.array(corner.cells)
    if not four:
        p = np.array([p[0] + p[3], p[1], p[2], 0.0])
    return np.asarray(np.exp(gammaln(tables.sum(axis=1) + 1) + (xlogy(tables, p) - gammaln(tables + 1)).sum(axis=1)))


def limits(tables: Ints, interval: Interval) -> Floats:
    """Lower and upper limit of each table, (m, 2)."""
    return np.array([interval(PairedTable(*row)) for row in tables.tolist()]).reshape(-1, 2)


def covers(found: Floats, difference: float) -> NDArray[np.bool_]:
    """Whether each interval holds the difference; a limit that is equal but for rounding holds it."""
    return np.asarray((found[:, 0] <= difference + 1e-12) & (difference <= found[:, 1] + 1e-12))


def exact(name: str, pairs: int, corners: Sequence[Corner]) -> list[float]:
    """Coverage at each corner, every table weighted by its probability."""
    four = CONCORDANT_MATTER[name]
    tables = all_tables(pairs, four)
    weights = np.stack([chances(tables, corner, four) for corner in corners])
    worth = weights.max(axis=0) > NEGLIGIBLE
    found = limits(tables[worth], INTERVALS[name])
    return [float(weight[worth] @ covers(found, c.difference)) for weight, c in zip(weights, corners, strict=True)]


def drawn(name: str, pairs: int, corner: Corner, draws: int, rng: np.random.Generator) -> float:
    """Coverage at a corner in so many drawn tables."""
    tables = rng.multinomial(pairs, corner.cells, draws)
    if not CONCORDANT_MATTER[name]:
        tables = np.stack([tables[:, 0] + tables[:, 3], tables[:, 1], tables[:, 2], np.zeros(draws, dtype=int)], axis=1)
    distinct, times = np.unique(tables, axis=0, return_counts=True)
    return float(times @ covers(limits(distinct, INTERVALS[name]), corner.difference) / draws)


def scan(name: str, pairs: int, corners: Sequence[Corner], block: int = 200) -> Floats:
    """Exact coverage at very many corners, (corners,), some at a time."""
    four = CONCORDANT_MATTER[name]
    tables = all_tables(pairs, four)
    found = limits(tables, INTERVALS[name])
    covered = np.empty(len(corners))
    for first in range(0, len(corners), block):
        for number, corner in enumerate(corners[first : first + block], first):
            covered[number] = chances(tables, corner, four) @ covers(found, corner.difference)
    return covered


def lattice(step: float, concordant: bool) -> list[Corner]:
    """Corners all over the space: discordant shares in steps, finer near 0; `concordant`: the share in both too."""
    shares = sorted({*np.round(np.arange(0, 1 + step / 2, step), 6).tolist(), 0.001, 0.002, 0.005, 0.01, 0.02})
    return [
        Corner(f"{both:g}, {gained:g}, {lost:g}", both, gained, lost)
        for gained in shares
        for lost in shares
        for both in (shares if concordant else [0.0])
        if math.fsum((gained, lost, both)) <= 1 + 1e-12
    ]
