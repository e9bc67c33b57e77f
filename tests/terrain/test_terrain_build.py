"""The ground that is built: flat, invented, and the country around Shahrituz."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from scipy.ndimage import label
from scipy.sparse.csgraph import connected_components

from sim.scenario.terrain import TerrainSettings
from sim.terrain import lines
from sim.terrain.build import build_terrain
from sim.terrain.grid import Terrain, cover_code
from sim.terrain.sight import line_of_sight
from sim.terrain.travel import graphs

CONFIGS = Path(__file__).parents[2] / "configs" / "terrain"


@cache
def configured(name: str, cell_m: float = 500, **changes: Any) -> Terrain:
    values = yaml.safe_load((CONFIGS / f"{name}.yaml").read_text(encoding="utf-8"))
    return build_terrain(TerrainSettings(**(values | {"cell_m": cell_m} | changes)))


@pytest.mark.parametrize("name", ["flat", "synthetic", "shahrituz"])
def test_the_same_settings_give_the_same_ground(name: str) -> None:
    values = yaml.safe_load((CONFIGS / f"{name}.yaml").read_text(encoding="utf-8")) | {"cell_m": 1000}
    first, second = (build_terrain(TerrainSettings(**values)) for _ in range(2))
    assert first.digest() == second.digest()
    assert np.isfinite(first.elevation_m).all()


def test_another_seed_gives_other_ground() -> None:
    assert configured("synthetic").digest() != configured("synthetic", terrain_seed=2).digest()


def test_flat_is_flat() -> None:
    terrain = configured("flat")
    assert np.ptp(terrain.elevation_m) == 0
    assert not terrain.cover.any()
    assert len(terrain.border_km) == 0


def test_flat_keeps_the_cover_of_a_gazetteer() -> None:
    level, real = configured("shahrituz", source="flat"), configured("shahrituz")
    assert np.ptp(level.elevation_m) == 0
    water = cover_code("border_river")
    assert np.array_equal(level.cover == water, real.cover == water)


def test_synthetic_ridges_have_about_the_relief_asked_for() -> None:
    for relief_m in (200.0, 800.0):
        terrain = configured("synthetic", relief_m=relief_m)
        assert 0.6 * relief_m < np.ptp(terrain.elevation_m) < 1.3 * relief_m + 50


@pytest.mark.parametrize("seed", range(6))
def test_a_synthetic_border_is_whole_whatever_the_seed(seed: int) -> None:
    assert_barrier(configured("synthetic", terrain_seed=seed))


@pytest.mark.parametrize("cell_m", [250, 700, 2000])
def test_the_border_is_a_barrier_without_a_gap(cell_m: float) -> None:
    assert_barrier(configured("shahrituz", cell_m))


def assert_barrier(terrain: Terrain) -> None:
    """No chain of steps, knight's moves among them, leads from one bank to the other."""
    parts = connected_components(graphs(terrain, 15.0).foot.matrix(), connection="weak")[1].reshape(terrain.shape)
    x_km, y_km = terrain.centre_of(*np.indices(terrain.shape))
    side = lines.nearest(terrain.border_km, x_km, y_km).side
    land = terrain.cover != cover_code("border_river")
    assert (side[land] > 0).any()
    assert (side[land] < 0).any()
    assert not set(parts[land & (side > 0)]) & set(parts[land & (side < 0)])


def test_both_banks_are_one_country_each() -> None:
    terrain = configured("shahrituz", 250)
    land = terrain.cover != cover_code("border_river")
    sizes = np.bincount(label(land, np.ones((3, 3)))[0][land])
    assert np.sort(sizes)[-2:].sum() == land.sum()


def test_heights_of_the_case_are_those_of_the_gazetteer() -> None:
    terrain = configured("shahrituz", 250)
    places = {p.name: p for p in terrain.places}
    heights = {name: float(terrain.elevation_at(p.x_km, p.y_km)) for name, p in places.items()}
    assert heights["Shahrituz"] == pytest.approx(367, abs=15)
    assert heights["Teshiktosh pass"] == pytest.approx(680, abs=25)
    assert 315 <= heights["Takht-i Sangin"] <= 345
    # The river swings by some hundred metres between its points: look for its level near the mouth, not at it.
    rows, cols = np.indices(terrain.shape)
    x, y = terrain.centre_of(rows, cols)
    mouth_m = float(terrain.elevation_m[np.hypot(x - 27.9, y - 11.6) < 1].min())
    assert mouth_m == pytest.approx(318, abs=8)
    assert 1300 < terrain.elevation_m.max() < 1600


def test_rivers_lie_lower_than_their_surroundings() -> None:
    terrain = configured("shahrituz", 250)
    x_km, y_km = terrain.centre_of(*np.indices(terrain.shape))
    border_km = lines.nearest(terrain.border_km, x_km, y_km).distance_km
    assert terrain.elevation_m[border_km < 0.25].mean() < terrain.elevation_m[(border_km > 1) & (border_km < 3)].mean()


def test_ridges_hide_the_valleys_from_each_other() -> None:
    terrain = configured("shahrituz", 250)
    river = [terrain.cell_of(28.5, y) for y in np.arange(15, 21)]
    valley = [terrain.cell_of(13.5, y) for y in np.arange(18, 30, 2)]
    pairs = np.array([(*a, *b) for a in river for b in valley])
    assert not line_of_sight(terrain.elevation_m, 250, pairs[:, :2], 15, pairs[:, 2:], 1.7).any()


def test_rivers_cost_a_crossing_and_roads_bridge_them() -> None:
    river = {"name": "w", "kind": "river", "points": [[6, 6.1], [0, 6.1]], "crossing_min": 30, "width_km": 0.6}
    road = {"name": "r", "kind": "road", "points": [[3, 0], [3, 12]]}
    track = {"name": "t", "kind": "track", "points": [[5, 0], [5, 12]]}
    terrain = build_terrain(
        TerrainSettings.model_validate(
            {"source": "flat", "width_km": 6, "height_km": 12, "lines": [river, road, track]}
        )
    )
    assert terrain.cover_at([1, 3, 5], 6.1).tolist() == [cover_code(k) for k in ("river", "road", "river")]
    assert terrain.crossing_min[terrain.cell_of([1, 3], [6.1, 6.1])].tolist() == [30.0, 0.0]
    assert set(np.unique(terrain.crossing_min)) == {0.0, 30.0}


def test_without_rivers_the_floor_has_its_height() -> None:
    ridge = {"name": "r", "kind": "ridge", "points": [[6, 2], [6, 10]], "crest_m": [600], "half_width_km": 2}
    terrain = build_terrain(
        TerrainSettings.model_validate(
            {"source": "gazetteer", "width_km": 12, "height_km": 12, "rolling_m": 0, "lines": [ridge]}
        )
    )
    assert np.all(terrain.elevation_m[:, :8] == 350.0)
    assert 500 < terrain.elevation_m.max() < 720
