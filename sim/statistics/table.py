"""The four-cell ledger of paired yes-no outcomes."""

from __future__ import annotations

import math
import operator
from dataclasses import astuple, dataclass, fields

import numpy as np
from numpy.typing import ArrayLike


@dataclass(frozen=True)
class PairedTable:
    """How often the same units succeeded with and without a change; a ValueError refuses cells that are no counts.

    Attributes
    ----------
    both:
        n11, success in both arms.
    only_with:
        n10, success only with the change.
    only_without:
        n01, success only without it: what the change has cost.
    neither:
        n00, success in neither arm.

    Examples
    --------
    >>> table = PairedTable(both=30, only_with=15, only_without=5, neither=50)
    >>> table.total, table.p1, table.p0, table.difference
    (100, 0.45, 0.35, 0.1)
    """

    both: int
    only_with: int
    only_without: int
    neither: int

    def __post_init__(self) -> None:
        for cell in fields(self):
            object.__setattr__(self, cell.name, _count(cell.name, getattr(self, cell.name)))

    @classmethod
    def from_arrays(cls, y1: ArrayLike, y0: ArrayLike) -> PairedTable:
        """Count the cells from the outcomes of the same units with and without the change, shape (n,) each.

        Values are booleans or 0 and 1; a ValueError refuses others, and shapes that differ.

        Examples
        --------
        >>> PairedTable.from_arrays([1, 1, 0], [1, 0, 0])
        PairedTable(both=1, only_with=1, only_without=0, neither=1)
        """
        with_it, without_it = binary_pair(y1, y0)
        both = int(np.count_nonzero(with_it & without_it))
        only_with = int(np.count_nonzero(with_it)) - both
        only_without = int(np.count_nonzero(without_it)) - both
        return cls(both, only_with, only_without, with_it.size - both - only_with - only_without)

    @property
    def total(self) -> int:
        """Number of pairs."""
        return sum(astuple(self))

    @property
    def discordant(self) -> int:
        """Number of pairs whose two outcomes differ."""
        return self.only_with + self.only_without

    @property
    def p1(self) -> float:
        """Proportion of successes with the change; NaN without pairs."""
        return (self.both + self.only_with) / self.total if self.total else math.nan

    @property
    def p0(self) -> float:
        """Proportion of successes without the change; NaN without pairs."""
        return (self.both + self.only_without) / self.total if self.total else math.nan

    @property
    def difference(self) -> float:
        """``p1 - p0``, computed from the discordant cells; NaN without pairs."""
        return (self.only_with - self.only_without) / self.total if self.total else math.nan


def binary_pair(y1: ArrayLike, y0: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    """Two equally long boolean arrays from what may be booleans, integers or floats of 0 and 1."""
    first, second = np.asarray(y1), np.asarray(y0)
    if first.ndim != 1 or first.shape != second.shape:
        raise ValueError(f"y1 and y0 have shapes {first.shape} and {second.shape}: one and the same (n,) is needed")
    return _binary("y1", first), _binary("y0", second)


def _binary(name: str, values: np.ndarray) -> np.ndarray:
    if values.dtype == bool:
        return values
    if not np.isin(values, (0, 1)).all():
        raise ValueError(f"{name} holds values other than 0 and 1")
    return values.astype(bool)


def _count(name: str, value: object) -> int:
    try:
        count = -1 if isinstance(value, bool) else operator.index(value)  # type: ignore[arg-type]
    except TypeError:
        count = -1
    if count < 0:
        raise ValueError(f"{name} = {value!r}: a whole number of at least 0 is needed")
    return count
