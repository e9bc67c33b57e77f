"""Coverage of the paired intervals at n = 50, exact: every possible table, weighted by its probability.

No error rate to state, as nothing is drawn. The thresholds are what the papers report for these methods at such
sizes: about nominal on average, never far below, conservative where discordant pairs are rare.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from scipy.special import gammaln, xlogy

from sim.statistics.paired import newcombe_interval, risk_ratio_interval, tango_interval
from sim.statistics.table import PairedTable

PAIRS = 50
# (p11, p10, p01): middling, nearly no effect, large effect, rare successes, nearly certain successes, all discordant.
CORNERS = [
    (0.40, 0.15, 0.05),
    (0.30, 0.02, 0.01),
    (0.10, 0.60, 0.02),
    (0.03, 0.05, 0.02),
    (0.85, 0.08, 0.04),
    (0.02, 0.55, 0.40),
]


@pytest.fixture(scope="module")
def cells() -> np.ndarray:
    grid = np.stack(np.meshgrid(*[np.arange(PAIRS + 1)] * 3, indexing="ij"), axis=-1).reshape(-1, 3)
    grid = grid[grid.sum(axis=1) <= PAIRS]
    return np.column_stack([grid, PAIRS - grid.sum(axis=1)])


def coverage(cells: np.ndarray, limits: np.ndarray, truths: list[float]) -> np.ndarray:
    result = []
    for (p11, p10, p01), truth in zip(CORNERS, truths, strict=True):
        p = np.array([p11, p10, p01, 1 - p11 - p10 - p01])
        chance = np.exp(gammaln(PAIRS + 1) + (xlogy(cells, p) - gammaln(cells + 1)).sum(axis=1))
        assert chance.sum() == pytest.approx(1)
        result.append(chance[(limits[:, 0] <= truth) & (truth <= limits[:, 1])].sum())
    return np.array(result)


def difference_coverage(cells: np.ndarray, interval: Callable[[PairedTable], tuple[float, float]]) -> np.ndarray:
    limits = np.array([interval(PairedTable(*row)) for row in cells.tolist()])
    return coverage(cells, limits, [p10 - p01 for _, p10, p01 in CORNERS])


def test_newcombe_covers(cells: np.ndarray) -> None:
    covered = difference_coverage(cells, newcombe_interval)
    assert covered.min() > 0.93
    assert 0.94 < covered.mean() < 0.98


def test_tango_covers(cells: np.ndarray) -> None:
    # Neither asks how the concordant pairs divide: solve once for each pair of discordant counts.
    pairs, index = np.unique(cells[:, 1:3], axis=0, return_inverse=True)
    tables = [PairedTable(PAIRS - b - c, b, c, 0) for b, c in pairs.tolist()]
    truths = [p10 - p01 for _, p10, p01 in CORNERS]
    tango = coverage(cells, np.array([tango_interval(table) for table in tables])[index.ravel()], truths)
    assert tango.min() > 0.93
    assert 0.94 < tango.mean() < 0.98


def test_the_risk_ratio_interval_covers(cells: np.ndarray) -> None:
    triples, index = np.unique(cells[:, :3], axis=0, return_inverse=True)
    limits = np.array([risk_ratio_interval(PairedTable(*row, 0)) for row in triples.tolist()])[index.ravel()]
    covered = coverage(cells, limits, [(p11 + p10) / (p11 + p01) for p11, p10, p01 in CORNERS])
    assert covered.min() > 0.93
    assert 0.94 < covered.mean() < 0.99
