"""The chance to be detected by a patrol on a whole march: against marches that are run, and by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import stats
from small_case import small_case, small_world

from sim.model import BorderModel
from sim.world import build_world

NIGHTLY: dict[str, Any] = {
    "posts": [],
    "light.start": "2019-11-03T19:00",
    "light.weather": [{"name": "clear", "probability": 1.0, "visibility": 1.0}],
    "infiltrators.groups.0.pace_low": 1.0,
    "infiltrators.groups.0.pace_high": 1.0,
    "infiltrators.groups.0.night_pace": 1.0,
    "infiltrators.groups.0.signature": 0.8,
    "infiltrators.behaviour": "unaware",
    "infiltrators.spread_min": 0.0,
    "command.sharing_radius_km": 0.0,
    "command.cue_interior": False,
    "command.engage_ratio": 0.0,
}
"""A march through the night, a step a minute, under the eyes of one patrol."""


def patrol(**changes: Any) -> list[dict[str, Any]]:
    base = {"name": "bank", "track": [[4.0, 7.0], [8.0, 7.0]], "sensor": "thermal", "range_km": 1.2, "speed_kmh": 4.0}
    return [{**base, "duty_share": 0.6, "cycle_min": 300, "responders": 0, **changes}]


PATROLS = {
    "to and fro": patrol(),
    "a loop": patrol(mode="loop", track=[[4.0, 7.0], [8.0, 7.0], [6.0, 9.0]]),
    "always on duty": patrol(duty_share=1.0),
    "quick": patrol(speed_kmh=20.0, cycle_min=60),
    "two tracks": patrol(alternatives=[{"track": [[1.0, 10.0], [3.0, 10.0]], "probability": 0.5}]),
}


@pytest.mark.parametrize("patrols", PATROLS.values(), ids=PATROLS.keys())
def test_the_chance_is_that_of_marches_that_are_played(patrols: list[dict[str, Any]]) -> None:
    """600 runs: a right mean lies within the binomial bounds of 1 in 1,000; 0.03 more for the mean over 32 moments."""
    world = build_world(small_case(**NIGHTLY, patrols=patrols), "without")
    chance, seen = float(world.patrol_exposures(0)[3, 0]), 0
    for replication in range(600):
        model = BorderModel(rng=1, replication=replication, world=world)
        model.run()
        assert model.groups[0].route_number == 3
        seen += model.groups[0].record["detected"]
        model.release()
    low, high = stats.binom.ppf([0.0005, 0.9995], 600, chance)
    assert 0.05 < chance < 0.95
    assert low - 18 <= seen <= high + 18


def test_a_standing_eye_by_hand() -> None:
    """A patrol that hardly moves and never rests is a post: rate x minutes in reach, by a sum of its own.

    Constant rate within a kilometre of (6, 7); the route's steps from putting to water on that lie within it.
    """
    still = patrol(track=[[6.0, 7.0], [6.01, 7.0]], sensor="radar", range_km=1.0, speed_kmh=0.001, duty_share=1.0)
    world = small_world("without", **NIGHTLY, patrols=still)
    for number, route in enumerate(world.routes[0]):
        steps = range(route.raft_step, route.steps + 1)
        minutes = sum(np.hypot(route.x_km[step] - 6.0, route.y_km[step] - 7.0) < 1.0 for step in steps)
        # 6 an hour at a signature of 0.8.
        expected = 1.0 - np.exp(-6.0 * 0.8 * minutes / 60.0)
        assert world.patrol_exposures(0)[number, 0] == pytest.approx(expected, abs=0.02)


@pytest.mark.parametrize(
    "blind",
    [{"duty_share": 0.0}, {"range_km": 0.0}, {"track": [[0.6, 11.0], [0.6, 11.5]]}],
    ids=lambda keys: next(iter(keys)),
)
def test_who_cannot_see_them_is_no_danger(blind: dict[str, Any]) -> None:
    assert small_world("without", **NIGHTLY, patrols=patrol(**blind)).patrol_exposures(0)[3, 0] == 0.0


def test_weathers_are_weighed_by_how_often_they_come() -> None:
    def chance(*shares: tuple[float, float]) -> float:
        weather = [
            {"name": f"w{number}", "probability": share, "visibility": visibility}
            for number, (share, visibility) in enumerate(shares)
        ]
        return float(
            small_world("without", **{**NIGHTLY, "light.weather": weather}, patrols=patrol()).patrol_exposures(0)[3, 0]
        )

    clear, foggy = chance((1.0, 1.0)), chance((1.0, 0.3))
    assert clear > foggy + 0.05
    assert chance((0.25, 1.0), (0.75, 0.3)) == pytest.approx(0.25 * clear + 0.75 * foggy)


def test_tracks_are_weighed_by_their_shares() -> None:
    far = {"track": [[1.0, 10.0], [1.5, 10.0]], "probability": 0.7}
    whole = small_world("without", **NIGHTLY, patrols=patrol()).patrol_exposures(0)[3, 0]
    part = small_world("without", **NIGHTLY, patrols=patrol(alternatives=[far])).patrol_exposures(0)[3, 0]
    assert part == pytest.approx(0.3 * whole)
