"""Polylines in kilometres: smoothing, meanders, and how far and on which side of a line a point lies."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.spatial import cKDTree

Floats = NDArray[np.float64]

STEP_KM = 0.05
"""Spacing to which lines are filled up before the nearest point is looked for."""


class Nearest(NamedTuple):
    """The nearest point of a line, for each point asked: how far, where along it, and on which side."""

    distance_km: Floats
    along_km: Floats
    side: Floats
    """+1 to the left of the line's direction, -1 to the right, 0 on it."""


def lengths(points_km: Floats) -> Floats:
    """Distance (km) along the line up to each of its points.

    >>> lengths(np.array([[0.0, 0.0], [3.0, 4.0], [3.0, 5.0]])).tolist()
    [0.0, 5.0, 6.0]
    """
    steps = np.hypot(*np.diff(points_km, axis=0).T)
    return np.concatenate([[0.0], np.cumsum(steps)])


def point_at(points_km: Floats, along_km: ArrayLike) -> Floats:
    """Points (..., 2) that lie `along_km` down the line; its ends beyond it."""
    marks, along = lengths(points_km), np.asarray(along_km, dtype=float)
    return np.stack([np.interp(along, marks, points_km[:, 0]), np.interp(along, marks, points_km[:, 1])], axis=-1)


def fill(points_km: Floats, step_km: float = STEP_KM) -> Floats:
    """The same line with points no further apart than `step_km`; the given ones are kept."""
    marks = lengths(points_km)
    pieces = [np.linspace(a, b, int(np.ceil((b - a) / step_km)), endpoint=False) for a, b in pairwise(marks)]
    return point_at(points_km, np.concatenate([*pieces, marks[-1:]]))


def smooth(points_km: Floats, pieces: int = 12) -> Floats:
    """A curve through all the points (centripetal Catmull-Rom), `pieces` straight pieces between two of them.

    Catmull and Rom, "A class of local interpolating splines", 1974; knots at the square root of the distance,
    which keeps the curve free of loops.
    """
    p = np.asarray(points_km, dtype=float)
    if len(p) < 3:
        return p
    p = np.vstack([2 * p[0] - p[1], p, 2 * p[-1] - p[-2]])
    knots = np.concatenate([[0.0], np.cumsum(np.sqrt(np.hypot(*np.diff(p, axis=0).T)))])
    curve = [_span(p[i - 1 : i + 3], knots[i - 1 : i + 3], pieces) for i in range(1, len(p) - 2)]
    return np.vstack([*curve, p[-2:-1]])


def _span(p: Floats, k: Floats, pieces: int) -> Floats:
    """The piece of the curve between the second and the third of four points (Barry and Goldman's pyramid)."""
    t = np.linspace(k[1], k[2], pieces, endpoint=False)[:, None]

    def mix(a: Floats, b: Floats, ka: float, kb: float) -> Floats:
        return np.asarray(((kb - t) * a + (t - ka) * b) / (kb - ka))

    a1, a2, a3 = (mix(p[i], p[i + 1], k[i], k[i + 1]) for i in range(3))
    return mix(mix(a1, a2, k[0], k[2]), mix(a2, a3, k[1], k[3]), k[1], k[2])


def meander(points_km: Floats, swing_km: float, rng: np.random.Generator) -> Floats:
    """The smoothed line with seeded bends of at most about `swing_km` that leave the given points in place."""
    if swing_km == 0:
        return smooth(points_km)
    bent = [np.asarray(points_km[:1], dtype=float)]
    for start, end in pairwise(points_km):
        span = float(np.hypot(*(end - start)))
        bends = max(1, round(span / 2.2))
        share = (np.arange(1, bends + 1) / (bends + 1))[:, None]
        sign = np.where(np.arange(bends) % 2 == 0, 1.0, -1.0) * (1.0 if rng.random() < 0.5 else -1.0)
        normal = np.array([start[1] - end[1], end[0] - start[0]]) / span
        offset = (sign * swing_km * rng.uniform(0.3, 1.0, bends))[:, None]
        bent += [start + share * (end - start) + offset * normal, np.asarray(end, dtype=float)[None]]
    return smooth(np.vstack(bent), pieces=6)


def nearest(points_km: Floats, x_km: ArrayLike, y_km: ArrayLike, within_km: float = np.inf) -> Nearest:
    """Distance to a polyline, how far along it the nearest point lies, and the side.

    Finds the nearest of the filled-up points, then projects exactly onto the two pieces that meet there. Points
    further away than `within_km` get an infinite distance, which is much faster where only the surroundings matter.

    >>> line = np.array([[0.0, 0.0], [4.0, 0.0]])
    >>> [float(v) for v in nearest(line, 1.0, 2.0)]
    [2.0, 1.0, 1.0]
    """
    x, y = np.broadcast_arrays(np.asarray(x_km, dtype=float), np.asarray(y_km, dtype=float))
    at = np.stack([x, y], axis=-1).reshape(-1, 2)
    dense = fill(np.asarray(points_km, dtype=float))
    vertex = cKDTree(dense).query(at, distance_upper_bound=within_km + STEP_KM)[1]
    found = vertex < len(dense)
    close = _closest(dense, vertex[found], at[found])
    answer = [np.full(len(at), blank) for blank in (np.inf, 0.0, 0.0)]
    for values, near in zip(answer, close, strict=True):
        values[found] = near
    return Nearest(*(values.reshape(x.shape) for values in answer))


def _closest(dense: Floats, vertex: NDArray[np.intp], at: Floats) -> Nearest:
    """The closer of the two pieces that meet at a vertex."""
    marks = lengths(dense)
    best = _project(dense, marks, np.maximum(vertex - 1, 0), at)
    other = _project(dense, marks, np.minimum(vertex, len(dense) - 2), at)
    closer = other.distance_km < best.distance_km
    return Nearest(*(np.where(closer, b, a) for a, b in zip(best, other, strict=True)))


def _project(dense: Floats, marks: Floats, piece: NDArray[np.intp], at: Floats) -> Nearest:
    start, step = dense[piece], dense[piece + 1] - dense[piece]
    away = at - start
    share = np.clip((away * step).sum(-1) / (step * step).sum(-1), 0.0, 1.0)
    gap = away - share[..., None] * step
    side = np.sign(step[..., 0] * away[..., 1] - step[..., 1] * away[..., 0])
    along = marks[piece] + share * (marks[piece + 1] - marks[piece])
    return Nearest(np.hypot(gap[..., 0], gap[..., 1]), along, side)
