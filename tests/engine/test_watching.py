"""Power: while all posts are said to have it, none is in the dark; and each is dark in its own cuts alone."""

from __future__ import annotations

from typing import Any

import numba
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from small_case import small_world

from sim.engine.build_tables import build_tables
from sim.engine.layout import new_run
from sim.engine.watching import all_have_power, is_dark

TABLES = build_tables(small_world())
CUTS = st.lists(st.tuples(st.floats(-20.0, 90.0), st.floats(0.0, 30.0)), max_size=6)


@numba.njit(_nrt=False)
def have_power(runs: Any) -> bool:
    """Now."""
    return all_have_power(runs[0])


@settings(max_examples=300, deadline=None)
@given(CUTS, st.lists(st.integers(0, 5), min_size=1, max_size=20))
def test_all_have_power_until_the_next_cut(cuts: list[tuple[float, float]], leaps: list[int]) -> None:
    run = new_run(TABLES, 1)
    now, table = run.tables["now"], run.tables["cuts"]
    for number, (start, length) in enumerate(cuts):
        table[number] = start, start + length
    now["cuts"] = len(cuts)
    dark = {minute for minute in range(200) for start, length in cuts if start <= minute < start + length}
    for minute in np.cumsum(leaps).tolist():
        now["minute"] = minute
        told = have_power(run.record)
        assert told == (minute not in dark)
        if told:
            until = int(min(now["power_until"][0], 200))
            assert dark.isdisjoint(range(minute, until))


@numba.njit(_nrt=False)
def lacks_power(runs: Any, post: int, minute: int) -> bool:
    """A post, at a minute."""
    return is_dark(runs[0], post, minute)


@settings(max_examples=100, deadline=None)
@given(st.lists(CUTS, min_size=2, max_size=2))
def test_a_post_is_dark_in_its_own_cuts(cuts_by_post: list[list[tuple[float, float]]]) -> None:
    run = new_run(TABLES, 1)
    table, units, number = run.tables["cuts"], run.tables["units"], 0
    for post, cuts in enumerate(cuts_by_post):
        units["first_cut"][post], units["cuts"][post] = number, len(cuts)
        for start, length in cuts:
            table[number] = start, start + length
            number += 1
    for post, cuts in enumerate(cuts_by_post):
        for minute in range(130):
            dark = any(start <= minute < start + length for start, length in cuts)
            assert lacks_power(run.record, post, minute) == dark
