"""Tables as compiled code knows them: places in memory, and rows whose fields are read and written there.

numba's own arrays allow for indices below 0, carry their shape and strides with them, and are read anew after every
write to anything. Here aliasing and invariance are declared explicitly: what is fixed is never written to, and what is
written under one name is never read under another, so that the compiler may keep a number that it has read. Bounds are
not checked, as with numba's arrays, unless numba is set to (``NUMBA_BOUNDSCHECK=1``): out-of-bounds access is
undefined behaviour.
"""

from __future__ import annotations

import hashlib
from typing import Any

import numba
import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import models, register_model

BYTES = ir.IntType(8).as_pointer()
"""A place in memory."""

WORD = ir.IntType(64)


def never_changes(builder: Any, access: Any) -> None:
    """What is read once need not be read again, whatever is written meanwhile."""
    access.set_metadata("invariant.load", builder.module.add_metadata([]))


def _apart(builder: Any, access: Any, name: str) -> None:
    """What is written under one name changes nothing that is read under another (LLVM's alias analysis by type)."""
    module, zero = builder.module, ir.Constant(WORD, 0)
    root = module.add_metadata(["tables of the engine"])
    leaf = module.add_metadata([name, root, zero])
    access.set_metadata("tbaa", module.add_metadata([leaf, leaf, zero]))


def read(context: Any, builder: Any, kind: Any, place: Any, fixed: bool, name: str) -> Any:
    """A number or truth value in memory."""
    model = context.data_model_manager[kind]
    raw = builder.load(builder.bitcast(place, model.get_data_type().as_pointer()))
    if fixed:
        never_changes(builder, raw)
    else:
        _apart(builder, raw, name)
    return model.from_data(builder, raw)


def write(context: Any, builder: Any, kind: Any, place: Any, value: Any, name: str) -> None:
    """Put a number or truth value into memory, under a name for all that is alike."""
    model = context.data_model_manager[kind]
    written = builder.store(model.as_data(builder, value), builder.bitcast(place, model.get_data_type().as_pointer()))
    _apart(builder, written, name)


def after(builder: Any, place: Any, offset: Any) -> Any:
    """The place so many bytes after another."""
    return builder.gep(place, [offset], inbounds=True)


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
    """Both are passed around as pointers."""

    def __init__(self, manager: Any, kind: Any) -> None:
        super().__init__(manager, kind, BYTES)


for _kind in (Row, Table):
    register_model(_kind)(_Pointer)
