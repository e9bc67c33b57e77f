"""Where routes cross the control strip and who can read it there, against lines drawn as thousands of points."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from small_case import small_world

from sim.scenario import ScenarioError
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
LINES = [
    [[2.0, 5.8], [10.0, 5.8]],
    [[1.0, 8.3], [11.0, 7.6]],
    [[3.0, 9.0], [6.0, 10.2], [9.0, 9.0], [9.0, 7.0]],
]
STEP_KM = 0.002


def world_of(near_km: float, **changes: Any) -> World:
    strip = {"present": True, "lines": LINES, "near_km": near_km}
    return small_world("without", **{"patrols": PATROLS, "control_strip": strip, **changes})


def dense(corners: list[list[float]], loop: bool) -> NDArray[np.float64]:
    """Points along a line every two metres or so: x, y and distance from its first point."""
    ends = [*corners, corners[0]] if loop else corners
    pieces, walked = [], 0.0
    for (x0, y0), (x1, y1) in pairwise(ends):
        length = float(np.hypot(x1 - x0, y1 - y0))
        share = np.linspace(0.0, 1.0, int(length / STEP_KM) + 1)
        pieces.append(np.column_stack([x0 + share * (x1 - x0), y0 + share * (y1 - y0), walked + share * length]))
        walked += length
    return np.vstack(pieces)


TRACKS = [(0, 0, dense(PATROLS[0]["track"], False)), (1, 0, dense(PATROLS[1]["track"], True))]
TRACKS += [(1, 1, dense(PATROLS[1]["alternatives"][0]["track"], True))]
CORNER_KM = 0.13
"""A track is sampled each quarter of a kilometre, which cuts its corners."""


@pytest.mark.parametrize("near_km", [0.3, 0.6, 1.0])
def test_tracks_are_left_and_read_where_thousands_of_points_say(near_km: float) -> None:
    world, read, unread = world_of(near_km), 0, 0
    for number, route in enumerate(world.routes[0]):
        crossings = {(one.line, one.patrol, one.track): one for one in world.strip_crossings(0, number)}
        for line, corners in enumerate(LINES):
            points = dense(corners, False)
            places = list(zip(route.x_km, route.y_km, strict=True))[route.landing_step :]
            gaps = np.array([np.hypot(points[:, 0] - x, points[:, 1] - y).min() for x, y in places])
            # Two metres of doubt: the points are that far apart.
            surely, perhaps = (np.flatnonzero(gaps <= near_km + doubt) for doubt in (-STEP_KM, STEP_KM))
            if not len(perhaps):
                assert not any(one[0] == line for one in crossings)
            if not len(surely) or surely[0] != perhaps[0]:
                continue
            x, y = places[surely[0]]
            left_x, left_y, _ = points[np.hypot(points[:, 0] - x, points[:, 1] - y).argmin()]
            for patrol, track, walk in TRACKS:
                away, found = np.hypot(walk[:, 0] - left_x, walk[:, 1] - left_y), crossings.get((line, patrol, track))
                if away.min() < near_km - CORNER_KM:
                    assert found is not None
                if away.min() > near_km + CORNER_KM:
                    assert found is None
                if found is not None:
                    assert found.step == route.landing_step + surely[0]
                    assert away[np.abs(walk[:, 2] - found.along_km).argmin()] <= away.min() + CORNER_KM
                read, unread = read + (found is not None), unread + (found is None)
    assert min(read, unread) > 5


def test_they_come_in_the_order_in_which_they_are_passed_whatever_line_is_named_first() -> None:
    world = world_of(0.5, **{"control_strip.lines": LINES[::-1]})
    passed = [world.strip_crossings(0, number) for number in range(len(world.routes[0]))]
    assert all([one.step for one in each] == sorted(one.step for one in each) for each in passed)
    assert all(
        one.step >= route.landing_step for route, each in zip(world.routes[0], passed, strict=True) for one in each
    )
    # The bank comes first on the ground, and last among the lines.
    assert any([one.line for one in each[:1]] == [2] for each in passed)


def test_each_line_is_read_once_at_most_from_each_track() -> None:
    world = world_of(1.0)
    for number in range(len(world.routes[0])):
        tracks = [(one.line, one.patrol, one.track) for one in world.strip_crossings(0, number)]
        assert len(set(tracks)) == len(tracks)


def test_without_raked_lines_or_with_the_strip_given_up_nothing_is_crossed() -> None:
    for changes in ({"control_strip.present": False}, {"control_strip": {"lines": []}}):
        world = world_of(1.0, **changes)
        assert not any(world.strip_crossings(0, number) for number in range(len(world.routes[0])))


def test_a_line_must_lie_on_the_grid_and_on_one_bank() -> None:
    with pytest.raises(
        ScenarioError, match=r"control_strip\.lines\.1\.0\.0: is 12\.5, off the grid; allowed: 0 to 12 km"
    ):
        world_of(0.3, **{"control_strip.lines": [LINES[0], [[12.5, 6.0], [9.0, 6.0]]]})
    with pytest.raises(ScenarioError, match=r"control_strip\.lines\.0: crosses the border river near"):
        world_of(0.3, **{"control_strip.lines": [[[2.0, 3.0], [2.0, 7.0]]]})


@pytest.mark.parametrize("line", [[[2.0, 6.0]], [[2.0, 6.0], [2.0, 6.0]]])
def test_a_line_has_two_points(line: list[list[float]]) -> None:
    with pytest.raises(ScenarioError, match="needs at least two different points"):
        world_of(0.3, **{"control_strip.lines": [line]})


def test_a_strip_that_is_present_has_a_line() -> None:
    with pytest.raises(ScenarioError, match="present is true, but lines has no entries"):
        world_of(0.3, **{"control_strip.lines": []})
