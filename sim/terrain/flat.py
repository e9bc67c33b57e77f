"""Level ground: one height everywhere, with the cover of whatever lines and points are given."""

from __future__ import annotations

from sim.scenario.terrain import TerrainSettings
from sim.terrain.gazetteer import build_gazetteer
from sim.terrain.grid import Terrain


def build_flat(settings: TerrainSettings) -> Terrain:
    """Build level ground at `floor_m`; ridges and passes have no effect, rivers and roads are drawn as cover."""
    return build_gazetteer(settings, level=True)
