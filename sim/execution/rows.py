"""All rows of a run, held small."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from sim.execution.parts import decode, encode, frame_of, release_memory, table_of

ENOUGH_ROWS = 20_000
"""Parts of fewer rows are joined: a parquet file of a few rows is mostly about itself."""

PIECE_ROWS = 100_000
"""Rows that are turned into a frame at a time, before all are joined."""


class Rows:
    """Rows that stay as parquet files, in memory, and are decoded column by column when somebody asks.

    Six million rows of outcomes are some 100 MB so, and more than 2 GB as a frame. The blocks are parquet files of the
    same columns, in order; rows of the replications in `left_out` do not count.
    """

    def __init__(self, blocks: Iterable[bytes], left_out: Iterable[int] = ()) -> None:
        self._blocks = tuple(blocks)
        self._left_out = np.unique(np.array([*left_out], dtype=np.int64))

    @classmethod
    def of(cls, frame: pd.DataFrame) -> Rows:
        """The rows of a frame; its index is dropped."""
        return cls([encode(table_of(frame))])

    @classmethod
    def of_parts(cls, parts: Iterable[bytes]) -> Rows:
        """The rows of parquet files, of which those without rows are passed over, and small ones joined."""
        blocks: list[bytes] = []
        small: list[pa.Table] = []
        for part in parts:
            number = pq.read_metadata(pa.BufferReader(part)).num_rows
            if 0 < number < ENOUGH_ROWS:
                small.append(decode(part, coded=True))
            if number >= ENOUGH_ROWS or sum(map(len, small)) >= ENOUGH_ROWS:
                blocks += [*_joined(small), *([part] if number >= ENOUGH_ROWS else [])]
                small = []
        blocks += _joined(small)
        release_memory()
        return cls(blocks)

    def __len__(self) -> int:
        if len(self._left_out):
            return len(self.frame(["replication"]))
        return sum(pq.read_metadata(pa.BufferReader(block)).num_rows for block in self._blocks)

    def without(self, replications: Iterable[int]) -> Rows:
        """The same rows but those of some replications."""
        return Rows(self._blocks, [*self._left_out.tolist(), *replications])

    def frame(
        self, columns: Sequence[str] | None = None, *, arm: str | None = None, coded: bool = False
    ) -> pd.DataFrame:
        """The rows in order as a frame of its own, or some columns, or those of one arm.

        With `coded`, strings are categories, which are in the order of the strings and the same for all rows.
        """
        if not self._blocks:
            return pd.DataFrame()
        frame = _stacked(self._pieces(columns, arm))
        release_memory()
        return frame if coded else frame.astype(dict.fromkeys(frame.select_dtypes("category").columns, "str"))

    def _pieces(self, columns: Sequence[str] | None, arm: str | None) -> Iterator[pd.DataFrame]:
        """What is wanted, cut where it costs least: each piece takes pandas a while, and is there twice at its end."""
        tables: list[pa.Table] = []
        for number, block in enumerate(self._blocks, start=1):
            tables.append(self._some(block, columns, arm))
            if sum(map(len, tables)) >= PIECE_ROWS or number == len(self._blocks):
                yield frame_of(pa.concat_tables(tables).unify_dictionaries())
                tables = []

    def _some(self, block: bytes, columns: Sequence[str] | None, arm: str | None) -> pa.Table:
        """Columns of those rows of a block that are wanted."""
        asked = [*(["arm"] if arm is not None else []), *(["replication"] if len(self._left_out) else [])]
        table = decode(block, None if columns is None else list(dict.fromkeys([*columns, *asked])), coded=True)
        keep = np.ones(len(table), dtype=bool)
        if arm is not None:
            keep &= _equal(table["arm"], arm)
        if len(self._left_out):
            keep &= ~np.isin(table["replication"].to_numpy(), self._left_out)
        table = table if columns is None else table.select(list(columns))
        return table.filter(pa.array(keep)) if asked else table


def _joined(tables: list[pa.Table]) -> list[bytes]:
    return [encode(pa.concat_tables(tables).unify_dictionaries().combine_chunks())] if tables else []


def _equal(texts: pa.ChunkedArray, wanted: str) -> NDArray[np.bool_]:
    """Where a column of dictionaries holds a text: their numbers are compared, not the texts."""
    found = [np.zeros(0, dtype=bool)]
    for chunk in texts.chunks:
        names = chunk.dictionary.to_pylist()
        # A missing text has no number.
        number = names.index(wanted) if wanted in names else -1
        found.append(chunk.indices.fill_null(-2).to_numpy(zero_copy_only=False) == number)
    return np.concatenate(found)


def _stacked(frames: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """One frame of several. While they wait for each other, whole numbers have as few bytes as they need."""
    waiting, whole = [], []
    for frame in frames:
        whole.append(set(frame.select_dtypes("int64").columns))
        waiting.append(frame.assign(**{name: _narrow(frame[name].to_numpy()) for name in whole[-1]}))
    release_memory()
    columns = {}
    for name in list(waiting[0].columns):
        parts = [frame.pop(name) for frame in waiting]
        if isinstance(parts[0].dtype, pd.CategoricalDtype):
            columns[name] = _codes(parts)
        elif name in set.intersection(*whole):
            columns[name] = pd.Series(np.concatenate(parts, dtype=np.int64))
        else:
            columns[name] = pd.concat(parts, ignore_index=True)
    return pd.DataFrame(columns, copy=False)


def _narrow(values: NDArray[np.int64]) -> NDArray[Any]:
    low, high = int(values.min(initial=0)), int(values.max(initial=0))
    widths: tuple[type[np.signedinteger[Any]], ...] = (np.int8, np.int16, np.int32)
    for width in widths:
        if np.iinfo(width).min <= low and high <= np.iinfo(width).max:
            return values.astype(width)
    return values


def _codes(parts: list[pd.Series]) -> pd.Series:
    """Columns of categories one below the other, in the categories that any has, in the order of the strings."""
    used = [part.cat.remove_unused_categories() for part in parts]
    names = sorted({name for part in used for name in part.cat.categories})
    codes = np.concatenate([part.cat.set_categories(names).cat.codes.to_numpy() for part in used])
    dtype = pd.CategoricalDtype(pd.Index(names, dtype="str"))
    return pd.Series(pd.Categorical.from_codes(codes, dtype=dtype, validate=False))
