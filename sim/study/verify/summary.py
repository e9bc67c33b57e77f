"""What a verification found: each link against its closed form, the verdict, and what ``summary.json`` holds."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from sim.cache.store import key_of, load_or_make
from sim.config_folder import config_folder
from sim.execution.errors import ExecutionError
from sim.execution.manifest import code_version
from sim.execution.progress import Progress
from sim.study.replications import compile_engine
from sim.study.verify.links import FOLDER, Link, VerifyJob, suite

FAMILYWISE_ERROR = 0.01
"""Probability that a right program fails in any of its links."""

SHORT_REPLICATIONS = 10_000
"""Of each link in the short verification: enough to see an error of a percent or two, and little time."""


@dataclass(frozen=True)
class LinkResult:
    """One link as it came out: replications, sum and sum of squares of their counts, and how many were above 0."""

    link: Link
    trials: int
    total: int
    squares: int
    positive: int

    @property
    def mean(self) -> float:
        """Of what was counted."""
        return self.total / self.trials

    @property
    def simulated(self) -> float:
        """The estimate of the quantity."""
        return self.link.expectation.quantity_at(self.mean)

    @property
    def z(self) -> float:
        """Standard errors between the estimate and the exact value; infinite where nothing is random."""
        return self.link.expectation.z(self.mean, self.trials)

    @property
    def tail(self) -> float:
        """Exact chance of a share as far out as this, to its own side; 0 of what is not counted once a replication."""
        expected = self.link.expectation
        if self.total != self.positive or not expected.is_share:
            return 0.0
        from scipy.stats import binom

        at_most = binom.cdf(self.total, self.trials, expected.mean)
        at_least = binom.sf(self.total - 1, self.trials, expected.mean)
        return float(min(at_most, at_least))

    @property
    def standard_error(self) -> float:
        """Of the estimate, by the exact variance."""
        expected = self.link.expectation
        return abs(expected.factor) * math.sqrt(expected.variance / self.trials)


def link_results(links: Sequence[Link], rows: pd.DataFrame) -> tuple[LinkResult, ...]:
    """The result of each link, added up from the rows of a `VerifyJob`; `ExecutionError` where a link has none."""
    sums = rows.groupby("point")[["trials", "total", "squares", "positive"]].sum()
    missing = [link.name for number, link in enumerate(links) if number not in sums.index]
    if missing:
        raise ExecutionError(f"every batch of {', '.join(missing)} failed: there is nothing to verify")
    return tuple(LinkResult(link, *map(int, sums.loc[number])) for number, link in enumerate(links))


def error_of_each(links: int) -> float:
    """Probability of a wrong alarm that each of so many links may have: Sidak's correction."""
    return 1.0 - (1.0 - FAMILYWISE_ERROR) ** (1.0 / links)


def bound_of(links: int) -> float:
    """What no |z| may pass: with one link 2.576, with thirteen 3.362."""
    from scipy.stats import norm

    return float(norm.isf(error_of_each(links) / 2))


def passes(result: LinkResult, links: int) -> bool:
    """Whether one of so many links is within the bound, or, of a rare share, within the exact binomial's."""
    return abs(result.z) <= bound_of(links) or result.tail > error_of_each(links) / 2


def summary_of(results: Sequence[LinkResult], seed: int, digest: str) -> dict[str, Any]:
    """Everything that was found, as plain data.

    ``study``, ``experiment``, ``seed``, ``digest``, ``passed``, ``bound`` (no |z| may pass it), ``familywise_error``,
    and ``cases``: for each link ``quantity``, ``unit``, ``formula``, ``source``, ``simulated``, ``exact``,
    ``standard_error``, ``z`` (null where nothing is random and the two differ), ``replications``, ``passed``,
    ``laboratory`` (its symbols); of repeated trials ``estimates`` too. Where one link was run, its keys stand at
    the top as well.
    """
    cases = {result.link.name: _case(result, len(results)) for result in results}
    only = next(iter(cases.values())) if len(cases) == 1 else {}
    return {
        "study": "verify",
        "experiment": results[0].link.name if only else FOLDER,
        "seed": seed,
        "digest": digest,
        "bound": bound_of(len(results)),
        "familywise_error": FAMILYWISE_ERROR,
        **only,
        "passed": all(case["passed"] for case in cases.values()),
        "cases": cases,
    }


def _case(result: LinkResult, links: int) -> dict[str, Any]:
    expected, laboratory = result.link.expectation, result.link.laboratory
    case = {
        **{name: getattr(expected, name) for name in ("quantity", "unit", "formula", "source")},
        "simulated": result.simulated,
        "exact": expected.exact,
        "standard_error": result.standard_error,
        "z": result.z if math.isfinite(result.z) else None,
        "replications": result.trials,
        "passed": passes(result, links),
        "laboratory": laboratory.model_dump(mode="json"),
    }
    estimates = laboratory.estimates(result.trials, result.total, result.positive)
    return case | {"estimates": estimates} if estimates else case


def short_check(progress: Progress | None = None) -> dict[str, Any]:
    """The summary of a short verification, which every report shows; kept in the cache until the program changes."""

    def make() -> dict[str, Any]:
        (progress or Progress()).note("checking the model against theory, once: some 10 s")
        return check_now()

    # The links are laboratories among the configuration files.
    return load_or_make("verified", key_of(config_folder(), ["**/*.yaml"], code_version()), make)


def check_now(replications: int = SHORT_REPLICATIONS, seed: int = 1) -> dict[str, Any]:
    """Run all links in this process, and keep nothing."""
    compile_engine("compiled", Progress().note)
    job = VerifyJob(suite(), replications, seed)
    return summary_of(link_results(job.links, job.run(0, job.batches)), seed, "")
