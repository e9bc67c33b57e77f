"""Tables passed to compiled functions as one record of their places in memory, and what compiled code does with them.

A compiled function that is given a tuple of tables gets every word of every one of them as an argument of its own, and
takes half a second to compile for that alone. A handle is one pointer. In compiled code, ``tables.units`` is then the
table itself, and one may write ``tables.units[3].men``, ``run.left[g, post] -= 5``, ``len(run.units)``. The handle does
not keep the tables alive, `Handle` does.
"""

from __future__ import annotations

import operator
from collections.abc import Mapping
from typing import Any, NamedTuple, cast

import numba
import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.core.imputils import lower_builtin, lower_getattr, lower_getattr_generic, lower_setattr_generic
from numba.core.typing.templates import AbstractTemplate, AttributeTemplate, infer_getattr, infer_global, signature
from numba.np.arrayobj import populate_array
from numpy.typing import NDArray

from sim.engine.table_types import BYTES, WORD, Row, Table, after, never_changes, read, write


class Layout(NamedTuple):
    """Type of the elements, and number of dimensions, of each table by its name."""

    tables: Mapping[str, tuple[np.dtype[Any], int]]
    record: np.dtype[np.void]


class Handle(NamedTuple):
    """Tables, and the record that compiled code finds them by, shape (1,)."""

    tables: Mapping[str, NDArray[Any]]
    record: NDArray[np.void]


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
    laid = {}
    for name, (kind, dimensions) in layout.tables.items():
        table = np.require(tables[name], dtype=kind, requirements=["C", "A"])
        if table.ndim != dimensions:
            raise ValueError(f"{name} has {table.ndim} dimensions, not {dimensions}")
        laid[name] = table
        record[f"{name}_at"] = table.ctypes.data
        for axis in range(dimensions):
            record[f"{name}_size_{axis}"] = table.shape[axis]
    return Handle(laid, record)


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


PAIR = types.UniTuple(types.intp, 2)


@infer_getattr
class _Fields(AttributeTemplate):
    key = Row

    def generic_resolve(self, row: Row, name: str) -> Any:  # type: ignore[override]
        return _in_hand(row.kinds[name][0]) if name in row.kinds else None


def _in_hand(kind: Any) -> Any:
    """As what a field is read: whole numbers all as one type, or what takes one is compiled for each of them."""
    return types.intp if kind == types.int32 else kind


def _name_of(row: Row, field: str) -> str:
    return f"{row.name}.{field}"


@lower_getattr_generic(Row)
def _read_field(context: Any, builder: Any, row: Row, value: Any, name: str) -> Any:
    kind, offset = row.kinds[name]
    place = after(builder, value, ir.Constant(WORD, offset))
    found = read(context, builder, kind, place, row.fixed, _name_of(row, name))
    return context.cast(builder, found, kind, _in_hand(kind))


@lower_setattr_generic(Row)
def _write_field(context: Any, builder: Any, sig: Any, args: Any, name: str) -> None:
    row = sig.args[0]
    if row.fixed:
        raise numba.TypingError(f"{name} is in a table that stays as it is")
    kind, offset = row.kinds[name]
    place = after(builder, args[0], ir.Constant(WORD, offset))
    write(context, builder, kind, place, context.cast(builder, args[1], sig.args[1], kind), _name_of(row, name))


def _turned(table: Any, place: Any) -> Any:
    """Type to which a place in a table is turned; None if it has none."""
    if isinstance(table, Table) and table.dimensions == 1 and isinstance(place, types.Integer):
        return types.intp
    pair = isinstance(place, types.BaseTuple) and len(place) == 2
    return PAIR if isinstance(table, Table) and table.dimensions == 2 and pair else None


@infer_global(operator.getitem)
class _Get(AbstractTemplate):
    def generic(self, args: Any, kws: Any) -> Any:  # noqa: ARG002
        table, place = args
        if isinstance(table, Table) and place == types.slice2_type and table.dimensions == 1:
            return signature(types.Array(table.element, 1, "C"), table, place)
        turned = _turned(table, place)
        return None if turned is None else signature(table.element, table, turned)


@infer_global(operator.setitem)
class _Set(AbstractTemplate):
    def generic(self, args: Any, kws: Any) -> Any:  # noqa: ARG002
        table, place, _ = args
        turned = _turned(table, place)
        return None if turned is None or table.fixed else signature(types.none, table, turned, table.element)


@infer_global(len)
class _Length(AbstractTemplate):
    def generic(self, args: Any, kws: Any) -> Any:  # noqa: ARG002
        return signature(types.intp, args[0]) if isinstance(args[0], Table) else None


def _in_record(builder: Any, table: Table, handle: Any, field: str, kind: Any) -> Any:
    """A place or a size that stands in a handle's record."""
    place = after(builder, handle, ir.Constant(WORD, table.record.offset(f"{table.called}_{field}")))
    read = builder.load(builder.bitcast(place, kind.as_pointer()))
    never_changes(builder, read)
    return read


def _checked(context: Any, builder: Any, table: Table, handle: Any, place: Any, dimension: int) -> Any:
    """An index, with what raises IndexError where it is out of bounds if numba is set to check them."""
    if context.enable_boundscheck:
        size = _in_record(builder, table, handle, f"size_{dimension}", WORD)
        cgutils.do_boundscheck(context, builder, place, size, dimension)
    return place


def _place_of(builder: Any, table: Table, handle: Any, number: Any) -> Any:
    """Where the element of this number begins, counted through all lines."""
    begun = _in_record(builder, table, handle, "at", BYTES)
    return after(builder, begun, builder.mul(number, ir.Constant(WORD, table.width)))


def _number_of(context: Any, builder: Any, table: Table, handle: Any, place: Any) -> Any:
    """Number of the element at a place."""
    if table.dimensions == 1:
        return _checked(context, builder, table, handle, place, 0)
    wide = _in_record(builder, table, handle, "size_1", WORD)
    line, column = cgutils.unpack_tuple(builder, place, 2)
    line = _checked(context, builder, table, handle, line, 0)
    return builder.add(builder.mul(line, wide), _checked(context, builder, table, handle, column, 1))


@lower_builtin(operator.getitem, Table, types.Integer)
@lower_builtin(operator.getitem, Table, types.BaseTuple)
def _get(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    table = sig.args[0]
    place = _place_of(builder, table, args[0], _number_of(context, builder, table, args[0], args[1]))
    if isinstance(sig.return_type, Row):
        return place
    return read(context, builder, sig.return_type, place, table.fixed, str(table.element))


@lower_builtin(operator.setitem, Table, types.Integer, types.Any)
@lower_builtin(operator.setitem, Table, types.BaseTuple, types.Any)
def _set(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    table, _, element = sig.args
    place = _place_of(builder, table, args[0], _number_of(context, builder, table, args[0], args[1]))
    if isinstance(element, Row):
        cgutils.raw_memcpy(builder, place, args[2], ir.Constant(WORD, 1), table.width)
    else:
        write(context, builder, element, place, args[2], str(element))
    return context.get_dummy_value()


@lower_builtin(len, Table)
def _length(context: Any, builder: Any, sig: Any, args: Any) -> Any:  # noqa: ARG001
    return _in_record(builder, sig.args[0], args[0], "size_0", WORD)


@lower_builtin(operator.getitem, Table, types.slice2_type)
def _cut_out(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    """Some elements in a row, as an array of numba's; from where to where is taken as it is given."""
    table = sig.args[0]
    cut = context.make_helper(builder, sig.args[1], args[1])
    made = context.make_array(sig.return_type)(context, builder)
    width = context.get_constant(types.intp, table.width)
    populate_array(
        made,
        data=builder.bitcast(_place_of(builder, table, args[0], cut.start), made.data.type),
        shape=cgutils.pack_array(builder, [builder.sub(cut.stop, cut.start)]),
        strides=cgutils.pack_array(builder, [width]),
        itemsize=width,
        meminfo=None,
    )
    return made._getvalue()
