"""From the settings of a scenario to its ground: rivers, ridges, passes, roads and places made into a raster."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.scenario.terrain import BorderRiver, Reeds, River, Road, Settlement, TerrainSettings, Track
from sim.terrain import Bools, Floats, relief
from sim.terrain.grid import MapLine, MapPlace, Terrain, cover_code
from sim.terrain.noise import fractal, stream
from sim.terrain.relief import Ground
from sim.terrain.synthetic import invented

SUPERCOVER = float(np.sqrt(0.5) + 1e-9)
"""Half the diagonal of a cell: every cell that a line touches has its centre within this many cell sides of it."""


def build_terrain(settings: TerrainSettings) -> Terrain:
    """Build the ground that the settings describe: the same settings give the same ground to the bit.

    >>> build_terrain(TerrainSettings(source="flat", width_km=4, height_km=2)).shape
    (8, 16)
    """
    if settings.source == "synthetic":
        settings = invented(settings)
    ground = relief.lay_out(settings)
    # Level ground has no ridges and passes; rivers, roads and places are drawn as cover.
    elevation_m = np.full(settings.shape, settings.floor_m) if settings.source == "flat" else relief.elevation(ground)
    cover, crossing_min = _cover(ground, elevation_m)
    borders = [course for _, course in ground.drawn(BorderRiver)]
    return Terrain(
        elevation_m=elevation_m,
        cover=cover,
        crossing_min=crossing_min,
        cell_m=settings.cell_m,
        border_km=borders[0].copy() if borders else np.empty((0, 2)),
        lines=tuple(MapLine(line.name, line.kind, ground.courses[i]) for i, line in enumerate(settings.lines)),
        places=tuple(MapPlace(p.name, p.kind, p.x_km, p.y_km, getattr(p, "radius_km", 0.0)) for p in settings.points),
        settings=settings,
    )


def _cover(ground: Ground, elevation_m: Floats) -> tuple[NDArray[np.uint8], Floats]:
    """Land cover codes, and the minutes that inland rivers cost; what is drawn later lies on top.

    Tracks end at river banks, roads bridge inland rivers, and nothing bridges the border river.
    """
    cover = np.full(ground.settings.shape, cover_code("open"), dtype=np.uint8)
    crossing_min = np.zeros(ground.settings.shape)
    cover[_steep(ground.settings, elevation_m)] = cover_code("rough")
    cover[_reed_beds(ground)] = cover_code("reeds")
    cover[_built_up(ground)] = cover_code("settlement")
    for _, course in ground.drawn(Track):
        cover[_touched(ground, course)] = cover_code("track")
    for river, course in ground.drawn(River):
        water = _touched(ground, course, river.width_km)
        cover[water], crossing_min[water] = cover_code("river"), river.crossing_min
    for _, course in ground.drawn(Road):
        cover[_touched(ground, course)] = cover_code("road")
    for border, course in ground.drawn(BorderRiver):
        cover[_touched(ground, course, border.width_km)] = cover_code("border_river")
    crossing_min[cover != cover_code("river")] = 0.0
    return cover, crossing_min


def _touched(ground: Ground, course: Floats, width_km: float = 0.0) -> Bools:
    """Cells that a band of some width covers; all that its middle line touches, so that it has no gap."""
    half_km = max(width_km / 2, SUPERCOVER * ground.settings.cell_m / 1000)
    return np.asarray(ground.nearest(course, half_km).distance_km <= half_km)


def _steep(settings: TerrainSettings, elevation_m: Floats) -> Bools:
    north, east = np.gradient(elevation_m, settings.cell_m)
    return np.asarray(np.hypot(north, east) > np.tan(np.radians(settings.rough_slope_deg)))


def _reed_beds(ground: Ground) -> Bools:
    """Belts of reeds with ragged edges."""
    found = np.zeros(ground.settings.shape, dtype=bool)
    for line, course in ground.drawn(Reeds):
        rng = stream(ground.settings.terrain_seed, "reeds", line.name)
        ragged = 1 + 0.6 * fractal(ground.x_km, ground.y_km, 2.0, rng)
        found |= ground.nearest(course, line.width_km).distance_km <= line.width_km / 2 * ragged
    return found


def _built_up(ground: Ground) -> Bools:
    """Towns and villages: discs with ragged edges."""
    found = np.zeros(ground.settings.shape, dtype=bool)
    ragged = 1 + 0.4 * fractal(ground.x_km, ground.y_km, 1.0, stream(ground.settings.terrain_seed, "streets"))
    for place in ground.settings.points:
        if isinstance(place, Settlement):
            found |= np.hypot(ground.x_km - place.x_km, ground.y_km - place.y_km) <= place.radius_km * ragged
    return found
