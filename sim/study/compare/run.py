"""The study `compare`: the same replications in every arm, and what each arm changes against the baseline.

This is how the replications are played; what comes of them is in `sim.study.compare.result`, what is told of them in
`sim.study.compare.arm_summary`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from sim.execution.errors import Failure
from sim.execution.executor import run_job
from sim.execution.progress import Progress
from sim.execution.settings import ExecutionSettings
from sim.execution.store import Store
from sim.scenario import Scenario, ScenarioError
from sim.study.engine_ready import check_sample, compile_engine
from sim.study.learning.learn_in_arms import learned_worlds
from sim.study.replications import Replications
from sim.study.stopping import StoppingRule
from sim.world import World

if TYPE_CHECKING:
    from sim.study.compare.result import CompareResult


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

    With `infiltrators.behaviour=learning` the adversary first learns in each arm (`sim.study.learning.learn_in_arms`).

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
        return run_job(job, store, number, **execution.model_dump(), progress=progress, close=close)

    rule = replications if isinstance(replications, StoppingRule) else None
    if isinstance(replications, StoppingRule):
        digest = _play_until(replications, worlds, scenario.baseline, store, partial(run_to, close=False))
    else:
        digest = run_to(replications)
    played, rows = int(store.manifest["replications"]) - len(store.failures), store.rows()
    if not len(rows):
        raise ScenarioError("infiltrators.streams", f"no group came in {played} replications; allowed: more of either")
    # What is told of rows is loaded after the playing, with pandas and Arrow.
    from sim.study.compare.result import CompareResult

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
    from sim.study.compare.adaptation import play_unmoved, unmoved_job

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
    from sim.study.compare.interim_looks import Looks

    looks = Looks(rule, [world.arm for world in worlds], baseline)
    look, played = rule.first_look, 0
    while look:
        if look > played:
            read, played = played, max(look, max((chunk.stop for chunk in store.held), default=0))
            run_to(played)
            looks.add(store.rows(read))
        look = rule.next_look(look, looks.widest(look))
    return store.complete()
