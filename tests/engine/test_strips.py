"""The control strip in compiled code: a patrol is back at tracks no sooner than is foretold, by day seldom later."""

from __future__ import annotations

from typing import Any

import numba
import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st
from walking_patrols import PATROLS, begin_run, model_of, own_track_of, patrolled_world

from sim.engine.build_tables import build_tables
from sim.engine.layout import new_run
from sim.engine.strips import not_before
from sim.rules.randomness import replication_key

TABLES = build_tables(patrolled_world(True))
SEED, NAMES = 9, [patrol["name"] for patrol in PATROLS]
HORIZON = int(TABLES.tables["case"][0]["horizon_min"])


@numba.njit(_nrt=False)
def foretell(tables_record: Any, runs: Any, p: int, along_km: float) -> int:
    """Minute before which a patrol is not beside a place of its track."""
    return not_before(tables_record[0], runs[0], p, along_km)


@settings(max_examples=300, deadline=None)
@example(replication=7, p=3, minute=0, share=0.0)  # does not come back to where its track begins
@given(st.integers(0, 50), st.integers(0, len(NAMES) - 1), st.integers(0, 1000), st.floats(0.0, 1.0))
def test_a_patrol_is_back_no_sooner_than_foretold(replication: int, p: int, minute: int, share: float) -> None:
    patrol = list(model_of(patrolled_world(True), SEED, replication).patrols)[p]
    own, reach = own_track_of(patrol, minute), float(TABLES.tables["patrols"][p]["strip_reach_km"])
    length = patrol.model.world.tracks[patrol.model.world.patrol_tracks[p][own]].length_km
    along = share * length
    if abs(patrol.where(minute) - along) <= reach:
        return  # it is beside them, and looked at each minute
    key, run = np.uint64(replication_key(SEED, replication)), new_run(TABLES, 1)
    begin_run(TABLES.record, run.record, key, np.zeros(1, dtype=np.int64))
    run.tables["now"]["minute"] = minute
    told = foretell(TABLES.record, run.record, p, along)
    assert minute < told
    # Beyond the horizon nobody walks; who walks at random may not come back before it.
    back = next(
        (
            later
            for later in range(minute + 1, HORIZON + 1)
            if own_track_of(patrol, later) == own and abs(patrol.where(later) - along) <= reach
        ),
        None,
    )
    if back is None:
        return
    assert told <= back
    # It is taken to walk as by day: so much going lies between, less a minute. At random, and where turns may be on
    # other tracks, less is known; nor does a loop see across its first point.
    if NAMES[p] in ("there_and_back", "head_on") or (NAMES[p] == "round" and reach < along < length - reach):
        gone = patrol.model.gone
        assert told - minute >= gone(patrol.way, back - 1) - gone(patrol.way, minute)
