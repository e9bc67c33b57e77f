"""From the settings of a scenario to its ground."""

from __future__ import annotations

from sim.scenario.terrain import TerrainSettings
from sim.terrain.flat import build_flat
from sim.terrain.gazetteer import build_gazetteer
from sim.terrain.grid import Terrain
from sim.terrain.synthetic import build_synthetic


def build_terrain(settings: TerrainSettings) -> Terrain:
    """Build the ground that the settings describe: the same settings give the same ground to the bit.

    >>> build_terrain(TerrainSettings(source="flat", width_km=4, height_km=2)).shape
    (8, 16)
    """
    builders = {"flat": build_flat, "synthetic": build_synthetic, "gazetteer": build_gazetteer}
    return builders[settings.source](settings)
