"""Memory as compiled code reads and writes it, and what the compiler is told of it.

Two things that are true of the engine's tables let the compiler keep a number that it has read: what is fixed is never
written to, and what is written under one name is never read under another.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir

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
