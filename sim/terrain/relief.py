"""Heights from lines and points: valley floors that follow the rivers, and ridges that stand on them.

Spurs, gullies and swells are seeded noise that grows with the relief and leaves the floors calm. Heights are rounded
to a tenth of a metre, so that the last bits of a platform's arithmetic do not reach the result.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple, TypeVar

import numpy as np

from sim.scenario.terrain import Pass, Ridge, TerrainSettings, Water
from sim.terrain import Floats, lines
from sim.terrain.noise import fractal, noise, stream

Kind = TypeVar("Kind")

BANK_CUT_M = 4.0
"""How deep rivers lie in their floor."""
BANK_KM = 0.3
"""How wide their banks are."""


class Ground(NamedTuple):
    """Cell centres of a grid that is being built, and the drawn course of every line by its position in the list.

    `x_km` is one row, shape (1, columns), and `y_km` one column, shape (rows, 1). `known` keeps how far every cell is
    from the courses for which that was computed without a limit.
    """

    settings: TerrainSettings
    x_km: Floats
    y_km: Floats
    courses: Mapping[int, Floats]
    known: dict[int, lines.Nearest]

    def nearest(self, course: Floats, within_km: float = np.inf) -> lines.Nearest:
        """Distance of every cell to a course; beyond `within_km` it may be infinite, and need not be."""
        if id(course) in self.known:
            return self.known[id(course)]
        found = lines.nearest(course, self.x_km, self.y_km, within_km)
        if within_km == np.inf:
            self.known[id(course)] = found
        return found

    def drawn(self, kind: type[Kind]) -> list[tuple[Kind, Floats]]:
        """Lines of a kind with their courses."""
        return [(line, self.courses[i]) for i, line in enumerate(self.settings.lines) if isinstance(line, kind)]


def lay_out(settings: TerrainSettings) -> Ground:
    """Cell centres and smoothed courses, before any height is known."""
    rows, cols = settings.shape
    cell_km = settings.cell_m / 1000
    x_km = (np.arange(cols)[None, :] + 0.5) * cell_km
    y_km = (rows - np.arange(rows)[:, None] - 0.5) * cell_km
    courses = {}
    for i, line in enumerate(settings.lines):
        rng = stream(settings.terrain_seed, "course", line.name)
        courses[i] = lines.meander(np.array(line.points), getattr(line, "meander_km", 0.0), rng)
    return Ground(settings, np.asarray(x_km, dtype=np.float64), np.asarray(y_km, dtype=np.float64), courses, {})


def elevation(ground: Ground) -> Floats:
    """Heights (rows, cols) in metres of the cell centres."""
    floor, river_km = _floor(ground)
    relief = np.zeros_like(floor)
    for line, course in ground.drawn(Ridge):
        relief = np.maximum(relief, _ridge(ground, line, course, floor))
    relief *= 1 + 0.12 * _field(ground, "detail", 1.1)
    relief = _carve_passes(ground, floor, relief)
    return np.round(floor + relief + _swells(ground, river_km) - _bank_cut(ground), 1)


def _field(ground: Ground, name: str, wavelength_km: float) -> Floats:
    """One named layer of noise over the whole grid."""
    return fractal(ground.x_km, ground.y_km, wavelength_km, stream(ground.settings.terrain_seed, name))


def _floor(ground: Ground) -> tuple[Floats, Floats]:
    """Valley floors (m), and the distance to the nearest river (km).

    The levels of all rivers, near ones counting most, rising away from the nearest.
    """
    settings = ground.settings
    weight, level = np.zeros(settings.shape), np.zeros(settings.shape)
    river_km = np.full(settings.shape, np.inf)
    for line, course in ground.drawn(Water):
        near = ground.nearest(course)
        ends_m = line.bed_m or (settings.floor_m, settings.floor_m)
        share = 1 / (near.distance_km**2 + 0.01)
        weight += share
        level += share * np.interp(near.along_km, [0.0, lines.lengths(course)[-1]], ends_m)
        river_km = np.minimum(river_km, near.distance_km)
    if not np.isfinite(river_km).any():
        return np.full(settings.shape, settings.floor_m), river_km
    return level / weight + settings.floor_rise_m_per_km * river_km, river_km


def _ridge(ground: Ground, line: Ridge, course: Floats, floor: Floats) -> Floats:
    """Height (m) of one ridge above the floor, with spurs and gullies down its flanks."""
    rng, wide_km = stream(ground.settings.terrain_seed, "ridge", line.name), line.half_width_km
    bend = [0.25 * wide_km * fractal(ground.x_km, ground.y_km, wide_km, rng) for _ in "xy"]
    near = lines.nearest(course, ground.x_km + bend[0], ground.y_km + bend[1], within_km=1.6 * wide_km)
    foot_km = wide_km * (1 + np.clip(0.35 * noise(ground.x_km, ground.y_km, 1.2 * wide_km, rng), -0.5, 0.5))
    rise = np.clip(1 - near.distance_km / foot_km, 0, 1) ** 1.25
    here = rise > 0
    height = np.zeros_like(floor)
    on_it = lines.Nearest(*(part[here] for part in near))
    height[here] = _flank(ground.settings.ruggedness, line, course, rng, on_it, floor[here], rise[here])
    return height


def _flank(
    ruggedness: float,
    line: Ridge,
    course: Floats,
    rng: np.random.Generator,
    near: lines.Nearest,
    floor: Floats,
    rise: Floats,
) -> Floats:
    """Height (m) above the floor of the cells that stand on a ridge, shape (cells,)."""
    marks = lines.nearest(course, *np.array(line.points).T).along_km
    crest_m = np.interp(near.along_km, marks, np.broadcast_to(np.array(line.crest_m), len(marks)))
    sag = 1 + 0.1 * noise(near.along_km, np.zeros_like(floor), 2.5, rng)
    cut = ruggedness * _gullies(near, course, line.half_width_km, rng) * np.sqrt(1 - rise)
    return np.maximum(crest_m - floor, 0) * rise * sag * (1 - cut)


def _gullies(near: lines.Nearest, course: Floats, wide_km: float, rng: np.random.Generator) -> Floats:
    """0 on spurs to 1 in gullies: noise drawn out down the slope, other on either side, none round the ridge's ends."""
    along = near.along_km + 40 * (near.side > 0)
    spur = fractal(along, 0.25 * near.distance_km, 0.35 * wide_km, rng, octaves=3)
    to_end_km = np.minimum(near.along_km, lines.lengths(course)[-1] - near.along_km)
    return (1 - np.minimum(1, 2.2 * np.abs(spur))) * np.clip(2 * to_end_km / wide_km, 0, 1)


def _carve_passes(ground: Ground, floor: Floats, relief: Floats) -> Floats:
    """Lower the ridges around each pass so that its saddle has the given height."""
    for gap in ground.settings.points:
        if isinstance(gap, Pass):
            away_km = np.hypot(ground.x_km - gap.x_km, ground.y_km - gap.y_km)
            here = np.unravel_index(np.argmin(away_km), away_km.shape)
            wanted = max(0.0, gap.saddle_m - float(floor[here]))
            keep = min(1.0, wanted / max(float(relief[here]), 1.0))
            relief = relief * (1 - (1 - keep) * np.exp(-((away_km / gap.radius_km) ** 2)))
    return relief


def _swells(ground: Ground, river_km: Floats) -> Floats:
    """Gentle waves (m) of the open ground, none at the rivers' banks."""
    calm = np.clip((river_km - 1.0) / 4.0, 0, 1)
    waves = _field(ground, "swells", 3.5)
    return ground.settings.rolling_m * calm * (waves + np.abs(waves))


def _bank_cut(ground: Ground) -> Floats:
    """Depth (m) by which rivers lie in their floor, fading out over `BANK_KM` from the water."""
    depth = np.zeros(ground.settings.shape)
    for line, course in ground.drawn(Water):
        bank_km = ground.nearest(course, line.width_km / 2 + BANK_KM).distance_km - line.width_km / 2
        depth = np.maximum(depth, BANK_CUT_M * np.clip(1 - bank_km / BANK_KM, 0, 1))
    return depth
