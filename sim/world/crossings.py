"""Crossing points: where groups may raft over the border river, or the lanes of a front in its place."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.rules.response import is_own_frontage
from sim.scenario.infiltrators import Front
from sim.terrain import Bools, Floats
from sim.terrain.grid import Terrain, cover_code
from sim.terrain.lines import distances_to_pieces

Cell = tuple[int, int]
MAX_BANK_CELLS = 40


@dataclass(frozen=True)
class Crossing:
    """A place on the border river with a landing on either bank.

    Attributes
    ----------
    name:
        ``c00``, ``c01`` ... downstream; ``direct`` where there is no border river.
    x_km, y_km:
        The middle of the river.
    along_km:
        Distance along the border from its upstream end, which may lie beyond the grid.
    banks:
        The two landing cells (row, column), left and right looking downstream; None for ``direct``.
    """

    name: str
    x_km: float
    y_km: float
    along_km: float
    banks: tuple[Cell, Cell] | None


DIRECT = Crossing("direct", float("nan"), float("nan"), 0.0, None)


def find_crossings(terrain: Terrain, spacing_km: float) -> tuple[Crossing, ...]:
    """Crossing points each `spacing_km` along the border river; `(DIRECT,)` where there is none."""
    if len(terrain.border_km) < 2:
        return (DIRECT,)
    points, headings, along = _walk(terrain.border_km, spacing_km)
    dry = (terrain.cover != cover_code("border_river")) & (terrain.by_cover("foot_factor") > 0)
    found: list[Crossing] = []
    for point, heading, km in zip(points, headings, along, strict=True):
        left = _bank(terrain, dry, point, np.array([-heading[1], heading[0]]))
        right = _bank(terrain, dry, point, np.array([heading[1], -heading[0]]))
        if left and right:
            name = f"c{len(found):02d}"
            found.append(Crossing(name, float(point[0]), float(point[1]), float(km), (left, right)))
    return tuple(found)


def find_lanes(front: Front) -> tuple[Crossing, ...]:
    """One crossing point a lane of a front, ``lane_0000`` ... from west to east."""
    return tuple(
        Crossing(f"lane_{number:04d}", x_km, float("nan"), x_km - front.west_km, None)
        for number, x_km in enumerate(front.lanes_km)
    )


def along_border_km(border_km: Floats, x_km: float, y_km: float) -> float:
    """Distance along the border from its upstream end to the point of it nearest to (x, y)."""
    return nearest_on(border_km, x_km, y_km)[0]


def nearest_on(line_km: Floats, x_km: float, y_km: float) -> tuple[float, float, float]:
    """The point of a line nearest to (x, y), the first of them: kilometres along the line from its beginning, x, y."""
    start, vector, length = _segments(line_km)
    t = np.clip(((np.array([x_km, y_km]) - start) * vector).sum(axis=1) / length**2, 0.0, 1.0)
    points = start + t[:, None] * vector
    nearest = int(np.hypot(*(points - (x_km, y_km)).T).argmin())
    along_km = float(length[:nearest].sum() + t[nearest] * length[nearest])
    return along_km, float(points[nearest, 0]), float(points[nearest, 1])


def on_frontage(
    border_km: Floats, crossings: tuple[Crossing, ...], x_km: float, y_km: float, frontage_km: float
) -> Bools:
    """Which crossing points lie on the frontage of a post, shape (crossings,); all where no river is the border."""
    if len(border_km) < 2:
        return np.ones(len(crossings), dtype=bool)
    own_km = along_border_km(border_km, x_km, y_km)
    return np.array([here.banks is None or is_own_frontage(here.along_km, own_km, frontage_km) for here in crossings])


def distance_to_border_km(border_km: Floats, x_km: Floats, y_km: Floats) -> Floats:
    """Distance of points from the border river (km), NaN where there is none."""
    if len(border_km) < 2:
        return np.full(np.shape(x_km), np.nan)
    start, vector, length = _segments(border_km)
    x, y = (np.ascontiguousarray(part, dtype=np.float64) for part in np.broadcast_arrays(x_km, y_km))
    return distances_to_pieces(x.ravel(), y.ravel(), start, vector, length).reshape(x.shape)


def _segments(line: Floats) -> tuple[Floats, Floats, Floats]:
    vector = np.diff(line, axis=0)
    return line[:-1], vector, np.hypot(vector[:, 0], vector[:, 1])


def _walk(line: Floats, spacing_km: float) -> tuple[Floats, Floats, Floats]:
    start, vector, length = _segments(line)
    ends = np.concatenate([[0.0], np.cumsum(length)])
    along = np.arange(spacing_km / 2, ends[-1], spacing_km)
    segment = np.clip(np.searchsorted(ends, along, side="right") - 1, 0, len(length) - 1)
    heading = vector[segment] / length[segment, None]
    return start[segment] + heading * (along - ends[segment])[:, None], heading, along


def _bank(terrain: Terrain, dry: Bools, point: Floats, outward: Floats) -> Cell | None:
    """First dry cell that one meets walking from the middle of the river at a right angle to it."""
    step = terrain.cell_m / 2000.0
    x, y = point[:, None] + (outward * step)[:, None] * np.arange(1, MAX_BANK_CELLS)
    on_grid = np.logical_and.accumulate(terrain.inside(x, y))
    row, col = terrain.cell_of(x[on_grid], y[on_grid])
    landings = np.flatnonzero(dry[row, col])
    return (int(row[landings[0]]), int(col[landings[0]])) if len(landings) else None
