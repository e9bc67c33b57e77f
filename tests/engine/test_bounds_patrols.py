"""Clearance: while a group is said to be clear of a patrol, the two are too far apart, minute by minute.

Where patrols are is asked of the Mesa model; the group is walked here, a minute at a time.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import numba
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from walking_patrols import away_km, begin_run, model_of, patrolled_world

from sim.engine.bounds import clear_of_all, look_ahead
from sim.engine.build_tables import build_tables
from sim.engine.layout import ABROAD, APPROACH, new_run
from sim.engine.tables import Handle
from sim.model.patrol import Patrol
from sim.rules.movement import progress
from sim.rules.randomness import replication_key
from sim.rules.sensing import DAY, LYING_UP, MARCHING, NIGHT

SEED, FAR = 3, 240
"""Seed of all runs, and how many minutes ahead everything is looked at."""


@numba.njit(_nrt=False)
def clear_until(tables_record: Any, runs: Any, minute: int, x_km: float, y_km: float) -> int:
    """Of the first group."""
    return clear_of_all(tables_record[0], runs[0], 0, minute, x_km, y_km)


@numba.njit(_nrt=False)
def foresee(tables_record: Any, runs: Any, until: int) -> None:
    """Let the first group look ahead."""
    look_ahead(tables_record[0], runs[0], 0, until)


@cache
def tables_of(lies_up: bool) -> Handle:
    """The tables of a World."""
    return build_tables(patrolled_world(lies_up))


class Walk:
    """A group on the shortest route at a minute, from which it goes on as groups do."""

    def __init__(self, lies_up: bool, replication: int, minute: int, share: float, pace: float) -> None:
        self.tables, self.lies_up, self.minute, self.replication = tables_of(lies_up), lies_up, minute, replication
        number = int(self.tables.tables["by_length"][0])
        self.route, self.skies = self.tables.tables["routes"][number], self.tables.tables["skies"]
        self.night_pace = float(self.tables.tables["parties"][0]["night_pace"])
        self.run = new_run(self.tables, 1)
        key = np.uint64(replication_key(SEED, replication))
        begin_run(self.tables.record, self.run.record, key, np.array([number]))
        self.group, self.now = self.run.tables["groups"][:1], self.run.tables["now"]
        self.pace = pace
        self._stand(int(share * float(self.route["steps"])))

    def _stand(self, step: int) -> None:
        raft, landing = int(self.route["raft_step"]), int(self.route["landing_step"])
        self.step = step
        ashore = step - (landing - raft) if step >= landing else min(step, raft)
        # So many minutes by day that the whole steps walked are those ashore.
        self.day = int(np.ceil((ashore + 0.01) / self.pace))
        self.group["stage"], self.group["pace"], self.group["step"] = ABROAD, self.pace, step
        self.group["day_min"], self.group["night_min"] = self.day, 0
        x, y = self.place(step)
        self.group["x_km"], self.group["y_km"] = x, y
        self.now["minute"], self.now["light"] = self.minute, self.skies["light"][self.minute]
        lying = self.lies_up and step >= landing and self.now["light"][0] == DAY
        self.group["posture"] = LYING_UP if lying else MARCHING

    def place(self, step: int) -> tuple[float, float]:
        """Where a step is (km)."""
        place = self.tables.tables["steps"][int(self.route["first_step"]) + step]
        return float(place["x_km"]), float(place["y_km"])

    def minutes(self, first: int) -> Iterator[tuple[int, tuple[float, float], tuple[float, float]]]:
        """Minutes from one on, with the group's places before and after its step; until it is at its target."""
        raft, landing, end = (int(self.route[name]) for name in ("raft_step", "landing_step", "steps"))
        step, day, night = self.step, self.day, 0
        for minute in range(first, min(first + FAR, len(self.skies))):
            light, before = self.skies["light"][minute], self.place(step)
            if step < landing:
                step += 1
            elif not (self.lies_up and light == DAY):
                day, night = (day, night + 1) if light == NIGHT else (day + 1, night)
                step = max(step, int(progress(day, night, self.pace, self.night_pace)) + landing - raft)
            if step > end:
                return
            yield minute, before, self.place(step)

    def patrols(self) -> list[Patrol]:
        """Of the Mesa model, in the same replication."""
        return list(model_of(patrolled_world(self.lies_up), SEED, self.replication).patrols)


def reach_km(walk: Walk, p: int, minute: int) -> float:
    """Within which distance patrol and group matter to one another."""
    light, weather = int(walk.skies["light"][minute]), int(walk.now["weather"][0])
    post_count, party = int(walk.tables.tables["case"][0]["posts"]), walk.tables.tables["parties"][0]
    seen = walk.tables.tables["rate_tables"][post_count + p, (weather * 3 + light) * 2 + 1]["reach_km"]
    notice = party["notice_km"] * (1.0 if light == DAY else party["notice_night_factor"])
    return float(max(seen, notice))


def changes() -> list[int]:
    """Minutes at which the light changes."""
    light = tables_of(False).tables["skies"]["light"]
    return [int(minute) + 1 for minute in np.nonzero(np.diff(light))[0]]


MINUTES = st.integers(0, 1200) | st.builds(
    lambda change, before: max(0, change - before), st.sampled_from(changes()), st.integers(0, 90)
)
"""Any, and many shortly before the light changes."""

WALKS = st.builds(
    Walk,
    lies_up=st.booleans(),
    replication=st.integers(0, 40),
    minute=MINUTES,
    share=st.floats(0.0, 0.95),
    pace=st.floats(0.2, 2.5),
)


@settings(max_examples=150, deadline=None)
@given(WALKS, st.booleans())
def test_while_a_group_is_clear_of_a_patrol_it_is_out_of_reach(walk: Walk, before_its_step: bool) -> None:
    # What is asked before the step of a minute holds from that minute on, what is asked after it from the next.
    told = clear_until(walk.tables.record, walk.run.record, walk.minute, *walk.place(walk.step))
    each = walk.run.tables["clear_until"][0]
    assert told == each.min()
    patrols = walk.patrols()
    for minute, before, after in walk.minutes(walk.minute if before_its_step else walk.minute + 1):
        for p, patrol in enumerate(patrols):
            if minute < each[p]:
                for place in (before, after):
                    assert away_km(patrol, minute, *place) > reach_km(walk, p, minute)


@settings(max_examples=150, deadline=None)
@given(WALKS)
def test_who_is_within_reach_is_not_called_clear(walk: Walk) -> None:
    here = walk.place(walk.step)
    clear_until(walk.tables.record, walk.run.record, walk.minute, *here)
    for p, patrol in enumerate(walk.patrols()):
        if away_km(patrol, walk.minute, *here) <= reach_km(walk, p, walk.minute):
            assert walk.run.tables["clear_until"][0, p] <= walk.minute


def steps_before_it_may_stop(walk: Walk) -> int:
    """Minute up to which the group surely goes on in the same light: the engine looks no farther ahead."""
    until = int(min(walk.skies["next_change"][walk.minute + 1], len(walk.skies) - 1))
    goal = int(walk.route["landing_step"] if walk.step < walk.route["landing_step"] else walk.route["steps"])
    left = int((goal - walk.step) / max(1.0, walk.pace)) + walk.minute
    return max(min(until, left), walk.minute + 1)


@settings(max_examples=150, deadline=None)
@given(WALKS)
def test_nothing_happens_before_the_minute_that_is_foreseen(walk: Walk) -> None:
    lies = walk.lies_up and walk.skies["light"][walk.minute + 1] == DAY and walk.step >= walk.route["landing_step"]
    if lies != (walk.group["posture"][0] == LYING_UP):
        return  # the minute in which it lies down or gets up is stepped
    at_once = clear_until(walk.tables.record, walk.run.record, walk.minute, *walk.place(walk.step))
    walk.group["calm_until"] = max(at_once, walk.minute + 1)
    until = steps_before_it_may_stop(walk)
    foresee(walk.tables.record, walk.run.record, until)
    calm_until = int(walk.group["calm_until"][0])
    assert calm_until >= max(at_once, walk.minute + 1)
    patrols = walk.patrols()
    for minute, before, after in walk.minutes(walk.minute + 1):
        if minute >= min(calm_until, until):
            break
        for p, patrol in enumerate(patrols):
            for place in (before, after):
                assert away_km(patrol, minute, *place) > reach_km(walk, p, minute)


def test_most_of_a_way_is_foreseen() -> None:
    """The bounds are of use: of a hundred groups in the open by night most need not look out for ten minutes."""
    spared = []
    for number in range(100):
        walk = Walk(False, number, 200, 0.2 + 0.007 * number, 1.0)
        walk.group["calm_until"] = walk.minute + 1
        foresee(walk.tables.record, walk.run.record, steps_before_it_may_stop(walk))
        spared.append(int(walk.group["calm_until"][0]) > walk.minute + 10)
    assert np.mean(spared) > 0.5


def test_who_counts_as_near_is_never_clear() -> None:
    walk = Walk(False, 0, 200, 0.2, 1.0)
    walk.run.tables["near"][0] = 1
    assert clear_until(walk.tables.record, walk.run.record, 200, 500.0, 500.0) == 0


def test_a_group_that_waits_at_the_bank_looks_ahead_from_where_it_stands() -> None:
    walk = Walk(True, 0, 100, 0.0, 1.0)
    raft = int(walk.route["raft_step"])
    x, y = walk.place(raft)
    walk.group["stage"], walk.group["step"], walk.group["posture"] = APPROACH, raft, MARCHING
    walk.group["x_km"], walk.group["y_km"], walk.group["calm_until"] = x, y, 0
    foresee(walk.tables.record, walk.run.record, len(walk.skies) - 1)
    calm_until = int(walk.group["calm_until"][0])
    assert calm_until > 100
    for p, patrol in enumerate(walk.patrols()):
        for minute in range(101, min(calm_until, len(walk.skies))):
            assert away_km(patrol, minute, x, y) > reach_km(walk, p, minute)


@pytest.mark.parametrize("minute", [0, 77, 500])
def test_looking_ahead_leaves_the_present_as_it_is(minute: int) -> None:
    one, other = (Walk(False, 5, minute, 0.3, 1.0) for _ in range(2))
    one.group["calm_until"] = minute + 1
    foresee(one.tables.record, one.run.record, steps_before_it_may_stop(one))
    for walk in (one, other):
        walk.run.tables["clear_until"][0] = 0
        clear_until(walk.tables.record, walk.run.record, minute, *walk.place(walk.step))
    np.testing.assert_array_equal(one.run.tables["clear_until"], other.run.tables["clear_until"])
