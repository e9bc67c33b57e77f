"""Rows as a parquet file in memory: strings once each, and for every row the number of one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq


def table_of(frame: pd.DataFrame) -> pa.Table:
    """The rows for the writer: strings as strings, or, where the frame has categories, as Arrow dictionaries.

    The writer takes dictionaries for its pages as they are, and makes the same plain strings of both.

    Raises
    ------
    ValueError
        When two columns have one name.
    """
    if not frame.columns.is_unique:
        raise ValueError("the job's rows have two columns of one name")
    return pa.table({str(name): _plain_column(column) for name, column in frame.items()})


def encode(table: pa.Table, metadata: Mapping[bytes, bytes] | None = None) -> bytes:
    """A parquet file of a table, with checksums of its pages."""
    sink = pa.BufferOutputStream()
    # Without Arrow's own note of the types: readers would find dictionaries where the others have strings.
    with pq.ParquetWriter(sink, table.schema, compression="zstd", write_page_checksum=True, store_schema=False) as file:
        file.write_table(table)
        file.add_key_value_metadata(metadata or {})
    return bytes(sink.getvalue())


def decode(data: bytes, columns: Sequence[str] | None = None, *, coded: bool = False) -> pa.Table:
    """The table of a parquet file, or those of its columns; with `coded`, strings are dictionaries."""
    metadata = pq.read_metadata(pa.BufferReader(data))
    schema = metadata.schema.to_arrow_schema()
    texts = [entry.name for entry in schema if pa.types.is_string(entry.type)] if coded else None
    file = pq.ParquetFile(
        pa.BufferReader(data), metadata=metadata, read_dictionary=texts, page_checksum_verification=True
    )
    table = file.read(columns=None if columns is None else list(columns), use_threads=False)
    return table if columns is None else table.select(columns)


def frame_of(table: pa.Table) -> pd.DataFrame:
    """A frame of a table."""
    return table.replace_schema_metadata(None).to_pandas(split_blocks=True, use_threads=False)


def _plain_column(column: pd.Series) -> pa.Array | pa.ChunkedArray:
    # One type of string in all parts, also where a part holds none: tools that read the folder as a whole need it.
    if isinstance(column.dtype, pd.CategoricalDtype):
        return _dictionary(column.cat.remove_unused_categories())
    array = pa.Array.from_pandas(column)
    return array.cast(pa.string()) if pa.types.is_null(array.type) or pa.types.is_large_string(array.type) else array


def _dictionary(column: pd.Series) -> pa.Array:
    codes = column.cat.codes.to_numpy()
    return pa.DictionaryArray.from_arrays(
        pa.array(codes, mask=codes < 0), pa.array(column.cat.categories, type=pa.string())
    )
