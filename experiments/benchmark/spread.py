"""Timing: what a call costs, contestants in turn, and the spread over the repeats."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

Play = Callable[[int], Any]
"""Plays so many replications, from the scenario to the outcome, and answers with the outcome."""

LEAST, MOST = 5, 50_000
TICK_S = 1e-6
"""No difference counts as less: times too short to be told apart must not become nothing, or less."""


def seconds(call: Callable[[], Any]) -> tuple[float, Any]:
    """CPU seconds of this process (all threads) that a call takes without garbage collection, and its answer."""
    gc.collect()
    gc.disable()
    try:
        began = time.process_time()
        answer = call()
        return time.process_time() - began, answer
    finally:
        gc.enable()


def enough(play: Play, target_s: float) -> int:
    """A round number of replications that take at least so long, but no fewer than 5."""
    steps = (factor * 10**power for power in range(6) for factor in (1, 2, 5))
    for replications in steps:
        if replications >= LEAST and (replications >= MOST or seconds(partial(play, replications))[0] >= target_s):
            break
    return replications


@dataclass
class Runner:
    """One that is timed again and again.

    Attributes
    ----------
    many:
        Replications of a timed call.
    each_s, fixed_s:
        Seconds of one more replication, and those of a call besides its replications, one entry a repeat.
    answer:
        Of the last timed call.
    """

    play: Play
    many: int
    each_s: list[float] = field(default_factory=list)
    fixed_s: list[float] = field(default_factory=list)
    answer: Any = None

    def run(self) -> None:
        """Time a call of one replication and one of many; what both have in common is fixed cost."""
        one, _ = seconds(lambda: self.play(1))
        many, self.answer = seconds(lambda: self.play(self.many))
        each = max(many - one, TICK_S) / (self.many - 1)
        self.each_s.append(each)
        self.fixed_s.append(max(one - each, 0.0))


def alternate(runners: Sequence[Runner], repeats: int) -> None:
    """Run all of them in each repeat, beginning with another one each time, so that drift hits all alike."""
    for repeat in range(repeats):
        first = repeat % max(len(runners), 1)
        for runner in (*runners[first:], *runners[:first]):
            runner.run()


def spread(values: Sequence[float]) -> dict[str, float]:
    """Median, least and greatest.

    >>> spread([3.0, 1.0, 2.0])
    {'median': 2.0, 'low': 1.0, 'high': 3.0}
    """
    found = {"median": statistics.median(values), "low": min(values), "high": max(values)}
    return {name: float(f"{value:.4g}") for name, value in found.items()}


def ratios(these: Sequence[float], those: Sequence[float]) -> dict[str, float]:
    """Spread of the ratio within each repeat."""
    return spread([this / max(that, 1e-9) for this, that in zip(these, those, strict=True)])
