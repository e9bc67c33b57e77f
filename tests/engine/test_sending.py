"""Who is sent, and where he meets the group: held against the rules over all steps, one by one."""

from __future__ import annotations

from typing import Any

import numba
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from small_case import small_world

from sim.engine.build_tables import build_tables
from sim.engine.layout import NOBODY_MORE, new_run
from sim.engine.sending import _join_chasers, _leave_chasers, chaser_after, plan_meeting
from sim.rules.response import earliest_meeting, expected_minutes

WORLD = small_world("with_outpost")
TABLES = build_tables(WORLD)
CASE, ROUTE = TABLES.tables["case"][0], TABLES.tables["routes"][0]
POSTS = int(CASE["posts"])


@numba.njit(_nrt=False)
def plan(tables_record: Any, runs: Any, u: int, step: int, seen_min: int, within_km: float) -> tuple[int, int, int]:
    """A plan on the first route."""
    tables, run = tables_record[0], runs[0]
    if plan_meeting(tables, run, u, 0, step, seen_min, within_km, run.now[0].minute):
        return run.units[u].meeting_step, run.units[u].arrive_min, run.units[u].travel_min
    return -1, 0, 0


@numba.njit(_nrt=False)
def join(runs: Any, u: int) -> None:
    """A unit goes after a group."""
    _join_chasers(runs[0], u)


@numba.njit(_nrt=False)
def leave(runs: Any, u: int) -> None:
    """A unit goes home."""
    _leave_chasers(runs[0], u)


@numba.njit(_nrt=False)
def after(runs: Any, u: int) -> int:
    """The next in order."""
    return chaser_after(runs[0], u)


@settings(max_examples=200, deadline=None)
@given(
    u=st.integers(0, POSTS - 1),
    step=st.integers(0, int(ROUTE["steps"])),
    now=st.integers(0, 300),
    ago=st.integers(0, 120),
    within_km=st.sampled_from([np.inf, 1.0, 3.0, 6.0]),
)
def test_a_plan_is_the_first_meeting_of_all_steps(u: int, step: int, now: int, ago: int, within_km: float) -> None:
    run = new_run(TABLES, 1)
    run.tables["now"]["minute"] = now
    unit = TABLES.tables["units"][u]
    x, y = WORLD.routes[0][0].x_km[step:], WORLD.routes[0][0].y_km[step:]
    travel = WORLD.post_travel[u][WORLD.route_spots(0, 0)[step:]].copy()
    travel[(travel > CASE["pursuit_limit_min"]) | (np.hypot(x - unit["x_km"], y - unit["y_km"]) > within_km)] = np.inf
    ready = now + int(unit["notice_min"])
    comes = expected_minutes(int(ROUTE["steps"]) + 1, step, now - ago, float(CASE["expected_pace"]))
    first = earliest_meeting(travel, ready + float(CASE["approach_min"]), comes)
    first = earliest_meeting(travel, ready, comes) if first < 0 else first
    expected = (-1, 0, 0) if first < 0 else (step + first, ready + int(np.ceil(travel[first])), np.ceil(travel[first]))
    assert plan(TABLES.record, run.record, u, step, now - ago, within_km) == expected


@settings(max_examples=200, deadline=None)
@given(st.lists(st.integers(0, 2), max_size=12))
def test_those_who_chase_are_told_in_order(moves: list[int]) -> None:
    run, chasing = new_run(TABLES, 1), set()
    for u in moves:
        (leave if u in chasing else join)(run.record, u)
        chasing ^= {u}
        assert run.tables["chasers"][: run.tables["now"][0]["chases"]].tolist() == sorted(chasing)
        assert set(np.nonzero(run.tables["chasing"])[0].tolist()) == chasing
        for one in (-1, 0, 1, 2):
            assert after(run.record, one) == min((other for other in chasing if other > one), default=NOBODY_MORE)
