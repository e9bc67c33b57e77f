"""Running a verification: all links into one store, each then compared with its closed form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from sim.execution.manifest import ManifestHead
from sim.execution.store import Store
from sim.scenario.base import ScenarioError
from sim.scenario.load import LABORATORY
from sim.scenario.overrides import parse
from sim.scenario.scenario import Scenario
from sim.study.base import Request
from sim.study.replications import check_replications
from sim.study.running import Run, RunContext, python_context, run_in_memory
from sim.study.settings import compose, run_settings_schema
from sim.study.verify.links import FOLDER, Link, VerifyJob, link_of, suite
from sim.study.verify.result import Verification
from sim.study.verify.summary import link_results

REPLICATIONS = 100_000
"""Of each link, where no number is given: an error of half a percent shows, in well under a minute."""


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
    """Compare every link of the model with its closed form, or one of them.

    Parameters
    ----------
    experiment:
        One laboratory, such as ``"verification/duel"``; all of them when None.
    overrides:
        Hydra overrides for that one, such as ``"laboratory.x=5"``.
    replications, seed, workers, quiet, engine:
        See `sim.study.running`; replications are those of each link.

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
    context = python_context(workers=workers, quiet=quiet, engine=engine)
    check_replications(replications)
    if experiment is None:
        links = suite()
    else:
        links = (link_of(Path(experiment).stem, compose([f"experiment={experiment}", *overrides])),)
    return run_in_memory(VerifyRun(links, replications, seed), context)


def prepare(request: Request, context: RunContext) -> VerifyRun:  # noqa: ARG001
    """The verification that the command line asks for: of the laboratory that it names, or of all links.

    Raises `ScenarioError` for what cannot be verified, and for keys of a single case where all links are meant.
    """
    named = [word.partition("=")[2] for word in request.overrides if word.startswith("experiment=")]
    if not named:
        _refuse_single(request.overrides)
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
class VerifyRun(Run[Verification]):
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

    def execute(self, store: Store, context: RunContext) -> Verification:
        """All links' replications; each link is then compared with its closed form."""
        job = VerifyJob(self.links, self.replications, self.seed, context.engine)
        rows: list[pd.DataFrame] = []
        progress = context.begin(f"{len(self.links)} links", "batches")
        digest = context.run_job(job, store, job.batches, progress, each=rows.append)
        failed = tuple(store.failures.values())
        # The empty part has the columns where every batch failed.
        results = link_results(self.links, pd.concat([job.run(0, 0), *rows]))
        return Verification(results, self.seed, digest, failed)
