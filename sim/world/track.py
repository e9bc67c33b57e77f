"""A patrol's track on the ground: where it is after so many kilometres, and what it can see from there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.rules.movement import along_track, gap_km, nearest_sample
from sim.rules.patrol import drawn_offset, on_duty
from sim.terrain import Bools, Floats, Ints
from sim.terrain.compiled import compiled, kernel
from sim.terrain.grid import Terrain
from sim.terrain.lines import lengths
from sim.terrain.travel import OFF_PATH_FACTOR, tobler_kmh, walking

if TYPE_CHECKING:
    from sim.scenario.patrol import Corners

SAMPLE_KM = 0.25
ANCHOR_KM = 2.0


@dataclass(frozen=True, eq=False)
class Track:
    """A track sampled every `SAMPLE_KM`, with anchors from which travel times are known.

    Attributes
    ----------
    length_km:
        From end to end; once round on a loop.
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
    ends = lengths(corners)
    along = np.append(np.arange(0.0, ends[-1], SAMPLE_KM), ends[-1])
    x_km, y_km = np.interp(along, ends, corners[:, 0]), np.interp(along, ends, corners[:, 1])
    anchors = np.arange(0, len(along), int(ANCHOR_KM / SAMPLE_KM))
    return Track(float(ends[-1]), x_km, y_km, terrain.flat_cell_of(x_km, y_km), anchors)


def ground_share(terrain: Terrain, track: Track, vehicle: bool) -> float:
    """How fast a track is walked or driven, over the pace on open, level ground; 1 at most.

    By the time that it takes from end to end by Tobler's function and the cover, the mean of both directions; a vehicle
    is never slower than its crew on foot. Cells that nobody can walk are left out.
    """
    gap_km = np.hypot(np.diff(track.x_km), np.diff(track.y_km))
    slope = np.diff(terrain.elevation_m.ravel()[track.cell]) / np.maximum(1000.0 * gap_km, 1e-9)
    level_kmh, open_ground = float(tobler_kmh(0.0)), terrain.settings.cover.open
    foot = walking(terrain, OFF_PATH_FACTOR, use_paths=True).ravel()[track.cell]
    foot_kmh = (foot[:-1] + foot[1:]) / 2 * 2.0 / (1.0 / tobler_kmh(slope) + 1.0 / tobler_kmh(-slope))
    open_kmh, speed_kmh = level_kmh * OFF_PATH_FACTOR * open_ground.foot_factor, foot_kmh
    if vehicle:
        driven = terrain.by_cover("vehicle_kmh").ravel()[track.cell]
        speed_kmh = np.maximum(foot_kmh, np.minimum(driven[:-1], driven[1:]))
        open_kmh = max(open_kmh, open_ground.vehicle_kmh)
    walked = (speed_kmh > 0.0) & (gap_km > 0.0)
    hours = float((gap_km[walked] / speed_kmh[walked]).sum())
    return min(1.0, float(gap_km[walked].sum()) / hours / open_kmh) if hours > 0.0 and open_kmh > 0.0 else 1.0


def circle_around(tracks: Sequence[Track]) -> tuple[tuple[float, float], float]:
    """A circle around all of the tracks: its centre and radius (km)."""
    east, north = (np.concatenate([getattr(track, name) for track in tracks]) for name in ("x_km", "y_km"))
    x, y = float(east.min() + east.max()) / 2, float(north.min() + north.max()) / 2
    return (x, y), float(np.hypot(east - x, north - y).max())


_along_track, _drawn_offset, _gap_km = kernel(along_track), kernel(drawn_offset), kernel(gap_km)
_nearest_sample = kernel(nearest_sample)
_on_duty: Any = kernel(on_duty)  # of turns that begin between two minutes, too
# The golden ratio spreads the phases of duty evenly over those of the track.
GOLDEN = 0.6180339887498949


@compiled
def fill_distances(
    minute: Ints,
    x_km: Floats,
    y_km: Floats,
    track_x_km: Floats,
    track_y_km: Floats,
    sight: Bools,
    habits: tuple[int, float, float, float, bool],
    gaps_km: Floats,
) -> None:
    """Fill in how far a patrol on its track is where it watches and sees a group, shape (phases, minutes).

    Parameters
    ----------
    minute, x_km, y_km:
        Minutes of a march and where the group then is, shape (minutes,).
    track_x_km, track_y_km, sight:
        Samples of the track, shape (samples,), and lines of sight from each, shape (samples, minutes).
    habits:
        Cycle of duty (min), share of it on duty, speed (km/h), length of the track (km), and whether it is a loop.
    gaps_km:
        What is not filled in stays as it is. The phases are places and moments of duty at minute 0.
    """
    cycle_min, duty_share, speed_kmh, length_km, loop = habits
    for phase in range(len(gaps_km)):
        offset_km = _drawn_offset((phase + 0.5) / len(gaps_km), length_km, not loop)
        turn_min = cycle_min * (phase * GOLDEN % 1.0)
        for step in range(len(minute)):
            if _on_duty(minute[step], turn_min, cycle_min, duty_share):
                along_km = _along_track(minute[step], offset_km, speed_kmh, length_km, loop)
                sample = _nearest_sample(along_km, SAMPLE_KM, len(track_x_km))
                if sight[sample, step]:
                    east_km, north_km = track_x_km[sample] - x_km[step], track_y_km[sample] - y_km[step]
                    gaps_km[phase, step] = _gap_km(east_km, north_km)
