"""Tables of a ground kept on disk from one start to the next: to build them anew takes half of a start.

A file holds what the last run on a ground has used. It is named by a hash of the ground's settings, of all code that
tables are made by, and of versions, and is not read unless it is whole. Each table in it is known by the content that
it depends on, as in memory: where an arm, a post or a group is another, only what rests on that is built.
"""

from __future__ import annotations

import contextlib
import io
import pickle
import platform
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

from sim.cache.fingerprint import fingerprint
from sim.cache.place import machine
from sim.cache.private import open_private, usual_root
from sim.cache.sealed import keep_sealed, read_sealed
from sim.scenario.terrain import TerrainSettings
from sim.world.tables import Tables

KINDS = ("terrain", "routes", "sight", "travel")
"""Of tables that are kept; the graphs that they are made with are large, and built where one of them is missing."""

SOURCES = ("cache/*.py", "rules/*.py", "scenario/**/*.py", "terrain/*.py", "world/*.py")
ROOM_MB = 256.0
"""For the files of all grounds; one takes 10 for 288 x 288 cells and six arms."""

LIBRARIES = ("pydantic", "scipy")
"""Beside those that `sim.cache.place.machine` tells of."""

_PACKAGE = Path(__file__).resolve().parents[1]


@contextlib.contextmanager
def kept_tables(ground: TerrainSettings) -> Iterator[Tables]:
    """Tables to build Worlds with: the last run on this ground has left them, and those used now are left to the next.

    Where there is no place that is the user's own, none is read or left, and nothing said: it only takes longer.

    Parameters
    ----------
    ground:
        Of the scenario; arms may have others.
    """
    tables = Tables()
    path = take_kept(tables, ground)
    yield tables
    if path and tables.built:
        with contextlib.suppress(OSError, MemoryError):
            file = _Bounded()
            pickle.dump(tables.used(KINDS), file, protocol=pickle.HIGHEST_PROTOCOL)
            keep_sealed(path, file.getvalue(), ROOM_MB)


def take_kept(tables: Tables, ground: TerrainSettings) -> Path | None:
    """Take in what the last run on a ground has left; returns its file, None where nothing can be kept."""
    path = place_of(tables.ground_digest(ground))
    content = read_sealed(path) if path else None
    if content is not None:
        # It was written by this very code, in a folder in which nobody else can write. Should it not be read all the
        # same, the tables are built as if it were not there.
        with contextlib.suppress(Exception):
            tables.take(pickle.loads(content))
    return path


def place_of(ground_digest: str) -> Path | None:
    """The file of a ground's tables; None where nothing can be kept."""
    try:
        versions = [version(name) for name in LIBRARIES]
        name = fingerprint(_PACKAGE, SOURCES, ground_digest, versions, machine(), platform.platform())
        return open_private(usual_root(), "tables") / f"{name}.pickle"
    except (OSError, RuntimeError, ImportError):  # the last where a library does not tell its version
        return None


class _Bounded(io.BytesIO):
    """A file in memory that grows no larger than there is room for."""

    def write(self, data: Any) -> int:
        """Write, or raise an OSError."""
        if self.tell() + memoryview(data).nbytes > ROOM_MB * 1e6:
            raise OSError("no room")
        return super().write(data)
