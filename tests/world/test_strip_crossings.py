"""Where routes cross the control strip, against tracks drawn as thousands of points."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from small_case import small_world

from sim.world import World

PATROLS: list[dict[str, Any]] = [
    {"name": "bank", "track": [[2.0, 5.6], [10.0, 5.6]]},
    {
        "name": "ring",
        "track": [[3.0, 8.0], [9.0, 8.0], [6.0, 10.0]],
        "mode": "loop",
        "alternatives": [{"track": [[2.0, 9.0], [10.0, 9.4], [6.0, 11.4]], "probability": 0.5}],
    },
]
STEP_KM = 0.002


def world_of(near_km: float) -> World:
    return small_world("without", **{"patrols": PATROLS, "control_strip.near_km": near_km})


def dense(corners: list[list[float]], loop: bool) -> NDArray[np.float64]:
    """Points along a track every two metres or so: x, y and distance from its first point."""
    ends = [*corners, corners[0]] if loop else corners
    pieces, walked = [], 0.0
    for (x0, y0), (x1, y1) in pairwise(ends):
        length = float(np.hypot(x1 - x0, y1 - y0))
        share = np.linspace(0.0, 1.0, int(length / STEP_KM) + 1)
        pieces.append(np.column_stack([x0 + share * (x1 - x0), y0 + share * (y1 - y0), walked + share * length]))
        walked += length
    return np.vstack(pieces)


TRACKS = [dense(PATROLS[0]["track"], False), dense(PATROLS[1]["track"], True)]
TRACKS += [dense(PATROLS[1]["alternatives"][0]["track"], True)]


@pytest.mark.parametrize("near_km", [0.05, 0.3, 1.0])
def test_tracks_lie_where_a_route_first_comes_near_beyond_the_landing(near_km: float) -> None:
    world, found = world_of(near_km), 0
    for number, route in enumerate(world.routes[0]):
        # The first patrol has one track, the second two; tracks are numbered patrol by patrol.
        crossed = {crossing.patrol + crossing.track: crossing for crossing in world.strip_crossings(0, number)}
        for track, points in enumerate(TRACKS):
            places = zip(route.x_km, route.y_km, strict=True)
            gaps = np.array([np.hypot(points[:, 0] - x, points[:, 1] - y).min() for x, y in places])
            # Two metres of doubt: the points of the track are that far apart.
            surely = np.flatnonzero(gaps[route.landing_step :] <= near_km - STEP_KM)
            perhaps = np.flatnonzero(gaps[route.landing_step :] <= near_km + STEP_KM)
            if len(surely):
                assert perhaps[0] <= crossed[track].step - route.landing_step <= surely[0]
                assert crossed[track].patrol == (0 if track == 0 else 1)
                step = crossed[track].step
                at = points[np.hypot(points[:, 0] - route.x_km[step], points[:, 1] - route.y_km[step]).argmin()]
                assert crossed[track].along_km == pytest.approx(at[2], abs=0.3)
                found += 1
            elif not len(perhaps):
                assert track not in crossed
    assert found > 5


def test_they_come_in_the_order_in_which_they_are_passed() -> None:
    world = world_of(0.5)
    for number, route in enumerate(world.routes[0]):
        steps = [crossing.step for crossing in world.strip_crossings(0, number)]
        assert steps == sorted(steps)
        assert all(step >= route.landing_step for step in steps)


def test_each_track_is_crossed_once_at_most() -> None:
    world = world_of(1.0)
    for number in range(len(world.routes[0])):
        tracks = [(crossing.patrol, crossing.track) for crossing in world.strip_crossings(0, number)]
        assert len(set(tracks)) == len(tracks)


def test_they_come_in_the_order_in_which_they_are_passed_whatever_patrol_is_named_first() -> None:
    world = small_world("without", **{"patrols": PATROLS[::-1], "control_strip.near_km": 0.3})
    passed = [world.strip_crossings(0, number) for number in range(len(world.routes[0]))]
    assert all([one.step for one in each] == sorted(one.step for one in each) for each in passed)
    # The bank comes first on the ground, and last among the patrols.
    assert any([one.patrol for one in each[:2]] == [1, 0] for each in passed)
