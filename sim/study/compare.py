"""The study `compare`: the same replications in every arm, and what each arm changes against the baseline."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from sim.execution.executor import run_job
from sim.execution.failures import Failure
from sim.execution.progress import Progress
from sim.execution.settings import ExecutionSettings
from sim.execution.store import Store
from sim.scenario import Scenario, ScenarioError
from sim.study.adaptation import play_unmoved, unmoved_job
from sim.study.appraisal import against_rivals, appraise, most_per_dollar
from sim.study.displacement import adaptation, displacement
from sim.study.effects import arm_facts, by_sector, causation, effect, effects, ledger, mechanism
from sim.study.lessons import learned_worlds
from sim.study.pairs import Pairs, pair_up
from sim.study.places import along_km, sector_distances_km
from sim.study.replications import Replications
from sim.study.stopping import StoppingRule, stopping_facts
from sim.world import World


@dataclass(frozen=True, eq=False, repr=False)
class CompareResult:
    """Outcome rows of all arms, and what they say.

    Attributes
    ----------
    scenario:
        The case, before any arm's changes.
    worlds:
        The World of each arm, the baseline's first.
    rows:
        Outcome rows, ordered by replication, arm and group.
    seed:
        Of the keyed streams.
    digest:
        SHA-256 of the rows.
    stopping:
        The rule by which replications were added, if there was one.
    unmoved:
        Rows of the replications in which an arm moves somebody, played again with the ways of the baseline (see
        `sim.study.adaptation`); None where no arm can move anybody.
    played:
        How many replications each arm has; those in which no group came have no rows. None: as many as have rows.
    failed:
        Replications that raised an error in some arm; they are left out in all arms.
    """

    scenario: Scenario
    worlds: tuple[World, ...]
    rows: pd.DataFrame
    seed: int
    digest: str
    stopping: StoppingRule | None = None
    unmoved: pd.DataFrame | None = None
    played: int | None = None
    failed: tuple[Failure, ...] = ()

    def __repr__(self) -> str:
        arms = ", ".join(self.rivals) or "no other arm"
        name = type(self).__name__
        return f"<{name} of {self.scenario.name}: {self.replications} replications, {self.baseline} against {arms}>"

    @property
    def baseline(self) -> str:
        """The arm that the others are held against."""
        return self.scenario.baseline

    @property
    def rivals(self) -> tuple[str, ...]:
        """All arms but the baseline."""
        return tuple(world.arm for world in self.worlds if world.arm != self.baseline)

    @property
    def replications(self) -> int:
        """How many replications each arm has."""
        return int(self.rows["replication"].nunique()) if self.played is None else self.played

    def of_arm(self, arm: str) -> pd.DataFrame:
        """The rows of one arm."""
        return self.rows[self.rows["arm"] == arm].reset_index(drop=True)

    def pairs(self, arm: str) -> Pairs:
        """Pairs of an arm and the baseline."""
        return pair_up(self.rows, arm, self.baseline)

    def ledger(self) -> pd.DataFrame:
        """The four cells of each arm against the baseline."""
        return pd.DataFrame({arm: ledger(self.pairs(arm)) for arm in self.rivals}).T

    def to_frame(self) -> pd.DataFrame:
        """The outcome rows (a copy)."""
        return self.rows.copy()

    def summary(self) -> dict[str, Any]:
        """Everything that `summary.json` holds; no number in it is infinite or NaN, None stands for undefined.

        Keys: ``study``, ``experiment``, ``seed``, ``replications``, ``digest``, ``baseline``; then by arm: ``arms``
        (shares, casualties, depth, warning), ``effects`` (paired difference with interval, risk ratio, McNemar),
        ``ledger``, ``causation`` (PN, PS, PNS with intervals and bounds), ``mechanism`` (own, cued, unprompted),
        ``displacement``, ``sectors`` (effect by where the group crosses in the baseline). ``stopping`` tells the rule
        by which replications were added, and the half-widths reached; None where their number was given. ``failed`` is
        the number of replications that raised an error, and are left out.
        """
        pairs = {arm: self.pairs(arm) for arm in self.rivals}
        sectors = tuple(sector.name for sector in self.scenario.sectors)
        return finite(
            {
                "study": "compare",
                "experiment": self.scenario.name,
                "seed": self.seed,
                "replications": self.replications,
                "failed": len(self.failed),
                "digest": self.digest,
                "stopping": self._stopping_facts(),
                "baseline": self.baseline,
                "arms": {world.arm: arm_facts(self.of_arm(world.arm)) for world in self.worlds},
                "effects": {arm: effects(pair) for arm, pair in pairs.items()},
                "ledger": {arm: ledger(pair) for arm, pair in pairs.items()},
                "causation": {arm: causation(pair) for arm, pair in pairs.items()},
                "mechanism": {world.arm: mechanism(self.of_arm(world.arm)) for world in self.worlds},
                "displacement": {
                    arm: {**self._displacement(arm, pair), **adaptation(pair, self.unmoved)}
                    for arm, pair in pairs.items()
                },
                "appraisal": self._appraisals(pairs),
                "sectors": {arm: by_sector(pair, sectors) for arm, pair in pairs.items()},
            }
        )

    def _displacement(self, arm: str, pairs: Pairs) -> dict[str, Any]:
        worlds = {world.arm: world for world in self.worlds}
        base, rival = worlds[self.baseline], worlds[arm]
        return displacement(pairs, along_km(base), sector_distances_km(rival, base), along_km(rival))

    def _appraisals(self, pairs: dict[str, Pairs]) -> dict[str, Any]:
        told = {arm: self._appraisal(arm, pairs) for arm in pairs}
        ranks = most_per_dollar(told)
        return {arm: {**one, "rank_per_dollar": ranks[arm]} for arm, one in told.items()}

    def _appraisal(self, arm: str, pairs: dict[str, Pairs]) -> dict[str, Any]:
        costs = {world.arm: world.cost_usd for world in self.worlds}
        one = effect(pairs[arm], "interdiction")
        rivals = {name: pair for name, pair in pairs.items() if name != arm}
        return {
            **appraise(one["difference"], one["ci95"], costs[arm] - costs[self.baseline], self.scenario.appraisal),
            "against": against_rivals(pairs[arm], rivals, costs, arm),
        }

    def _stopping_facts(self) -> dict[str, Any] | None:
        arms = (self.baseline, *self.rivals)
        return None if self.stopping is None else stopping_facts(self.stopping, self.rows, arms, self.baseline)


def arms_in_order(scenario: Scenario) -> tuple[str, ...]:
    """The baseline first, then the other arms as they are listed."""
    return (scenario.baseline, *(name for name in scenario.arms if name != scenario.baseline))


def finite(value: Any) -> Any:
    """The same nested data with None for every number that JSON cannot hold."""
    if isinstance(value, dict):
        return {key: finite(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [finite(part) for part in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def play(
    scenario: Scenario,
    worlds: tuple[World, ...],
    store: Store,
    *,
    seed: int,
    replications: int | StoppingRule,
    execution: ExecutionSettings,
    progress: Progress | None = None,
    engine: str = "compiled",
) -> CompareResult:
    """Run what the store lacks of all arms' replications, and read everything back.

    With `infiltrators.behaviour=learning` the adversary first learns in each arm (`sim.study.lessons`).

    Parameters
    ----------
    replications:
        How many, or the rule by which they are added.
    engine:
        See `sim.study.replications.ENGINES`.

    Raises
    ------
    ExecutionError, StoreError
        As `sim.execution.executor.run_job` does.
    """
    worlds = learned_worlds(worlds, seed, execution, progress, engine)
    job = Replications(worlds, seed, engine=engine)

    def run_to(number: int) -> str:
        return run_job(
            job,
            store,
            number,
            kind=execution.kind,
            workers=execution.workers,
            chunk_size=execution.chunk_size,
            address=execution.address,
            wait_s=execution.wait_s,
            progress=progress,
        )

    rule = replications if isinstance(replications, StoppingRule) else None
    if isinstance(replications, StoppingRule):
        digest = _play_until(replications, worlds, scenario.baseline, store, run_to)
    else:
        digest = run_to(replications)
    played, rows = int(store.manifest["replications"]) - len(store.failures), store.read()
    if not len(rows):
        raise ScenarioError("infiltrators.streams", f"no group came in {played} replications; allowed: more of either")
    return CompareResult(
        scenario, worlds, rows, seed, digest, rule, played=played, failed=tuple(store.failures.values())
    )


def answer_unmoved(
    result: CompareResult,
    open_second: Callable[[], Store],
    execution: ExecutionSettings,
    progress: Progress | None = None,
    engine: str = "compiled",
) -> CompareResult:
    """The same result with what the arms would do to groups that keep their ways.

    Parameters
    ----------
    open_second:
        Opens a store of its own for the replications that are played again; not called where there are none.
    engine:
        See `sim.study.replications.ENGINES`.

    Raises
    ------
    ExecutionError, StoreError
        As `sim.execution.executor.run_job` does.
    """
    job = unmoved_job(result.worlds, result.seed, engine)
    if job is None:
        return result
    with open_second() as store:
        wanted = result.replications + len(result.failed)
        unmoved = play_unmoved(job, store, wanted, execution, progress)
        return without_failed(replace(result, unmoved=unmoved), tuple(store.failures.values()))


def without_failed(result: CompareResult, failed: tuple[Failure, ...]) -> CompareResult:
    """The same result without replications that failed when they were played again: what is paired is complete."""
    before = {failure.replication for failure in result.failed}
    new = tuple(failure for failure in failed if failure.replication not in before)
    if not new:
        return result
    rows = result.rows[~result.rows["replication"].isin([failure.replication for failure in new])]
    return replace(
        result,
        rows=rows.reset_index(drop=True),
        played=result.replications - len(new),
        failed=(*result.failed, *new),
    )


def _play_until(
    rule: StoppingRule, worlds: tuple[World, ...], baseline: str, store: Store, run_to: Callable[[int], str]
) -> str:
    """Add replications from look to look; returns the digest.

    The looks depend on the rows before them only, so that a run that was interrupted comes to the same end. What the
    store holds beyond the end (it was made with a finer precision) is kept and counted.
    """
    arms = tuple(world.arm for world in worlds)
    look, played, digest = rule.first_look, 0, ""
    while look:
        if look > played:
            played = max(look, max((chunk.stop for chunk in store.held), default=0))
            digest, rows = run_to(played), store.read()
        look = rule.next_look(look, rule.widest(rows[rows["replication"] < look], arms, baseline))
    return digest
