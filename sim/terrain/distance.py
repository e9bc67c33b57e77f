"""Distance of many points from a line of straight pieces."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from sim.terrain.compiled import compiled


@compiled
def distances_to_pieces(
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    start: NDArray[np.float64],
    vector: NDArray[np.float64],
    length: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Distance of each point from the nearest of some pieces, shape (points,), in the unit of all that is given.

    Parameters
    ----------
    x, y:
        Points, shape (points,).
    start, vector, length:
        Where each piece begins, where it goes from there, and how long it is: shapes (pieces, 2), (pieces, 2),
        (pieces,).
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
