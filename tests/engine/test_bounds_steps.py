"""What the engine foretells of a march: never later than it comes, and to the minute while the light stays."""

from __future__ import annotations

from typing import Any

import numba
import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from small_case import small_world

from sim.engine.bounds import go, minutes_to, step_after
from sim.engine.build_tables import build_tables
from sim.engine.layout import ABROAD, APPROACH, new_run
from sim.rules.movement import progress
from sim.rules.sensing import MARCHING, NIGHT

TABLES = build_tables(small_world())
SKIES, ROUTE = TABLES.tables["skies"], TABLES.tables["routes"][0]
HORIZON = int(TABLES.tables["case"][0]["horizon_min"])
NIGHT_PACE = float(TABLES.tables["parties"][0]["night_pace"])


@numba.njit(_nrt=False)
def foretell(tables_record: Any, runs: Any, step: int, minutes: int) -> tuple[int, int]:
    """Minutes to a step, and the step after some minutes; then goes for so long."""
    tables, run = tables_record[0], runs[0]
    to, after = minutes_to(tables, run, 0, step), step_after(tables, run, 0, minutes)
    go(tables, run, 0, minutes)
    return to, after


def first_at(step: int, minute: int, day: int, night: int, pace: float, rafted: int) -> int:
    """Minutes after `minute` in which a group that walks minute by minute is first at a step, or the horizon's."""
    for later in range(minute + 1, HORIZON + 1):
        night, day = (night + 1, day) if SKIES["light"][later] == NIGHT else (night, day + 1)
        if int(progress(day, night, pace, NIGHT_PACE)) + rafted >= step:
            return later - minute
    return HORIZON - minute


@settings(max_examples=300, deadline=None)
@given(
    minute=st.integers(0, HORIZON - 2),
    day=st.integers(0, 100),
    night=st.integers(0, 100),
    pace=st.floats(0.01, 3.0),
    ahead=st.integers(1, 60),
)
def test_steps_are_foretold(minute: int, day: int, night: int, pace: float, ahead: int) -> None:
    walked = int(progress(day, night, pace, NIGHT_PACE))
    stage = APPROACH if walked < ROUTE["raft_step"] else ABROAD
    rafted = int(ROUTE["landing_step"] - ROUTE["raft_step"]) if stage == ABROAD else 0
    step = walked + rafted
    assume(step + ahead <= ROUTE["steps"])
    run = new_run(TABLES, 1)
    group, now = run.tables["groups"], run.tables["now"]
    group["stage"], group["pace"], group["step"], group["posture"] = stage, pace, step, MARCHING
    group["day_min"], group["night_min"], now["minute"] = day, night, minute
    truly = first_at(step + ahead, minute, day, night, pace, rafted)
    until_change = int(min(SKIES["next_change"][minute + 1], HORIZON) - minute)
    minutes = min(truly, until_change - 1)
    to, after = foretell(TABLES.record, run.record, step + ahead, minutes)
    assert min(to, HORIZON - minute) <= truly
    if truly < until_change:
        assert to == truly
    # What is passed over is what is walked.
    nights = int((SKIES["light"][minute + 1 : minute + 1 + minutes] == NIGHT).sum())
    there = int(progress(day + minutes - nights, night + nights, pace, NIGHT_PACE)) + rafted
    assert after == there == group["step"][0]
    assert group["x_km"][0] == TABLES.tables["steps"]["x_km"][ROUTE["first_step"] + there]


def test_on_the_water_a_step_takes_a_minute() -> None:
    run = new_run(TABLES, 1)
    group = run.tables["groups"]
    group["stage"], group["pace"], group["step"] = ABROAD, 0.37, ROUTE["raft_step"]
    width = int(ROUTE["landing_step"] - ROUTE["raft_step"])
    assert width > 1
    assert foretell(TABLES.record, run.record, int(ROUTE["landing_step"]), width - 1) == (
        width,
        int(ROUTE["landing_step"]) - 1,
    )
    assert group["day_min"][0] == group["night_min"][0] == 0
    np.testing.assert_array_equal(group["step"], ROUTE["landing_step"] - 1)
