"""Carrying out a run of any study: into an output folder with its report, or in memory.

The functions `sim.compare`, `sim.sweep`, `sim.verify` and `sim.run` share these parameters:

replications, seed
    How many replications (of every arm, at each point, of each link), at least 1; and the seed of the keyed streams.
workers
    Processes to use; all usable cores by default, and none beside this one for short runs.
quiet
    Show no progress.
engine
    ``"compiled"``, or ``"mesa"`` for the readable model; both give the same rows.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from sim.execution.executor import ExecutionSettings, run_job
from sim.execution.local_processes import background_process, usable_cores
from sim.execution.progress import Progress, make_progress
from sim.execution.store import open_store
from sim.outcomes import in_words
from sim.study.result import Result, replay_command, write_tables

if TYPE_CHECKING:
    import pandas as pd

    from sim.execution.errors import Failure
    from sim.execution.manifest import ManifestHead
    from sim.execution.store import Store
    from sim.execution.worker import Job
    from sim.model import BorderModel
    from sim.scenario import Scenario
    from sim.world import Tables, World


@dataclass(frozen=True)
class RunContext:
    """On what a run is carried out, and who hears of it; nothing here changes a row.

    Attributes
    ----------
    execution:
        Processes, chunks, cluster.
    engine:
        One of `sim.study.replications.ENGINES`.
    progress:
        Makes a progress display from a label and the unit that it counts.
    say:
        Takes one line for the user.
    own_process:
        Whether this process is the command line's own: then tables are read from and left to the cache, and another
        process may compile the engine.
    """

    execution: ExecutionSettings
    engine: str
    progress: Callable[[str, str], Progress]
    say: Callable[[str], None]
    own_process: bool = False

    def build_worlds(self, scenario: Scenario) -> tuple[World, ...]:
        """The World of each arm, while another process compiles the engine if need be."""
        # What builds and runs loads Numba and SciPy; study=describe needs neither.
        from sim.study.replications import arms_in_order, build_worlds
        from sim.world.tables import cached_tables

        self.say(f"{scenario.title or scenario.name}: building the ground, the routes and the lines of sight")
        if not self.own_process:
            return build_worlds(scenario, arms_in_order(scenario))
        with background_compilation(self), cached_tables(scenario.terrain) as tables:
            return build_worlds(scenario, arms_in_order(scenario), tables)

    def begin(self, label: str, unit: str = "replications") -> Progress:
        """A progress display, once the engine is compiled."""
        from sim.study.replications import compile_engine

        progress = self.progress(label, unit)
        compile_engine(self.engine, progress.note)
        return progress

    def run_job(self, job: Job, store: Store, replications: int, progress: Progress, **how: Any) -> str:
        """`sim.execution.executor.run_job` on what the execution settings say; it returns the digest."""

        def advice(failure: Failure) -> str:
            return f"; to see it: {replay_command(store.folder, failure.replication, failure.arm)}"

        settings = self.execution.model_dump()
        return run_job(job, store, replications, **settings, progress=progress, advice=advice, **how)


def background_compilation(context: RunContext) -> AbstractContextManager[None]:
    """The engine compiled by another process meanwhile, where it has to be and there is a core for it.

    Only in the command line's own process: a second process would first carry out somebody else's program again.
    """
    wanted = context.own_process and context.engine == "compiled" and context.execution.kind == "local"
    if wanted and usable_cores() > 1:
        from sim.engine.engine import has_to_be_compiled, warm_up

        if has_to_be_compiled():
            return background_process(warm_up)
    return nullcontext()


R = TypeVar("R", bound=Result)
R_co = TypeVar("R_co", bound=Result, covariant=True)


class Run(Generic[R_co]):
    """A run that has been checked and can begin; a study's run gives `head` and `execute`."""

    @property
    def head(self) -> ManifestHead:
        """What the manifest says of it."""
        raise NotImplementedError

    @property
    def opening(self) -> Sequence[str]:
        """Lines for the user before the run begins."""
        return ()

    @property
    def facts(self) -> Mapping[str, str]:
        """What the report says of how it was made, beside command and versions."""
        return {}

    def execute(self, store: Store, context: RunContext) -> R_co:
        """Run what the store lacks, and read everything back.

        Raises
        ------
        ExecutionError, StoreError
            As `sim.execution.executor.run_job` does.
        """
        raise NotImplementedError


def run_in(folder: Path, run: Run[R], context: RunContext) -> tuple[R, list[Path]]:
    """Run what a folder lacks, and write the summary and further tables; each file is there whole or not at all.

    Returns
    -------
    The result, and the paths of its further tables, the most important first.

    Raises
    ------
    ExecutionError, StoreError
        As `sim.execution.store.open_store` and `Run.execute` do.
    """
    with open_store(folder, run.head) as store:
        result = run.execute(store, context)
        return result, write_tables(folder, result)


def run_in_memory(run: Run[R], context: RunContext) -> R:
    """Run in a temporary folder, of which nothing is left."""
    with tempfile.TemporaryDirectory(prefix="border-sim-") as name, open_store(Path(name) / "run", run.head) as store:
        return run.execute(store, context)


def python_context(*, workers: int | None, quiet: bool, engine: str) -> RunContext:
    """How a study is run that is called from Python; raises `ScenarioError` for an unknown engine."""
    from sim.study.replications import check_engine

    check_engine(engine)
    return RunContext(
        execution=ExecutionSettings(kind="serial" if workers == 1 else "local", workers=workers),
        engine=engine,
        progress=lambda label, unit: make_progress(label, silent=quiet, unit=unit),
        say=lambda line: None,  # noqa: ARG005
    )


def run(
    scenario: Scenario,
    arm: str,
    replications: int,
    seed: int = 1,
    engine: str = "compiled",
    model: type[BorderModel] | None = None,
    *,
    tables: Tables | None = None,
) -> pd.DataFrame:
    """Replications of one arm in this process; an adversary that learns does so first (`sim.study.learning`).

    Parameters
    ----------
    model:
        `BorderModel` where None; or a subclass with agents of one's own, which is always run by its agents.
    tables:
        Memory of tables of earlier runs (`sim.world.Tables()`), to build nothing twice.
    replications, seed, engine:
        See `sim.study.running`.

    Returns
    -------
    pandas.DataFrame
        One row a replication and group, with the columns of `sim.outcomes.COLUMNS`.

    Raises
    ------
    ScenarioError
        For an unknown arm or engine, or a number of replications below 1.

    Examples
    --------
    >>> import sim
    >>> rows = sim.run(sim.load_scenario(), "without", replications=2)
    >>> len(rows), set(rows["arm"])
    (2, {'without'})
    """
    from sim.study.learning import learned_world
    from sim.study.replications import Replications, build_worlds, check_engine, check_replications

    check_engine(engine)
    check_replications(replications)
    [world] = build_worlds(scenario, (arm,), tables)
    learned = learned_world(world, seed, model, engine)
    return in_words(Replications((learned,), seed, model, engine).run(0, replications))
