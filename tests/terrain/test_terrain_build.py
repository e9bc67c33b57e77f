"""The ground that is built: flat, invented, and the country around Shahrituz."""

from __future__ import annotations

import dataclasses
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
from sim.terrain.sight import sight_table
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
    heights = {name: float(terrain.elevation_m[terrain.cell_of(p.x_km, p.y_km)]) for name, p in places.items()}
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
    river = np.array([terrain.cell_of(28.5, y) for y in np.arange(15, 21)])
    valley = np.array([terrain.cell_of(13.5, y) for y in np.arange(18, 30, 2)])
    assert not sight_table(terrain.elevation_m, 250, river, 15, valley, 1.7, 50.0).any()


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


# -- by hand ---------------------------------------------------------------------------------------------------------


def drawn(*lines: dict[str, Any], source: str = "gazetteer", **changes: Any) -> Terrain:
    """Calm, smooth ground of 12 km and cells of 250 m with some lines."""
    calm = {"rolling_m": 0, "ruggedness": 0, "width_km": 12, "height_km": 12, "cell_m": 250}
    return build_terrain(TerrainSettings.model_validate({"source": source, "lines": lines, **calm, **changes}))


ACROSS = [[-1.0, 6.0], [13.0, 6.0]]
RIVER = {"name": "w", "kind": "river", "points": ACROSS, "width_km": 1.0}


@pytest.mark.parametrize(("kind", "extra"), [("river", {"width_km": 1.0}), ("border_river", {"width_km": 1.0})])
def test_a_river_covers_half_its_width_on_either_side(kind: str, extra: dict[str, Any]) -> None:
    """Centres lie 0.125 and 0.375 km from the middle, the next ones 0.625: four rows of cells are water."""
    terrain = drawn({"name": "w", "kind": kind, "points": ACROSS, **extra})
    assert np.flatnonzero((terrain.cover == cover_code(kind)).all(axis=1)).tolist() == [22, 23, 24, 25]
    assert (terrain.cover == cover_code(kind)).sum() == 4 * 48


def test_a_track_covers_the_cells_that_it_touches() -> None:
    """Down the middle of a column one, along the edge between two columns both."""
    for x_km, columns in ((5.125, [20]), (5.0, [19, 20])):
        terrain = drawn({"name": "t", "kind": "track", "points": [[x_km, -1.0], [x_km, 13.0]]})
        assert np.flatnonzero((terrain.cover == cover_code("track")).all(axis=0)).tolist() == columns


def test_the_floor_rises_from_the_bed_of_the_river() -> None:
    """350 m and 4 m a kilometre, rounded to a tenth; the river is cut in by 4 m, fading out over 0.3 km of bank."""
    heights = drawn(RIVER).elevation_m
    from_north = {0: 5.875, 20: 0.875, 21: 0.625, 22: 0.375, 23: 0.125, 24: 0.125, 47: 5.875}
    for row, away_km in from_north.items():
        cut_m = 4.0 * min(max(1 - (away_km - 0.5) / 0.3, 0.0), 1.0)
        assert heights[row] == pytest.approx(350 + 4 * away_km - cut_m, abs=0.0501)


def test_a_bed_falls_from_the_first_point_to_the_last() -> None:
    heights = drawn({**RIVER, "bed_m": [380.0, 310.0]}).elevation_m
    # 5 m a kilometre from x = -1 on; the cell north of the water is 4 x 0.875 m above the bed.
    for col in (0, 20, 47):
        assert heights[20, col] == pytest.approx(380 - 5 * (0.25 * col + 0.125 + 1) + 3.5, abs=0.0501)


def test_a_saddle_has_its_height() -> None:
    """In the middle of a cell, where the ridge would be some 250 m higher than the floor."""
    ridge = {"name": "r", "kind": "ridge", "points": ACROSS, "crest_m": [600.0], "half_width_km": 3.0}
    gap = {"name": "p", "kind": "pass", "x_km": 6.125, "y_km": 6.125, "saddle_m": 450.0, "radius_km": 1.0}
    without, through = drawn(ridge).elevation_m, drawn(ridge, points=[gap]).elevation_m
    assert without[23, 24] > 520
    assert through[23, 24] == 450.0
    # A radius away 1/e of the cut is left, three radii away next to nothing.
    cut = (without - through)[23] / (without - 350)[23]
    assert cut[28] / cut[24] == pytest.approx(np.exp(-1), abs=0.01)
    assert cut[36] / cut[24] == pytest.approx(np.exp(-9), abs=0.01)


def test_ground_steeper_than_asked_is_rough() -> None:
    """The foot of a wall of a ridge is rough, its surroundings are not; nothing is where the limit is 89 degrees."""
    ridge = {"name": "r", "kind": "ridge", "points": ACROSS, "crest_m": [1200.0], "half_width_km": 1.5}
    rough = drawn(ridge).cover == cover_code("rough")
    north, east = np.gradient(drawn(ridge).elevation_m, 250.0)
    assert np.array_equal(rough, np.degrees(np.arctan(np.hypot(north, east))) > 12.0)
    assert rough[20].mean() > 0.9
    assert not rough[:10].any()
    assert not (drawn(ridge, rough_slope_deg=89.0).cover == cover_code("rough")).any()


def test_the_digest_follows_every_raster_and_the_table_of_cover() -> None:
    """Each of them changed alone changes what routes and lines of sight are kept under."""
    terrain = drawn(RIVER, {"name": "b", "kind": "border_river", "points": [[-1, 2], [13, 2]]})
    changed = [terrain]
    for name in ("elevation_m", "cover", "crossing_min", "border_km"):
        array = getattr(terrain, name).copy()
        array[0, 0] += 1
        changed.append(dataclasses.replace(terrain, **{name: array}))
    changed.append(dataclasses.replace(terrain, cell_m=251.0))
    for key, value in (("refraction", False), ("cover", {"reeds": {"concealment": 0.1}})):
        settings = TerrainSettings.model_validate(terrain.settings.model_dump() | {key: value})
        changed.append(dataclasses.replace(terrain, settings=settings))
    assert len({one.digest() for one in changed}) == 8
