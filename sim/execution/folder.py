"""What lies in an output folder, looked at file by file."""

from __future__ import annotations

import contextlib
import logging
import os
from pathlib import Path

from sim.cache.atomic import TEMPORARY
from sim.cache.lock import LOCK_NAME
from sim.execution.chunks import Chunk
from sim.execution.errors import StoreError, one_line
from sim.execution.part_names import DamagedPartError, part_name, part_range

OUTCOMES = "outcomes"
DAMAGED = "damaged"
"""Where damaged parts are put aside; nothing that somebody may want is ever deleted."""

_log = logging.getLogger(__name__)


def names_in(folder: Path) -> list[str]:
    """What the folder holds besides the leftovers of a run that was killed before its first manifest.

    Empty for a folder that does not exist.

    Raises
    ------
    StoreError
        When there is something else of that name, or no permission.
    """
    try:
        return sorted(path.name for path in folder.iterdir() if not _is_leftover(path))
    except FileNotFoundError:
        return []
    except OSError as error:
        raise unusable(folder, error) from error


def part_files(folder: Path) -> list[tuple[Path, Chunk]]:
    """Files of the folder ``outcomes`` that are named like parts, in order, with what their names promise."""
    outcomes = folder / OUTCOMES
    paths = sorted(outcomes.iterdir()) if outcomes.is_dir() else []
    return [(path, chunk) for path in paths if (chunk := part_range(path.name)) is not None]


def sound_parts(folder: Path, run: str) -> list[Chunk]:
    """Read all parts; put aside, with a warning of one line each, those that are damaged or of another run."""
    held: list[Chunk] = []
    files = part_files(folder)
    if files:
        from sim.execution.parts import read_part  # with it come pandas and Arrow
    for path, chunk in files:
        try:
            if held and chunk.start < held[-1].stop:
                raise DamagedPartError(f"it repeats replications of {part_name(held[-1])}")
            read_part(path, run)
        except DamagedPartError as damage:
            _put_aside(folder, path, f"{damage}; what is missing of {chunk} will be run again")
        else:
            held.append(chunk)
    return held


def make_folder(folder: Path, made: list[Path]) -> None:
    """Make a folder and its parents, adding to `made` which are new, deepest first."""
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    for path in reversed(missing):
        path.mkdir(exist_ok=True)
        made.insert(0, path)


def remove_empty(folders: list[Path]) -> None:
    """Remove those folders that are empty, one after the other, and leave the others alone."""
    for folder in folders:
        with contextlib.suppress(OSError):
            folder.rmdir()


def unusable(folder: Path, error: OSError) -> StoreError:
    """The system's complaint about a folder as one line."""
    return StoreError(f"output={folder} cannot be used: {error.strerror or one_line(error)}")


def _is_leftover(path: Path) -> bool:
    if path.name == OUTCOMES and path.is_dir():
        return all(entry.name.startswith(TEMPORARY) for entry in path.iterdir())
    return path.name == LOCK_NAME or path.name.startswith(TEMPORARY)


def _put_aside(folder: Path, path: Path, reason: str) -> None:
    (folder / DAMAGED).mkdir(exist_ok=True)
    os.replace(path, folder / DAMAGED / path.name)
    _log.warning("%s/%s was put aside in %s/%s: %s", OUTCOMES, path.name, folder, DAMAGED, reason)
