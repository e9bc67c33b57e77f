"""The output folder of a run: its parts, its manifest, and going on where it was left."""

from __future__ import annotations

import bisect
import contextlib
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from sim.cache.atomic import atomic_write_bytes
from sim.execution.chunks import Chunk, missing_ranges, part_name, part_range
from sim.execution.errors import Failure, StoreError, one_line, write_failures
from sim.execution.manifest import now, read_manifest, write_manifest

if TYPE_CHECKING:
    import pandas as pd

    from sim.execution.rows import Rows

Read = TypeVar("Read")

OUTCOMES = "outcomes"
"""Folder of the parts, below the output folder."""


class DamagedPartError(Exception):
    """A file that has the name of a part but not what belongs in it."""


def part_files(folder: Path) -> list[tuple[Path, Chunk]]:
    """Files that are named like parts, in order, with the replications that their names promise."""
    outcomes = folder / OUTCOMES
    paths = sorted(outcomes.iterdir()) if outcomes.is_dir() else []
    return [(path, chunk) for path in paths if (chunk := part_range(path.name)) is not None]


def unusable(folder: Path, error: OSError) -> StoreError:
    """The system's complaint about a folder as one line."""
    return StoreError(f"output={folder} cannot be used: {error.strerror or one_line(error)}")


class Store:
    """An output folder that this process has taken with `open_store`; close it or use ``with``.

    Attributes
    ----------
    manifest:
        What ``manifest.json`` says; change it through `begin`, `mark` and `complete`.
    held:
        Chunks whose rows are there and sound.
    failures:
        By number, the replications that failed since the store was opened.
    """

    def __init__(
        self, folder: Path, manifest: dict[str, Any], held: list[Chunk], release: Callable[[], None] = lambda: None
    ) -> None:
        self.folder = folder
        self.manifest = manifest
        self.held = sorted(held)
        self.failures: dict[int, Failure] = {}
        self._release = release
        self._opened = time.monotonic() - manifest["wall_seconds"]

    @property
    def run(self) -> str:
        """What marks the parts of this run: the hash of its configuration."""
        return str(self.manifest["configuration_hash"])

    @property
    def kept(self) -> int:
        """How many replications there are rows of."""
        return sum(chunk.stop - chunk.start for chunk in self.held)

    def begin(self, replications: int) -> list[Chunk]:
        """Set how many replications are wanted in all; returns what is missing. Raises as `check_extent` does."""
        self.check_extent(replications)
        self.mark("running", replications=replications, digest=None, ended=None, problem=None)
        failed = [(number, number + 1) for number in self.failures]
        return missing_ranges([*self.held, *failed], replications)

    def check_extent(self, replications: int) -> None:
        """Raise `StoreError` when the folder already holds more than so many: whoever reads it would count those in."""
        most = max((chunk.stop for chunk in self.held), default=0)
        if most > replications:
            raise StoreError(
                f"output={self.folder} already holds {most} replications, more than replications={replications}: "
                f"ask for at least {most}, or give another output="
            )

    def write(self, chunk: Chunk, part: bytes) -> None:
        """Keep the rows of a chunk, as made by `encode_part`."""
        try:
            atomic_write_bytes(self.folder / OUTCOMES / part_name(chunk), part)
        except OSError as error:
            raise unusable(self.folder, error) from error
        # Among the many of a long run: in its place, without sorting all of them again.
        bisect.insort(self.held, chunk)

    def note_failures(self, failures: Iterable[Failure]) -> None:
        """Keep the record of replications that raised an error; once the store is opened anew, they are run again."""
        self.failures |= {failure.replication: failure for failure in failures}
        try:
            write_failures(self.folder, self.manifest["seed"], self.failures)
        except OSError as error:
            raise unusable(self.folder, error) from error

    def frames(self, *, coded: bool = False) -> Iterator[pd.DataFrame]:
        """The rows part by part, in order, verified; with `coded`, strings are categories.

        A `StoreError` reports a part that was damaged since it was written; a run with the same output mends it.
        """
        # Here and below: slow to import (pandas, Arrow), needed when the replications have been run.
        from sim.execution.parts import read_part

        return self._each_part(self.held, lambda path: read_part(path, self.run, coded=coded))

    def read(self) -> pd.DataFrame:
        """All rows in order, verified; raises `StoreError` as `frames` does."""
        import pandas as pd

        frames = [frame for frame in self.frames() if len(frame)]
        return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()

    def rows(self, start: int = 0, stop: int | None = None) -> Rows:
        """All rows as they are on the disk, verified, to be decoded when needed; raises as `frames` does.

        Parts that end before replication `start`, or begin with `stop` or after it, are left out.
        """
        from sim.execution.parts import read_part_bytes
        from sim.execution.rows import Rows

        parts = [chunk for chunk in self.held if chunk.stop > start and (stop is None or chunk.start < stop)]
        return Rows.of_parts(self._each_part(parts, lambda path: read_part_bytes(path, self.run)))

    def _each_part(self, chunks: list[Chunk], read: Callable[[Path], Read]) -> Iterator[Read]:
        for chunk in chunks:
            name = part_name(chunk)
            try:
                yield read(self.folder / OUTCOMES / name)
            except DamagedPartError as damage:
                raise StoreError(f"{self.folder}: {name} is damaged: {damage}; run again to mend it") from damage

    def mark(self, state: str, **facts: Any) -> None:
        """Record in the manifest how far the run is: running, interrupted, failed, incomplete or complete."""
        self.manifest |= {"state": state, "wall_seconds": round(time.monotonic() - self._opened, 3), **facts}
        try:
            write_manifest(self.folder, self.manifest)
        except OSError as error:
            raise unusable(self.folder, error) from error

    def complete(self, each: Callable[[pd.DataFrame], None] | None = None) -> str:
        """Read everything back, record the digest of the rows, and return it.

        One part at a time is in memory. `each` is called with every part in order, its strings as categories.
        """
        from sim.execution.digest import rows_digest
        from sim.execution.parts import release_memory

        try:
            digest = rows_digest(self._frames_passed_to(each))
        except ValueError as error:
            raise StoreError(f"{self.folder}: the rows do not fit together: {error}") from error
        release_memory()
        if self.failures:
            problem = f"{len(self.failures)} of {self.manifest['replications']} replications failed"
            self.mark("incomplete", digest=digest, ended=now(), problem=problem)
        else:
            self.mark("complete", digest=digest, ended=now())
        return digest

    def _frames_passed_to(self, each: Callable[[pd.DataFrame], None] | None) -> Iterator[pd.DataFrame]:
        for frame in self.frames(coded=True):
            if each is not None and len(frame):
                each(frame)
            yield frame

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


def read_outcomes(folder: Path | str) -> pd.DataFrame:
    """All rows of an output folder in order, verified, without taking the folder.

    A `StoreError` says that it is no output folder, or that a part is damaged.
    """
    folder = Path(folder)
    return Store(folder, read_manifest(folder), [chunk for _, chunk in part_files(folder)]).read()


def read_stretch(folder: Path | str, start: int, stop: int) -> pd.DataFrame:
    """Rows of replications `start` to `stop` - 1 of an output folder in order, verified, without taking the folder.

    A job that is run in stages reads what earlier stages wrote with it. Parts that lie wholly outside are not opened;
    a `StoreError` reports those that are missing or damaged.
    """
    folder = Path(folder)
    parts = [chunk for _, chunk in part_files(folder) if chunk.start < stop and chunk.stop > start]
    if gaps := [gap for gap in missing_ranges(parts, stop) if gap.stop > start]:
        raise StoreError(f"{folder}: {gaps[0]} are not there yet")
    rows = Store(folder, read_manifest(folder), parts).read()
    return rows[rows["replication"].between(start, stop - 1)].reset_index(drop=True) if len(rows) else rows
