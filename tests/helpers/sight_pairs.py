"""Lines of sight pair by pair, each as a table of one observer and one target."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from sim.terrain.sight import sight_table


def line_of_sight(
    z: np.ndarray,
    cell_m: float,
    observers_rc: ArrayLike,
    observer_height_m: ArrayLike,
    targets_rc: ArrayLike,
    target_height_m: ArrayLike,
    refraction: bool = True,
) -> np.ndarray:
    """Whether each observer sees its target, shape (n,); places (n, 2) and heights (n,), or one for all."""
    a, b = np.broadcast_arrays(np.atleast_2d(observers_rc), np.atleast_2d(targets_rc))
    heights = np.broadcast_to(np.transpose([*np.broadcast_arrays(observer_height_m, target_height_m)]), (len(a), 2))
    return np.array(
        [
            sight_table(z, cell_m, one[None], up_m, other[None], top_m, np.inf, refraction)[0, 0]
            for one, other, (up_m, top_m) in zip(a.copy(), b.copy(), heights, strict=True)
        ]
    )
