"""One number for all rows: equal digests mean equal results, however the work was cut, shared or resumed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

STRING_BYTES = 48
"""Room for a string in a row, in bytes of UTF-8."""

_TYPES = {"i": "int", "u": "int", "f": "float", "b": "bool", "O": "str", "U": "str"}
_FORMATS = {"int": "<i8", "float": "<f8", "bool": "u1", "str": f"V{STRING_BYTES}"}
_MISSING = b"\xff"
_BLOCK_ROWS = 4096  # so many rows in bytes fit in a core's cache
_TEXT = f"S{STRING_BYTES}"

Source = tuple[NDArray[Any], NDArray[Any] | None]  # of a column: values, or codes and the bytes of each code


def rows_digest(frames: Iterable[pd.DataFrame]) -> str:
    """SHA-256 of the rows in their order, in hexadecimal.

    Every row becomes a fixed number of bytes, little-endian and without gaps: integers as int64, floats as
    float64 (one NaN, no negative zero), booleans as a byte, strings as UTF-8 filled up with zero bytes
    (a missing one as the byte 255, which no UTF-8 text holds). Names and types of the columns go before the first
    row. Index, cutting in frames, widths of numbers and pandas' kind of strings do not count.

    Raises
    ------
    ValueError
        When columns differ between frames, or a value is no integer (within 64 bits), float, boolean or string of
        at most 48 bytes without zero bytes; missing integers and booleans are refused as well.

    Examples
    --------
    >>> whole = pd.DataFrame({"replication": [0, 1], "outcome": ["stopped", "through"]})
    >>> rows_digest([whole]) == rows_digest([whole[:1], whole[1:]])
    True
    >>> rows_digest([whole]) == rows_digest([whole[::-1]])
    False
    """
    digest = hashlib.sha256(b"border-sim rows 1\n")
    columns: list[tuple[str, str]] | None = None
    for frame in frames:
        if not len(frame):
            continue
        if columns is None:
            columns = column_types(frame)
            digest.update(json.dumps(columns).encode() + b"\n")
        elif column_types(frame) != columns:
            raise ValueError(f"columns differ between frames: {columns} and {column_types(frame)}")
        for block in _blocks(frame, columns):
            digest.update(block)
    return digest.hexdigest()


def check_values(frame: pd.DataFrame) -> None:
    """Raise `ValueError` for whatever `rows_digest` would refuse; quicker, as no row is put into bytes."""
    _sources(frame, column_types(frame))


def column_types(frame: pd.DataFrame) -> list[tuple[str, str]]:
    """Name and type (``int``, ``float``, ``bool``, ``str``) of each column."""
    return [(str(name), _type_of(str(name), dtype)) for name, dtype in zip(frame.columns, frame.dtypes, strict=True)]


def _type_of(name: str, dtype: Any) -> str:
    if dtype.kind not in _TYPES:
        raise ValueError(f"column {name} has type {dtype}: only integers, floats, booleans and strings can be kept")
    return _TYPES[dtype.kind]


def _blocks(frame: pd.DataFrame, columns: list[tuple[str, str]]) -> Iterator[memoryview]:
    """The rows in bytes, some thousands at a time."""
    layout = np.dtype([(f"c{number}", _FORMATS[kind]) for number, (_, kind) in enumerate(columns)])
    sources = _sources(frame, columns)
    for first in range(0, len(frame), _BLOCK_ROWS):
        rows = np.empty(min(len(frame) - first, _BLOCK_ROWS), dtype=layout)
        for field, (values, table) in zip(layout.names or (), sources, strict=True):
            some = values[first : first + _BLOCK_ROWS]
            rows[field] = some if table is None else table[some]
        yield rows.view(np.uint8).data


def _sources(frame: pd.DataFrame, columns: list[tuple[str, str]]) -> list[Source]:
    sources = []
    for (name, kind), (_, column) in zip(columns, frame.items(), strict=True):
        try:
            sources.append(_ENCODERS[kind](column))
        except (ValueError, TypeError, OverflowError) as error:
            raise ValueError(f"column {name}: {error}") from error
    return sources


def _integers(column: pd.Series) -> Source:
    if column.dtype.kind == "u" and column.max() > np.iinfo(np.int64).max:
        raise ValueError("an integer does not fit in 64 bits with a sign")
    return column.to_numpy(dtype=np.int64), None


def _floats(column: pd.Series) -> Source:
    # Adding zero turns -0.0 into 0.0.
    values = column.to_numpy(dtype=np.float64, na_value=np.nan) + 0.0
    values[np.isnan(values)] = np.nan
    return values, None


def _booleans(column: pd.Series) -> Source:
    return column.to_numpy(dtype=np.bool_), None


def _strings(column: pd.Series) -> Source:
    # Few strings are different: encode each once. Missing ones have code -1 and so meet the last entry.
    if isinstance(column.dtype, pd.CategoricalDtype):
        codes, different = column.cat.codes.to_numpy(), column.cat.categories
    else:
        codes, different = pd.factorize(column)
    table = np.zeros(len(different) + 1, dtype=_TEXT)
    # A category that no row has may be anything.
    for code in np.flatnonzero(np.bincount(codes + np.int64(1))[1:]).tolist():
        table[code] = _encoded(different[code])
    table[-1] = _MISSING
    # Bytes without a meaning are copied faster than strings.
    return codes, table.view(_FORMATS["str"])


def _encoded(text: Any) -> bytes:
    if not isinstance(text, str):
        raise ValueError(f"{text!r} is no string")
    data = text.encode("utf-8")
    if len(data) > STRING_BYTES or b"\0" in data:
        raise ValueError(f"{text[:60]!r} has over {STRING_BYTES} bytes, or a zero byte")
    return data


_ENCODERS = {"int": _integers, "float": _floats, "bool": _booleans, "str": _strings}
