"""Tables as compiled code knows them: places in memory, and rows whose fields are read and written there.

numba's own arrays allow for indices below 0, carry their shape and strides with them, and are read anew after every
write to anything. Here an index is what it says, and the compiler is told what it cannot see: that a chart stays as it
is while it is played, and that no field of a row is another (`sim.engine.memory`). Nothing is checked: who asks for row
5 of 3 gets rubbish, as with numba's arrays, unless numba is told to check (``NUMBA_BOUNDSCHECK=1``); but who has a line
in hand is never told where it ends.
"""

from __future__ import annotations

import hashlib
from typing import Any

import numba
import numpy as np
from numba import types
from numba.extending import models, register_model

from sim.engine.memory import BYTES


class Row(types.Type):
    """A row of a table of records: a pointer.

    Parameters
    ----------
    kind:
        Of the records.
    fixed:
        Whether nothing is written to it while compiled code runs.
    """

    def __init__(self, kind: np.dtype[Any], fixed: bool) -> None:
        self.kinds = {name: (numba.from_dtype(field[0]), field[1]) for name, field in (kind.fields or {}).items()}
        self.size, self.fixed = kind.itemsize, fixed
        digest = hashlib.sha256(repr(kind).encode()).hexdigest()[:16]
        super().__init__(name=f"Row({digest}, fixed={fixed})")


class Line(types.Type):
    """A line of a table of plain numbers that has two dimensions: a pointer to its first number."""

    def __init__(self, element: Any, fixed: bool) -> None:
        self.element, self.fixed = element, fixed
        super().__init__(name=f"Line({element}, fixed={fixed})")


class Table(types.Type):
    """A table of a handle: a pointer to the handle's record, in which its place and its sizes stand.

    Parameters
    ----------
    record:
        Type of the handle's record.
    name:
        Under which the table stands in it.
    kind:
        Of its elements.
    dimensions:
        One or two.
    fixed:
        Whether nothing is written to it while compiled code runs.
    """

    def __init__(self, record: types.Record, name: str, kind: np.dtype[Any], dimensions: int, fixed: bool) -> None:
        self.record, self.called, self.dimensions, self.fixed = record, name, dimensions, fixed
        self.width = kind.itemsize
        self.element = Row(kind, fixed) if kind.fields else numba.from_dtype(kind)
        super().__init__(name=f"Table({name} of {record.name}, {self.element}, {dimensions}, fixed={fixed})")


class _Pointer(models.PrimitiveModel):
    """All three are passed around as pointers."""

    def __init__(self, manager: Any, kind: Any) -> None:
        super().__init__(manager, kind, BYTES)


for _kind in (Row, Line, Table):
    register_model(_kind)(_Pointer)
