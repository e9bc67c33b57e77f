"""Writing the report of a comparison into a folder."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sim.cache.atomic import atomic_write_bytes, atomic_write_text
from sim.study.compare.figures.all import take_pictures
from sim.study.compare.page import render_page
from sim.study.compare.result import CompareResult

PAGE_NAME, FIGURES_NAME = "report.html", "figures"


def write_report(
    result: CompareResult, folder: Path, *, facts: Mapping[str, str], checked: dict[str, Any] | None = None
) -> Path:
    """Write ``figures/*.png`` and, last, ``report.html``; each file is there whole or not at all.

    Parameters
    ----------
    result:
        A finished comparison.
    folder:
        Where to; made if missing.
    facts:
        Rows for the page's "How this was made": the command to repeat it, versions, commit.
    checked:
        Summary of a verification, of which the short form is told.

    Returns
    -------
    Path of the page.

    Raises
    ------
    OSError
        When the folder cannot be written.
    """
    summary = result.summary()
    figures = folder / FIGURES_NAME
    figures.mkdir(parents=True, exist_ok=True)
    shots = []
    for shot in take_pictures(result, summary):
        atomic_write_bytes(figures / f"{shot.name}.png", shot.png)
        shots.append(shot)
    page = folder / PAGE_NAME
    atomic_write_text(page, render_page(result.scenario, summary, shots, facts, checked))
    return page
