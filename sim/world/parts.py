"""Parts of Worlds and charts, kept by what they are made of, so that a change makes anew only what rests on it."""

from __future__ import annotations

import pickle
from collections import Counter, OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

Value = TypeVar("Value")


class Parts:
    """A bounded memory of what functions have made; one a study, passed along with its Worlds, never global.

    A function sees nothing but its arguments, and these are the key: nothing can come back stale. Plain values and
    frozen records count as the same if they are equal, arrays and other large things if they are the same object.
    Such a thing is often a part itself, and then the same for as long as what it is made of is the same. Nobody may
    write into a part, nor into what one is made of.

    What was not used for longest goes first. Pickled, a memory is empty.

    Parameters
    ----------
    limit_mb:
        How many megabytes the parts may take together; None for no bound. The last one is kept whatever its size.

    Attributes
    ----------
    made:
        How often each function had to make something.
    """

    def __init__(self, limit_mb: float | None = None) -> None:
        self._limit_mb = limit_mb
        self._kept: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()
        self._bytes = 0
        self.made: Counter[str] = Counter()

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self._limit_mb,)

    def of(self, function: Callable[..., Value], *made_of: Any) -> Value:
        """What a function makes of these; made once.

        Parameters
        ----------
        function:
            One that stands in a module and depends on nothing but its arguments.
        made_of:
            Its arguments.

        Examples
        --------
        >>> parts = Parts()
        >>> [parts.of(max, 2, 3), parts.of(max, 2, 3), parts.of(max, 2, 4)], parts.made["max"]
        ([3, 3, 4], 2)
        """
        key = (function, tuple(map(_told_by, made_of)))
        if key not in self._kept:
            value = function(*made_of)
            size = 0 if self._limit_mb is None else bytes_of(value)
            self._kept[key] = (value, size)
            self._bytes += size
            self.made[function.__name__] += 1
            self._forget()
        self._kept.move_to_end(key)
        found: Value = self._kept[key][0]
        return found

    def _forget(self) -> None:
        while self._limit_mb is not None and self._bytes > self._limit_mb * 1e6 and len(self._kept) > 1:
            _, (_, size) = self._kept.popitem(last=False)
            self._bytes -= size


class _This:
    """A thing that is equal to nothing but itself; it stays alive as long as this does."""

    __slots__ = ("thing",)

    def __init__(self, thing: Any) -> None:
        self.thing = thing

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _This) and self.thing is other.thing

    def __hash__(self) -> int:
        return id(self.thing)


def _told_by(thing: Any) -> Hashable:
    """What tells a thing from others: its value, or itself where it cannot be compared by value."""
    if type(thing) is tuple:
        return tuple(map(_told_by, thing))
    try:
        hash(thing)
    except TypeError:
        return _This(thing)
    return (type(thing), thing)


def bytes_of(value: Any) -> int:
    """How many bytes a value takes pickled; arrays are not copied for it."""
    large: list[pickle.PickleBuffer] = []
    small = pickle.dumps(value, protocol=5, buffer_callback=large.append)
    return len(small) + sum(buffer.raw().nbytes for buffer in large)


def stacked(rows: tuple[NDArray[Any], ...], width: int, kind: type) -> NDArray[Any]:
    """Tables of a width one below the other; an empty one of that kind where there are none."""
    return np.vstack([np.zeros((0, width), dtype=kind), *rows])
