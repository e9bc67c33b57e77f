"""From the settings of a scenario to its ground."""

from __future__ import annotations

from sim.scenario.terrain import TerrainSettings
from sim.terrain.gazetteer import build_gazetteer
from sim.terrain.grid import Terrain
from sim.terrain.synthetic import build_synthetic


def build_terrain(settings: TerrainSettings) -> Terrain:
    """Build the ground that the settings describe: the same settings give the same ground to the bit.

    >>> build_terrain(TerrainSettings(source="flat", width_km=4, height_km=2)).shape
    (8, 16)
    """
    if settings.source == "synthetic":
        return build_synthetic(settings)
    # Level ground has no ridges and passes; rivers, roads and places are drawn as cover.
    return build_gazetteer(settings, level=settings.source == "flat")
