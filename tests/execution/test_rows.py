"""Rows held small give back what went in, whole, by column and by arm."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from sim.execution import rows as module
from sim.execution.chunks import Chunk
from sim.execution.digest import rows_digest
from sim.execution.rows import Rows, encode_part

WORDS = st.none() | st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=6)
ROWS = st.lists(
    st.tuples(
        st.sampled_from(["without", "østpost", ""]),
        WORDS,
        st.integers(-(2**63), 2**63 - 1),
        st.none() | st.floats(allow_nan=False),
        st.booleans(),
    ),
    max_size=12,
)


def frame_of(some: list[tuple], start: int = 0) -> pd.DataFrame:
    arm, by, minute, x_km, seen = zip(*some, strict=True) if some else ((), (), (), (), ())
    return pd.DataFrame(
        {
            "replication": np.arange(start, start + len(some)),
            "arm": pd.Series(arm, dtype="str"),
            "by": pd.Series(by, dtype="str"),
            "minute": np.array(minute, dtype=np.int64),
            "x_km": np.array(x_km, dtype=float),
            "seen": np.array(seen, dtype=bool),
        }
    )


def part_of(frame: pd.DataFrame, turn: int) -> bytes:
    """A part, its strings as categories in an order of its own."""
    names = sorted(set(frame["by"].dropna()), reverse=bool(turn % 2))
    coded = frame.assign(by=pd.Categorical(frame["by"], categories=["unused", *names]))
    return encode_part(coded, Chunk(0, 100), "run")


@settings(max_examples=40)
@given(st.lists(ROWS, max_size=5), st.sampled_from([1, 5, 1000]))
def test_parts_come_back_as_one_frame(some, enough):
    frames, start = [], 0
    for part in some:
        frames.append(frame_of(part, start))
        start += len(part)
    whole = pd.concat([frame_of([]), *frames], ignore_index=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "ENOUGH_ROWS", enough)
        rows = Rows.of_parts(part_of(frame, turn) for turn, frame in enumerate(frames))
        assert len(rows) == len(whole)
        if not len(whole):
            return
        assert_frame_equal(rows.frame(), whole)
        coded = rows.frame(coded=True)
        assert rows_digest([coded]) == rows_digest([whole])
        assert list(coded["by"].cat.categories) == sorted(set(whole["by"].dropna()))
        assert_frame_equal(rows.frame(["x_km", "replication"]), whole[["x_km", "replication"]])
        for arm in ("without", "østpost", "", "nowhere"):
            mine = whole[whole["arm"] == arm].reset_index(drop=True)
            assert_frame_equal(rows.frame(arm=arm), mine)
            assert_frame_equal(rows.frame(["minute", "by"], arm=arm), mine[["minute", "by"]])


def test_some_replications_can_be_left_out():
    whole = frame_of([("without", "a", 1, None, True), ("with", "b", 2, 1.0, False), ("without", "", 3, 2.0, True)])
    rows = Rows.of(whole).without([0]).without([2, 7])
    assert len(rows) == 1
    assert_frame_equal(rows.frame(), whole[1:2].reset_index(drop=True))
    assert len(rows.frame(["minute"], arm="without")) == 0


def test_no_rows_are_no_rows():
    assert len(Rows.of_parts([])) == len(Rows.of_parts([part_of(frame_of([]), 0)]).frame()) == 0


def test_integers_of_other_kinds_keep_them():
    frame = pd.DataFrame({"replication": [0, 1], "size": np.array([1, 2], dtype=np.uint8), "share": [0.5, None]})
    assert_frame_equal(Rows.of(frame).frame(), frame)
