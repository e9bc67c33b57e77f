"""A part gives back what went in, or says that it is damaged; there is nothing between."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from toy_jobs import toy_rows

from sim.execution.chunks import Chunk, part_name, part_range
from sim.execution.digest import rows_digest
from sim.execution.errors import DamagedPartError
from sim.execution.rows import Rows, encode_part, frame_of_part, read_part

CHUNK = Chunk(20, 30)


def read(path):
    return Rows.of_parts([read_part(path, "run")]).frame()


@pytest.fixture
def part(tmp_path):
    path = tmp_path / part_name(CHUNK)
    path.write_bytes(encode_part(toy_rows(*CHUNK), CHUNK, "run"))
    return path


def test_gives_back_what_went_in(part):
    frame = read(part)
    assert rows_digest([frame]) == rows_digest([toy_rows(*CHUNK)])
    pd.testing.assert_frame_equal(frame, toy_rows(*CHUNK), check_dtype=False)


def test_other_tools_can_read_it(part):
    frame = pd.read_parquet(part)
    assert list(frame["replication"]) == list(toy_rows(*CHUNK)["replication"])
    assert pq.ParquetFile(part).metadata.num_rows == len(frame)


@pytest.mark.parametrize("values", [["a", "b"], [None, None], pd.Categorical(["a", None])])
def test_strings_have_one_type_in_all_parts(tmp_path, values):
    chunk = Chunk(0, 2)
    path = tmp_path / part_name(chunk)
    path.write_bytes(encode_part(pd.DataFrame({"replication": [0, 1], "by": values}), chunk, "run"))
    assert str(pq.read_schema(path).field("by").type) == "string"
    assert len(read(path)) == 2


WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=10)


@given(st.lists(st.none() | WORDS, min_size=1, max_size=30), st.lists(WORDS, max_size=3), st.randoms())
def test_codes_are_kept_as_the_strings_that_they_stand_for(values, others, order):
    # Categories in any order, some of which no row has.
    names = list({*others, *(value for value in values if value is not None)})
    order.shuffle(names)
    plain = pd.DataFrame({"replication": range(len(values)), "by": pd.Series(values, dtype="str")})
    codes = plain.assign(by=pd.Categorical(values, categories=names))
    chunk = Chunk(0, len(values))
    with tempfile.TemporaryDirectory() as folder:
        for rows in (plain, codes):
            path = Path(folder) / part_name(chunk)
            path.write_bytes(encode_part(rows, chunk, "run"))
            pd.testing.assert_frame_equal(read(path), plain)
            assert str(pq.read_schema(path).field("by").type) == "string"
            coded = frame_of_part(path.read_bytes())
            assert coded["by"].dtype == "category"
            assert rows_digest([coded]) == rows_digest([codes]) == rows_digest([plain])


def test_strings_are_kept_in_pages_of_a_dictionary(tmp_path):
    rows = pd.DataFrame({"replication": range(1000), "by": pd.Categorical.from_codes([0, 1] * 500, ["a", "b"])})
    path = tmp_path / "part"
    path.write_bytes(encode_part(rows, Chunk(0, 1000), "run"))
    column = pq.ParquetFile(path).metadata.row_group(0).column(1)
    assert column.has_dictionary_page
    assert column.encodings == ("PLAIN", "RLE", "RLE_DICTIONARY")


def test_categories_that_no_row_has_may_be_anything():
    by = pd.Categorical.from_codes([0, -1], ["a", "x" * 49])
    assert encode_part(pd.DataFrame({"replication": [20, 21], "by": by}), CHUNK, "run")


def test_no_cut_is_overlooked(part):
    data = part.read_bytes()
    for length in [*range(40), *range(40, len(data), 97), len(data) - 1]:
        part.write_bytes(data[:length])
        with pytest.raises(DamagedPartError):
            read_part(part, "run")


def test_no_flipped_bit_is_overlooked(part):
    data = part.read_bytes()
    for place in range(0, len(data), 11):
        flipped = bytearray(data)
        flipped[place] ^= 1 << place % 8
        part.write_bytes(flipped)
        with pytest.raises(DamagedPartError):
            read_part(part, "run")


def test_page_checksums_are_there_for_other_tools(part):
    column = pq.ParquetFile(part).metadata.row_group(0).column(2)
    data = bytearray(part.read_bytes())
    data[column.data_page_offset + column.total_compressed_size // 2] ^= 0x10
    part.write_bytes(data)
    with pytest.raises(OSError, match=r"(?i)crc|checksum"):
        pq.read_table(part, page_checksum_verification=True)


def test_foreign_files_are_noticed(part):
    part.write_text("notes, not rows")
    with pytest.raises(DamagedPartError, match="not written by this program"):
        read_part(part, "run")
    toy_rows(*CHUNK).to_parquet(part)
    with pytest.raises(DamagedPartError, match="not written by this program"):
        read_part(part, "run")
    part.unlink()
    with pytest.raises(DamagedPartError, match="cannot be read"):
        read_part(part, "run")


def test_a_part_of_another_run_is_noticed(part):
    with pytest.raises(DamagedPartError, match="another run"):
        read_part(part, "other")


def test_a_renamed_part_is_noticed(part):
    moved = part.rename(part.with_name(part_name(Chunk(30, 40))))
    with pytest.raises(DamagedPartError, match="other replications"):
        read_part(moved, "run")


def test_a_chunk_without_rows_is_kept(tmp_path):
    path = tmp_path / part_name(CHUNK)
    path.write_bytes(encode_part(toy_rows(*CHUNK).iloc[:0], CHUNK, "run"))
    assert len(read(path)) == 0


@pytest.mark.parametrize(
    ("rows", "word"),
    [
        (toy_rows(20, 31), "asked for replications 20 to 29"),
        (toy_rows(19, 30), "the job gave 19 to 29"),
        (toy_rows(20, 30)[::-1], "ascend"),
        (toy_rows(20, 30).drop(columns="replication"), "first column"),
        (toy_rows(20, 30)[["detected", "replication"]], "first column"),
        (pd.DataFrame(), "first column"),
        (pd.DataFrame({"replication": np.arange(20.0, 30.0)}), "integers"),
        (pd.DataFrame({"replication": [20], "detected_by": ["x" * 49]}), "48 bytes"),
        (pd.DataFrame({"replication": [20], "by": pd.Categorical(["x" * 49])}), "column by: .* 48 bytes"),
        (pd.DataFrame({"replication": [20], "by": pd.Categorical([7])}), "column by: .*7.* is no string"),
        (pd.DataFrame([[20, 1, 2]], columns=["replication", "size", "size"]), "two columns"),
        ([1, 2], "not a data frame"),
    ],
)
def test_rows_that_were_not_asked_for_are_refused(rows, word):
    with pytest.raises(ValueError, match=word):
        encode_part(rows, CHUNK, "run")


@pytest.mark.parametrize(
    "name",
    ["part-1-2.parquet", "part-000000000-000000010.parquet.tmp", "summary.json", ".tmp-1-part-000000000.parquet"],
)
def test_other_names_are_no_parts(name):
    assert part_range(name) is None


def test_names_sort_as_the_replications_do():
    chunks = [Chunk(0, 9), Chunk(9, 100), Chunk(100, 1000), Chunk(1000, 123_456_789)]
    names = [part_name(chunk) for chunk in chunks]
    assert names == sorted(names)
    assert [part_range(name) for name in names] == chunks


def _of_points(units, per_point):
    rows = pd.DataFrame([divmod(unit, per_point) for unit in units], columns=["point", "replication"])
    return rows.assign(outcome="reached")


def test_rows_of_many_points_are_numbered_through(tmp_path):
    frame = _of_points([3, 4, 5, 5, 6], per_point=4)
    path = tmp_path / part_name(Chunk(3, 7))
    path.write_bytes(encode_part(frame, Chunk(3, 7), "run", per_point=4))
    pd.testing.assert_frame_equal(read(path), frame, check_dtype=False)


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        (_of_points([3, 7], 4), "asked for"),
        (_of_points([2], 4), "asked for"),
        (_of_points([5, 4], 4), "ascend"),
        (_of_points([3], 4).drop(columns="point"), "'point' and then 'replication'"),
        (_of_points([3], 4).assign(replication=4), "0 to 3"),
        (_of_points([3], 4).assign(point=0.5), "point must hold integers"),
    ],
    ids=["beyond", "before", "order", "no point", "no such replication", "half a point"],
)
def test_rows_of_other_units_are_refused(frame, message):
    with pytest.raises(ValueError, match=message):
        encode_part(frame, Chunk(3, 7), "run", per_point=4)
