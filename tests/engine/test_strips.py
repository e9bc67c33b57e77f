"""The control strip in compiled code: a patrol is never back at tracks sooner than is foretold, and seldom later."""

from __future__ import annotations

from typing import Any

import numba
import numpy as np
from beats import PATROLS, begin_run, model_of, own_track_of, patrolled_world
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.engine.charting import chart_world
from sim.engine.state import new_run
from sim.engine.strips import not_before
from sim.rules.randomness import replication_key

CHART = chart_world(patrolled_world(True))
SEED, NAMES = 9, [patrol["name"] for patrol in PATROLS]


@numba.njit(_nrt=False)
def foretell(charts: Any, runs: Any, p: int, along_km: float) -> int:
    """Minute before which a patrol is not beside a place of its track."""
    return not_before(charts[0], runs[0], p, along_km)


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 50), st.integers(0, len(NAMES) - 1), st.integers(0, 1000), st.floats(0.0, 1.0))
def test_a_patrol_is_back_no_sooner_than_foretold(replication: int, p: int, minute: int, share: float) -> None:
    patrol = list(model_of(patrolled_world(True), SEED, replication).patrols)[p]
    own, reach = own_track_of(patrol, minute), float(CHART.table("patrols")[p]["strip_reach_km"])
    length = patrol.model.world.tracks[patrol.model.world.patrol_tracks[p][own]].length_km
    along = share * length
    if abs(patrol.where(minute) - along) <= reach:
        return  # it is beside them, and looked at each minute
    key, run = np.uint64(replication_key(SEED, replication)), new_run(CHART, 1)
    begin_run(CHART.record, run.record, key, np.zeros(1, dtype=np.int64))
    run.table("now")["minute"] = minute
    told = foretell(CHART.record, run.record, p, along)
    back = next(
        later
        for later in range(minute + 1, minute + 2000)
        if own_track_of(patrol, later) == own and abs(patrol.where(later) - along) <= reach
    )
    assert minute < told <= back
    # At random, and where turns may be on other tracks, less is known; nor does a loop see across its first point.
    if NAMES[p] in ("there_and_back", "head_on") or (NAMES[p] == "round" and reach < along < length - reach):
        assert told >= back - 1
