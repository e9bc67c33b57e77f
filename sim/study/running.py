"""Carrying out a run of any study: into an output folder with its report, or in memory."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar

from sim.cache.atomic import atomic_write_bytes, atomic_write_text
from sim.execution.open_store import open_store
from sim.execution.progress import Progress, make_progress
from sim.execution.settings import ExecutionSettings
from sim.study.base import Result, Run, RunContext

R = TypeVar("R", bound=Result)

SUMMARY_NAME, PAGE_NAME, FIGURES_NAME = "summary.json", "report.html", "figures"


def run_in(folder: Path, run: Run[R], context: RunContext) -> tuple[R, list[Path]]:
    """Run what a folder lacks, and write the summary and further tables; each file is there whole or not at all.

    Returns
    -------
    The result, and the paths of its further tables, the most important first.

    Raises
    ------
    ExecutionError, StoreError
        As `sim.execution.open_store.open_store` and `sim.execution.executor.run_job` do.
    """
    with open_store(folder, run.head) as store:
        result = run.play(store, context)
        return result, write_tables(folder, result)


def run_in_memory(run: Run[R], context: RunContext) -> R:
    """Run in a temporary folder, of which nothing is left."""
    with tempfile.TemporaryDirectory(prefix="border-sim-") as name, open_store(Path(name) / "run", run.head) as store:
        return run.play(store, context)


def python_context(*, workers: int | None, quiet: bool, engine: str) -> RunContext:
    """How a study is run that is called from Python.

    Parameters
    ----------
    workers:
        Processes; None for as many as suit the length of the run, 1 for this process alone.
    quiet:
        Show no progress.
    """
    return RunContext(
        execution=ExecutionSettings(kind="serial" if workers == 1 else "local", workers=workers),
        engine=engine,
        new_progress=lambda label, unit: make_progress(label, silent=quiet, unit=unit),
        say=lambda line: None,  # noqa: ARG005
    )


def write_tables(folder: Path, result: Result) -> list[Path]:
    """Write ``summary.json`` and the result's further tables; returns the paths of these."""
    tables = result.tables()
    for name, content in tables.items():
        atomic_write_bytes(folder / name, content)
    text = json.dumps(result.summary(), indent=2, allow_nan=False)
    atomic_write_text(folder / SUMMARY_NAME, text + "\n")
    return [folder / name for name in tables]


def write_report(folder: Path, result: Result, facts: Mapping[str, str], progress: Progress | None = None) -> Path:
    """Write ``figures/*.png`` and, last, ``report.html``; returns the page's path.

    Parameters
    ----------
    facts:
        Rows of the page's "How this was made", beside those of the summary.
    progress:
        Shows the short verification, where it has to be run first.

    Raises
    ------
    OSError
        When the folder cannot be written.
    """
    from sim.study.verify.run import short_check

    verification = short_check(progress) if result.verified else None
    (folder / FIGURES_NAME).mkdir(parents=True, exist_ok=True)
    figures = []
    for figure in result.figures():
        atomic_write_bytes(folder / FIGURES_NAME / f"{figure.name}.png", figure.png)
        figures.append(figure)
    atomic_write_text(folder / PAGE_NAME, result.page(figures, facts, verification))
    return folder / PAGE_NAME
