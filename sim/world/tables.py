"""The memory of tables: what did not change is not computed again, neither in a study nor from one start to the next.

On disk an entry of the cache has what the last run on a ground has used: to build it anew takes half of a start.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import pickle
import platform
from collections import Counter, OrderedDict
from collections.abc import Callable, Container, Hashable, Iterator, Mapping
from functools import partial
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel

from sim.cache.kept_code import PACKAGE, machine
from sim.cache.store import get, key_of, put
from sim.scenario.terrain import TerrainSettings

KINDS = ("terrain", "routes", "sight", "travel")
"""Of tables that are cached on disk; the graphs that they are made with are large, and built where one is missing."""

SOURCES = ("*.py", "cache/*.py", "rules/*.py", "scenario/**/*.py", "terrain/*.py", "world/*.py")
ROOM_MB = 256.0
"""For all grounds; one takes 10 for 288 x 288 cells and six arms."""

Value = TypeVar("Value")


class Tables:
    """A bounded memory of computed tables; one a study, passed along with its Worlds, never global.

    A table is known by its content, or by the function that returned it and its arguments; it depends on nothing else,
    so that nothing can come back stale. Nobody may write into a table, nor into an argument. What was not used for
    longest goes first. Pickled, a memory is empty.

    Parameters
    ----------
    limit_mb:
        How many megabytes the tables may take together, measured as they would be pickled; None for no bound. The last
        one is kept whatever its size.

    Attributes
    ----------
    built:
        How often a table of each kind, or by each function, had to be computed.
    """

    def __init__(self, *, limit_mb: float | None = None) -> None:
        self._limit_mb = limit_mb
        self._kept: OrderedDict[tuple[Hashable, Hashable], tuple[Any, int]] = OrderedDict()
        self._bytes = 0
        self._taken: set[tuple[Hashable, Hashable]] = set()
        self.built: Counter[str] = Counter()

    def __reduce__(self) -> tuple[Any, ...]:
        return partial(type(self), limit_mb=self._limit_mb), ()

    def get(self, function: Callable[..., Value], *arguments: Any) -> Value:
        """What a function of a module, which depends on nothing but its arguments, returns for these.

        Plain values and frozen records are equal by value, arrays and other large things by identity. Such a thing is
        often a table itself, and then the same for as long as its own arguments are.

        >>> tables = Tables()
        >>> [tables.get(max, 2, 3), tables.get(max, 2, 3), tables.get(max, 2, 4)], tables.built["max"]
        ([3, 3, 4], 2)
        """
        key = (function, tuple(map(_key_of, arguments)))
        return self._found(key, function.__name__, lambda: function(*arguments))

    def by_content(self, kind: str, content: tuple[Any, ...], build: Callable[[], Value]) -> Value:
        """The table of a kind that rests on this content of plain values and arrays, built if it is not there."""
        key = (kind, content_digest(content))
        self._taken.discard(key)
        return self._found(key, kind, build)

    def take(self, tables: Mapping[tuple[str, str], Any]) -> None:
        """Take in what `used` of other tables returned, so that it is not built again."""
        self._taken.update(tables)
        for key, table in tables.items():
            self._add(key, table)

    def used(self, kinds: Container[Hashable]) -> dict[tuple[Hashable, Hashable], Any]:
        """Tables of some kinds, by kind and digest of their content; not those that were taken in and never wanted."""
        return {key: table for key, (table, _) in self._kept.items() if key[0] in kinds and key not in self._taken}

    def _found(self, key: tuple[Hashable, Hashable], name: str, build: Callable[[], Value]) -> Value:
        if key not in self._kept:
            self._add(key, build())
            self.built[name] += 1
        self._kept.move_to_end(key)
        found: Value = self._kept[key][0]
        return found

    def _add(self, key: tuple[Hashable, Hashable], table: Any) -> None:
        size = 0 if self._limit_mb is None else bytes_of(table)
        self._kept[key] = (table, size)
        self._bytes += size
        while self._limit_mb is not None and self._bytes > self._limit_mb * 1e6 and len(self._kept) > 1:
            _, (_, size) = self._kept.popitem(last=False)
            self._bytes -= size


class _ByIdentity:
    """A thing that is equal to nothing but itself; it stays alive as long as this does."""

    __slots__ = ("thing",)

    def __init__(self, thing: Any) -> None:
        self.thing = thing

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _ByIdentity) and self.thing is other.thing

    def __hash__(self) -> int:
        return id(self.thing)


def _key_of(thing: Any) -> Hashable:
    """Its type and value, or itself where it cannot be compared by value."""
    if type(thing) is tuple:
        return tuple(map(_key_of, thing))
    try:
        hash(thing)
    except TypeError:
        return _ByIdentity(thing)
    return (type(thing), thing)


def content_digest(content: tuple[Any, ...]) -> str:
    """SHA-256 of plain values, nested lists, arrays and sections of a scenario."""
    mark = hashlib.sha256()
    for part in content:
        if isinstance(part, np.ndarray):
            mark.update(repr((part.shape, part.dtype.str)).encode())
            mark.update(np.ascontiguousarray(part).tobytes())
        else:
            plain = part.model_dump(mode="json") if isinstance(part, BaseModel) else part
            mark.update(json.dumps(plain, sort_keys=True).encode())
        mark.update(b"\0")
    return mark.hexdigest()


def digest_of(thing: Any) -> str:
    """The digest of one thing, for `Tables.get`: that of a large one is then computed once."""
    return content_digest((thing,))


def bytes_of(value: Any) -> int:
    """How many bytes a value takes pickled; arrays are not copied for it."""
    large: list[pickle.PickleBuffer] = []
    small = pickle.dumps(value, protocol=5, buffer_callback=large.append)
    return len(small) + sum(buffer.raw().nbytes for buffer in large)


def stacked(rows: tuple[NDArray[Any], ...], width: int, kind: type) -> NDArray[Any]:
    """Tables of a width one below the other; an empty one of that kind where there are none."""
    return np.vstack([np.zeros((0, width), dtype=kind), *rows])


@contextlib.contextmanager
def cached_tables(ground: TerrainSettings) -> Iterator[Tables]:
    """Tables to build Worlds with: those that the last run on this ground used, and this run's are left to the next."""
    tables = Tables()
    key = take_cached(tables, ground)
    yield tables
    used = tables.used(KINDS)
    if key and any(kind in tables.built for kind in KINDS) and bytes_of(used) <= ROOM_MB * 1e6:
        with contextlib.suppress(MemoryError):
            put("tables", key, pickle.dumps(used, protocol=pickle.HIGHEST_PROTOCOL), ROOM_MB)


def take_cached(tables: Tables, ground: TerrainSettings) -> str | None:
    """Take in what the last run on a ground has left; returns its key, None if it has none."""
    try:
        key = key_of_ground(tables.get(digest_of, ground))
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
