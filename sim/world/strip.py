"""Where routes cross the control strip, which runs along the tracks of the patrols."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

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


def strip_crossings(
    route: Route, beats: tuple[tuple[int, ...], ...], tracks: tuple[Track, ...], near_km: float
) -> tuple[StripCrossing, ...]:
    """One crossing for each track that the route comes near, in the order in which they are passed.

    Parameters
    ----------
    beats:
        For each patrol the numbers of its tracks.
    near_km:
        How near counts as crossing the strip.
    """
    found = []
    for patrol, numbers in enumerate(beats):
        for own, number in enumerate(numbers):
            line = np.column_stack([tracks[number].x_km, tracks[number].y_km])
            line = line[np.append(True, np.hypot(*np.diff(line, axis=0).T) > 0.0)]
            step = _first_near(route, line, near_km)
            if step >= 0:
                along = along_border_km(line, float(route.x_km[step]), float(route.y_km[step]))
                found.append(StripCrossing(step, patrol, own, along))
    return tuple(sorted(found))


def _first_near(route: Route, line: NDArray[np.float64], near_km: float) -> int:
    """First step from the landing on at which a route is so near to a line, or -1."""
    steps = np.arange(route.landing_step, route.steps + 1)
    # Most routes are far from most tracks: a box tells them at once.
    for values, ends in ((route.x_km, line[:, 0]), (route.y_km, line[:, 1])):
        here = values[steps]
        steps = steps[(here >= ends.min() - near_km) & (here <= ends.max() + near_km)]
    near = distance_to_border_km(line, route.x_km[steps], route.y_km[steps]) <= near_km
    return int(steps[near.argmax()]) if near.any() else -1
