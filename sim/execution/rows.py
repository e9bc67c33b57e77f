"""All rows of a run, held small."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from sim.execution.parquet import decode, encode, frame_of, table_of

ENOUGH_ROWS = 50_000
"""Parts of fewer rows are joined: a parquet file of a few rows is mostly about itself."""


class Rows:
    """Rows that stay as parquet files, in memory, and are decoded column by column when somebody asks.

    Six million rows of outcomes are some 100 MB so, and more than 2 GB as a frame.

    Parameters
    ----------
    blocks:
        Parquet files of the same columns, in order.
    left_out:
        Replications whose rows do not count.
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
        return cls([*blocks, *_joined(small)])

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

        Parameters
        ----------
        coded:
            Give strings as categories, which are in the order of the strings and the same for all rows.
        """
        if not self._blocks:
            return pd.DataFrame()
        tables = [self._some(block, columns, arm, coded) for block in self._blocks]
        table = pa.concat_tables(tables)
        del tables
        if not coded:
            return frame_of(table)
        frame = frame_of(table.unify_dictionaries())
        for name in frame.select_dtypes("category").columns:
            frame[name] = _sorted(frame[name])
        return frame

    def _some(self, block: bytes, columns: Sequence[str] | None, arm: str | None, coded: bool) -> pa.Table:
        table = decode(block, columns, coded=coded)
        keep = self._kept(block)
        if arm is not None:
            mine = _equal(decode(block, ["arm"], coded=True)["arm"], arm)
            keep = mine if keep is None else keep & mine
        return table if keep is None else table.filter(pa.array(keep))

    def _kept(self, block: bytes) -> NDArray[np.bool_] | None:
        if not len(self._left_out):
            return None
        return ~np.isin(decode(block, ["replication"])["replication"].to_numpy(), self._left_out)


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


def _sorted(column: pd.Series) -> pd.Series:
    used = column.cat.remove_unused_categories()
    return used.cat.reorder_categories(sorted(used.cat.categories))
