"""Stopping: as many replications as a precision of the effect needs, by interim looks at multiples of 100."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.scenario import Scenario, ScenarioError
from sim.statistics.sequential import confidence_sequence, interim_interval
from sim.study.pairs import Pairs, side_by_side

if TYPE_CHECKING:
    from sim.execution.rows import Rows

Flags = NDArray[np.bool_]
Ints = NDArray[np.int64]

FIRST_LOOK = 200
LOOK_EVERY = 100
BOLDNESS = 0.7
"""Share of the way to the forecast end at which the next look is taken: later looks would often come too late."""


@dataclass(frozen=True)
class StoppingRule:
    """When enough replications have been run.

    Attributes
    ----------
    precision:
        Half-width of the 95 % interval of every arm's effect on interdiction that is wanted, as a share.
    strict:
        Use a confidence sequence, which holds at all looks together, in place of the interval of one look.
    most:
        Stop there at the latest.
    """

    precision: float
    strict: bool = False
    most: int = 100_000

    def check(self, scenario: Scenario) -> None:
        """Refuse a strict rule where replications do not all have the same number of groups.

        Raises
        ------
        ScenarioError
            With the key and what is allowed.
        """
        if self.strict and scenario.infiltrators.streams:
            raise ScenarioError(
                "strict",
                "is true, but with infiltrators.streams the number of groups varies by replication; allowed: false",
            )

    def half_width(self, arm: Flags, base: Flags, replications: Ints) -> float:
        """Half the width of the interval that this rule looks at: of who was stopped in each pair, by replication."""
        if self.strict:
            low, high = confidence_sequence(_mean_differences(arm, base, replications))
            return float(high[-1] - low[-1]) / 2.0
        ends = interim_interval(arm, base, replications)
        return math.inf if any(map(math.isnan, ends)) else (ends[1] - ends[0]) / 2.0

    def next_look(self, number: int, widest: float) -> int:
        """How many replications to look at next; 0 when enough have been run.

        Widths shrink with the root of the number. The rule goes most of the way to the forecast end and looks again,
        at a multiple of 100. Fewer looks than at every hundred make an early stop by chance less likely, never more.

        >>> StoppingRule(0.05).next_look(200, 0.04), StoppingRule(0.02).next_look(200, 0.04)
        (0, 600)
        """
        if widest <= self.precision or number >= self.most:
            return 0
        forecast = number * (widest / self.precision) ** 2 if math.isfinite(widest) else 2 * number
        step = BOLDNESS * (min(forecast, 1e12) - number)
        step_rounded = max(LOOK_EVERY, LOOK_EVERY * math.floor(step / LOOK_EVERY))
        return min(self.most, LOOK_EVERY * (number // LOOK_EVERY) + step_rounded)

    @property
    def first_look(self) -> int:
        """How many replications to run before the first look."""
        return min(FIRST_LOOK, self.most)

    def in_words(self) -> str:
        """The rule as a sentence for the report."""
        interval = (
            "the 95 % confidence sequence (empirical Bernstein; it holds at all looks together)"
            if self.strict
            else "the adjusted 95 % interval (Agresti and Min; clustered where groups share a replication; what is "
            "reported afterwards is Tango's)"
        )
        return (
            f"replications were added until the half-width of {interval} of every arm's effect on interdiction was at "
            f"most {100 * self.precision:g} percentage points; looks at multiples of {LOOK_EVERY}, the first at "
            f"{FIRST_LOOK}, at most {self.most:,} replications"
        )


def stopping_facts(rule: StoppingRule, pairs: Mapping[str, Pairs]) -> dict[str, Any]:
    """What `summary.json` says of a rule and of how it ended, from each arm's pairs with the baseline."""
    widths = {arm: rule.half_width(*one.values("interdiction"), one.clusters) for arm, one in pairs.items()}
    return {
        "rule": rule.in_words(),
        "precision": rule.precision,
        "strict": rule.strict,
        "half_width": widths,
        "reached": max(widths.values(), default=0.0) <= rule.precision,
    }


def _mean_differences(arm: Flags, base: Flags, replications: Ints) -> NDArray[np.float64]:
    """Mean difference of each replication, in order, shape (replications,)."""
    _, index = np.unique(replications, return_inverse=True)
    return np.bincount(index, weights=arm.astype(float) - base) / np.bincount(index)


class InterimLooks:
    """Pairs as they come in, each row read once.

    Parameters
    ----------
    arms:
        The baseline's among them.
    """

    def __init__(self, rule: StoppingRule, arms: Sequence[str], baseline: str) -> None:
        self._rule = rule
        self._baseline = baseline
        none = (np.zeros(0, bool), np.zeros(0, bool), np.zeros(0, np.int64))
        self._pairs: dict[str, tuple[NDArray[Any], ...]] = {arm: none for arm in arms if arm != baseline}

    def add(self, rows: Rows) -> None:
        """Take in rows of later replications than those before; raises `ValueError` where they make no pairs."""
        if not len(rows):
            return
        columns = ["replication", "arm", "group", "outcome"]
        base = rows.frame(columns, arm=self._baseline, coded=True)
        for arm, before in self._pairs.items():
            pairs = side_by_side(rows.frame(columns, arm=arm, coded=True), base)
            new = (*pairs.values("interdiction"), pairs.clusters)
            self._pairs[arm] = tuple(np.concatenate(both) for both in zip(before, new, strict=True))

    def widest(self, replications: int) -> float:
        """The largest half-width of any arm after so many replications; 0 where there is only the baseline."""
        widths = []
        for arm, base, replication in self._pairs.values():
            number = int(np.searchsorted(replication, replications))
            widths.append(self._rule.half_width(arm[:number], base[:number], replication[:number]))
        return max(widths, default=0.0)
