"""Running a comparison: the same replications in every arm, then again with the routes of the baseline.

What comes of them is in `sim.study.compare.result`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Literal

from sim.execution.errors import Failure
from sim.execution.executor import run_job
from sim.execution.manifest import ManifestHead
from sim.execution.open_store import open_store
from sim.execution.store import Store
from sim.scenario import Scenario, ScenarioError
from sim.study.base import RunContext
from sim.study.engine_ready import check_sample, compile_engine
from sim.study.learning import learn_in_arms
from sim.study.replications import Replications, arms_in_order, build_worlds, check_engine, check_replications
from sim.study.running import python_context, run_in_memory
from sim.study.stopping import StoppingRule
from sim.world import Tables, World

if TYPE_CHECKING:
    from sim.study.compare.result import Comparison

FIXED_ROUTES = "naive"
"""Where in the output folder the replications are kept that were run again with the routes of the baseline."""


def compare(
    scenario: Scenario,
    replications: int | Literal["auto"],
    seed: int = 1,
    *,
    workers: int | None = None,
    quiet: bool = False,
    precision: float = 0.02,
    strict: bool = False,
    most: int = 100_000,
    tables: Tables | None = None,
    engine: str = "compiled",
) -> Comparison:
    """The same replications in every arm of a case, and what each arm changes against the baseline.

    Parameters
    ----------
    scenario:
        The case; its `arms` are run, its `baseline` is what the others are compared with.
    replications:
        How many of each arm; ``"auto"`` for as many as `precision` needs.
    seed:
        Of the keyed streams.
    workers:
        Processes to use; all usable cores by default, and none beside this one for short runs.
    quiet:
        Show no progress.
    precision:
        With ``"auto"``: half-width of the 95 % interval of every arm's effect on interdiction to stop at.
    strict:
        With ``"auto"``: stop by a confidence sequence, which holds at all interim looks together.
    most:
        With ``"auto"``: stop at so many replications at the latest.
    tables:
        Memory of tables of earlier comparisons (`sim.world.Tables()`), to build nothing twice.
    engine:
        ``"compiled"``, or ``"mesa"`` for the readable model; both give the same rows.

    Returns
    -------
    Comparison
        With `.summary()`, `.ledger()`, `.honesty()`, `.plot()`, `.map()`, `.to_frame()`, and a rich display in a
        notebook.

    Raises
    ------
    ScenarioError
        If an arm cannot be built, or for a number of replications below 1.

    Examples
    --------
    >>> import sim
    >>> result = sim.compare(sim.load_scenario(), replications=3, quiet=True)
    >>> sorted(result.summary()["ledger"]["with_outpost"])
    ['both', 'neither', 'only_with', 'only_without']
    """
    rule = StoppingRule(precision, strict, most) if replications == "auto" else None
    if rule is not None:
        rule.check(scenario)
    check_engine(engine)
    check_replications(most if replications == "auto" else replications)
    worlds = build_worlds(scenario, arms_in_order(scenario), tables)
    run = CompareRun(scenario, worlds, seed, rule or int(replications))
    return run_in_memory(run, python_context(workers=workers, quiet=quiet, engine=engine))


@dataclass(frozen=True)
class CompareRun:
    """A comparison about to begin.

    Attributes
    ----------
    scenario:
        The case, before any arm's changes.
    worlds:
        The World of each arm, the baseline's first.
    seed:
        Of the keyed streams.
    replications:
        How many of each arm, or the rule by which they are added.
    """

    scenario: Scenario
    worlds: tuple[World, ...]
    seed: int
    replications: int | StoppingRule

    @property
    def head(self) -> ManifestHead:
        """What the manifest says of it."""
        asked = self.replications if isinstance(self.replications, int) else self.replications.most
        configuration = self.scenario.model_dump(mode="json")
        return ManifestHead("compare", self.scenario.name, self.seed, asked, configuration)

    opening = ()

    @property
    def facts(self) -> Mapping[str, str]:
        """The stopping rule, if there is one."""
        return {} if isinstance(self.replications, int) else {"Stopping rule": self.replications.in_words()}

    def play(self, store: Store, context: RunContext) -> Comparison:
        """Run what the store lacks of all arms' replications, and read everything back.

        With `infiltrators.behaviour=learning` the adversary first learns in each arm.

        Raises
        ------
        ExecutionError, StoreError
            As `sim.execution.executor.run_job` does.
        ScenarioError
            When no group came in any replication.
        """
        result = self._all_arms(store, context)
        second = replace(self.head, study=FIXED_ROUTES)
        return with_fixed_routes(result, lambda: open_store(store.folder / FIXED_ROUTES, second), context)

    def _all_arms(self, store: Store, context: RunContext) -> Comparison:
        progress = context.progress(f"{len(self.worlds)} arms")
        compile_engine(context.engine, progress)
        worlds = learn_in_arms(self.worlds, self.seed, context.execution, progress, context.engine)
        job = Replications(worlds, self.seed, engine=context.engine)

        def run_to(number: int, *, close: bool = True) -> str:
            return run_job(job, store, number, **context.execution.model_dump(), progress=progress, close=close)

        if isinstance(self.replications, int):
            check_sample(job, self.replications)
            digest, rule = run_to(self.replications), None
        else:
            rule = self.replications
            digest = _run_until(rule, worlds, self.scenario.baseline, store, partial(run_to, close=False))
        played, rows = int(store.manifest["replications"]) - len(store.failures), store.rows()
        if not len(rows):
            raise ScenarioError("infiltrators.streams", f"no group came in {played} replications; allowed: more")
        # Summaries need pandas and Arrow, which are loaded after the runs.
        from sim.study.compare.result import Comparison

        failed = tuple(store.failures.values())
        return Comparison(self.scenario, worlds, rows, self.seed, digest, rule, played=played, failed=failed)


def with_fixed_routes(result: Comparison, open_second: Callable[[], Store], context: RunContext) -> Comparison:
    """The same result with what the arms would do to groups that keep the routes of the baseline.

    Parameters
    ----------
    open_second:
        Opens a store for the replications that are run again; not called where there are none.

    Raises
    ------
    ExecutionError, StoreError
        As `sim.execution.executor.run_job` does.
    """
    from sim.study.compare.fixed_routes import fixed_routes_job, run_with_fixed_routes

    job = fixed_routes_job(result.worlds, result.seed, context.engine)
    if job is None:
        return result
    with open_second() as store:
        wanted = result.replications + len(result.failed)
        progress = context.progress("the same with the routes of the baseline")
        rows = run_with_fixed_routes(job, store, wanted, context.execution, progress)
        return without_failed(replace(result, fixed_routes=rows), tuple(store.failures.values()))


def without_failed(result: Comparison, failed: tuple[Failure, ...]) -> Comparison:
    """The same result without replications that failed when they were run again: what is paired is complete."""
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


def _run_until(
    rule: StoppingRule, worlds: tuple[World, ...], baseline: str, store: Store, run_to: Callable[[int], object]
) -> str:
    """Add replications from interim look to interim look; returns the digest.

    The looks depend on the rows before them only, so that a run that was interrupted comes to the same end. What the
    store holds beyond the end (it was made with a finer precision) is kept and counted. Every look reads the rows that
    are new, and the digest is taken once, at the end.
    """
    from sim.study.stopping import Looks

    looks = Looks(rule, [world.arm for world in worlds], baseline)
    look, played = rule.first_look, 0
    while look:
        if look > played:
            read, played = played, max(look, max((chunk.stop for chunk in store.held), default=0))
            run_to(played)
            looks.add(store.rows(read))
        look = rule.next_look(look, looks.widest(look))
    return store.complete()
