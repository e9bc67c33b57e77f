"""Tables kept by the content they depend on, so that what did not change is not computed again."""

from __future__ import annotations

import hashlib
import json
from collections import Counter, OrderedDict
from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np

Value = TypeVar("Value")


class Tables:
    """A bounded memory of computed tables; one a study, passed along, never global.

    Attributes
    ----------
    built:
        How often a table of each kind had to be computed.
    """

    def __init__(self, limit: int = 4096) -> None:
        self._kept: OrderedDict[tuple[str, str], Any] = OrderedDict()
        self._limit = limit
        self.built: Counter[str] = Counter()

    def get(self, kind: str, content: tuple[Any, ...], build: Callable[[], Value]) -> Value:
        """The table of this kind for this content, built if it is not at hand."""
        key = (kind, content_digest(content))
        if key not in self._kept:
            self._kept[key] = build()
            self.built[kind] += 1
            if len(self._kept) > self._limit:
                self._kept.popitem(last=False)
        self._kept.move_to_end(key)
        found: Value = self._kept[key]
        return found


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
