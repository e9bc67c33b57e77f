"""Running the links, and the verdict: does any differ from its closed form by more than chance allows?"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from sim.execution.executor import run_job
from sim.execution.progress import Progress
from sim.execution.settings import ExecutionSettings
from sim.execution.store import Store
from sim.scenario.laboratory.repeat_trials import RepeatTrials
from sim.study.engine_ready import compile_engine
from sim.study.verify.job import VerifyJob
from sim.study.verify.link import Link

FAMILYWISE_ERROR = 0.01
"""Probability that a right program fails in any of its links."""


@dataclass(frozen=True)
class Verified:
    """One link as it came out.

    Attributes
    ----------
    link:
        What was verified.
    trials:
        Replications.
    total, squares, positive:
        Sum and sum of squares of what was measured in each, and how many were above 0.
    """

    link: Link
    trials: int
    total: int
    squares: int
    positive: int

    @property
    def mean(self) -> float:
        """Of what was measured."""
        return self.total / self.trials

    @property
    def simulated(self) -> float:
        """The estimate of the quantity."""
        return self.link.expectation.told(self.mean)

    @property
    def z(self) -> float:
        """Standard errors between the estimate and the exact value; infinite where chance has no part in it."""
        return self.link.expectation.z(self.mean, self.trials)

    @property
    def tail(self) -> float:
        """Exact chance of a share as far out as this, to its own side; 0 of what is not counted once a replication."""
        expected = self.link.expectation
        if self.total != self.positive or not expected.is_share:
            return 0.0
        from scipy.stats import binom

        at_most, at_least = (
            binom.cdf(self.total, self.trials, expected.mean),
            binom.sf(self.total - 1, self.trials, expected.mean),
        )
        return float(min(at_most, at_least))

    @property
    def standard_error(self) -> float:
        """Of the estimate, by the exact variance."""
        told = self.link.expectation
        return abs(told.factor) * math.sqrt(told.variance / self.trials)


@dataclass(frozen=True)
class VerifyResult:
    """All links that were run.

    Attributes
    ----------
    verified:
        The links, in order.
    seed:
        Of the keyed streams.
    digest:
        Of the rows that were kept.
    """

    verified: tuple[Verified, ...]
    seed: int
    digest: str

    @property
    def bound(self) -> float:
        """What no |z| may pass: Sidak's correction for the number of links.

        With one link it is 2.576, with thirteen 3.362.
        """
        from scipy.stats import norm

        return float(norm.isf(self._error_of_each / 2))

    @property
    def _error_of_each(self) -> float:
        return 1.0 - (1.0 - FAMILYWISE_ERROR) ** (1.0 / len(self.verified))

    @property
    def passed(self) -> bool:
        """Whether no link differs by more than the bound."""
        return all(self.passes(one) for one in self.verified)

    def passes(self, one: Verified) -> bool:
        """Whether one link is within the bound; a rare share is told by its own law, which the bound does not fit."""
        return abs(one.z) <= self.bound or one.tail > self._error_of_each / 2

    def summary(self) -> dict[str, Any]:
        """Everything that is told, as plain data: what goes into ``summary.json``.

        ``study``, ``seed``, ``digest``, ``passed``, ``bound`` (no |z| may pass it), ``familywise_error``, and
        ``cases``: for each link ``quantity``, ``unit``, ``formula``, ``source``, ``simulated``, ``exact``,
        ``standard_error``, ``z`` (null where chance has no part and the two differ), ``replications``, ``passed``,
        ``laboratory`` (its symbols); of repeated trials ``estimates`` too. Where one link was run, its keys stand at
        the top as well.
        """
        cases = {one.link.name: self._told(one) for one in self.verified}
        first = next(iter(cases.values())) if len(cases) == 1 else {}
        return {
            "study": "verify",
            "experiment": self.verified[0].link.name if first else "verification",
            "seed": self.seed,
            "digest": self.digest,
            "bound": self.bound,
            "familywise_error": FAMILYWISE_ERROR,
            **first,
            "passed": self.passed,
            "cases": cases,
        }

    def _told(self, one: Verified) -> dict[str, Any]:
        expected, laboratory = one.link.expectation, one.link.laboratory
        told = {
            "quantity": expected.quantity,
            "unit": expected.unit,
            "formula": expected.formula,
            "source": expected.source,
            "simulated": one.simulated,
            "exact": expected.exact,
            "standard_error": one.standard_error,
            "z": one.z if math.isfinite(one.z) else None,
            "replications": one.trials,
            "passed": self.passes(one),
            "laboratory": laboratory.model_dump(mode="json"),
        }
        return told | {"estimates": estimates(one, laboratory)} if isinstance(laboratory, RepeatTrials) else told


def estimates(one: Verified, laboratory: RepeatTrials) -> dict[str, float | None]:
    """What a statistician who sees apprehensions only would say, beside the truth.

    ``reapprehended_fraction`` r, the share of apprehensions that the same person had one before;
    ``apprehension_probability`` r / (1 - d), null where everybody gives up or nobody is apprehended; ``got_away``
    A (1 - p) / p by that estimate, and ``true_got_away``, both for N persons.
    """
    d, persons = laboratory.d, laboratory.N / one.trials
    again = (one.total - one.positive) / one.total if one.total else None
    estimate = None if again is None or d >= 1 else min(1.0, again / (1 - d))
    missed = None if not estimate else persons * one.total * (1 - estimate) / estimate
    truth = None if laboratory.p == 0 else persons * one.total * (1 - laboratory.p) / laboratory.p
    return {
        "reapprehended_fraction": again,
        "apprehension_probability": estimate,
        "got_away": missed,
        "true_got_away": truth,
    }


def verify_links(
    links: Sequence[Link],
    store: Store,
    *,
    replications: int,
    seed: int = 1,
    execution: ExecutionSettings | None = None,
    progress: Progress | None = None,
    engine: str = "compiled",
) -> VerifyResult:
    """Run all links into a store, and hold each against its closed form.

    Raises
    ------
    ScenarioError
        If a laboratory's case cannot be built or enumerated.
    """
    how = execution or ExecutionSettings(kind="serial")
    for link in links:
        # What is refused is refused before anything is run.
        _ = link.expectation
    compile_engine(engine, progress)
    job = VerifyJob(tuple(links), replications, seed, engine)
    frames: list[pd.DataFrame] = []
    digest = run_job(
        job,
        store,
        len(links) * job.per_point,
        kind=how.kind,
        workers=how.workers,
        chunk_size=how.chunk_size,
        progress=progress,
        each=frames.append,
        address=how.address,
        wait_s=how.wait_s,
    )
    numbers = added_up(pd.concat(frames), len(links))
    return VerifyResult(tuple(map(Verified, links, *zip(*numbers, strict=True))), seed, digest)


def added_up(rows: pd.DataFrame, links: int) -> list[tuple[int, int, int, int]]:
    """Replications, sum, sum of squares and positives of each link, from the rows of a `VerifyJob`."""
    sums = rows.groupby("point")[["trials", "total", "squares", "positive"]].sum().loc[list(range(links))]
    return [(int(row[0]), int(row[1]), int(row[2]), int(row[3])) for row in sums.to_numpy()]
