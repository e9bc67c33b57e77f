"""`sim.compare`: play a case's arms from Python, and get something that can show itself."""

from __future__ import annotations

import tempfile
from dataclasses import fields, replace
from pathlib import Path
from typing import Literal

from sim.execution.manifest import ManifestHead
from sim.execution.open_store import open_store
from sim.execution.progress import make_progress
from sim.execution.settings import ExecutionSettings
from sim.scenario import Scenario
from sim.study.arms import arms_in_order
from sim.study.compare.comparison import Comparison
from sim.study.compare.run import answer_unmoved, play
from sim.study.replications import build_worlds, check_engine, check_replications
from sim.study.stopping import StoppingRule
from sim.world import Tables


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
        The case; its `arms` are played, its `baseline` is what the others are held against.
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
        With ``"auto"``: stop by a confidence sequence, which holds at all looks together.
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
    >>> told = sim.compare(sim.load_scenario(), replications=3, quiet=True)
    >>> sorted(told.summary()["ledger"]["with_outpost"])
    ['both', 'neither', 'only_with', 'only_without']
    """
    rule = StoppingRule(precision, strict, most) if replications == "auto" else None
    if rule is not None:
        rule.check(scenario)
    check_engine(engine)
    check_replications(most if replications == "auto" else replications)
    asked = most if replications == "auto" else replications
    worlds = build_worlds(scenario, arms_in_order(scenario), tables)
    head = ManifestHead("compare", scenario.name, seed, asked, scenario.model_dump(mode="json"))
    execution = ExecutionSettings(kind="serial" if workers == 1 else "local", workers=workers)
    with tempfile.TemporaryDirectory(prefix="border-sim-") as folder, open_store(Path(folder) / "run", head) as store:
        result = play(
            scenario,
            worlds,
            store,
            seed=seed,
            replications=rule or asked,
            execution=execution,
            progress=make_progress("compare", silent=quiet),
            engine=engine,
        )
        second = replace(head, study="naive")
        result = answer_unmoved(
            result,
            lambda: open_store(Path(folder) / "naive", second),
            execution,
            make_progress("the same with the ways of the baseline", silent=quiet),
            engine,
        )
    return Comparison(**{field.name: getattr(result, field.name) for field in fields(result)})
