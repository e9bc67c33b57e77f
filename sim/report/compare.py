"""`sim.compare`: play a case's arms from Python, and get something that can show itself."""

from __future__ import annotations

import tempfile
from pathlib import Path

from sim.execution.manifest import ManifestHead
from sim.execution.progress import make_progress
from sim.execution.settings import ExecutionSettings
from sim.execution.store import open_store
from sim.report.comparison import Comparison
from sim.scenario import Scenario
from sim.study.compare import arms_in_order, play
from sim.study.replications import build_worlds, check_replications
from sim.world import Tables


def compare(
    scenario: Scenario,
    replications: int,
    seed: int = 1,
    *,
    workers: int | None = None,
    quiet: bool = False,
    tables: Tables | None = None,
) -> Comparison:
    """The same replications in every arm of a case, and what each arm changes against the baseline.

    Parameters
    ----------
    scenario:
        The case; its `arms` are played, its `baseline` is what the others are held against.
    replications:
        How many of each arm.
    seed:
        Of the keyed streams.
    workers:
        Processes to use; all usable cores by default, and none beside this one for short runs.
    quiet:
        Show no progress.
    tables:
        Memory of tables of earlier comparisons (`sim.world.Tables()`), to build nothing twice.

    Returns
    -------
    Comparison
        With `.summary()`, `.ledger()`, `.plot()`, `.map()`, `.to_frame()`, and a rich display in a notebook.

    Raises
    ------
    ScenarioError
        If an arm cannot be built, or for a number of replications below 1.

    Examples
    --------
    >>> import sim
    >>> told = sim.compare(sim.load_scenario(), replications=3, quiet=True)
    >>> sorted(told.summary()["ledger"]["with_outpost"])
    ['both', 'neither', 'only_with', 'only_without']
    """
    check_replications(replications)
    worlds = build_worlds(scenario, arms_in_order(scenario), tables)
    head = ManifestHead("compare", scenario.name, seed, replications, scenario.model_dump(mode="json"))
    execution = ExecutionSettings(kind="serial" if workers == 1 else "local", workers=workers)
    with tempfile.TemporaryDirectory(prefix="border-sim-") as folder, open_store(Path(folder) / "run", head) as store:
        result = play(
            scenario,
            worlds,
            store,
            seed=seed,
            replications=replications,
            execution=execution,
            progress=make_progress("compare", silent=quiet),
        )
    return Comparison(result.scenario, result.worlds, result.rows, result.seed, result.digest)
