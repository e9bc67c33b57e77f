"""Replications that raised an error: kept beside the rows, so that each can be looked into."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from sim.cache.atomic import atomic_write_text
from sim.execution.errors import one_line

FAILED_NAME = "failed.json"
IN_ARM = "in arm "
"""How a job notes on an error where it happened, without changing what error it is."""

MANY = 20
"""If the first so many replications all fail, the rest would hardly do better."""

TOO_MANY = 100
"""From so many failures on, more than half of all that was tried end the run."""


@dataclass(frozen=True)
class Failure:
    """A replication that gave no rows.

    Attributes
    ----------
    replication:
        Its number.
    arm:
        In which arm it failed; None where the job did not say.
    error:
        Type and message, on one line.
    """

    replication: int
    arm: str | None
    error: str


def failure_of(replication: int, error: BaseException) -> Failure:
    """The record of an error; the arm is told by a note of the error that begins with `IN_ARM`."""
    arms = [note.removeprefix(IN_ARM) for note in getattr(error, "__notes__", ()) if note.startswith(IN_ARM)]
    return Failure(replication, arms[-1] if arms else None, one_line(error))


def write_failures(folder: Path, seed: int, failures: Mapping[int, Failure]) -> None:
    """Write ``failed.json``: of each failed replication its number, arm, seed and error; no file when there is none.

    Raises
    ------
    OSError
        When the folder cannot be written.
    """
    if not failures:
        (folder / FAILED_NAME).unlink(missing_ok=True)
        return
    entries = [{**asdict(failures[number]), "seed": seed} for number in sorted(failures)]
    atomic_write_text(folder / FAILED_NAME, json.dumps(entries, indent=2, ensure_ascii=False) + "\n")


def replay_command(folder: Path, replication: int, arm: str | None = None) -> str:
    """What to type to see a failed replication again, with its story and the whole traceback."""
    words = ["study=replay", f"output={folder}", f"replay.replication={replication}"]
    words += [] if arm is None else [f"replay.arm={arm}"]
    return shlex.join(["python", "-m", "sim", *words])


def told(folder: Path, failures: Iterable[Failure], wanted: int) -> str:
    """How many failed, where they are listed, and how to look into the first, in one line."""
    failed = sorted(failures, key=lambda failure: failure.replication)
    command = replay_command(folder, failed[0].replication, failed[0].arm)
    return (
        f"{len(failed)} of {wanted} replications failed and are left out in all arms; they are listed in "
        f"{folder / FAILED_NAME}, and run again by the next run; to see one: {command}"
    )
