"""Where routes cross the control strip, which runs along the tracks of the patrols."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.terrain import Floats
from sim.world.crossings import along_border_km, distance_to_border_km
from sim.world.routes import Route
from sim.world.track import Track


class StripCrossing(NamedTuple):
    """The first place after the landing at which a route comes near a track: where the ground can be read.

    `track` numbers the patrol's own tracks, from 0.
    """

    step: int
    patrol: int
    track: int
    along_km: float


class Trace(NamedTuple):
    """The strip along one track of a patrol: its points (n, 2) in km, none twice running, and their least and greatest.

    `track` numbers the patrol's own tracks, from 0.
    """

    patrol: int
    track: int
    line_km: Floats
    least_km: Floats
    greatest_km: Floats


def lay_strip(patrol_tracks: tuple[tuple[int, ...], ...], tracks: tuple[Track, ...]) -> tuple[Trace, ...]:
    """The strip along all tracks; `patrol_tracks` has for each patrol the numbers of its tracks."""
    traces = []
    for patrol, numbers in enumerate(patrol_tracks):
        for own, number in enumerate(numbers):
            line = np.column_stack([tracks[number].x_km, tracks[number].y_km])
            line = line[np.append(True, np.hypot(*np.diff(line, axis=0).T) > 0.0)]
            traces.append(Trace(patrol, own, line, line.min(axis=0), line.max(axis=0)))
    return tuple(traces)


def strip_crossings(route: Route, strip: tuple[Trace, ...], near_km: float) -> tuple[StripCrossing, ...]:
    """One crossing for each track that the route comes near, in the order in which they are passed.

    Parameters
    ----------
    strip:
        See `lay_strip`.
    near_km:
        How near counts as crossing it.
    """
    found = []
    x_km, y_km = route.x_km[route.landing_step :], route.y_km[route.landing_step :]
    for trace in strip:
        after = _first_near(x_km, y_km, trace, near_km)
        if after >= 0:
            along = along_border_km(trace.line_km, float(x_km[after]), float(y_km[after]))
            found.append(StripCrossing(route.landing_step + after, trace.patrol, trace.track, along))
    return tuple(sorted(found))


def _first_near(x_km: Floats, y_km: Floats, trace: Trace, near_km: float) -> int:
    """First of some points that is so near to a strip, or -1."""
    # Most routes are far from most tracks: a bounding box excludes them at once.
    west, south = trace.least_km - near_km
    east, north = trace.greatest_km + near_km
    here = np.flatnonzero((x_km >= west) & (x_km <= east) & (y_km >= south) & (y_km <= north))
    if not len(here):
        return -1
    near = distance_to_border_km(trace.line_km, x_km[here], y_km[here]) <= near_km
    return int(here[near.argmax()]) if near.any() else -1
