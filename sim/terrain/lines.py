"""Polylines in kilometres: smoothing, meanders, and how far and on which side of a line a point lies."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from sim.terrain import Floats, Ints
from sim.terrain.compiled import compiled, kernel
from sim.terrain.envelope import ROUNDED, TIED, nearest_points

NONE = -1
"""In place of a point of the line: none is near enough."""
STEP_KM = 0.05
"""Spacing to which lines are filled up before the nearest point is searched."""
SKIP_KM = 3.0
"""Nearer than this it is quicker to check the next piece than to compute how many can be skipped."""


class Nearest(NamedTuple):
    """The nearest point of a line, for each given point: how far, where along it, and on which side."""

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


def fill(points_km: Floats, step_km: float = STEP_KM) -> tuple[Floats, Ints]:
    """The same line with points no further apart than `step_km`, the given ones kept; and how many each piece has."""
    marks = lengths(points_km)
    spans = np.diff(marks)
    counts = np.ceil(spans / step_km).astype(np.int64)
    within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    along = within * np.repeat(spans / counts, counts) + np.repeat(marks[:-1], counts)
    return point_at(points_km, np.append(along, marks[-1])), counts


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
    spans = np.arange(len(p) - 3) + np.arange(4)[:, None]
    return np.vstack([_spans(p[spans], knots[spans], pieces), p[-2:-1]])


def _spans(p: Floats, k: Floats, pieces: int) -> Floats:
    """The curve between the second and the third of each four points (Barry and Goldman's pyramid).

    Parameters
    ----------
    p, k:
        Points (4, spans, 2) and knots (4, spans).
    """
    t = np.linspace(k[1], k[2], pieces, endpoint=False).T[..., None]
    p, k = p[:, :, None, :], k[:, :, None, None]

    def mix(a: Floats, b: Floats, ka: Floats, kb: Floats) -> Floats:
        return np.asarray(((kb - t) * a + (t - ka) * b) / (kb - ka))

    a1, a2, a3 = (mix(p[i], p[i + 1], k[i], k[i + 1]) for i in range(3))
    return mix(mix(a1, a2, k[0], k[2]), mix(a2, a3, k[1], k[3]), k[1], k[2]).reshape(-1, 2)


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
    further away than `within_km` get an infinite distance, which is much faster.

    >>> line = np.array([[0.0, 0.0], [4.0, 0.0]])
    >>> [float(v) for v in nearest(line, 1.0, 2.0)]
    [2.0, 1.0, 1.0]
    """
    x, y = np.broadcast_arrays(np.asarray(x_km, dtype=float), np.asarray(y_km, dtype=float))
    given = np.asarray(points_km, dtype=float)
    dense, counts = fill(given)
    x_all, y_all = x.ravel(), y.ravel()
    if within_km == np.inf and _is_grid(x, y):
        vertex = nearest_points(dense, x[0].copy(), y[:, 0].copy()).ravel()
    else:
        vertex = _nearest_alone(given, dense, counts, x_all, y_all, within_km)
    tied = np.flatnonzero(vertex == TIED)
    if len(tied):
        from scipy.spatial import cKDTree  # slow to load, and not needed where the ground is cached

        # Equally near to two places of a line that bends: the tree's choice between them is kept.
        vertex[tied] = cKDTree(dense).query(np.column_stack([x_all[tied], y_all[tied]]))[1]
    answer = np.zeros((3, x.size))
    _closest(dense, lengths(dense), vertex, x_all, y_all, answer)
    return Nearest(*(values.reshape(x.shape) for values in answer))


@compiled
def distances_to_pieces(x: Floats, y: Floats, start: Floats, vector: Floats, length: Floats) -> Floats:
    """Distance of each point from the nearest of some straight pieces, shape (points,), in the unit of the arguments.

    Parameters
    ----------
    x, y:
        Points, shape (points,).
    start, vector, length:
        Start of each piece, the vector to its end, and its length: shapes (pieces, 2), (pieces, 2), (pieces,).
    """
    nearest = np.empty(len(x))
    for point in range(len(x)):
        least = np.inf
        for piece in range(len(length)):
            east, north = x[point] - start[piece, 0], y[point] - start[piece, 1]
            along = (east * vector[piece, 0] + north * vector[piece, 1]) / (length[piece] * length[piece])
            along = min(max(along, 0.0), 1.0)
            east -= along * vector[piece, 0]
            north -= along * vector[piece, 1]
            least = min(least, math.sqrt(east * east + north * north))
        nearest[point] = least
    return nearest


def _is_grid(x: Floats, y: Floats) -> bool:
    """Whether points, (rows, columns), are those of a grid whose columns go east."""
    rows_and_columns = x.ndim == 2 and x.size > 0
    return bool(rows_and_columns and (x == x[0]).all() and (y == y[:, :1]).all() and (np.diff(x[0]) > 0).all())


def _nearest_alone(given: Floats, dense: Floats, counts: Ints, x: Floats, y: Floats, within_km: float) -> Ints:
    """Nearest filled-up point of each point (points,), `NONE` or `TIED`, searched for each by itself."""
    step = np.diff(given, axis=0)
    pieces = np.column_stack([given[:-1], step, 1 / (step * step).sum(axis=1)])
    first = np.concatenate([[0], np.cumsum(counts)])
    owner, vertex = np.repeat(np.arange(len(counts)), counts), np.empty(len(x), dtype=np.int64)
    _vertices(pieces, first, owner, dense, x, y, (within_km + STEP_KM) ** 2, vertex)
    return vertex


@compiled
def _vertices(
    pieces: Floats, first: Ints, owner: Ints, dense: Floats, x: Floats, y: Floats, limit: float, vertex: Ints
) -> None:
    """Fill in the nearest filled-up point of each point (points,), `NONE` or `TIED`; see `_vertex`."""
    last = int(NONE)  # of one type throughout, or what it calls is compiled twice
    for point in range(len(x)):
        last, tied = _vertex(pieces, first, owner, dense, x[point], y[point], limit, last)
        vertex[point] = TIED if tied else last


@compiled
def _closest(dense: Floats, marks: Floats, vertex: Ints, x: Floats, y: Floats, answer: Floats) -> None:
    """Fill in distance, place along the line and side, shape (3, points): of the two pieces that meet the closer."""
    for point in range(len(x)):
        if vertex[point] < 0:
            answer[0, point] = np.inf
            continue
        best = _project(dense, marks, max(vertex[point] - 1, 0), x[point], y[point])
        other = _project(dense, marks, min(vertex[point], len(dense) - 2), x[point], y[point])
        answer[0, point], answer[1, point], answer[2, point] = other if other[0] < best[0] else best


@kernel
def _vertex(
    pieces: Floats, first: Ints, owner: Ints, dense: Floats, x: float, y: float, limit: float, guess: int
) -> tuple[int, bool]:
    """Nearest point of a filled-up line, `NONE` beyond the limit (squared), and whether another is equally near.

    Of two neighbours that are equally near either will do, since the piece between them is the nearest anyhow.
    The distance of a piece bounds how far along the line nothing nearer can come; all that is skipped. A good guess,
    such as the point found for a neighbour, makes for long skips.

    Parameters
    ----------
    pieces:
        (pieces, 5): where each begins, where it leads, and 1 over its squared length.
    first:
        (pieces + 1,), the first filled-up point of each piece.
    owner:
        (filled-up points,), the piece of each.
    """
    best, found, tied = limit, NONE, False
    if guess >= 0:
        away = (x - dense[guess, 0]) ** 2 + (y - dense[guess, 1]) ** 2
        if away < limit:
            best, found = away, guess
    reach, here = np.sqrt(best), 0
    while here < len(pieces):
        east, north = x - pieces[here, 0], y - pieces[here, 1]
        share = (east * pieces[here, 2] + north * pieces[here, 3]) * pieces[here, 4]
        share = min(max(share, 0.0), 1.0)
        gap = (east - share * pieces[here, 2]) ** 2 + (north - share * pieces[here, 3]) ** 2
        if gap * ROUNDED > best:
            if gap < (reach + SKIP_KM) ** 2:
                here += 1
            else:
                beyond = first[here + 1] + int((np.sqrt(gap) - reach) * (ROUNDED / STEP_KM))
                here = max(here + 1, owner[beyond]) if beyond < len(owner) else len(pieces)
            continue
        low = first[here] + int(share * (first[here + 1] - first[here]))
        for vertex in range(low, min(low + 2, len(dense))):
            away = (x - dense[vertex, 0]) ** 2 + (y - dense[vertex, 1]) ** 2
            if away < best:
                best, found, tied = away, vertex, False
            elif away == best and found >= 0 and abs(vertex - found) > 1:
                tied = True
        reach, here = np.sqrt(best), here + 1
    return found, tied


@kernel
def _project(dense: Floats, marks: Floats, piece: int, x: float, y: float) -> tuple[float, float, float]:
    """Distance (km) to one piece of a filled-up line, place along the line (km), and side."""
    east, north = dense[piece + 1, 0] - dense[piece, 0], dense[piece + 1, 1] - dense[piece, 1]
    x, y = x - dense[piece, 0], y - dense[piece, 1]
    share = min(max((x * east + y * north) / (east * east + north * north), 0.0), 1.0)
    along = marks[piece] + share * (marks[piece + 1] - marks[piece])
    return math.hypot(x - share * east, y - share * north), along, np.sign(east * y - north * x)
