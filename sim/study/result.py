"""What comes of any run: how it shows itself, and how it is written into its folder."""

from __future__ import annotations

import copy
import json
import math
import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from sim.cache.atomic import atomic_write_bytes, atomic_write_text

if TYPE_CHECKING:
    from sim.execution.progress import Progress
    from sim.report.page import Checked, Figure

SUMMARY_NAME, PAGE_NAME, FIGURES_NAME = "summary.json", "report.html", "figures"


class Result:
    """What came of a run, and how it shows itself.

    A study's result gives `digest`, `make_summary`, `sentences` and `page`, and what else differs from this.

    Attributes
    ----------
    digest:
        SHA-256 of the rows.
    verified:
        Whether the report has a section with the short verification.
    """

    digest: str
    verified: ClassVar[bool] = True

    @property
    def passed(self) -> bool:
        """Whether the exit status is 0, as far as the result decides it."""
        return True

    def make_summary(self) -> dict[str, Any]:
        """What ``summary.json`` holds; numbers may be infinite or NaN, which become None in `summary`."""
        raise NotImplementedError

    @cached_property
    def _summary(self) -> dict[str, Any]:
        return dict(finite(self.make_summary()))

    def summary(self) -> dict[str, Any]:
        """Everything that ``summary.json`` holds (a copy); ``docs/OUTCOMES.md`` explains the keys. None: undefined."""
        return copy.deepcopy(self._summary)

    def sentences(self) -> Iterable[str]:
        """The answer in plain words, one paragraph an entry."""
        raise NotImplementedError

    def tables(self) -> Mapping[str, bytes]:
        """Files beside the summary by name, the most important first."""
        return {}

    def figures(self) -> Iterator[Figure]:
        """The report's figures, drawn one at a time; those that have nothing to show are left out."""
        return iter(())

    def page(self, figures: Sequence[Figure], facts: Mapping[str, str], checked: Checked | None) -> str:
        """The report as one HTML page.

        Parameters
        ----------
        facts:
            Rows of "How this was made" beside those that the summary gives.
        checked:
            The short verification, or None.
        """
        raise NotImplementedError

    def problems(self, folder: Path) -> Sequence[str]:  # noqa: ARG002
        """One line for each problem of the run that the user must hear of; the exit status is then 1."""
        return ()

    def report(self, folder: str | Path, facts: Mapping[str, str] | None = None) -> Path:
        """Write summary, tables, figures and the HTML page into a folder; returns the page's path.

        Raises
        ------
        OSError
            When the folder cannot be written.
        """
        Path(folder).mkdir(parents=True, exist_ok=True)
        write_tables(Path(folder), self)
        return write_report(Path(folder), self, facts or {})


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
    # The links are imported where a report is drawn.
    from sim.study.verify.page import checked_of
    from sim.study.verify.summary import short_check

    checked = checked_of(short_check(progress)) if result.verified else None
    (folder / FIGURES_NAME).mkdir(parents=True, exist_ok=True)
    figures = []
    for figure in result.figures():
        atomic_write_bytes(folder / FIGURES_NAME / f"{figure.name}.png", figure.png)
        figures.append(figure)
    atomic_write_text(folder / PAGE_NAME, result.page(figures, facts, checked))
    return folder / PAGE_NAME


def finite(value: Any) -> Any:
    """The same nested data with None for every number that JSON cannot hold."""
    if isinstance(value, dict):
        return {key: finite(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [finite(part) for part in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def replay_command(folder: Path, replication: int, arm: str | None = None) -> str:
    """What to type to see a failed replication again, with its story and the whole traceback."""
    words = ["study=replay", f"output={folder}", f"replay.replication={replication}"]
    words += [] if arm is None else [f"replay.arm={arm}"]
    return shlex.join(["python", "-m", "sim", *words])
