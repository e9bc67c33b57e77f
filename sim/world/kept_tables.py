"""Tables of a ground kept from one start to the next: to build them anew takes half of a start.

An entry of the cache holds what the last run on a ground has used. Each table in it is known by the content that it
depends on, as in memory: where an arm, a post or a group is another, only what rests on that is built.
"""

from __future__ import annotations

import contextlib
import pickle
import platform
from collections.abc import Iterator

from sim.cache.kept_code import PACKAGE, machine
from sim.cache.store import get, key_of, put
from sim.scenario.terrain import TerrainSettings
from sim.world.tables import Tables, bytes_of

KINDS = ("terrain", "routes", "sight", "travel")
"""Of tables that are kept; the graphs that they are made with are large, and built where one of them is missing."""

SOURCES = ("*.py", "cache/*.py", "rules/*.py", "scenario/**/*.py", "terrain/*.py", "world/*.py")
ROOM_MB = 256.0
"""For all grounds; one takes 10 for 288 x 288 cells and six arms."""


@contextlib.contextmanager
def kept_tables(ground: TerrainSettings) -> Iterator[Tables]:
    """Tables to build Worlds with: those that the last run on this ground used, and this run's are left to the next."""
    tables = Tables()
    key = take_kept(tables, ground)
    yield tables
    used = tables.used(KINDS)
    if key and tables.built and bytes_of(used) <= ROOM_MB * 1e6:
        with contextlib.suppress(MemoryError):
            put("tables", key, pickle.dumps(used, protocol=pickle.HIGHEST_PROTOCOL), ROOM_MB)


def take_kept(tables: Tables, ground: TerrainSettings) -> str | None:
    """Take in what the last run on a ground has left; returns its key, None if it has none."""
    try:
        key = key_of_ground(tables.ground_digest(ground))
    except (OSError, ImportError):
        return None
    content = get("tables", key)
    if content is not None:
        # It was written by this very code. Should it not be read all the same, the tables are built as if it were not.
        with contextlib.suppress(Exception):
            tables.take(pickle.loads(content))
    return key


def key_of_ground(digest: str) -> str:
    """Hash of a ground's settings, of all code that makes tables, and of versions."""
    return key_of(PACKAGE, SOURCES, digest, machine(), platform.platform(), libraries=("pydantic", "scipy"))
