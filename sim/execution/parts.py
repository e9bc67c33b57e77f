"""A part: the rows of some consecutive replications in a parquet file that knows when it is damaged."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from sim.execution.chunks import Chunk
from sim.execution.digest import check_values
from sim.execution.errors import one_line

_NAME = re.compile(r"part-(\d{9,})-(\d{9,})\.parquet")
_KEY = b"border_sim"
_HASH_KEY = b"border_sim_file"
_MARK = b"sha256 with zeros here:"
_HEX = 64
_NO_HASH = _MARK + b"0" * _HEX


class DamagedPartError(Exception):
    """A file that has the name of a part but not what belongs in it."""


def part_name(chunk: Chunk) -> str:
    """File name of a part; the names sort as the replications do.

    >>> part_name(Chunk(0, 250))
    'part-000000000-000000250.parquet'
    """
    return f"part-{chunk.start:09d}-{chunk.stop:09d}.parquet"


def part_range(name: str) -> Chunk | None:
    """The replications that a file name promises, None for the name of anything else.

    >>> part_range("part-000000000-000000250.parquet")
    Chunk(start=0, stop=250)
    """
    match = _NAME.fullmatch(name)
    return Chunk(int(match[1]), int(match[2])) if match else None


def encode_part(frame: pd.DataFrame, chunk: Chunk, run: str, per_point: int | None = None) -> bytes:
    """Encode rows as the parquet file of a part, in memory.

    The checksums of parquet guard the pages, not the footer; so the file holds its own SHA-256 as well, taken
    with zeros in the place where it stands. The replications and the run that the rows belong to are inside too.

    Parameters
    ----------
    frame:
        Rows of all replications of the chunk and of no others.
    run:
        What tells this run's parts from another's: the hash of the configuration.
    per_point:
        Replications of each point, where the job has many points (see `Job`).

    Raises
    ------
    ValueError
        When the rows are not those of the chunk, or hold what cannot be kept (see `rows_digest`).
    """
    check_rows(frame, chunk, per_point)
    facts = {"start": chunk.start, "stop": chunk.stop, "run": run}
    metadata = {_KEY: json.dumps(facts).encode(), _HASH_KEY: _NO_HASH}
    table, sink = _plain_table(frame), pa.BufferOutputStream()
    # Without Arrow's own note of the types: readers would find dictionaries where the others have strings.
    with pq.ParquetWriter(sink, table.schema, compression="zstd", write_page_checksum=True, store_schema=False) as file:
        file.write_table(table)
        file.add_key_value_metadata(metadata)
    data = sink.getvalue().to_pybytes()
    place = data.rindex(_NO_HASH) + len(_MARK)
    return data[:place] + hashlib.sha256(data).hexdigest().encode() + data[place + _HEX :]


def _hash_fits(data: bytes) -> bool:
    place = data.rfind(_MARK) + len(_MARK)
    if place < len(_MARK):
        raise DamagedPartError("it is cut, or was not written by this program")
    zeroed = data[:place] + b"0" * _HEX + data[place + _HEX :]
    return hashlib.sha256(zeroed).hexdigest().encode() == data[place : place + _HEX]


def _plain_table(frame: pd.DataFrame) -> pa.Table:
    """The rows for the writer, in the same types in all parts: strings as strings, or as dictionaries of them.

    The writer makes pages of a dictionary as they are, and the same plain strings of both.
    """
    if not frame.columns.is_unique:
        raise ValueError("the job's rows have two columns of one name")
    return pa.table({str(name): _plain_column(column) for name, column in frame.items()})


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


def check_rows(frame: pd.DataFrame, chunk: Chunk, per_point: int | None = None) -> None:
    """See that a job gave what was asked: column ``replication`` first, ascending, in the chunk; values to keep.

    With `per_point`, columns ``point`` and ``replication`` come first, and replication r of point p counts as
    ``p * per_point + r``.

    Raises
    ------
    ValueError
        When it did not.
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

    Parameters
    ----------
    coded:
        Give strings as categories, in no order, which takes half the time and a tenth of the memory.

    Raises
    ------
    DamagedPartError
        When the file is cut, altered, from another run, or no part at all; the message gives the reason.
    """
    data = read_bytes(path)
    try:
        metadata = pq.read_metadata(pa.BufferReader(data))
        facts = json.loads(metadata.metadata[_KEY])
        frame = decode(data, coded=coded)
    except (OSError, pa.ArrowException, ValueError, KeyError, TypeError) as error:
        raise DamagedPartError(f"it cannot be read ({one_line(error)[:120]})") from error
    if facts.get("run") != run:
        raise DamagedPartError("it belongs to another run")
    if part_range(path.name) != (facts.get("start"), facts.get("stop")):
        raise DamagedPartError("it holds other replications than its name says")
    return frame


def read_bytes(path: Path) -> bytes:
    """The file of a part, as it was written; raises `DamagedPartError` otherwise."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise DamagedPartError(f"it cannot be read ({one_line(error)})") from error
    # First of all, since a parquet reader need not survive damaged bytes.
    if not _hash_fits(data):
        raise DamagedPartError("its bytes are not those that were written")
    return data


def decode(data: bytes, columns: Sequence[str] | None = None, *, coded: bool = False) -> pd.DataFrame:
    """Rows of a parquet file in memory, or some columns of them; with `coded`, strings are categories."""
    metadata = pq.read_metadata(pa.BufferReader(data))
    schema = metadata.schema.to_arrow_schema()
    texts = [entry.name for entry in schema if pa.types.is_string(entry.type)] if coded else None
    file = pq.ParquetFile(
        pa.BufferReader(data), metadata=metadata, read_dictionary=texts, page_checksum_verification=True
    )
    # In one thread: a part is small, and the others have work of their own.
    table = file.read(columns=None if columns is None else list(columns), use_threads=False)
    return table.replace_schema_metadata(None).to_pandas(split_blocks=True, use_threads=False)
