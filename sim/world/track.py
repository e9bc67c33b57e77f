"""A patrol's track on the ground: where it is after so many kilometres, and what it can see from there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.rules.movement import nearest_sample
from sim.scenario.patrol import Corners
from sim.terrain import Floats, Ints
from sim.terrain.grid import Terrain

SAMPLE_KM = 0.25
ANCHOR_KM = 2.0


@dataclass(frozen=True, eq=False)
class Track:
    """A track sampled every `SAMPLE_KM`, with anchors from which travel times are known.

    Attributes
    ----------
    length_km:
        Of one way; once round on a loop.
    x_km, y_km:
        Of the samples, shape (samples,), the last one at the very end.
    cell:
        Flat cell index of each sample, shape (samples,).
    anchors:
        Positions in the samples from which travel times were computed.
    """

    length_km: float
    x_km: Floats
    y_km: Floats
    cell: Ints
    anchors: Ints

    def sample_at(self, along_km: float) -> int:
        """Sample nearest to a distance along the track."""
        return nearest_sample(along_km, SAMPLE_KM, len(self.cell))

    def anchor_at(self, along_km: float) -> int:
        """Position in `anchors` of the one nearest to a distance along the track."""
        return nearest_sample(along_km, ANCHOR_KM, len(self.anchors))


def lay_track(terrain: Terrain, points: Corners, loop: bool) -> Track:
    """Sample a patrol's track, straight between its corner points; a loop closes the ring."""
    corners = np.array(points, dtype=float)
    if loop:
        corners = np.vstack([corners, corners[:1]])
    ends = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(corners, axis=0).T))])
    along = np.append(np.arange(0.0, ends[-1], SAMPLE_KM), ends[-1])
    x_km, y_km = np.interp(along, ends, corners[:, 0]), np.interp(along, ends, corners[:, 1])
    anchors = np.arange(0, len(along), int(ANCHOR_KM / SAMPLE_KM))
    return Track(float(ends[-1]), x_km, y_km, terrain.flat_cell_of(x_km, y_km), anchors)


def circle_around(tracks: Sequence[Track]) -> tuple[tuple[float, float], float]:
    """A circle that holds all of the tracks: its centre and radius (km)."""
    east, north = (np.concatenate([getattr(track, name) for track in tracks]) for name in ("x_km", "y_km"))
    x, y = float(east.min() + east.max()) / 2, float(north.min() + north.max()) / 2
    return (x, y), float(np.hypot(east - x, north - y).max())
