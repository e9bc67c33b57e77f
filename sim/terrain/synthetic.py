"""Invented ground: seeded ridges, the valleys between them, and a border river from edge to edge."""

from __future__ import annotations

import numpy as np

from sim.scenario.terrain import BorderRiver, Line, Ridge, TerrainSettings, Track
from sim.terrain.noise import stream


def invented(settings: TerrainSettings) -> TerrainSettings:
    """The settings with invented lines in place of their own lines and points.

    The river flows from the eastern to the western edge in the southern third; ridges run northwards from it,
    with a track along the valley beside the first.
    """
    rng = stream(settings.terrain_seed, "synthetic")
    lines: list[Line] = [_river(settings, rng)] if settings.river else []
    lines += [_ridge(settings, rng, i) for i in range(settings.ridges)]
    if settings.ridges:
        lines.append(_track(settings))
    return settings.model_copy(update={"lines": tuple(lines), "points": ()})


def _river(settings: TerrainSettings, rng: np.random.Generator) -> BorderRiver:
    across = np.linspace(1.05, -0.05, 6) * settings.width_km
    north = (0.2 + rng.uniform(-0.06, 0.06, 6)) * settings.height_km
    return BorderRiver(
        name="border river",
        kind="border_river",
        points=tuple(zip(across.tolist(), north.tolist(), strict=True)),
        width_km=max(0.3, settings.cell_m / 1000),
        bed_m=(settings.floor_m + 0.3 * settings.width_km, settings.floor_m),
        meander_km=0.01 * min(settings.width_km, settings.height_km),
    )


def _middle_km(settings: TerrainSettings, number: float) -> float:
    return (number + 0.5) / settings.ridges * settings.width_km


def _ridge(settings: TerrainSettings, rng: np.random.Generator, number: int) -> Ridge:
    spacing = settings.width_km / settings.ridges
    east = _middle_km(settings, number) + rng.uniform(-0.1, 0.1, 4) * spacing
    north = np.array([0.38, 0.58, 0.8, 1.05]) * settings.height_km
    crest_m = settings.floor_m + settings.relief_m * np.array([0.6, *rng.uniform(0.75, 1.0, 2), 1.0])
    return Ridge(
        name=f"ridge {number + 1}",
        kind="ridge",
        points=tuple(zip(east.tolist(), north.tolist(), strict=True)),
        crest_m=tuple(crest_m.tolist()),
        half_width_km=min(0.4 * spacing, 0.25 * settings.height_km),
    )


def _track(settings: TerrainSettings) -> Track:
    east = _middle_km(settings, 0.5) if settings.ridges > 1 else 0.92 * settings.width_km
    ends = ((east, 0.32 * settings.height_km), (east, 1.02 * settings.height_km))
    return Track(name="valley track", kind="track", points=ends)
