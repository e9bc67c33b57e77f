"""Running a comparison: the same replications in every arm, then again with the routes of the baseline.

What comes of them is in `sim.study.compare.result`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from sim.execution.errors import Failure
from sim.execution.manifest import ManifestHead
from sim.execution.store import Store, open_store
from sim.scenario import Scenario, ScenarioError
from sim.scenario.scenario import validate
from sim.study.base import Earlier, Request
from sim.study.compare.fixed_routes import (
    FIXED_ROUTES,
    EarlierFixedRoutes,
    fixed_routes_job,
    run_with_fixed_routes,
)
from sim.study.compare.life_cycle import MATURE, EarlierMature, mature_worlds
from sim.study.learning import learn_in_arms
from sim.study.replications import Replications, arms_in_order, build_worlds, check_replications, check_sample
from sim.study.running import Run, RunContext, python_context, run_in_memory
from sim.study.stopping import InterimLooks, StoppingRule
from sim.world import Tables, World

if TYPE_CHECKING:
    from sim.study.compare.result import Comparison


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
    replications, seed, workers, quiet, engine:
        See `sim.study.running`; ``replications="auto"`` runs as many as `precision` needs.
    precision, strict, most:
        With ``"auto"``: see `sim.study.stopping.StoppingRule`.
    tables:
        Memory of tables of earlier comparisons (`sim.world.Tables()`), to build nothing twice.

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
    context = python_context(workers=workers, quiet=quiet, engine=engine)
    check_replications(most if replications == "auto" else replications)
    worlds = build_worlds(scenario, arms_in_order(scenario), tables)
    return run_in_memory(CompareRun(scenario, worlds, seed, rule or int(replications)), context)


def prepare(request: Request, context: RunContext) -> CompareRun:
    """Check the case and build its Worlds."""
    settings, scenario = request.settings, request.scenario
    if settings.stopping is not None:
        settings.stopping.check(scenario)
    worlds = context.build_worlds(scenario)
    return CompareRun(scenario, worlds, settings.seed, settings.stopping or settings.asked)


def replayed(folder: Path, manifest: Mapping[str, Any], number: int) -> Earlier:  # noqa: ARG001
    """The replication in each arm; with the baseline's routes, or later, in the parts that are run so."""
    kind = {FIXED_ROUTES: EarlierFixedRoutes, MATURE: EarlierMature}.get(manifest["study"], Earlier)
    return kind(validate(dict(manifest["configuration"])), int(manifest["seed"]), number, f"replication {number}")


@dataclass(frozen=True)
class CompareRun(Run["Comparison"]):
    """A comparison about to begin; `replications` of each arm is their number, or the rule by which they are added."""

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

    @property
    def facts(self) -> Mapping[str, str]:
        """The stopping rule, if there is one."""
        return {} if isinstance(self.replications, int) else {"Stopping rule": self.replications.in_words()}

    def execute(self, store: Store, context: RunContext) -> Comparison:
        """All arms' replications; with `infiltrators.behaviour=learning` the adversary first learns in each arm.

        Raises `ScenarioError` when no group came in any replication.
        """
        result = self._with_mature(self._all_arms(store, context), store, context)
        return self._with_fixed_routes(result, store, context)

    def _all_arms(self, store: Store, context: RunContext) -> Comparison:
        progress = context.begin(f"{len(self.worlds)} arms")
        worlds = learn_in_arms(self.worlds, self.seed, context.execution, progress, context.engine)
        job = Replications(worlds, self.seed, engine=context.engine)

        def run_to(number: int, *, close: bool = True) -> str:
            return context.run_job(job, store, number, progress, close=close)

        if isinstance(self.replications, int):
            check_sample(job, self.replications)
            digest, rule = run_to(self.replications), None
        else:
            rule = self.replications
            digest = _run_until(rule, worlds, self.scenario.baseline, store, partial(run_to, close=False))
        completed, rows = int(store.manifest["replications"]) - len(store.failures), store.rows()
        if not len(rows):
            raise ScenarioError("infiltrators.streams", f"no group came in {completed} replications; allowed: more")
        # Summaries need pandas and Arrow, which are loaded after the runs.
        from sim.study.compare.result import Comparison

        failed = tuple(store.failures.values())
        return Comparison(self.scenario, worlds, rows, self.seed, digest, rule, completed=completed, failed=failed)

    def _with_mature(self, result: Comparison, store: Store, context: RunContext) -> Comparison:
        """The same result with the arms that time changes, run again with posts that are ready and known."""
        worlds = mature_worlds(self.worlds)
        if not worlds or len(self.worlds) == 1:
            return result
        with open_store(store.folder / MATURE, replace(self.head, study=MATURE)) as second:
            second.note_failures(result.failed)
            wanted = result.replications + len(result.failed)
            progress = context.progress("the same with posts that are ready and known", "replications")
            learned = learn_in_arms(worlds, self.seed, context.execution, progress, context.engine)
            context.run_job(Replications(learned, self.seed, engine=context.engine), second, wanted, progress)
            return without_failed(replace(result, mature=second.rows()), tuple(second.failures.values()))

    def _with_fixed_routes(self, result: Comparison, store: Store, context: RunContext) -> Comparison:
        """The same result with what the arms would do to groups that keep the routes of the baseline."""
        job = fixed_routes_job(result.worlds, result.outcomes, result.seed, context.engine)
        if job is None:
            return result
        with open_store(store.folder / FIXED_ROUTES, replace(self.head, study=FIXED_ROUTES)) as second:
            # Without rows it is unknown whether a route changes there: left out here too, until the next run.
            second.note_failures(result.failed)
            wanted = result.replications + len(result.failed)
            progress = context.progress("the same with the routes of the baseline", "replications")
            rows = run_with_fixed_routes(job, second, wanted, context.execution, progress)
            return without_failed(replace(result, fixed_routes=rows), tuple(second.failures.values()))


def without_failed(result: Comparison, failed: tuple[Failure, ...]) -> Comparison:
    """The same result without replications that failed when they were run again: what is paired is complete."""
    before = {failure.replication for failure in result.failed}
    new = tuple(failure for failure in failed if failure.replication not in before)
    if not new:
        return result
    return replace(
        result,
        outcomes=result.outcomes.without(failure.replication for failure in new),
        completed=result.replications - len(new),
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
    looks = InterimLooks(rule, [world.arm for world in worlds], baseline)
    look, done = rule.first_look, 0
    while look:
        if look > done:
            read, done = done, max(look, max((chunk.stop for chunk in store.written), default=0))
            run_to(done)
            looks.add(store.rows(read))
        look = rule.next_look(look, looks.widest(look))
    return store.complete()
