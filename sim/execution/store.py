"""The output folder of a run: taking it, its parts, its manifest, and going on where it was left."""

from __future__ import annotations

import bisect
import contextlib
import logging
import math
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.cache.atomic import TEMPORARY, atomic_write_bytes, remove_temporaries
from sim.cache.lock import LOCK_NAME, FolderInUseError, lock_folder
from sim.execution.chunks import OUTCOMES, Chunk, missing_ranges, part_files, part_name
from sim.execution.errors import DamagedPartError, Failure, StoreError, few, one_line, write_failures
from sim.execution.manifest import (
    MANIFEST_NAME,
    ManifestHead,
    differences,
    new_manifest,
    now,
    read_manifest,
    write_manifest,
)

# Slow to import (pandas, Arrow), and needed only when replications have been run: imported where they are used.
if TYPE_CHECKING:
    import pandas as pd

    from sim.execution.rows import Rows

_log = logging.getLogger(__name__)


class Store:
    """An output folder that this process has taken with `open_store`; close it or use ``with``.

    Attributes
    ----------
    manifest:
        What ``manifest.json`` says; change it through `begin`, `mark` and `complete`.
    written:
        Chunks whose rows are there and sound.
    failures:
        By number, the replications that failed since the store was opened.
    """

    def __init__(
        self, folder: Path, manifest: dict[str, Any], written: list[Chunk], release: Callable[[], None] = lambda: None
    ) -> None:
        self.folder = folder
        self.manifest = manifest
        self.written = sorted(written)
        self.failures: dict[int, Failure] = {}
        self._release = release
        self._opened = time.monotonic() - manifest["wall_seconds"]

    @property
    def run(self) -> str:
        """What marks the parts of this run: the hash of its configuration."""
        return str(self.manifest["configuration_hash"])

    @property
    def finished(self) -> int:
        """How many replications there are rows of."""
        return sum(chunk.stop - chunk.start for chunk in self.written)

    def begin(self, replications: int) -> list[Chunk]:
        """Set how many replications are wanted in all; returns what is missing. Raises as `check_extent` does."""
        self.check_extent(replications)
        self.mark("running", replications=replications, digest=None, ended=None, problem=None)
        failed = [(number, number + 1) for number in self.failures]
        return missing_ranges([*self.written, *failed], replications)

    def check_extent(self, replications: int) -> None:
        """Raise `StoreError` when the folder already holds more than so many: whoever reads it would count those in."""
        most = max((chunk.stop for chunk in self.written), default=0)
        if most > replications:
            raise StoreError(
                f"output={self.folder} already holds {most} replications, more than replications={replications}: "
                f"ask for at least {most}, or give another output="
            )

    def write(self, chunk: Chunk, part: bytes) -> None:
        """Keep the rows of a chunk, as made by `encode_part`."""
        with _complaints(self.folder):
            atomic_write_bytes(self.folder / OUTCOMES / part_name(chunk), part)
        # Among the many of a long run: in its place, without sorting all of them again.
        bisect.insort(self.written, chunk)

    def note_failures(self, failures: Iterable[Failure]) -> None:
        """Keep the record of replications that raised an error; once the store is opened anew, they are run again."""
        self.failures |= {failure.replication: failure for failure in failures}
        with _complaints(self.folder):
            write_failures(self.folder, self.manifest["seed"], self.failures)

    def rows(self, start: int = 0, stop: int | None = None) -> Rows:
        """All rows as they are on the disk, verified, to be decoded when needed.

        Parts that end before replication `start`, or begin with `stop` or after it, are left out. A `StoreError`
        reports a part that was damaged since it was written; a run with the same output mends it.
        """
        from sim.execution.rows import Rows

        return Rows.of_parts(self._parts(start, stop))

    def _parts(self, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        from sim.execution.rows import read_part

        for chunk in self.written:
            if chunk.stop <= start or (stop is not None and chunk.start >= stop):
                continue
            name = part_name(chunk)
            try:
                yield read_part(self.folder / OUTCOMES / name, self.run)
            except DamagedPartError as damage:
                raise StoreError(f"{self.folder}: {name} is damaged: {damage}; run again to mend it") from damage

    def mark(self, state: str, **facts: Any) -> None:
        """Record in the manifest how far the run is: running, interrupted, failed, incomplete or complete."""
        self.manifest |= {"state": state, "wall_seconds": round(time.monotonic() - self._opened, 3), **facts}
        with _complaints(self.folder):
            write_manifest(self.folder, self.manifest)

    def complete(self, each: Callable[[pd.DataFrame], None] | None = None) -> str:
        """Read everything back, record the digest of the rows, and return it.

        One part at a time is in memory. `each` is called with every part in order, its strings as categories.
        """
        from sim.execution.digest import rows_digest
        from sim.execution.rows import frame_of_part, release_memory

        def frames() -> Iterator[pd.DataFrame]:
            for frame in map(frame_of_part, self._parts()):
                if each is not None and len(frame):
                    each(frame)
                yield frame

        try:
            digest = rows_digest(frames())
        except ValueError as error:
            raise StoreError(f"{self.folder}: the rows do not fit together: {error}") from error
        release_memory()
        failed = f"{len(self.failures)} of {self.manifest['replications']} replications failed"
        facts = {"state": "incomplete", "problem": failed} if self.failures else {"state": "complete"}
        self.mark(digest=digest, ended=now(), **facts)
        return digest

    def stop(self, reason: BaseException) -> None:
        """Record that the run ended early: interrupted by the user, or failed."""
        state = "interrupted" if isinstance(reason, KeyboardInterrupt) else "failed"
        # The reason itself is on its way to the user; a full disk must not take its place.
        with contextlib.suppress(StoreError):
            self.mark(state, ended=now(), problem=one_line(reason) if state == "failed" else None)

    def close(self) -> None:
        """Let others use the folder."""
        release, self._release = self._release, lambda: None
        release()

    def __enter__(self) -> Store:
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if error is not None and self.manifest["state"] == "running":
            self.stop(error)
        self.close()


def read_outcomes(folder: Path | str, start: int = 0, stop: int | None = None) -> pd.DataFrame:
    """Rows of an output folder in order, verified, without taking the folder: all, or those of some replications.

    A job that is run in stages reads what earlier stages wrote with it. Parts that lie wholly outside of `start` to
    `stop` - 1 (None: to the last) are not opened. A `StoreError` says that it is no output folder, that a part is
    damaged, or that rows up to a given `stop` are missing.
    """
    folder = Path(folder)
    chunks = [chunk for _, chunk in part_files(folder)]
    if stop is not None and (gaps := [gap for gap in missing_ranges(chunks, stop) if gap.stop > start]):
        raise StoreError(f"{folder}: {gaps[0]} are not there yet")
    rows = Store(folder, read_manifest(folder), chunks).rows(start, stop).frame()
    if not len(rows) or (start == 0 and stop is None):
        return rows
    last = math.inf if stop is None else stop - 1
    return rows[rows["replication"].between(start, last)].reset_index(drop=True)


def open_store(folder: Path | str, head: ManifestHead) -> Store:
    """Take an output folder for a run: a new one, or one that holds the same run, to go on with it.

    A damaged part is put aside and reported in one line (a warning of ``logging``); its replications then count
    as missing. A `StoreError` of one line says that the folder cannot be written, is in use, holds other things, or
    a run of another configuration (see `differences`) or of more replications. Nothing new was written then.
    """
    folder = Path(folder)
    with _complaints(folder), contextlib.ExitStack() as undo:
        _earlier(folder, head)
        missing = [path for path in (folder, *folder.parents) if not path.exists()]
        # What was there before stays; so does what is not empty.
        for path in reversed([folder / OUTCOMES, *missing] if missing else []):
            undo.callback(_remove_empty, path)
        folder.mkdir(parents=True, exist_ok=True)
        release = lock_folder(folder)
        undo.callback(release)
        store = _open_locked(folder, head, release)
        undo.pop_all()
        return store


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
    written: list[Chunk] = []
    if part_files(folder):
        from sim.execution.rows import sound_parts

        written = sound_parts(folder, manifest["configuration_hash"])
    store = Store(folder, manifest, written, release)
    store.check_extent(head.replications)
    store.mark("running")
    store.note_failures(())
    return store


def _earlier(folder: Path, head: ManifestHead) -> dict[str, Any] | None:
    """The manifest of the run to go on with, None for a folder that is new or empty."""
    names = sorted(path.name for path in folder.iterdir() if not _is_leftover(path)) if folder.exists() else []
    if not names:
        return None
    if MANIFEST_NAME not in names:
        raise StoreError(f"output={folder} holds other things ({few(names)}); give a new or empty folder")
    manifest = read_manifest(folder)
    changed = differences(manifest, head)
    if changed:
        raise StoreError(
            f"output={folder} holds another run: {few(changed)}; give another output= or the same configuration"
        )
    return manifest


def _is_leftover(path: Path) -> bool:
    """Whether it may be left by a run that was killed before its first manifest."""
    if path.name == OUTCOMES and path.is_dir():
        return all(entry.name.startswith(TEMPORARY) for entry in path.iterdir())
    return path.name == LOCK_NAME or path.name.startswith(TEMPORARY)


@contextlib.contextmanager
def _complaints(folder: Path) -> Iterator[None]:
    """Give the system's complaint about a folder, or that another run has it, as a `StoreError` of one line."""
    try:
        yield
    except FolderInUseError as error:
        raise StoreError(f"output={folder} is in use by another run{error.holder}; wait or give another") from None
    except OSError as error:
        raise StoreError(f"output={folder} cannot be used: {error.strerror or one_line(error)}") from error


def _remove_empty(folder: Path) -> None:
    with contextlib.suppress(OSError):
        folder.rmdir()
