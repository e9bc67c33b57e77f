"""Three grounds, and who looks over them: the default case, a seeded synthetic one, and one drawn by a formula."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

import sim
from sim.scenario.terrain import TerrainSettings
from sim.terrain.build import build_terrain
from sim.terrain.grid import Terrain
from sim.world.hazards import POST_LIMIT_KM
from sim.world.views import TARGET_HEIGHT_M

Floats = NDArray[np.float64]
FORMULA_CELLS, FORMULA_CELL_M = 121, 100.0


class View(NamedTuple):
    """One observer on one ground."""

    name: str
    ground: str
    elevation_m: Floats
    """(rows, cols)"""
    cell_m: float
    refraction: bool
    row: int
    col: int
    height_m: float
    """Of the observer above the ground."""
    limit_km: float
    target_m: float = TARGET_HEIGHT_M


def all_views() -> list[View]:
    """Every observer of the three grounds."""
    return [*default_views(), *synthetic_views(), *formula_views()]


def default_terrain() -> Terrain:
    """The default case's ground at its full grid."""
    return build_terrain(sim.load_scenario().terrain)


def default_views() -> list[View]:
    """The default case's posts and its outpost, where they stand and as high as they are."""
    case, terrain = sim.load_scenario(), default_terrain()
    views = []
    for post in (*case.posts, case.outpost):
        row, col = (int(index) for index in terrain.cell_of(post.x_km, post.y_km))
        views.append(_view(post.name, "default", terrain, row, col, post.height_m))
    return views


def synthetic_views() -> list[View]:
    """A seeded ground, without refraction, seen from its highest cell, its lowest, and the middle."""
    terrain = build_terrain(
        TerrainSettings(source="synthetic", width_km=40, height_km=30, terrain_seed=7, ruggedness=0.8, refraction=False)
    )
    z = terrain.elevation_m
    places = {
        "highest": np.unravel_index(z.argmax(), z.shape),
        "lowest": np.unravel_index(z.argmin(), z.shape),
        "middle": (z.shape[0] // 2, z.shape[1] // 2),
    }
    return [_view(name, "synthetic", terrain, int(row), int(col), 5.0) for name, (row, col) in places.items()]


def _view(name: str, ground: str, terrain: Terrain, row: int, col: int, height_m: float) -> View:
    z, refraction = np.asarray(terrain.elevation_m), terrain.settings.refraction
    return View(name, ground, z, terrain.cell_m, refraction, row, col, height_m, POST_LIMIT_KM)


def formula_ground() -> Floats:
    """A ridge aslant with a gap in it, a valley along it, and ripples; in whole centimetres.

    Heights (m) over 12.1 km by 12.1 km, u along the ridge and v across it, in km from the middle.
    """
    x, y = np.meshgrid(np.arange(FORMULA_CELLS) / 10 - 6, 6 - np.arange(FORMULA_CELLS) / 10)
    u, v = (2 * x + y) / np.sqrt(5), (2 * y - x) / np.sqrt(5)
    ridge = 180 * np.exp(-((v - 1.5) ** 2) / 0.5) * (1 - 0.8 * np.exp(-((u - 1) ** 2) / 0.3))
    valley = -60 * np.exp(-((v + 1.5) ** 2) / 0.8)
    ripples = 6 * np.sin(3 * x) * np.cos(2.3 * y)
    return np.asarray(np.round(300 + ridge + valley + ripples, 2))


def formula_views() -> list[View]:
    """The ground of the formula from the plain below the ridge, from its crest, and from the valley."""
    z = formula_ground()
    places = {"plain": (100, 60, 3.0), "crest": (37, 84, 2.0), "valley": (74, 58, 10.0)}
    return [
        View(name, "formula", z, FORMULA_CELL_M, True, row, col, height_m, 20.0)
        for name, (row, col, height_m) in places.items()
    ]
