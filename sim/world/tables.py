"""Tables kept by the content they depend on, so that what did not change is not computed again."""

from __future__ import annotations

import hashlib
import json
from collections import Counter, OrderedDict
from collections.abc import Callable, Container, Mapping
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel

from sim.world.parts import Parts, bytes_of

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
    parts:
        What Worlds and charts make of the tables; it may take half of `limit_mb` beside them.
    """

    def __init__(self, limit: int = 4096, limit_mb: float | None = None) -> None:
        self._kept: OrderedDict[tuple[str, str], Any] = OrderedDict()
        self._sizes: dict[tuple[str, str], int] = {}
        self._limit, self._limit_bytes = limit, None if limit_mb is None else limit_mb * 1e6
        self.built: Counter[str] = Counter()
        self.parts = Parts(None if limit_mb is None else limit_mb / 2)
        self._taken: set[tuple[str, str]] = set()
        self._ground: tuple[Any, str] | None = None
        self._cells: tuple[NDArray[np.int64], str] | None = None

    def ground_digest(self, settings: BaseModel) -> str:
        """Digest of a part of a scenario; told at once for the very object that was asked for last."""
        if self._ground is None or self._ground[0] is not settings:
            self._ground = (settings, content_digest((settings.model_dump(mode="json"),)))
        return self._ground[1]

    def cells_digest(self, cells: NDArray[np.int64]) -> str:
        """Digest of a long list of cells; told at once for the very object that was asked for last."""
        if self._cells is None or self._cells[0] is not cells:
            self._cells = (cells, content_digest((cells,)))
        return self._cells[1]

    def get(self, kind: str, content: tuple[Any, ...], build: Callable[[], Value]) -> Value:
        """The table of this kind for this content, built if it is not at hand."""
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
        """Take in what `used` of other tables told, so that it is not built again."""
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
