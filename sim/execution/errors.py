"""What can go wrong between a job and its rows: errors that end a run, and replications that failed."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from sim.cache.atomic import atomic_write_text

FAILED_NAME = "failed.json"
IN_ARM = "in arm "
"""How a job notes on an error in which arm it happened, without changing the type of the error."""


class StoreError(Exception):
    """The output folder cannot be used: unwritable, in use, or holding something else; one line."""


class DamagedPartError(Exception):
    """A file that has the name of a part but not what belongs in it."""


class ExecutionError(Exception):
    """Some replications could not be run; the message is one line.

    `traceback_text` comes from where the job failed, perhaps another process; Python prints it below an uncaught error.
    """

    def __init__(self, message: str, traceback_text: str = "") -> None:
        super().__init__(message)
        self.traceback_text = traceback_text
        if traceback_text:
            self.add_note(traceback_text)


class MissingExtraError(Exception):
    """What was asked for needs an extra of the package, or (`extra` None) another way of starting."""

    def __init__(self, extra: str | None, reason: str) -> None:
        how = f"execution={extra} needs the extra '{extra}': pip install 'border-sim[{extra}]' ({reason})"
        super().__init__(how if extra else reason)


def one_line(error: BaseException) -> str:
    r"""Type and message of an error on one line.

    >>> one_line(ValueError("first\nsecond"))
    'ValueError: first second'
    """
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def few(words: Sequence[object], most: int = 4) -> str:
    """The first words of a list, and how many more there are.

    >>> few(["a", "b", "c"], 2)
    'a, b and 1 more'
    """
    rest = f" and {len(words) - most} more" if len(words) > most else ""
    return ", ".join(map(str, words[:most])) + rest


def shortened(text: str) -> str:
    """A text cut to 40 characters."""
    return text if len(text) <= 40 else text[:37] + "..."


@dataclass(frozen=True)
class Failure:
    """A replication that gave no rows: its number, the arm (None where the job did not say), and the error's line."""

    replication: int
    arm: str | None
    error: str

    @classmethod
    def of(cls, replication: int, error: BaseException) -> Failure:
        """The record of an error; a note of the error that begins with `IN_ARM` names the arm."""
        arms = [note.removeprefix(IN_ARM) for note in getattr(error, "__notes__", ()) if note.startswith(IN_ARM)]
        return cls(replication, arms[-1] if arms else None, one_line(error))


def write_failures(folder: Path, seed: int, failures: Mapping[int, Failure]) -> None:
    """Write ``failed.json``: number, arm, seed and error of each failed replication; no file when there is none."""
    if not failures:
        (folder / FAILED_NAME).unlink(missing_ok=True)
        return
    entries = [{**asdict(failures[number]), "seed": seed} for number in sorted(failures)]
    atomic_write_text(folder / FAILED_NAME, json.dumps(entries, indent=2, ensure_ascii=False) + "\n")
