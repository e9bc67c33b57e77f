"""Handles: many tables passed to compiled functions as one record of their places in memory.

A compiled function that is given a tuple of tables gets every word of every one of them as an argument of its own, and
takes half a second to compile for that alone. A handle is one pointer. In compiled code, ``chart.units`` is then the
table itself; the handle does not keep it alive, `Handle` does.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple, cast

import numba
import numpy as np
from numba import types
from numba.core.imputils import lower_getattr
from numba.core.typing.templates import AttributeTemplate, infer_getattr
from numpy.typing import NDArray

from sim.engine import table_access  # noqa: F401  # numba learns of tables by it
from sim.engine.memory import BYTES
from sim.engine.tables import Table


class Layout(NamedTuple):
    """Type of the elements, and number of dimensions, of each table by its name."""

    tables: Mapping[str, tuple[np.dtype[Any], int]]
    record: np.dtype[np.void]


class Handle(NamedTuple):
    """Tables, and the record that compiled code finds them by, shape (1,)."""

    tables: Mapping[str, NDArray[Any]]
    record: NDArray[np.void]

    def table(self, name: str) -> NDArray[Any]:
        """One of the tables."""
        return self.tables[name]


def lay_out(tables: Mapping[str, tuple[Any, int]], fixed: bool = False) -> Layout:
    """A layout, whose names compiled code knows from then on; `fixed` if compiled code only ever reads the tables."""
    kinds = {name: (np.dtype(kind), dimensions) for name, (kind, dimensions) in tables.items()}
    places = [(f"{name}_at", "u8") for name in kinds]
    sizes = [(f"{name}_size_{axis}", "i8") for name, (_, dimensions) in kinds.items() for axis in range(dimensions)]
    layout = Layout(kinds, np.dtype(places + sizes))
    record = cast(types.Record, numba.from_dtype(layout.record))
    _teach(record, {name: Table(record, name, kind, dimensions, fixed) for name, (kind, dimensions) in kinds.items()})
    return layout


def hold(layout: Layout, tables: Mapping[str, NDArray[Any]]) -> Handle:
    """A handle of tables, copied where they are of another type or order than the layout says."""
    record = np.zeros(1, dtype=layout.record)
    held = {}
    for name, (kind, dimensions) in layout.tables.items():
        table = np.require(tables[name], dtype=kind, requirements=["C", "A"])
        if table.ndim != dimensions:
            raise ValueError(f"{name} has {table.ndim} dimensions, not {dimensions}")
        held[name] = table
        record[f"{name}_at"] = table.ctypes.data
        for axis in range(dimensions):
            record[f"{name}_size_{axis}"] = table.shape[axis]
    return Handle(held, record)


def _teach(record: types.Record, tables: Mapping[str, Table]) -> None:
    """Let compiled code read tables as attributes of a handle's record."""

    class Tables(AttributeTemplate):
        key = record

        def generic_resolve(self, typ: Any, attr: str) -> Any:  # type: ignore[override]  # noqa: ARG002
            return tables.get(attr)

    infer_getattr(Tables)
    for name in tables:
        lower_getattr(record, name)(_the_record)


def _the_record(context: Any, builder: Any, record: types.Record, value: Any) -> Any:  # noqa: ARG001
    """A table is found by the record in which its place stands."""
    return builder.bitcast(value, BYTES)
