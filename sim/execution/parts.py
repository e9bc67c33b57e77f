"""A part: the rows of some consecutive replications in a parquet file that knows when it is damaged."""

from __future__ import annotations

import contextlib
import ctypes
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from sim.execution.chunks import Chunk, part_range
from sim.execution.digest import check_values
from sim.execution.errors import one_line
from sim.execution.store import DamagedPartError

_KEY = b"border_sim"
_HASH_KEY = b"border_sim_file"
_MARK = b"sha256 with zeros here:"
_HEX = 64
_NO_HASH = _MARK + b"0" * _HEX


def encode_part(frame: pd.DataFrame, chunk: Chunk, run: str, per_point: int | None = None) -> bytes:
    """Encode rows as the parquet file of a part, in memory.

    The checksums of parquet guard the pages, not the footer; so the file holds its own SHA-256 as well, taken
    with zeros in the place where it stands. The replications and the run that the rows belong to are inside too.

    `run` distinguishes this run's parts from another's: the hash of the configuration. `per_point` is how many
    replications each point has, where the job has many points (see `Job`). A ValueError says that the rows are not
    those of the chunk, or hold what cannot be kept (see `rows_digest`).
    """
    check_rows(frame, chunk, per_point)
    facts = {"start": chunk.start, "stop": chunk.stop, "run": run}
    metadata = {_KEY: json.dumps(facts).encode(), _HASH_KEY: _NO_HASH}
    data = encode(table_of(frame), metadata)
    place = data.rindex(_NO_HASH) + len(_MARK)
    return data[:place] + hashlib.sha256(data).hexdigest().encode() + data[place + _HEX :]


def _hash_fits(data: bytes) -> bool:
    place = data.rfind(_MARK) + len(_MARK)
    if place < len(_MARK):
        raise DamagedPartError("it is cut, or was not written by this program")
    zeroed = data[:place] + b"0" * _HEX + data[place + _HEX :]
    return hashlib.sha256(zeroed).hexdigest().encode() == data[place : place + _HEX]


def check_rows(frame: pd.DataFrame, chunk: Chunk, per_point: int | None = None) -> None:
    """Check that a job gave what was asked: column ``replication`` first, ascending, in the chunk; allowed values.

    With `per_point`, columns ``point`` and ``replication`` come first, and replication r of point p counts as
    ``p * per_point + r``. A ValueError says what is wrong.
    """
    if not isinstance(frame, pd.DataFrame):
        raise ValueError(f"the job gave a {type(frame).__name__}, not a data frame")
    first = ["replication"] if per_point is None else ["point", "replication"]
    if list(frame.columns[: len(first)]) != first:
        raise ValueError(f"the first column of the job's rows must be {' and then '.join(map(repr, first))}")
    if not len(frame):
        return
    for name in first:
        if frame[name].dtype.kind not in "iu":
            raise ValueError(f"column {name} must hold integers, not {frame[name].dtype}")
    numbers = frame["replication"].to_numpy()
    if per_point is not None:
        if numbers.min() < 0 or numbers.max() >= per_point:
            raise ValueError(f"column replication must hold 0 to {per_point - 1}")
        numbers = frame["point"].to_numpy() * per_point + numbers
    if (np.diff(numbers) < 0).any():
        raise ValueError("the job's rows must ascend by replication")
    if numbers[0] < chunk.start or numbers[-1] >= chunk.stop:
        raise ValueError(f"asked for {chunk}, the job gave {numbers[0]} to {numbers[-1]}")
    # Better refused now than when all chunks have been run.
    check_values(frame)


def read_part(path: Path, run: str, *, coded: bool = False) -> pd.DataFrame:
    """Read the rows of a part, verified: the file against its hash, the pages against their checksums.

    With `coded`, strings are categories, in no order: no string is made for a row. A `DamagedPartError` gives the
    reason when the file is cut, altered, from another run, or no part at all.
    """
    data = read_part_bytes(path, run)
    with _damage():
        return frame_of(decode(data, coded=coded))


def read_part_bytes(path: Path, run: str) -> bytes:
    """The file of a part, verified against its hash; raises `DamagedPartError` as `read_part` does."""
    with _damage():
        data = path.read_bytes()
    # First of all, since a parquet reader need not survive damaged bytes.
    if not _hash_fits(data):
        raise DamagedPartError("its bytes are not those that were written")
    with _damage():
        facts = json.loads(pq.read_metadata(pa.BufferReader(data)).metadata[_KEY])
    if facts.get("run") != run:
        raise DamagedPartError("it belongs to another run")
    if part_range(path.name) != (facts.get("start"), facts.get("stop")):
        raise DamagedPartError("it holds other replications than its name says")
    return data


@contextlib.contextmanager
def _damage() -> Iterator[None]:
    try:
        yield
    except (OSError, pa.ArrowException, ValueError, KeyError, TypeError) as error:
        raise DamagedPartError(f"it cannot be read ({one_line(error)[:120]})") from error


def table_of(frame: pd.DataFrame) -> pa.Table:
    """The rows for the writer: strings as strings, or, where the frame has categories, as Arrow dictionaries.

    The writer takes dictionaries for its pages as they are, and makes the same plain strings of both.
    """
    if not frame.columns.is_unique:
        raise ValueError("the job's rows have two columns of one name")
    return pa.table({str(name): _arrow_column(column) for name, column in frame.items()})


def _arrow_column(column: pd.Series) -> pa.Array | pa.ChunkedArray:
    # One type of string in all parts, also where a part holds none: tools that read the folder as a whole need it.
    if isinstance(column.dtype, pd.CategoricalDtype):
        used = column.cat.remove_unused_categories()
        codes = used.cat.codes.to_numpy()
        texts = pa.array(used.cat.categories, type=pa.string())
        return pa.DictionaryArray.from_arrays(pa.array(codes, mask=codes < 0), texts)
    array = pa.Array.from_pandas(column)
    return array.cast(pa.string()) if pa.types.is_null(array.type) or pa.types.is_large_string(array.type) else array


def encode(table: pa.Table, metadata: Mapping[bytes, bytes] | None = None) -> bytes:
    """A parquet file of a table, in memory, with checksums of its pages."""
    sink = pa.BufferOutputStream()
    # Without Arrow's own note of the types: readers would find dictionaries where the others have strings.
    with pq.ParquetWriter(sink, table.schema, compression="zstd", write_page_checksum=True, store_schema=False) as file:
        file.write_table(table)
        file.add_key_value_metadata(metadata or {})
    return bytes(sink.getvalue())


def decode(data: bytes, columns: Sequence[str] | None = None, *, coded: bool = False) -> pa.Table:
    """The table of a parquet file, or some of its columns; with `coded`, strings are dictionaries."""
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


def release_memory() -> None:
    """Return freed memory to the system: allocators keep it otherwise, and thousands of pieces hold it as if in use."""
    pa.default_memory_pool().release_unused()
    # Only the C library of GNU has it.
    with contextlib.suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)
