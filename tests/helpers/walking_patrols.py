"""Patrols that walk in every manner past one group's way, and where each of them truly is, by the Mesa model."""

from __future__ import annotations

from functools import cache
from typing import Any

import numba
from small_case import small_case

from sim.engine.beginning import begin
from sim.model import BorderModel
from sim.model.patrol import Patrol
from sim.rules.movement import between_samples, gap_km
from sim.world import Tables, World, build_world
from sim.world.track import SAMPLE_KM

PATROLS: list[dict[str, Any]] = [
    {"name": "there_and_back", "track": [[2.0, 5.6], [10.0, 5.6]], "duty_share": 0.7, "cycle_min": 120},
    {"name": "head_on", "track": [[6.0, 5.8], [6.0, 11.5]], "duty_share": 1.0, "speed_kmh": 4.0},
    {"name": "round", "mode": "loop", "track": [[4.0, 7.0], [8.0, 7.0], [6.0, 9.0]], "speed_kmh": 7.0},
    {"name": "at_random", "mode": "random", "track": [[3.0, 8.0], [9.0, 8.0]], "duty_share": 1.0},
    {
        "name": "here_or_there",
        "track": [[1.0, 10.0], [6.0, 10.0]],
        "alternatives": [{"track": [[6.0, 10.0], [11.0, 10.0]], "probability": 0.5}],
        "duty_share": 0.9,
        "cycle_min": 90,
    },
]
"""A patrol for each way to walk."""

RANGE_KM = 0.6
"""Of their eyes: little, so that a group may well pass them by."""


@cache
def patrolled_world(lies_up: bool, notice_km: float = 0.8) -> World:
    """The small case with these patrols, and a group that views out for them."""
    case = small_case(
        patrols=[{**patrol, "range_km": RANGE_KM} for patrol in PATROLS],
        **{"infiltrators.groups.0.lies_up": lies_up, "infiltrators.groups.0.notice_km": notice_km},
    )
    return build_world(case, "without", Tables())


@numba.njit(_nrt=False)
def begin_run(tables_record: Any, runs: Any, key: int, forced: Any) -> None:
    """Draw patrols and the group."""
    begin(tables_record[0], runs[0], key, forced)


def model_of(world: World, seed: int, replication: int) -> BorderModel:
    """The Mesa model of one replication, before its first minute."""
    return BorderModel(world.scenario, world.arm, rng=seed, replication=replication, world=world)


def place_of(patrol: Patrol, minute: int) -> tuple[float, float]:
    """Where a patrol is at a minute of the run, if nobody sends it elsewhere (km)."""
    own = own_track_of(patrol, minute)
    track = patrol.model.world.tracks[patrol.model.world.patrol_tracks[patrol.index][own]]
    first, share = between_samples(patrol.where(minute), SAMPLE_KM, len(track.x_km), track.length_km)
    x, y = track.x_km[first : first + 2], track.y_km[first : first + 2]
    return float(x[0] + share * (x[1] - x[0])), float(y[0] + share * (y[1] - y[0]))


def own_track_of(patrol: Patrol, minute: int) -> int:
    """Which of its own tracks it walks then."""
    return patrol.own_track(minute)


def away_km(patrol: Patrol, minute: int, x_km: float, y_km: float) -> float:
    """How far a patrol is from a place at a minute; without end while it is off duty."""
    if not patrol.on_duty(minute):
        return float("inf")
    x, y = place_of(patrol, minute)
    return gap_km(x - x_km, y - y_km)
