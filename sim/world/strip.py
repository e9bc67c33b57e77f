"""The control strip on the ground: where routes cross its lines, and which patrols come past these places."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np

from sim.rules.movement import is_within
from sim.scenario.patrol import Corners
from sim.terrain import Floats
from sim.world.crossings import distance_to_border_km, nearest_on
from sim.world.routes import Route
from sim.world.track import Track


class StripCrossing(NamedTuple):
    """A place at which a route crosses a line of the strip, and a track of a patrol from which it can be read.

    Attributes
    ----------
    step:
        The first step after the landing at which the route comes near the line.
    line:
        Position of the line in the scenario's list.
    patrol, track:
        Position of the patrol in the scenario's list, and which of its own tracks, from 0.
    along_km:
        Where that track is nearest to the place.
    """

    step: int
    line: int
    patrol: int
    track: int
    along_km: float


class Trace(NamedTuple):
    """A line on the ground: its points (n, 2) in km, none twice running, and their least and greatest."""

    line_km: Floats
    least_km: Floats
    greatest_km: Floats


Walk = tuple[int, int, Trace]
"""A patrol, which of its own tracks, and where that runs."""


def strip_crossings(
    routes: tuple[Route, ...],
    lines: tuple[Corners, ...],
    patrol_tracks: tuple[tuple[int, ...], ...],
    tracks: tuple[Track, ...],
    near_km: float,
) -> tuple[tuple[StripCrossing, ...], ...]:
    """Where each route crosses each line, once for each track that comes past there, in the order of the march.

    What a group leaves lies on the point of the line nearest to where its route first comes near. A patrol reads it
    where its own track is nearest to that point; on a track that never comes so near it does not.

    Parameters
    ----------
    lines:
        Corner points of the lines of the strip.
    patrol_tracks:
        For each patrol the numbers of its tracks.
    near_km:
        How near a route must come to a line, and a patrol's track to the place to read there.
    """
    strip = [_trace(corners) for corners in lines]
    walks = [
        (patrol, own, _trace(zip(tracks[number].x_km, tracks[number].y_km, strict=True)))
        for patrol, numbers in enumerate(patrol_tracks)
        for own, number in enumerate(numbers)
    ]
    return tuple(tuple(sorted(_crossings_of(route, strip, walks, near_km))) for route in routes)


def _trace(points: Iterable[tuple[float, float]]) -> Trace:
    line = np.array(list(points), dtype=float)
    line = line[np.append(True, np.hypot(*np.diff(line, axis=0).T) > 0.0)]
    return Trace(line, line.min(axis=0), line.max(axis=0))


def _crossings_of(route: Route, strip: list[Trace], walks: list[Walk], near_km: float) -> Iterator[StripCrossing]:
    x_km, y_km = route.x_km[route.landing_step :], route.y_km[route.landing_step :]
    for line, trace in enumerate(strip):
        after = _first_near(x_km, y_km, trace, near_km)
        if after < 0:
            continue
        _, x, y = nearest_on(trace.line_km, float(x_km[after]), float(y_km[after]))
        for patrol, own, walk in walks:
            along_km, there_x, there_y = nearest_on(walk.line_km, x, y)
            if is_within(there_x - x, there_y - y, near_km):
                yield StripCrossing(route.landing_step + after, line, patrol, own, along_km)


def _first_near(x_km: Floats, y_km: Floats, trace: Trace, near_km: float) -> int:
    """First of some points that is so near to a line, or -1."""
    # Most routes are far from most lines: a bounding box excludes them at once.
    west, south = trace.least_km - near_km
    east, north = trace.greatest_km + near_km
    here = np.flatnonzero((x_km >= west) & (x_km <= east) & (y_km >= south) & (y_km <= north))
    if not len(here):
        return -1
    near = distance_to_border_km(trace.line_km, x_km[here], y_km[here]) <= near_km
    return int(here[near.argmax()]) if near.any() else -1
