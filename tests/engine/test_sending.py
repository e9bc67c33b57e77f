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
from sim.rules.movement import BY_VEHICLE, EXPECTED, ON_FOOT, afloat_min
from sim.rules.response import expected_step

WORLD = small_world("with_outpost")
TABLES = build_tables(WORLD)
CASE, ROUTE = TABLES.tables["case"][0], TABLES.tables["routes"][0]
POSTS = int(CASE["posts"])


@numba.njit(_nrt=False)
def plan(tables_record: Any, runs: Any, u: int, step: int, seen_min: int, within_km: float) -> tuple[int, int, int]:
    """A plan on the first route."""
    tables, run = tables_record[0], runs[0]
    if plan_meeting(tables, run, u, 0, step, seen_min, within_km, run.now[0].minute + tables.units[u].notice_min):
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
    now=st.integers(120, 1000),
    ago=st.integers(0, 120),
    within_km=st.sampled_from([np.inf, 1.0, 3.0, 6.0]),
)
def test_a_plan_is_the_first_meeting_of_all_steps(u: int, step: int, now: int, ago: int, within_km: float) -> None:
    """Against every step by itself, and every minute in which men could arrive there."""
    run = new_run(TABLES, 1)
    run.tables["now"]["minute"] = now
    unit, command, route = TABLES.tables["units"][u], WORLD.scenario.command, WORLD.routes[0][0]
    going = np.array(WORLD.going)
    ready, seen = now + int(unit["notice_min"]), now - ago
    landed = seen + afloat_min(step, route.raft_step, route.landing_step)
    expected = (-1, 0, 0)
    for place in range(step, route.steps + 1):
        travel = WORLD.post_travel[u][WORLD.route_spots(0, 0)[place]]
        gone = going[BY_VEHICLE if unit["vehicle"] else ON_FOOT][ready:] - going[int(unit["vehicle"])][ready]
        near = np.hypot(route.x_km[place] - unit["x_km"], route.y_km[place] - unit["y_km"]) <= within_km
        if not near or travel > gone[-1]:
            continue
        minutes = int((gone >= travel).argmax())
        walked = going[EXPECTED][max(ready + minutes, landed)] - going[EXPECTED][landed]
        comes = expected_step(ready + minutes, step, seen, landed - seen, walked, command.farthest_on_pace)
        if minutes <= command.pursuit_limit_min and comes <= place:
            expected = (place, ready + minutes, minutes)
            break
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
