"""The digest against a second way to write the bytes, and its blindness to how rows are kept and cut."""

from __future__ import annotations

import hashlib
import itertools
import json
import math
import struct

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.execution.digest import check_values, column_types, rows_digest

TYPES = [["replication", "int"], ["x_km", "float"], ["detected", "bool"], ["detected_by", "str"]]

texts = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12)
rows = st.lists(
    st.tuples(st.integers(-(2**63), 2**63 - 1), st.floats(), st.booleans(), st.none() | texts), min_size=1, max_size=20
)


def frame_of(some: list[tuple]) -> pd.DataFrame:
    number, x_km, detected, by = zip(*some, strict=True)
    return pd.DataFrame(
        {
            "replication": np.array(number, dtype=np.int64),
            "x_km": np.array(x_km, dtype=float),
            "detected": np.array(detected, dtype=bool),
            "detected_by": pd.Series(by, dtype=object),
        }
    )


def plain_digest(some: list[tuple]) -> str:
    """The same definition, written value by value with the standard library."""
    data = bytearray(b"border-sim rows 1\n" + json.dumps(TYPES).encode() + b"\n")
    for number, x_km, detected, by in some:
        x_bytes = bytes.fromhex("000000000000f87f") if math.isnan(x_km) else struct.pack("<d", x_km + 0.0)
        text = b"\xff" if by is None else by.encode()
        data += struct.pack("<q", number) + x_bytes + bytes([detected]) + text.ljust(48, b"\0")
    return hashlib.sha256(data).hexdigest()


@given(rows)
def test_is_the_hash_of_the_bytes_defined(some):
    assert rows_digest([frame_of(some)]) == plain_digest(some)


@given(rows, st.lists(st.integers(0, 20), max_size=4))
def test_cutting_in_frames_does_not_matter(some, cuts):
    frame = frame_of(some)
    edges = [0, *sorted(cuts), len(frame)]
    pieces = [frame.iloc[first:last] for first, last in itertools.pairwise(edges)]
    assert rows_digest(pieces) == rows_digest([frame])


def test_blocks_do_not_matter():
    # More rows than are turned into bytes at a time, against the plain way.
    some = [(number, number / 3, number % 2 == 0, None if number % 5 else "post") for number in range(70_000)]
    assert rows_digest([frame_of(some)]) == plain_digest(some)


@pytest.mark.parametrize("kind", [object, "string", "category"])
def test_how_strings_are_kept_does_not_matter(kind):
    frame = pd.DataFrame({"replication": [0, 1, 2], "by": ["mast", None, "østpost"]})
    assert rows_digest([frame.astype({"by": kind})]) == rows_digest([frame])


def test_the_order_of_categories_does_not_matter():
    plain = pd.DataFrame({"replication": range(5), "by": ["b", "", "a", None, "b"]})
    orders = (["a", "b", ""], ["", "unused", "b", "a"])
    coded = [plain.assign(by=pd.Categorical(plain["by"], categories=order)) for order in orders]
    assert {rows_digest([frame]) for frame in coded} == {rows_digest([plain])}
    # Parts need not agree on their categories.
    assert rows_digest([coded[0][:2], coded[1][2:]]) == rows_digest([plain])


def test_width_of_numbers_does_not_matter():
    wide = pd.DataFrame({"replication": [0, 1], "killed": [3, 15], "x_km": [0.5, np.nan], "seen": [True, False]})
    narrow = wide.astype({"replication": "int32", "killed": "uint8", "x_km": "float32"})
    nullable = wide.astype({"killed": "Int64", "x_km": "Float64", "seen": "boolean"})
    assert rows_digest([narrow]) == rows_digest([wide]) == rows_digest([nullable])


def test_signs_of_zero_and_kinds_of_nan_do_not_matter():
    odd = np.array([-0.0, *np.array([0xFFF8000000000001, 0x7FF8000000000123], dtype=np.uint64).view(float)])
    even = np.array([0.0, np.nan, np.nan])
    assert rows_digest([pd.DataFrame({"x_km": odd})]) == rows_digest([pd.DataFrame({"x_km": even})])


@pytest.mark.parametrize(
    "other",
    [
        {"replication": [0, 1], "by": ["a", ""]},
        {"replication": [0, 1], "by": ["", None]},
        {"replication": [1, 0], "by": ["a", None]},
        {"replication": [0, 1], "of": ["a", None]},
        {"replication": [0.0, 1.0], "by": ["a", None]},
        {"by": ["a", None], "replication": [0, 1]},
        {"replication": [0], "by": ["a"]},
    ],
)
def test_any_difference_of_content_matters(other):
    frame = pd.DataFrame({"replication": [0, 1], "by": ["a", None]})
    assert rows_digest([pd.DataFrame(other)]) != rows_digest([frame])


@pytest.mark.parametrize(
    ("values", "word"),
    [
        (["a" * 49], "48 bytes"),
        (["é" * 25], "48 bytes"),
        (["a\0"], "zero byte"),
        (["a", 7], "no string"),
        (pd.Series([1, None], dtype="Int64"), "column by"),
        (pd.Series([True, None], dtype="boolean"), "column by"),
        (pd.Series([2**63], dtype="uint64"), "64 bits"),
        (pd.to_datetime(["2019-11-06"]), "datetime"),
        ([1j], "complex"),
    ],
)
def test_values_that_cannot_be_kept_are_refused(values, word):
    with pytest.raises(ValueError, match=word):
        rows_digest([pd.DataFrame({"by": values})])


def test_a_string_of_48_bytes_fits():
    assert rows_digest([pd.DataFrame({"by": ["é" * 24]})])


def test_frames_of_other_columns_are_refused():
    with pytest.raises(ValueError, match="columns differ"):
        rows_digest([pd.DataFrame({"x_km": [1.0]}), pd.DataFrame({"x_km": [1]})])


def test_frames_without_rows_are_passed_over():
    frame = pd.DataFrame({"x_km": [1.0]})
    assert rows_digest([frame.iloc[:0].astype(int), frame, pd.DataFrame()]) == rows_digest([frame])
    assert rows_digest([]) == hashlib.sha256(b"border-sim rows 1\n").hexdigest()


def test_column_types_of_a_missing_string_column():
    assert column_types(pd.DataFrame({"by": [None, None]})) == [("by", "str")]


@pytest.mark.parametrize(
    "column",
    [
        [1, 2],
        [0.5, None],
        ["a", None],
        [True, False],
        ["a" * 49, "b"],
        ["a\0b", "c"],
        pd.array([1, None], dtype="Int64"),
    ],
    ids=["integers", "floats", "texts", "booleans", "long", "zero byte", "missing integer"],
)
def test_values_are_checked_as_the_digest_would_check_them(column):
    frame, messages = pd.DataFrame({"x": column}), []
    for check in (check_values, lambda frame: rows_digest([frame])):
        try:
            check(frame)
            messages.append(None)
        except ValueError as error:
            messages.append(str(error))
    assert messages[0] == messages[1]


def test_values_are_checked_without_putting_rows_into_bytes(monkeypatch):
    monkeypatch.setattr("sim.execution.digest._blocks", None)
    check_values(pd.DataFrame({"x_km": [1.0], "by": pd.Categorical(["a"]), "size": [3]}))
    with pytest.raises(ValueError, match=r"column by: .* 48 bytes"):
        check_values(pd.DataFrame({"by": pd.Categorical(["a" * 49])}))
