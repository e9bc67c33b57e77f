"""Least cost travel: hand-worked fields, NetworkX and scikit-image, and what must not be possible."""

from __future__ import annotations

import dataclasses
from itertools import pairwise
from math import hypot, radians, sqrt, tan

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse.csgraph import dijkstra
from skimage.graph import MCP_Geometric

from sim.scenario.terrain import TerrainSettings
from sim.terrain.build import build_terrain
from sim.terrain.grid import Terrain, cover_code
from sim.terrain.shortest_paths import Graph, minutes_from, path, routes_from, routes_to
from sim.terrain.travel import MOVES, graphs

FLAT_MIN = 60 * 0.25 / 5.036742 / 0.6
"""Minutes for one cell of 250 m on level open ground."""


def foot_graph(terrain: Terrain) -> Graph:
    return graphs(terrain, 15.0).foot


def field(cover: np.ndarray, elevation_m: np.ndarray | None = None, crossing_min: float = 10.0) -> Terrain:
    rows, cols = cover.shape
    blank = build_terrain(TerrainSettings(width_km=cols / 4, height_km=rows / 4))
    heights = np.zeros(cover.shape) if elevation_m is None else elevation_m
    wet = np.where(cover == cover_code("river"), crossing_min, 0.0)
    return dataclasses.replace(blank, cover=cover.astype(np.uint8), elevation_m=heights, crossing_min=wet)


def painted(rows: list[str]) -> np.ndarray:
    """Cover from a picture: . open, # border river, ~ river, = road, r reeds."""
    codes = {".": "open", "#": "border_river", "~": "river", "=": "road", "r": "reeds"}
    return np.array([[cover_code(codes[mark]) for mark in row] for row in rows])


def minutes_over(terrain: Terrain, start: tuple[int, int]) -> np.ndarray:
    cell = int(np.ravel_multi_index(start, terrain.shape))
    return minutes_from(foot_graph(terrain), cell)[0].reshape(terrain.shape)


def test_a_level_field_of_8_by_8() -> None:
    got = minutes_over(field(np.zeros((8, 8))), (0, 0)) / FLAT_MIN
    d, k = sqrt(2), sqrt(5)
    # Each cell as the best mix of straight (1), diagonal (d) and knight's (k) moves, worked out by hand.
    expected = np.array(
        [
            [0, 1, 2, 3, 4, 5, 6, 7],
            [1, d, k, 1 + k, 2 + k, 3 + k, 4 + k, 5 + k],
            [2, k, 2 * d, d + k, 2 * k, 1 + 2 * k, 2 + 2 * k, 3 + 2 * k],
            [3, 1 + k, d + k, 3 * d, 2 * d + k, d + 2 * k, 3 * k, 1 + 3 * k],
        ]
    )
    assert got[:4] == pytest.approx(expected, rel=1e-6)
    assert got == pytest.approx(got.T)


def test_a_wall_with_a_door_on_8_by_8() -> None:
    rows = ["........", "........", "........", "#######.", "........", "........", "........", "........"]
    got = minutes_over(field(painted(rows)), (2, 0)) / FLAT_MIN
    assert np.isinf(got[3, :7]).all()
    # To the door at (3, 7): along to (2, 7), as no step may squeeze past the wall's corner, then down, and back.
    assert got[2, 7] == pytest.approx(7)
    assert got[3, 7] == pytest.approx(8)
    assert got[4, 7] == pytest.approx(9)
    assert got[4, 0] == pytest.approx(16)


def test_no_move_jumps_or_squeezes_through_a_wall_one_cell_thick() -> None:
    straight = np.zeros((8, 8))
    straight[:, 4] = cover_code("border_river")
    diagonal = np.where(np.eye(8), cover_code("border_river"), 0)
    for cover in (straight, diagonal):
        got = minutes_over(field(cover), (4, 0) if cover is straight else (7, 0))
        beyond = np.argwhere(np.isfinite(got))
        assert len(beyond) == (32 if cover is straight else 28)


def test_a_knights_move_pays_for_the_four_cells_it_runs_through() -> None:
    cover = np.zeros((3, 3))
    cover[1, 0] = cover_code("reeds")
    terrain = field(cover)
    reeds = terrain.settings.cover.reeds.foot_factor
    step = foot_graph(terrain).matrix()[0, 7]
    assert step == pytest.approx(FLAT_MIN * sqrt(5) * (0.75 + 0.25 / reeds), rel=1e-6)


def test_a_river_costs_one_crossing_however_wide() -> None:
    dry = minutes_over(field(painted(["........"] * 8)), (0, 3))
    for wide in (1, 3):
        wet = field(painted(["........"] * 2 + ["~~~~~~~~"] * wide + ["........"] * (6 - wide)), crossing_min=25.0)
        slow = 1 / wet.settings.cover.river.foot_factor - 1
        assert minutes_over(wet, (0, 3))[7, 3] == pytest.approx(dry[7, 3] + 25 + wide * slow * FLAT_MIN, rel=1e-6)


def test_a_bridge_saves_the_crossing() -> None:
    rows = ["...==...", "...==...", "~~~==~~~", "...==...", "...==..."]
    got = minutes_over(field(painted(rows)), (0, 3))
    assert got[4, 3] == pytest.approx(4 * FLAT_MIN * 0.6, rel=1e-6)


def test_up_is_not_down() -> None:
    heights = np.tile(np.arange(8) * 250 * tan(radians(10)), (3, 1))
    terrain = field(np.zeros((3, 8)), heights)
    up, down = minutes_over(terrain, (1, 0))[1, 7], minutes_over(terrain, (1, 7))[1, 0]
    assert 60 * 1.75 / up / 0.6 == pytest.approx(2.717, abs=5e-4)
    assert 60 * 1.75 / down / 0.6 == pytest.approx(3.856, abs=5e-4)


def test_distances_on_flat_ground_err_by_less_than_three_percent() -> None:
    got = minutes_over(field(np.zeros((61, 61))), (30, 30)) / FLAT_MIN
    rows, cols = np.indices(got.shape)
    true = np.hypot(rows - 30, cols - 30)
    away = true > 0
    ratio = got[away] / true[away]
    assert ratio.min() >= 1 - 1e-6
    assert ratio.max() < 1.03


def random_terrain(seed: int, shape: tuple[int, int] = (9, 11)) -> Terrain:
    rng = np.random.default_rng(seed)
    return field(rng.choice(8, shape, p=[0.4, 0.1, 0.1, 0.1, 0.1, 0.05, 0.1, 0.05]), rng.uniform(0, 150, shape))


def slow_minutes(terrain: Terrain, start: int, end: int, off_path: float = 0.6) -> float:
    """One step, written out without arrays; infinite where there is none."""
    cols = terrain.shape[1]
    (r0, c0), (r1, c1) = divmod(start, cols), divmod(end, cols)
    lattice = {
        (r, c)
        for r in (r0, r1, (r0 + r1) // 2, -(-(r0 + r1) // 2))
        for c in (c0, c1, (c0 + c1) // 2, -(-(c0 + c1) // 2))
    }
    length, touched = hypot(r1 - r0, c1 - c0), []
    for cell in lattice:
        offset = abs((cell[0] - r0) * (c1 - c0) - (cell[1] - c0) * (r1 - r0)) / length
        if offset < (abs(r1 - r0) + abs(c1 - c0)) / 2 / length + 1e-9:
            touched.append(cell)
    kinds = list(type(terrain.settings.cover).model_fields)
    factors = {}
    for cell in touched:
        kind = kinds[terrain.cover[cell]]
        value = getattr(terrain.settings.cover, kind).foot_factor
        factors[cell] = value if kind in ("road", "track") else off_path * value
    if min(factors.values()) == 0:
        return np.inf
    run = [c for c in touched if len(touched) == 4 and length > 2] or [(r0, c0), (r1, c1)]
    run.sort(key=lambda c: (c[0] - r0) * (r1 - r0) + (c[1] - c0) * (c1 - c0))
    slope = (terrain.elevation_m[r1, c1] - terrain.elevation_m[r0, c0]) / (length * terrain.cell_m)
    minutes = 60 * length * terrain.cell_m / 1000 / (6 * np.exp(-3.5 * abs(slope + 0.05)))
    minutes *= sum(1 / factors[c] for c in run) / len(run)
    for a, b in pairwise(run):
        if (terrain.crossing_min[a] > 0) != (terrain.crossing_min[b] > 0):
            minutes += max(terrain.crossing_min[a], terrain.crossing_min[b]) / 2
    return float(minutes)


@pytest.mark.parametrize("seed", range(4))
def test_agreement_with_networkx_over_edges_built_the_slow_way(seed: int) -> None:
    terrain = random_terrain(seed)
    rows, cols = terrain.shape
    graph = nx.DiGraph()
    graph.add_nodes_from(range(rows * cols))
    for start in range(rows * cols):
        for dr, dc in MOVES:
            row, col = start // cols + dr, start % cols + dc
            if 0 <= row < rows and 0 <= col < cols:
                minutes = slow_minutes(terrain, start, row * cols + col)
                if np.isfinite(minutes):
                    graph.add_edge(start, row * cols + col, weight=minutes)
    ours = foot_graph(terrain)
    assert len(ours.minutes) == graph.number_of_edges()
    for source in (0, 40, 98):
        wanted = np.full(rows * cols, np.inf)
        for cell, minutes in nx.single_source_dijkstra_path_length(graph, source).items():
            wanted[cell] = minutes
        assert minutes_from(ours, source)[0] == pytest.approx(wanted, rel=1e-12)


def test_agreement_with_scikit_image_where_it_has_the_same_moves() -> None:
    rng = np.random.default_rng(2)
    terrain = field(rng.choice([0, 1, 2, 6], (12, 12)))
    slowness = 1 / terrain.by_cover("foot_factor") / np.where(terrain.cover == cover_code("track"), 1, 0.6)
    wanted = MCP_Geometric(slowness, fully_connected=True).find_costs([(0, 0)])[0] * FLAT_MIN * 0.6
    graph = foot_graph(terrain).matrix().tocoo()
    eight = np.maximum(np.abs(graph.row // 12 - graph.col // 12), np.abs(graph.row % 12 - graph.col % 12)) == 1
    graph.data, graph.row, graph.col = graph.data[eight], graph.row[eight], graph.col[eight]
    short = graph.tocsr()
    assert minutes_from(Graph(short.indptr, short.indices, short.data), 0)[0].reshape(12, 12) == pytest.approx(
        wanted, rel=1e-6
    )
    assert np.all(minutes_over(terrain, (0, 0)) <= wanted * (1 + 1e-6) + 2 * FLAT_MIN)


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 2**32 - 1))
def test_there_and_back_paths_and_limits(seed: int) -> None:
    terrain = random_terrain(seed)
    graph = foot_graph(terrain)
    minutes, before = routes_from(graph, [3, 60])
    assert np.array_equal(minutes, minutes_from(graph, [3, 60]))
    back, after = routes_to(graph, 60)
    assert np.array_equal(back, minutes_from(graph.reversed(), 60))
    assert back[0, 3] == pytest.approx(minutes[0, 60])
    limited = minutes_from(graph, 3, limit_min=20.0)[0]
    assert np.array_equal(limited, np.where(minutes[0] <= 20.0, minutes[0], np.inf))
    for way in (path(before[0], 60), path(after[0], 3)[::-1]):
        if np.isfinite(minutes[0, 60]):
            assert (way[0], way[-1]) == (3, 60)
            assert sum(graph.matrix()[a, b] for a, b in pairwise(way.tolist())) == pytest.approx(minutes[0, 60])
    water = np.flatnonzero(terrain.cover == cover_code("border_river"))
    others = np.setdiff1d([3, 60], water)
    assert np.isinf(minutes_from(graph, others)[:, water]).all() if len(others) else True


@settings(deadline=None, max_examples=15)
@given(st.integers(0, 2**32 - 1))
def test_a_vehicle_never_loses_against_its_dismounted_crew(seed: int) -> None:
    terrain = random_terrain(seed)
    on_foot, by_vehicle = foot_graph(terrain), graphs(terrain, 15.0).vehicle
    assert (by_vehicle.matrix() - on_foot.matrix()).max() <= 0
    assert np.all(minutes_from(by_vehicle, 5) <= minutes_from(on_foot, 5))


def test_vehicles_keep_to_gentle_ground_and_fly_along_roads() -> None:
    heights = np.zeros((3, 8))
    heights[:, 4:] = 250 * tan(radians(20))
    drive = graphs(field(np.full((3, 8), cover_code("road")), heights), 15.0).vehicle.matrix()
    walk = foot_graph(field(np.full((3, 8), cover_code("road")), heights)).matrix()
    assert drive[8, 9] == pytest.approx(60 * 0.25 / 60)
    # Neither up nor down the wall.
    assert drive[11, 12] == pytest.approx(walk[11, 12])
    assert drive[12, 11] == pytest.approx(walk[12, 11])


def test_people_who_keep_off_paths_gain_nothing_from_them() -> None:
    roads, none = field(np.full((3, 8), cover_code("road"))), field(np.zeros((3, 8)))
    first_step = foot_graph(none).minutes[0]
    assert graphs(roads, 15.0).stealthy.minutes[0] == pytest.approx(first_step)
    assert foot_graph(roads).minutes[0] == pytest.approx(0.6 * first_step)


# -- against scipy ------------------------------------------------------------------------------------------------


def countries() -> dict[str, Terrain]:
    """Rolling ground with water and roads, and level ground, where many paths take the same time."""
    rng = np.random.default_rng(12)
    cover = rng.choice([cover_code(kind) for kind in ("open", "rough", "river", "road", "border_river")], (40, 50))
    cover = np.where(rng.random(cover.shape) < 0.7, cover_code("open"), cover)
    return {"rolling": field(cover, rng.uniform(0, 80, cover.shape)), "level": field(np.zeros((24, 31)))}


@pytest.mark.parametrize("name", ["rolling", "level"])
@pytest.mark.parametrize("limit_min", [np.inf, 60.0, 0.0])
def test_minutes_and_ways_are_scipys_to_the_last_bit(name: str, limit_min: float) -> None:
    terrain = countries()[name]
    for graph in (foot_graph(terrain), graphs(terrain, 15.0).vehicle):
        cells = np.array([0, 7, graph.size - 1, graph.size // 2])
        minutes, before = dijkstra(graph.matrix(), indices=cells, limit=limit_min, return_predecessors=True)
        assert np.array_equal(minutes_from(graph, cells, limit_min), minutes)
        if limit_min == np.inf:
            got_minutes, got_before = routes_from(graph, cells)
            assert np.array_equal(got_minutes, minutes)
            assert np.array_equal(got_before, before)
            assert got_before.dtype == before.dtype


def test_ground_that_nobody_can_walk_on_has_no_ways() -> None:
    graph = foot_graph(field(np.full((4, 5), cover_code("border_river"))))
    minutes, before = routes_from(graph, [3])
    assert np.flatnonzero(np.isfinite(minutes[0])).tolist() == [3]
    assert np.all(before < 0)
