"""Tables in compiled code hold what numpy's arrays hold, wherever they are read and written."""

from __future__ import annotations

from typing import Any

import numba
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.engine.tables import hold, lay_out

KIND = np.dtype([("whole", "i8"), ("short", "i4"), ("real", "f8"), ("yes", "?"), ("word", "u8")], align=True)
LIVE = lay_out({"rows": (KIND, 1), "grid": ("i8", 2), "reals": ("f8", 1), "known": ("?", 1)})
FIXED = lay_out({"pages": (KIND, 2), "numbers": ("f8", 1)}, fixed=True)


@numba.njit(_nrt=False)
def write_about(lives: Any, fixeds: Any, i: int, j: int) -> float:
    """Reads and writes in every way that the engine does."""
    live, fixed = lives[0], fixeds[0]
    page, row = fixed.pages[i, j], live.rows[i]
    row.whole += page.short
    row.short = page.whole
    row.real, row.yes, row.word = page.real, not page.yes, page.word
    live.rows[j] = live.rows[i]
    live.grid[i, j] -= row.whole
    live.grid[j, i] = live.grid[i, j] + len(live.grid)
    live.known[j] = page.yes
    live.reals[i] = 0.0
    for number in fixed.numbers[i : i + 2]:
        live.reals[i] += number
    return live.reals[i] + live.grid[i, i]


@numba.njit(_nrt=False)
def write_on_what_is_fixed(fixeds: Any) -> None:
    """Not to be compiled."""
    fixeds[0].pages[0, 0].whole = 1


@numba.njit(_nrt=False)
def _doubled(x: int) -> int:
    return 2 * x


@numba.njit(_nrt=False)
def double_both(lives: Any, i: int) -> int:
    """Passes on a short number and a long one."""
    return _doubled(lives[0].rows[i].short) + _doubled(lives[0].rows[i].whole)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2), st.integers(0, 2), st.integers(0, 2**32 - 1))
def test_compiled_code_does_what_numpy_does(i: int, j: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    pages, numbers = _drawn(rng, 9).reshape(3, 3), rng.normal(size=5)
    rows, grid, reals, known = _drawn(rng, 3), rng.integers(-99, 99, (3, 3)), rng.normal(size=3), rng.random(3) < 0.5
    live = hold(LIVE, {"rows": rows.copy(), "grid": grid.copy(), "reals": reals.copy(), "known": known.copy()})
    told = write_about(live.record, hold(FIXED, {"pages": pages, "numbers": numbers}).record, i, j)

    page = pages[i, j]
    rows[i]["whole"] += page["short"]
    rows[i]["short"], rows[i]["real"], rows[i]["yes"], rows[i]["word"] = (
        page["whole"],
        page["real"],
        not page["yes"],
        page["word"],
    )
    rows[j] = rows[i]
    grid[i, j] -= rows[i]["whole"]
    grid[j, i] = grid[i, j] + 3
    known[j] = page["yes"]
    reals[i] = 0.0 + numbers[i] + numbers[i + 1]
    for name, expected in (("rows", rows), ("grid", grid), ("reals", reals), ("known", known)):
        np.testing.assert_array_equal(live.tables[name], expected)
    assert told == reals[i] + grid[i, i]


def test_what_is_fixed_cannot_be_written() -> None:
    held = hold(FIXED, {"pages": np.zeros((1, 1), dtype=KIND), "numbers": np.zeros(1)})
    with pytest.raises(numba.TypingError, match="stays as it is"):
        write_on_what_is_fixed(held.record)


def _drawn(rng: np.random.Generator, count: int) -> np.ndarray:
    rows = np.zeros(count, dtype=KIND)
    rows["whole"], rows["short"] = rng.integers(-99, 99, count), rng.integers(-99, 99, count)
    rows["real"], rows["yes"] = rng.normal(size=count), rng.random(count) < 0.5
    rows["word"] = rng.integers(0, 2**63, count).astype(np.uint64) * np.uint64(2)
    return rows


@pytest.mark.skipif(bool(numba.config.DISABLE_JIT), reason="nothing is compiled")
def test_a_short_number_is_read_as_a_long_one() -> None:
    """Doubled it has no room in 32 bits; and what is passed both is compiled once."""
    rows = np.zeros(2, dtype=KIND)
    rows["short"], rows["whole"] = (2**31 - 1, -(2**31)), (2**40, -(2**40))
    live = hold(LIVE, {"rows": rows, "grid": np.zeros((1, 1), "i8"), "reals": np.zeros(1), "known": np.zeros(1, "?")})
    assert [double_both(live.record, i) for i in (0, 1)] == [2**32 - 2 + 2**41, -(2**32) - 2**41]
    assert len(_doubled.signatures) == 1
