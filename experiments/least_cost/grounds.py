"""Three grounds to travel over: a piece of the default case, a synthetic one, and one of speckles."""

from __future__ import annotations

import dataclasses

import numpy as np

import sim
from sim.scenario.terrain import TerrainSettings
from sim.terrain.build import build_terrain
from sim.terrain.grid import Terrain, cover_code

SPECKLES = ("open", "rough", "reeds", "river", "border_river", "settlement", "track", "road")


def piece(terrain: Terrain, row: int, col: int, size: int) -> Terrain:
    """A square of `size` cells out of a ground."""
    cut = np.s_[row : row + size, col : col + size]
    arrays = {key: getattr(terrain, key)[cut].copy() for key in ("elevation_m", "cover", "crossing_min")}
    return dataclasses.replace(terrain, **arrays)


def default_piece(size: int) -> Terrain:
    """The default case where the Vakhsh meets the border river: both rivers, reeds, roads, tracks, hills."""
    return piece(build_terrain(sim.load_scenario().terrain), 240 - size // 2, 105 - size // 2, size)


def synthetic(size: int) -> Terrain:
    """Seeded ridges and a border river, 200 m a cell, with an inland river and a road drawn across."""
    settings = TerrainSettings(
        source="synthetic", width_km=size / 5, height_km=size / 5, cell_m=200, terrain_seed=11, ruggedness=0.7
    )
    ground = build_terrain(settings)
    cover, crossing = ground.cover.copy(), ground.crossing_min.copy()
    land = cover != cover_code("border_river")
    river, road = np.zeros_like(land), np.zeros_like(land)
    river[:, size // 3], road[size // 2] = True, True
    cover[river & land], crossing[river & land] = cover_code("river"), 12.5
    cover[road & land], crossing[road & land] = cover_code("road"), 0.0
    return dataclasses.replace(ground, cover=cover, crossing_min=crossing)


def speckled(size: int) -> Terrain:
    """Every kind of cover at random, steep heights, and crossings that cost something else in every cell."""
    rng = np.random.default_rng(17)
    blank = build_terrain(TerrainSettings(width_km=size / 4, height_km=size / 4))
    chance = [0.4, 0.12, 0.1, 0.08, 0.06, 0.04, 0.1, 0.1]
    codes = np.array([cover_code(kind) for kind in SPECKLES], dtype=np.uint8)
    cover = rng.choice(codes, (size, size), p=chance)
    crossing = np.where(cover == cover_code("river"), rng.uniform(0, 40, cover.shape), 0.0)
    heights = np.round(rng.uniform(0, 120, cover.shape), 1)
    return dataclasses.replace(blank, cover=cover, crossing_min=crossing, elevation_m=heights)
