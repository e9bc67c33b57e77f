"""An error in a model of one's own, told as a problem."""

from __future__ import annotations

import traceback
from pathlib import Path

from sim.conformance.verdict import Problem

PACKAGE = Path(__file__).resolve().parents[1]


def problem_of(error: BaseException, name: str) -> Problem:
    """The last line of the traceback, where it was raised, and how to see the rest.

    Parameters
    ----------
    name:
        Of the model's class.
    """
    notes = "".join(f", {note}" for note in getattr(error, "__notes__", ()))
    return Problem(
        f"{last_line(error)}{_where(error)}{notes}",
        f"mend it in {name} or its agents; sim.run(case, arm, replications, model={name}) shows the whole traceback",
    )


def last_line(error: BaseException) -> str:
    """Type and message on one line, even of an error whose own text cannot be had."""
    told = traceback.TracebackException(type(error), error, None)
    told.__notes__ = None
    return " ".join("".join(told.format_exception_only()).split())


def _where(error: BaseException) -> str:
    """Where it was raised: in code of the model's author if any took part."""
    frames = list(traceback.extract_tb(error.__traceback__))
    own = [frame for frame in frames if not _is_library(Path(frame.filename))]
    if not frames:
        return ""
    frame = (own or frames)[-1]
    return f" ({Path(frame.filename).name}, line {frame.lineno}, in {frame.name})"


def _is_library(path: Path) -> bool:
    return PACKAGE in path.resolve().parents or "site-packages" in path.parts
