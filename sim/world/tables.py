"""Two memories, so that what did not change is not computed again: by content, and by the arguments of a function."""

from __future__ import annotations

import hashlib
import json
import pickle
from collections import Counter, OrderedDict
from collections.abc import Callable, Container, Hashable, Mapping
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel

from sim.terrain import Ints

Value = TypeVar("Value")


class Tables:
    """A bounded memory of computed tables; one a study, passed along, never global.

    What was not used for longest goes first. A table that is larger than the bound alone is kept until the next.

    Parameters
    ----------
    limit:
        How many tables are kept.
    limit_mb:
        How many megabytes they may take together, measured as they would be pickled; None for no such bound.

    Attributes
    ----------
    built:
        How often a table of each kind had to be computed.
    memo:
        What Worlds and engines compute from the tables; it may take half of `limit_mb` beside them.
    """

    def __init__(self, limit: int = 4096, limit_mb: float | None = None) -> None:
        self._kept: OrderedDict[tuple[str, str], Any] = OrderedDict()
        self._sizes: dict[tuple[str, str], int] = {}
        self._limit, self._limit_bytes = limit, None if limit_mb is None else limit_mb * 1e6
        self.built: Counter[str] = Counter()
        self.memo = Memo(None if limit_mb is None else limit_mb / 2)
        self._taken: set[tuple[str, str]] = set()
        self._ground: tuple[Any, str] | None = None
        self._cells: tuple[Ints, str] | None = None

    def ground_digest(self, settings: BaseModel) -> str:
        """Digest of a section of a scenario; at once for the very object of the last call."""
        if self._ground is None or self._ground[0] is not settings:
            self._ground = (settings, content_digest((settings.model_dump(mode="json"),)))
        return self._ground[1]

    def cells_digest(self, cells: Ints) -> str:
        """Digest of a long list of cells; at once for the very object of the last call."""
        if self._cells is None or self._cells[0] is not cells:
            self._cells = (cells, content_digest((cells,)))
        return self._cells[1]

    def get(self, kind: str, content: tuple[Any, ...], build: Callable[[], Value]) -> Value:
        """The table of this kind for this content, built if it is not kept."""
        key = (kind, content_digest(content))
        self._taken.discard(key)
        if key not in self._kept:
            self._kept[key] = build()
            self.built[kind] += 1
            if self._limit_bytes is not None:
                self._sizes[key] = bytes_of(self._kept[key])
            self._forget()
        self._kept.move_to_end(key)
        found: Value = self._kept[key]
        return found

    def once(self, kind: str, content: tuple[Any, ...], check: Callable[[], None]) -> None:
        """Carry out a check, unless this content has passed it already."""
        key = (kind, content_digest(content))
        if key not in self._kept:
            check()
            self._kept[key] = True
            self._forget()
        self._kept.move_to_end(key)

    def take(self, tables: Mapping[tuple[str, str], Any]) -> None:
        """Take in what `used` of other tables returned, so that it is not built again."""
        self._kept.update(tables)
        self._taken.update(tables)
        if self._limit_bytes is not None:
            self._sizes.update({key: bytes_of(table) for key, table in tables.items()})

    def used(self, kinds: Container[str]) -> dict[tuple[str, str], Any]:
        """Tables of some kinds, by kind and digest of their content; not those that were taken in and never wanted."""
        return {key: table for key, table in self._kept.items() if key[0] in kinds and key not in self._taken}

    def _forget(self) -> None:
        """Let the oldest tables go until the bounds are kept."""
        bytes_kept = sum(self._sizes.values())
        while len(self._kept) > 1 and (
            len(self._kept) > self._limit or (self._limit_bytes is not None and bytes_kept > self._limit_bytes)
        ):
            key, _ = self._kept.popitem(last=False)
            bytes_kept -= self._sizes.pop(key, 0)


class Memo:
    """A bounded memory of what functions have returned; one a study, passed along with its Worlds, never global.

    The key is the function and its arguments, and it depends on nothing else: nothing can come back stale. Plain
    values and frozen records are equal by value, arrays and other large things by identity. Such a thing is often in
    the memory itself, and then the same for as long as its own arguments are. Nobody may write into a result, nor into
    an argument. What was not used for longest goes first. Pickled, a memory is empty.

    Parameters
    ----------
    limit_mb:
        How many megabytes the results may take together; None for no bound. The last one is kept whatever its size.

    Attributes
    ----------
    built:
        How often each function had to be called.
    """

    def __init__(self, limit_mb: float | None = None) -> None:
        self._limit_mb = limit_mb
        self._kept: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()
        self._bytes = 0
        self.built: Counter[str] = Counter()

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self._limit_mb,)

    def get(self, function: Callable[..., Value], *arguments: Any) -> Value:
        """What a function of a module, which depends on nothing but its arguments, returns for these.

        >>> memo = Memo()
        >>> [memo.get(max, 2, 3), memo.get(max, 2, 3), memo.get(max, 2, 4)], memo.built["max"]
        ([3, 3, 4], 2)
        """
        key = (function, tuple(map(_key_of, arguments)))
        if key not in self._kept:
            value = function(*arguments)
            size = 0 if self._limit_mb is None else bytes_of(value)
            self._kept[key] = (value, size)
            self._bytes += size
            self.built[function.__name__] += 1
            self._forget()
        self._kept.move_to_end(key)
        found: Value = self._kept[key][0]
        return found

    def _forget(self) -> None:
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
    """SHA-256 of plain values, nested lists and arrays."""
    mark = hashlib.sha256()
    for part in content:
        if isinstance(part, np.ndarray):
            mark.update(repr((part.shape, part.dtype.str)).encode())
            mark.update(np.ascontiguousarray(part).tobytes())
        else:
            mark.update(json.dumps(part, sort_keys=True).encode())
        mark.update(b"\0")
    return mark.hexdigest()


def bytes_of(value: Any) -> int:
    """How many bytes a value takes pickled; arrays are not copied for it."""
    large: list[pickle.PickleBuffer] = []
    small = pickle.dumps(value, protocol=5, buffer_callback=large.append)
    return len(small) + sum(buffer.raw().nbytes for buffer in large)


def stacked(rows: tuple[NDArray[Any], ...], width: int, kind: type) -> NDArray[Any]:
    """Tables of a width one below the other; an empty one of that kind where there are none."""
    return np.vstack([np.zeros((0, width), dtype=kind), *rows])
