"""Taking an output folder: a new one, or one that holds the same run, to go on with it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sim.cache.atomic import remove_temporaries
from sim.cache.lock import FolderInUseError, lock_folder
from sim.execution.errors import StoreError
from sim.execution.folder import OUTCOMES, make_folder, names_in, remove_empty, sound_parts, unusable
from sim.execution.manifest import MANIFEST_NAME, ManifestHead, differences, new_manifest, read_manifest
from sim.execution.store import Store

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
        make_folder(folder, made)
        release = lock_folder(folder)
        return _enter(folder, head, release)
    except BaseException as error:
        if release is not None:
            release()
        remove_empty([folder / OUTCOMES, *made] if made else [])
        if isinstance(error, FolderInUseError):
            message = f"output={folder} is in use by another run{error.holder}; wait or give another"
            raise StoreError(message) from None
        if isinstance(error, OSError):
            raise unusable(folder, error) from error
        raise


def _enter(folder: Path, head: ManifestHead, release: Callable[[], None]) -> Store:
    # Looked at again, now that nobody else can change it.
    earlier = _earlier(folder, head)
    (folder / OUTCOMES).mkdir(exist_ok=True)
    remove_temporaries(folder)
    remove_temporaries(folder / OUTCOMES)
    manifest = new_manifest(head)
    if earlier is not None:
        _tell_changed_code(folder, earlier, manifest)
        manifest |= {key: earlier[key] for key in ("started", "wall_seconds") if key in earlier}
    store = Store(folder, manifest, sound_parts(folder, manifest["configuration_hash"]), release)
    store.check_extent(head.replications)
    store.mark("running")
    store.note_failures(())
    return store


def _earlier(folder: Path, head: ManifestHead) -> dict[str, Any] | None:
    """The manifest of the run to go on with, None for a folder that is new or empty."""
    names = names_in(folder)
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


def _tell_changed_code(folder: Path, earlier: dict[str, Any], manifest: dict[str, Any]) -> None:
    was, now_is = earlier.get("commit"), manifest["commit"]
    if was != now_is:
        _log.warning("%s was begun with commit %s of the code and goes on with %s", folder, was, now_is)


def _few(texts: list[str], most: int = 4) -> str:
    rest = f" and {len(texts) - most} more" if len(texts) > most else ""
    return ", ".join(texts[:most]) + rest
