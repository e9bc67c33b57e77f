"""Taking an output folder: a new one, or one that holds the same run, to go on with it."""

from __future__ import annotations

import contextlib
import logging
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sim.cache.atomic import TEMPORARY, remove_temporaries
from sim.cache.lock import LOCK_NAME, FolderInUseError, lock_folder
from sim.execution.chunks import Chunk, part_name
from sim.execution.errors import StoreError
from sim.execution.manifest import MANIFEST_NAME, ManifestHead, differences, new_manifest, read_manifest
from sim.execution.store import OUTCOMES, DamagedPartError, Store, part_files, unusable

DAMAGED = "damaged"
"""Where damaged parts are put aside; nothing that somebody may want is ever deleted."""

_log = logging.getLogger(__name__)


def open_store(folder: Path | str, head: ManifestHead) -> Store:
    """Take an output folder for a run: a new one, or one that holds the same run, to go on with it.

    A damaged part is put aside and reported in one line (a warning of ``logging``); its replications then count
    as missing. Study, experiment, seed and configuration must be those of the earlier run; the execution settings,
    the output folder and a greater number of replications may differ.

    Raises
    ------
    StoreError
        With a message of one line, when the folder cannot be written, is in use, holds other things, or holds
        a run of another configuration (the message says what differs) or of more replications. Nothing new was
        written then.
    """
    folder = Path(folder)
    _earlier(folder, head)
    made: list[Path] = []
    release = None
    try:
        _make_folder(folder, made)
        release = lock_folder(folder)
        return _open_locked(folder, head, release)
    except BaseException as error:
        if release is not None:
            release()
        _remove_empty([folder / OUTCOMES, *made] if made else [])
        if isinstance(error, FolderInUseError):
            message = f"output={folder} is in use by another run{error.holder}; wait or give another"
            raise StoreError(message) from None
        if isinstance(error, OSError):
            raise unusable(folder, error) from error
        raise


def _open_locked(folder: Path, head: ManifestHead, release: Callable[[], None]) -> Store:
    # Read again, now that nobody else can change it.
    earlier = _earlier(folder, head)
    (folder / OUTCOMES).mkdir(exist_ok=True)
    remove_temporaries(folder)
    remove_temporaries(folder / OUTCOMES)
    manifest = new_manifest(head)
    if earlier is not None:
        was, now_is = earlier.get("commit"), manifest["commit"]
        if was != now_is:
            _log.warning("%s was begun with commit %s of the code and goes on with %s", folder, was, now_is)
        manifest |= {key: earlier[key] for key in ("started", "wall_seconds") if key in earlier}
    store = Store(folder, manifest, _sound_parts(folder, manifest["configuration_hash"]), release)
    store.check_extent(head.replications)
    store.mark("running")
    store.note_failures(())
    return store


def _earlier(folder: Path, head: ManifestHead) -> dict[str, Any] | None:
    """The manifest of the run to go on with, None for a folder that is new or empty."""
    names = _names_in(folder)
    if not names:
        return None
    if MANIFEST_NAME not in names:
        raise StoreError(f"output={folder} holds other things ({_few(names)}); give a new or empty folder")
    manifest = read_manifest(folder)
    changed = differences(manifest, head)
    if changed:
        raise StoreError(
            f"output={folder} holds another run: {_few(changed)}; give another output= or the same configuration"
        )
    return manifest


def _names_in(folder: Path) -> list[str]:
    """What the folder holds, without the leftovers of a run that was killed before its first manifest."""
    try:
        return sorted(path.name for path in folder.iterdir() if not _is_leftover(path))
    except FileNotFoundError:
        return []
    except OSError as error:
        raise unusable(folder, error) from error


def _is_leftover(path: Path) -> bool:
    if path.name == OUTCOMES and path.is_dir():
        return all(entry.name.startswith(TEMPORARY) for entry in path.iterdir())
    return path.name == LOCK_NAME or path.name.startswith(TEMPORARY)


def _sound_parts(folder: Path, run: str) -> list[Chunk]:
    """Read all parts; put aside, with a warning of one line each, those that are damaged or of another run."""
    held: list[Chunk] = []
    files = part_files(folder)
    if files:
        from sim.execution.parts import read_part  # slow to import (pandas, Arrow)
    for path, chunk in files:
        try:
            if held and chunk.start < held[-1].stop:
                raise DamagedPartError(f"it repeats replications of {part_name(held[-1])}")
            read_part(path, run)
        except DamagedPartError as damage:
            (folder / DAMAGED).mkdir(exist_ok=True)
            os.replace(path, folder / DAMAGED / path.name)
            reason = f"{damage}; what is missing of {chunk} will be run again"
            _log.warning("%s/%s was put aside in %s/%s: %s", OUTCOMES, path.name, folder, DAMAGED, reason)
        else:
            held.append(chunk)
    return held


def _make_folder(folder: Path, made: list[Path]) -> None:
    """Make a folder and its parents, adding to `made` which are new, deepest first."""
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    for path in reversed(missing):
        path.mkdir(exist_ok=True)
        made.insert(0, path)


def _remove_empty(folders: list[Path]) -> None:
    """Remove those folders that are empty, one after the other, and leave the others alone."""
    for folder in folders:
        with contextlib.suppress(OSError):
            folder.rmdir()


def _few(texts: list[str], most: int = 4) -> str:
    rest = f" and {len(texts) - most} more" if len(texts) > most else ""
    return ", ".join(texts[:most]) + rest
