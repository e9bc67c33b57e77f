"""Where routes cross the control strip, which runs along the tracks of the patrols."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

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
            inland = slice(route.landing_step, None)
            near = distance_to_border_km(line, route.x_km[inland], route.y_km[inland]) <= near_km
            if near.any():
                step = route.landing_step + int(near.argmax())
                along = along_border_km(line, float(route.x_km[step]), float(route.y_km[step]))
                found.append(StripCrossing(step, patrol, own, along))
    return tuple(sorted(found))
