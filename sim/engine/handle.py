"""Handles: many tables passed to compiled functions as one record of their places in memory.

A compiled function that is given a tuple of tables gets every word of every one of them as an argument of its own, and
takes half a second to compile for that alone. A handle is one pointer. In compiled code, ``chart.units`` is then the
table itself; the handle does not keep it alive, `Handle` does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, cast

import numba
import numpy as np
from numba import types
from numba.core import cgutils
from numba.core.imputils import lower_getattr
from numba.core.typing.templates import AttributeTemplate, infer_getattr
from numba.np.arrayobj import populate_array
from numpy.typing import NDArray


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


def lay_out(tables: Mapping[str, tuple[Any, int]]) -> Layout:
    """A layout, whose names compiled code knows from then on."""
    kinds = {name: (np.dtype(kind), dimensions) for name, (kind, dimensions) in tables.items()}
    places = [(f"{name}_at", "u8") for name in kinds]
    sizes = [(f"{name}_size_{axis}", "i8") for name, (_, dimensions) in kinds.items() for axis in range(dimensions)]
    layout = Layout(kinds, np.dtype(places + sizes))
    types_of = {
        name: types.Array(numba.from_dtype(kind), dimensions, "C") for name, (kind, dimensions) in kinds.items()
    }
    _teach(cast(types.Record, numba.from_dtype(layout.record)), types_of)
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


def _teach(record: types.Record, tables: Mapping[str, types.Array]) -> None:
    """Let compiled code read tables as attributes of a handle's record."""

    class Tables(AttributeTemplate):
        key = record

        def generic_resolve(self, typ: Any, attr: str) -> Any:  # type: ignore[override]  # noqa: ARG002
            return tables.get(attr)

    infer_getattr(Tables)
    for name, table in tables.items():
        lower_getattr(record, name)(_reader(name, table))


def _reader(name: str, table: types.Array) -> Callable[..., Any]:
    """What writes the code that makes a table of the place and the sizes in a handle's record."""

    def read(context: Any, builder: Any, record: types.Record, value: Any) -> Any:
        def field(called: str, kind: Any) -> Any:
            place = cgutils.get_record_member(builder, value, record.offset(called), context.get_data_type(kind))
            return builder.load(place)

        made = context.make_array(table)(context, builder)
        width = context.get_abi_sizeof(context.get_data_type(table.dtype))
        shape = [field(f"{name}_size_{axis}", types.intp) for axis in range(table.ndim)]
        strides = [context.get_constant(types.intp, width)]
        if table.ndim == 2:
            strides = [builder.mul(shape[1], strides[0]), strides[0]]
        populate_array(
            made,
            data=builder.inttoptr(field(f"{name}_at", types.uint64), made.data.type),
            shape=cgutils.pack_array(builder, shape),
            strides=cgutils.pack_array(builder, strides),
            itemsize=context.get_constant(types.intp, width),
            meminfo=None,
        )
        return made._getvalue()

    return read
