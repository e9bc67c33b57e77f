"""What a stopping rule has seen so far: who was stopped, in pairs, of each arm."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.execution.rows import Rows
from sim.study.pairs import side_by_side
from sim.study.stopping import StoppingRule


class Seen(NamedTuple):
    """Outcomes of consecutive pairs: in the arm, in the baseline, and their replications."""

    arm: NDArray[np.bool_]
    base: NDArray[np.bool_]
    replication: NDArray[np.int64]


class Looks:
    """Pairs as they come in, each row read once.

    Parameters
    ----------
    arms:
        The baseline's among them.
    """

    def __init__(self, rule: StoppingRule, arms: Sequence[str], baseline: str) -> None:
        self._rule = rule
        self._baseline = baseline
        self._seen: dict[str, list[Seen]] = {arm: [] for arm in arms if arm != baseline}

    def add(self, rows: Rows) -> None:
        """Take in rows of later replications than those before; raises `ValueError` where they make no pairs."""
        if not len(rows):
            return
        columns = ["replication", "arm", "group", "outcome"]
        base = rows.frame(columns, arm=self._baseline, coded=True)
        for arm, seen in self._seen.items():
            pairs = side_by_side(rows.frame(columns, arm=arm, coded=True), base)
            seen.append(Seen(*pairs.values("interdiction"), pairs.clusters))

    def widest(self, replications: int) -> float:
        """The largest half-width of any arm after so many replications; 0 where there is only the baseline."""
        return max((self._half_width(seen, replications) for seen in self._seen.values()), default=0.0)

    def _half_width(self, seen: list[Seen], replications: int) -> float:
        none = Seen(np.zeros(0, bool), np.zeros(0, bool), np.zeros(0, np.int64))
        arm, base, replication = (np.concatenate(parts) for parts in zip(none, *seen, strict=True))
        number = int(np.searchsorted(replication, replications))
        return self._rule.half_width_of(arm[:number], base[:number], replication[:number])
