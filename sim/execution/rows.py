"""Rows as parquet: parts, files of some replications that show when they are damaged; and all rows in memory."""

from __future__ import annotations

import contextlib
import ctypes
import hashlib
import json
import logging
import os
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from sim.execution.chunks import OUTCOMES, Chunk, part_files, part_name, part_range
from sim.execution.digest import check_values
from sim.execution.errors import DamagedPartError, one_line

DAMAGED = "damaged"
"""Folder where damaged parts are put aside; nothing that somebody may want is ever deleted."""

ENOUGH_ROWS = 20_000
"""Parts of fewer rows are joined in memory: a parquet file of a few rows consists mostly of its footer."""

_KEY = b"border_sim"
_HASH_KEY = b"border_sim_file"
_MARK = b"sha256 with zeros here:"
_HEX = 64
_NO_HASH = _MARK + b"0" * _HEX

_log = logging.getLogger(__name__)


def encode_part(frame: pd.DataFrame, chunk: Chunk, run: str, per_point: int | None = None) -> bytes:
    """Encode rows as the parquet file of a part, in memory.

    The checksums of parquet guard the pages, not the footer; so the file holds its own SHA-256 as well, taken with
    zeros in its place, and the replications and the `run` (the hash of the configuration) that it belongs to.
    `per_point` is as in `Job`. A ValueError says that the rows are not those of the chunk, or hold what `rows_digest`
    refuses.
    """
    _check_rows(frame, chunk, per_point)
    facts = {"start": chunk.start, "stop": chunk.stop, "run": run}
    data = _encode(_table_of(frame), {_KEY: json.dumps(facts).encode(), _HASH_KEY: _NO_HASH})
    place = data.rindex(_NO_HASH) + len(_MARK)
    return data[:place] + hashlib.sha256(data).hexdigest().encode() + data[place + _HEX :]


def read_part(path: Path, run: str) -> bytes:
    """The file of a part, verified against its hash.

    A `DamagedPartError` gives the reason when the file is cut, altered, from another run, or no part at all.
    """
    try:
        data = path.read_bytes()
        # First of all, since a parquet reader need not survive damaged bytes.
        _check_hash(data)
        facts = json.loads(_metadata(data).metadata[_KEY])
    except (OSError, pa.ArrowException, ValueError, KeyError, TypeError) as error:
        raise DamagedPartError(f"it cannot be read ({one_line(error)[:120]})") from error
    if facts.get("run") != run:
        raise DamagedPartError("it belongs to another run")
    if part_range(path.name) != (facts.get("start"), facts.get("stop")):
        raise DamagedPartError("it holds other replications than its name says")
    return data


def sound_parts(folder: Path, run: str) -> list[Chunk]:
    """Read all parts of an output folder; returns what the sound ones hold.

    Those that are damaged or of another run are put aside, with a warning of one line each.
    """
    sound: list[Chunk] = []
    for path, chunk in part_files(folder):
        try:
            if sound and chunk.start < sound[-1].stop:
                raise DamagedPartError(f"it repeats replications of {part_name(sound[-1])}")
            read_part(path, run)
        except DamagedPartError as damage:
            (folder / DAMAGED).mkdir(exist_ok=True)
            os.replace(path, folder / DAMAGED / path.name)
            reason = f"{damage}; what is missing of {chunk} will be run again"
            _log.warning("%s/%s was put aside in %s/%s: %s", OUTCOMES, path.name, folder, DAMAGED, reason)
        else:
            sound.append(chunk)
    return sound


def frame_of_part(part: bytes) -> pd.DataFrame:
    """The rows of a part, its strings as categories in no order: no string is made for a row."""
    return _frame_of(_decode(part))


def release_memory() -> None:
    """Return freed memory to the system: allocators keep it otherwise, and thousands of pieces hold it as if in use."""
    pa.default_memory_pool().release_unused()
    # Only the C library of GNU has it.
    with contextlib.suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)


class Rows:
    """Rows that stay as parquet files, in memory, and are decoded column by column when needed.

    Six million rows of outcomes take some 100 MB so, and more than 2 GB as a frame. The blocks are parquet files of the
    same columns, in order.
    """

    def __init__(self, blocks: Iterable[bytes]) -> None:
        self._blocks = tuple(blocks)

    @classmethod
    def of(cls, frame: pd.DataFrame) -> Rows:
        """The rows of a frame; its index is dropped."""
        return cls([_encode(_table_of(frame))])

    @classmethod
    def of_parts(cls, parts: Iterable[bytes]) -> Rows:
        """The rows of parquet files, of which those without rows are passed over, and small ones joined."""
        blocks: list[bytes] = []
        small: list[pa.Table] = []
        for part in parts:
            number = _metadata(part).num_rows
            if 0 < number < ENOUGH_ROWS:
                small.append(_decode(part))
            if number >= ENOUGH_ROWS or sum(map(len, small)) >= ENOUGH_ROWS:
                blocks += [*_joined(small), *([part] if number >= ENOUGH_ROWS else [])]
                small = []
        blocks += _joined(small)
        release_memory()
        return cls(blocks)

    def __len__(self) -> int:
        return sum(_metadata(block).num_rows for block in self._blocks)

    def without(self, replications: Iterable[int]) -> Rows:
        """The same rows but those of some replications."""
        left_out = pa.array(list(replications), pa.int64())
        tables = map(_decode, self._blocks)
        rest = (table.filter(pc.invert(pc.is_in(table["replication"], value_set=left_out))) for table in tables)
        return Rows.of_parts(map(_encode, rest))

    def frame(
        self, columns: Sequence[str] | None = None, *, arm: str | None = None, coded: bool = False
    ) -> pd.DataFrame:
        """The rows in order as a frame of its own, or some columns, or those of one arm.

        With `coded`, strings are categories, which are in the order of the strings and the same for all rows.
        """
        files = [_opened(block) for block in self._blocks]
        if not files:
            return pd.DataFrame()
        wanted = [None if arm is None else pc.equal(file.read(["arm"])["arm"], arm) for file in files]

        def column(name: str) -> pd.Series:
            tables = [file.read([name], use_threads=False) for file in files]
            found = [table if keep is None else table.filter(keep) for table, keep in zip(tables, wanted, strict=True)]
            values = _frame_of(pa.concat_tables(found))[name]
            if not isinstance(values.dtype, pd.CategoricalDtype):
                return values
            return _sorted_categories(values) if coded else values.astype("str")

        # One column after the other: decoded, all of them together take more memory than the frame.
        names = files[0].schema_arrow.names if columns is None else columns
        frame = pd.DataFrame({name: column(name) for name in names}, copy=False)
        release_memory()
        return frame


def _check_rows(frame: pd.DataFrame, chunk: Chunk, per_point: int | None) -> None:
    """Check that a job gave what was asked for: the first columns, ascending numbers in the chunk, allowed values.

    With `per_point`, replication r of point p counts as ``p * per_point + r``.
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


def _check_hash(data: bytes) -> None:
    place = data.rfind(_MARK) + len(_MARK)
    if place < len(_MARK):
        raise DamagedPartError("it is cut, or was not written by this program")
    zeroed = data[:place] + b"0" * _HEX + data[place + _HEX :]
    if hashlib.sha256(zeroed).hexdigest().encode() != data[place : place + _HEX]:
        raise DamagedPartError("its bytes are not those that were written")


def _table_of(frame: pd.DataFrame) -> pa.Table:
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


def _encode(table: pa.Table, metadata: dict[bytes, bytes] | None = None) -> bytes:
    """A parquet file of a table, in memory, with checksums of its pages."""
    sink = pa.BufferOutputStream()
    # Without Arrow's own note of the types: readers would find dictionaries where the others have strings.
    with pq.ParquetWriter(sink, table.schema, compression="zstd", write_page_checksum=True, store_schema=False) as file:
        file.write_table(table)
        file.add_key_value_metadata(metadata or {})
    return bytes(sink.getvalue())


def _metadata(data: bytes) -> pq.FileMetaData:
    return pq.read_metadata(pa.BufferReader(data))


def _decode(data: bytes) -> pa.Table:
    """The table of a parquet file; strings are dictionaries."""
    return _opened(data).read(use_threads=False)


def _opened(data: bytes) -> pq.ParquetFile:
    metadata = _metadata(data)
    return pq.ParquetFile(
        pa.BufferReader(data),
        metadata=metadata,
        # All columns may stand here: those that hold no strings are read as they are.
        read_dictionary=metadata.schema.names,
        page_checksum_verification=True,
    )


def _joined(tables: list[pa.Table]) -> list[bytes]:
    return [_encode(pa.concat_tables(tables).unify_dictionaries().combine_chunks())] if tables else []


def _frame_of(table: pa.Table) -> pd.DataFrame:
    """A frame of a table, of which each column is freed when it has been converted."""
    table = table.unify_dictionaries()
    return table.to_pandas(split_blocks=True, use_threads=False, ignore_metadata=True, self_destruct=True)


def _sorted_categories(column: pd.Series) -> pd.Series:
    """The same column without unused categories, the others in the order of the strings."""
    used = column.cat.remove_unused_categories().cat.categories
    return column.cat.set_categories(pd.Index(sorted(used), dtype="str"))
