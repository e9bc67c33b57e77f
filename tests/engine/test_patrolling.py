"""Where patrols are in compiled code: where the Mesa model has them, in whatever order minutes ahead are asked for."""

from __future__ import annotations

from typing import Any

import numba
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from walking_patrols import PATROLS, begin_run, model_of, own_track_of, patrolled_world, place_of

from sim.engine.build_tables import build_tables
from sim.engine.layout import new_run
from sim.engine.patrolling import along_at, is_on_duty, next_turn, own_track, place_at, turns_at
from sim.model.patrol import Patrol
from sim.rules.randomness import replication_key

TABLES = build_tables(patrolled_world(True))
SEED, HORIZON = 5, int(TABLES.tables["case"][0]["horizon_min"])
NAMES = [patrol["name"] for patrol in PATROLS]


@numba.njit(_nrt=False)
def told(tables_record: Any, runs: Any, p: int, minute: int) -> tuple[int, float, float, float, bool, int]:
    """Own track, kilometres along it, place, duty and next turn of a patrol at a minute."""
    tables, run = tables_record[0], runs[0]
    along = along_at(tables, run, p, minute)
    x, y = place_at(tables, run, p, minute)
    on, after = is_on_duty(tables, run, p, minute), next_turn(tables, run, p, minute)
    return own_track(tables, run, p, minute), along, x, y, on, after


@numba.njit(_nrt=False)
def turning(tables_record: Any, runs: Any, p: int) -> float:
    """Where a patrol turns next, now."""
    along_at(tables_record[0], runs[0], p, runs[0].now[0].minute)
    return turns_at(tables_record[0], runs[0], p)


def truly(patrol: Patrol, minute: int) -> tuple[int, float, float, float, bool, int]:
    """The same by the Mesa model; the next turn is looked for minute by minute."""
    cycle = patrol.settings.cycle_min
    after = next(k for k in range(minute + 1, minute + cycle + 1) if (k + patrol.duty_phase_min) % cycle == 0)
    here = own_track_of(patrol, minute), patrol.where(minute), *place_of(patrol, minute)
    return *here, patrol.on_duty(minute), after


@settings(max_examples=100, deadline=None)
@given(
    st.integers(0, 50),
    st.integers(0, len(NAMES) - 1),
    st.lists(st.tuples(st.integers(0, 60), st.integers(0, 300)), min_size=1, max_size=8),
)
def test_a_patrol_is_where_the_model_has_it_now_and_ahead(
    replication: int, p: int, leaps: list[tuple[int, int]]
) -> None:
    run = new_run(TABLES, 1)
    begin_run(TABLES.record, run.record, np.uint64(replication_key(SEED, replication)), np.zeros(1, dtype=np.int64))
    patrol = list(model_of(patrolled_world(True), SEED, replication).patrols)[p]
    minute = 0
    for leap, ahead in leaps:
        minute += leap
        run.tables["now"]["minute"] = minute
        for asked in (min(minute + ahead, HORIZON), minute):
            assert told(TABLES.record, run.record, p, asked) == truly(patrol, asked)


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 50), st.sampled_from(["there_and_back", "head_on", "at_random"]), st.integers(0, 1000))
def test_a_patrol_goes_towards_where_it_turns_next(replication: int, name: str, minute: int) -> None:
    run, p = new_run(TABLES, 1), NAMES.index(name)
    begin_run(TABLES.record, run.record, np.uint64(replication_key(SEED, replication)), np.zeros(1, dtype=np.int64))
    run.tables["now"]["minute"] = minute
    patrol = list(model_of(patrolled_world(True), SEED, replication).patrols)[p]
    turn, here = turning(TABLES.record, run.record, p), patrol.where(minute)
    gone = patrol.model.gone(patrol.way, minute + 1) - patrol.model.gone(patrol.way, minute)
    per_min = patrol.settings.speed_kmh * gone / 60.0
    if abs(turn - here) > per_min:
        walked = patrol.where(minute + 1) - here
        assert abs(walked - np.copysign(per_min, turn - here)) < 1e-9
