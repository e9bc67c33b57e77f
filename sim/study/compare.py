"""The study `compare`: the same replications in every arm, and what each arm changes against the baseline."""

from __future__ import annotations

import copy
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Any, NamedTuple

import pandas as pd

from sim.execution.executor import run_job
from sim.execution.failures import Failure
from sim.execution.progress import Progress
from sim.execution.rows import Rows
from sim.execution.settings import ExecutionSettings
from sim.execution.store import Store
from sim.scenario import Scenario, ScenarioError
from sim.study.adaptation import play_unmoved, unmoved_job
from sim.study.appraisal import against_rivals, appraise, most_per_dollar
from sim.study.displacement import adaptation, displacement
from sim.study.effects import ALONE, arm_facts, by_sector, causation, effects, ledger, mechanism
from sim.study.lessons import learned_worlds
from sim.study.looks import Looks
from sim.study.pairs import Pairs, side_by_side
from sim.study.places import along_km, sector_distances_km
from sim.study.readiness import check_sample, compile_engine
from sim.study.replications import Replications
from sim.study.stopping import StoppingRule, stopping_facts
from sim.world import World

OF_PAIRS = [
    "replication",
    "arm",
    "group",
    "crossing",
    "sector",
    "outcome",
    "detected",
    "intercepted",
    "killed",
    "captured",
    "own_killed",
]
"""Columns that what is told of pairs rests on."""

ONE_ARM = list(dict.fromkeys([*ALONE, *OF_PAIRS]))
"""Columns that what is told of an arm rests on."""


@dataclass(frozen=True, eq=False, repr=False)
class CompareResult:
    """Outcome rows of all arms, and what they say.

    Attributes
    ----------
    scenario:
        The case, before any arm's changes.
    worlds:
        The World of each arm, the baseline's first.
    outcomes:
        Outcome rows, ordered by replication, arm and group, held small; a frame of them is taken too.
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
    outcomes: Rows
    seed: int
    digest: str
    stopping: StoppingRule | None = None
    unmoved: pd.DataFrame | None = None
    played: int | None = None
    failed: tuple[Failure, ...] = ()

    def __post_init__(self) -> None:
        given: Any = self.outcomes
        if isinstance(given, pd.DataFrame):
            object.__setattr__(self, "outcomes", Rows.of(given))

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
        if self.played is not None:
            return self.played
        return int(self.outcomes.frame(["replication"])["replication"].nunique())

    @cached_property
    def rows(self) -> pd.DataFrame:
        """The outcome rows as a frame of plain columns, kept from the first use on.

        A million rows take half a gigabyte: where there are many, ask `to_frame` or `of_arm` for what is needed.
        """
        return self.to_frame()

    def of_arm(self, arm: str, columns: Sequence[str] | None = None, *, coded: bool = False) -> pd.DataFrame:
        """The rows of one arm, or some columns of them; with `coded`, strings are categories."""
        return self.outcomes.frame(columns, arm=arm, coded=coded)

    def pairs(self, arm: str, columns: Sequence[str] | None = None, *, coded: bool = False) -> Pairs:
        """Pairs of an arm and the baseline; columns as in `of_arm`, ``replication`` and ``group`` among them."""
        return side_by_side(*(self.of_arm(name, columns, coded=coded) for name in (arm, self.baseline)))

    def ledger(self) -> pd.DataFrame:
        """The four cells of each arm against the baseline."""
        return pd.DataFrame(self._summary["ledger"]).T

    def to_frame(self, columns: Sequence[str] | None = None, *, coded: bool = False) -> pd.DataFrame:
        """The outcome rows (a copy), or some columns of them; with `coded`, strings are categories, and small."""
        return self.outcomes.frame(columns, coded=coded)

    def summary(self) -> dict[str, Any]:
        """Everything that `summary.json` holds; no number in it is infinite or NaN, None stands for undefined.

        Keys: ``study``, ``experiment``, ``seed``, ``replications``, ``digest``, ``baseline``; then by arm: ``arms``
        (shares, casualties, depth, warning), ``effects`` (paired difference with interval, risk ratio, McNemar),
        ``ledger``, ``causation`` (PN, PS, PNS with intervals and bounds), ``mechanism`` (own, cued, unprompted),
        ``displacement``, ``sectors`` (effect by where the group crosses in the baseline). ``stopping`` tells the rule
        by which replications were added, and the half-widths reached; None where their number was given. ``failed`` is
        the number of replications that raised an error, and are left out.
        """
        return copy.deepcopy(self._summary)

    @cached_property
    def _summary(self) -> dict[str, Any]:
        arms, against, pairs = self._tell()

        def of_each(block: str) -> dict[str, Any]:
            return {arm: told[block] for arm, told in against.items()}

        return finite(
            {
                "study": "compare",
                "experiment": self.scenario.name,
                "seed": self.seed,
                "replications": self.replications,
                "failed": len(self.failed),
                "digest": self.digest,
                "stopping": None if self.stopping is None else stopping_facts(self.stopping, pairs),
                "baseline": self.baseline,
                "arms": {arm: told["facts"] for arm, told in arms.items()},
                "effects": of_each("effects"),
                "ledger": of_each("ledger"),
                "causation": of_each("causation"),
                "mechanism": {arm: told["mechanism"] for arm, told in arms.items()},
                "displacement": of_each("displacement"),
                "appraisal": self._appraisals(of_each("effects"), pairs),
                "sectors": of_each("sectors"),
            }
        )

    def _tell(self) -> Told:
        """What the rows say of each arm; one arm's are in memory at a time, and the baseline's."""
        arms, against, kept = {}, {}, {}
        base = pd.DataFrame()
        for world in self.worlds:
            rows = self.of_arm(world.arm, ONE_ARM, coded=True)
            arms[world.arm] = {"facts": arm_facts(rows), "mechanism": mechanism(rows)}
            rows = rows[OF_PAIRS]
            if world.arm == self.baseline:
                base = rows
            else:
                pairs = side_by_side(rows, base)
                against[world.arm] = self._against(world.arm, pairs)
                kept[world.arm] = Pairs(pairs.arm[["outcome"]], pairs.base[["replication", "outcome"]])
                del pairs
            del rows
        return Told(arms, against, kept)

    def _against(self, arm: str, pairs: Pairs) -> dict[str, Any]:
        sectors = tuple(sector.name for sector in self.scenario.sectors)
        return {
            "effects": effects(pairs),
            "ledger": ledger(pairs),
            "causation": causation(pairs),
            "displacement": {**self._displacement(arm, pairs), **adaptation(pairs, self.unmoved)},
            "sectors": by_sector(pairs, sectors),
        }

    def _displacement(self, arm: str, pairs: Pairs) -> dict[str, Any]:
        worlds = {world.arm: world for world in self.worlds}
        base, rival = worlds[self.baseline], worlds[arm]
        return displacement(pairs, along_km(base), sector_distances_km(rival, base), along_km(rival))

    def _appraisals(self, effects: dict[str, Any], pairs: dict[str, Pairs]) -> dict[str, Any]:
        costs = {world.arm: world.cost_usd for world in self.worlds}
        told = {}
        for arm, main in pairs.items():
            one, extra_usd = effects[arm]["interdiction"], costs[arm] - costs[self.baseline]
            told[arm] = {
                **appraise(one["difference"], one["ci95"], extra_usd, self.scenario.appraisal),
                "against": against_rivals(main, {name: p for name, p in pairs.items() if name != arm}, costs, arm),
            }
        ranks = most_per_dollar(told)
        return {arm: {**one, "rank_per_dollar": ranks[arm]} for arm, one in told.items()}


class Told(NamedTuple):
    """What the rows say: of each arm alone, of each against the baseline, and the pairs with their outcomes."""

    arms: dict[str, dict[str, Any]]
    against: dict[str, dict[str, Any]]
    pairs: dict[str, Pairs]


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
    compile_engine(engine, progress)
    worlds = learned_worlds(worlds, seed, execution, progress, engine)
    job = Replications(worlds, seed, engine=engine)
    if isinstance(replications, int):
        check_sample(job, replications)

    def run_to(number: int, *, close: bool = True) -> str:
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
            close=close,
        )

    rule = replications if isinstance(replications, StoppingRule) else None
    if isinstance(replications, StoppingRule):
        digest = _play_until(replications, worlds, scenario.baseline, store, partial(run_to, close=False))
    else:
        digest = run_to(replications)
    played, rows = int(store.manifest["replications"]) - len(store.failures), store.rows()
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
    return replace(
        result,
        outcomes=result.outcomes.without(failure.replication for failure in new),
        played=result.replications - len(new),
        failed=(*result.failed, *new),
    )


def _play_until(
    rule: StoppingRule, worlds: tuple[World, ...], baseline: str, store: Store, run_to: Callable[[int], object]
) -> str:
    """Add replications from look to look; returns the digest.

    The looks depend on the rows before them only, so that a run that was interrupted comes to the same end. What the
    store holds beyond the end (it was made with a finer precision) is kept and counted. Every look reads the rows that
    are new, and the digest is taken once, of the end.
    """
    looks = Looks(rule, [world.arm for world in worlds], baseline)
    look, played = rule.first_look, 0
    while look:
        if look > played:
            read, played = played, max(look, max((chunk.stop for chunk in store.held), default=0))
            run_to(played)
            looks.add(store.rows(read))
        look = rule.next_look(look, looks.widest(look))
    return store.complete()
