"""Running a verification: all links into one store, each then held against its closed form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from sim.cache.store import key_of, load_or_make
from sim.config_folder import config_folder
from sim.execution.executor import run_job
from sim.execution.manifest import ManifestHead
from sim.execution.progress import Progress, Silent
from sim.execution.provenance import code_version
from sim.execution.store import Store
from sim.scenario.base import ScenarioError
from sim.scenario.load import LABORATORY
from sim.scenario.overrides import parse
from sim.scenario.scenario import Scenario
from sim.study.base import Request, RunContext
from sim.study.engine_ready import compile_engine
from sim.study.loading import compose
from sim.study.replications import check_engine, check_replications
from sim.study.running import python_context, run_in_memory
from sim.study.settings import run_settings_schema
from sim.study.verify.links import FOLDER, Link, VerifyJob, link_of, suite
from sim.study.verify.result import Verification
from sim.study.verify.summary import link_results, summary_of

REPLICATIONS = 100_000
"""Of each link, where no number is given: an error of half a percent shows, in well under a minute."""

SHORT_REPLICATIONS = 10_000
"""Of each link in the short verification: enough to see an error of a percent or two, and little time."""


def verify(
    experiment: str | None = None,
    overrides: Sequence[str] = (),
    replications: int = REPLICATIONS,
    seed: int = 1,
    *,
    workers: int | None = None,
    quiet: bool = False,
    engine: str = "compiled",
) -> Verification:
    """Hold every link of the model against its closed form, or one of them.

    Parameters
    ----------
    experiment:
        One laboratory, such as ``"verification/duel"``; all of them when None.
    overrides:
        Hydra overrides for that one, such as ``"laboratory.x=5"``.
    replications:
        Of each link.
    seed:
        Of the keyed streams.
    workers:
        Processes to use; all usable cores by default, and none beside this one for short runs.
    quiet:
        Show no progress.
    engine:
        ``"compiled"``, or ``"mesa"`` for the readable model; both count the same.

    Returns
    -------
    Verification
        With `.passed`, `.summary()`, `.to_frame()`, `.plot()`, and a rich display in a notebook.

    Raises
    ------
    ScenarioError
        For a laboratory that there is not, or symbols outside the validity of its closed form.

    Examples
    --------
    >>> import sim
    >>> duel = sim.verify("verification/duel", ["laboratory.x=2", "laboratory.y=1"], replications=2_000, quiet=True)
    >>> duel.passed, round(duel.summary()["exact"], 6)
    (True, 0.833333)
    """
    check_engine(engine)
    check_replications(replications)
    if experiment is None:
        links = suite()
    else:
        links = (link_of(Path(experiment).stem, compose([f"experiment={experiment}", *overrides])),)
    run = VerifyRun(links, replications, seed)
    return run_in_memory(run, python_context(workers=workers, quiet=quiet, engine=engine))


def prepare(request: Request) -> VerifyRun:
    """The verification that the command line asks for: of the laboratory that it names, or of all links.

    Raises `ScenarioError` for what cannot be verified, and for keys of a single case where all links are meant.
    """
    named = [word.partition("=")[2] for word in request.words if word.startswith("experiment=")]
    if not named:
        _refuse_single(request.words)
    wanted = request.settings.replications
    if not isinstance(wanted, int):
        raise ScenarioError("replications", "is auto; allowed with study=verify: a whole number")
    links = (link_of(Path(named[0]).stem, request.config),) if named else suite()
    return VerifyRun(links, wanted if request.gives("replications") else REPLICATIONS, request.settings.seed)


def _refuse_single(words: tuple[str, ...]) -> None:
    """Refuse keys of a single case where all are meant."""
    allowed = [
        key for key in run_settings_schema().model_fields if key not in (LABORATORY, "only", *Scenario.model_fields)
    ]
    for word in words:
        key = str(parse(word).key_or_group)
        if key.partition(".")[0] not in allowed:
            raise ScenarioError(
                key,
                f"belongs to one case; allowed with study=verify alone: {', '.join(allowed)}; "
                f"with experiment={FOLDER}/NAME any key",
            )


@dataclass(frozen=True)
class VerifyRun:
    """So many replications of each link, about to begin; a case that cannot be enumerated is refused at once."""

    links: tuple[Link, ...]
    replications: int
    seed: int

    def __post_init__(self) -> None:
        for link in self.links:
            _ = link.expectation

    @property
    def head(self) -> ManifestHead:
        """What the manifest says of it."""
        scenarios = {link.name: link.scenario.model_dump(mode="json") for link in self.links}
        symbols = {link.name: link.laboratory.model_dump(mode="json") for link in self.links}
        name = self.links[0].name if len(self.links) == 1 else FOLDER
        configuration = {"scenarios": scenarios, "laboratories": symbols}
        return ManifestHead("verify", name, self.seed, self.replications, configuration)

    @property
    def opening(self) -> Sequence[str]:
        """How much there is to do."""
        return (f"{len(self.links)} to verify, {self.replications:,} replications each",)

    @property
    def facts(self) -> Mapping[str, str]:
        """The number of replications."""
        return {"Replications": f"{self.replications:,} each"}

    def play(self, store: Store, context: RunContext) -> Verification:
        """Run what the store lacks, and hold each link against its closed form; raises as `run_job` does."""
        progress = context.progress(f"{len(self.links)} links", "batches")
        compile_engine(context.engine, progress)
        job = VerifyJob(self.links, self.replications, self.seed, context.engine)
        rows: list[pd.DataFrame] = []
        execution = context.execution.model_dump()
        digest = run_job(job, store, job.batches, **execution, progress=progress, each=rows.append)
        failed = tuple(store.failures.values())
        # The empty part has the columns where every batch failed.
        results = link_results(self.links, pd.concat([job.run(0, 0), *rows]))
        return Verification(results, self.seed, digest, failed)


def short_check(progress: Progress | None = None) -> dict[str, Any]:
    """The summary of a short verification, which every report shows; kept in the cache until the program changes."""

    def make() -> dict[str, Any]:
        (progress or Silent()).note("checking the model against theory, once: some 10 s")
        return check_now()

    # The links are laboratories among the configuration files.
    return load_or_make("verified", key_of(config_folder(), ["**/*.yaml"], code_version()), make)


def check_now(replications: int = SHORT_REPLICATIONS, seed: int = 1) -> dict[str, Any]:
    """Run all links in this process, and keep nothing."""
    compile_engine("compiled")
    job = VerifyJob(suite(), replications, seed)
    return summary_of(link_results(job.links, job.run(0, job.batches)), seed, "")
