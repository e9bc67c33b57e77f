"""`sim.verify`: hold the model against theory from Python, and get something that can show itself."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path

import pandas as pd
from markupsafe import Markup, escape

from sim.execution.manifest import ManifestHead
from sim.execution.open_store import open_store
from sim.execution.progress import make_progress
from sim.execution.settings import ExecutionSettings
from sim.report.style import Picture
from sim.scenario.load import compose
from sim.study.replications import check_engine, check_replications
from sim.study.verify.figures import draw_verification
from sim.study.verify.link import FOLDER, link_of, suite
from sim.study.verify.run import VerifyResult, verify_links
from sim.study.verify.short_section import checked_in_words


class Verification(VerifyResult):
    """The result of `verify`: a `VerifyResult` that can show itself."""

    def to_frame(self) -> pd.DataFrame:
        """One row a link: quantity, unit, simulated, exact, standard_error, z, replications, passed."""
        cases = self.summary()["cases"]
        shown = ["quantity", "unit", "simulated", "exact", "standard_error", "z", "replications", "passed"]
        return pd.DataFrame.from_dict(cases, orient="index")[shown].rename_axis("link")

    def plot(self) -> Picture:
        """How far each link is from its closed form, in standard errors."""
        return draw_verification(self.summary())

    def _repr_html_(self) -> str:
        return Markup("<p>{}</p>").format(escape(checked_in_words(self.summary()))) + self.to_frame().to_html()


def verify(
    experiment: str | None = None,
    overrides: Sequence[str] = (),
    replications: int = 100_000,
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
    >>> told = sim.verify("verification/duel", ["laboratory.x=2", "laboratory.y=1"], replications=2_000, quiet=True)
    >>> told.passed, round(told.summary()["exact"], 6)
    (True, 0.833333)
    """
    check_engine(engine)
    check_replications(replications)
    if experiment is None:
        links = suite()
    else:
        links = (link_of(Path(experiment).stem, compose([f"experiment={experiment}", *overrides])),)
    name = links[0].name if len(links) == 1 else FOLDER
    execution = ExecutionSettings(kind="serial" if workers == 1 else "local", workers=workers)
    head = ManifestHead("verify", name, seed, replications, {})
    with tempfile.TemporaryDirectory(prefix="border-sim-") as folder, open_store(Path(folder) / "run", head) as store:
        told = verify_links(
            links,
            store,
            replications=replications,
            seed=seed,
            execution=execution,
            progress=make_progress(f"{len(links)} links", unit="batches", silent=quiet),
            engine=engine,
        )
    return Verification(**{field.name: getattr(told, field.name) for field in fields(told)})
