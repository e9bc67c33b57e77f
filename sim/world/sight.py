"""Who can see which part of a route: exact lines of sight, from the ground and the heights alone."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.terrain.grid import Terrain
from sim.terrain.sight import sight_table
from sim.world.tables import Tables

TARGET_HEIGHT_M = 1.7
POST_LIMIT_KM = 45.0
PATROL_LIMIT_KM = 12.0


def visible_spots(
    terrain: Terrain,
    tables: Tables,
    stands: NDArray[np.int64],
    height_m: float,
    spots: NDArray[np.int64],
    limit_km: float,
) -> NDArray[np.bool_]:
    """Lines of sight from each stand to each spot, shape (stands, spots).

    It depends on no sensor's range, so that a changed range traces nothing again.

    Parameters
    ----------
    stands, spots:
        Flat cell indices.
    height_m:
        Of the observer over the ground.
    limit_km:
        Nothing farther than this is traced; it counts as hidden.
    """
    content = (terrain.digest(), stands, height_m, tables.cells_digest(spots), limit_km)
    return tables.get("sight", content, lambda: _trace(terrain, stands, height_m, spots, limit_km))


def _trace(
    terrain: Terrain, stands: NDArray[np.int64], height_m: float, spots: NDArray[np.int64], limit_km: float
) -> NDArray[np.bool_]:
    cols = terrain.shape[1]
    from_rc = np.stack([stands // cols, stands % cols], axis=1)
    to_rc = np.stack([spots // cols, spots % cols], axis=1)
    return sight_table(
        terrain.elevation_m,
        terrain.cell_m,
        from_rc,
        height_m,
        to_rc,
        TARGET_HEIGHT_M,
        limit_km,
        refraction=terrain.settings.refraction,
    )
