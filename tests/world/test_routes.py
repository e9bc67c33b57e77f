"""Routes: continuous, dry but for the raft, and as long as the sum of their steps' costs."""

from __future__ import annotations

import math

import networkx as nx
import numpy as np
import pytest
from small_case import default_world, open_field, small_case, small_world

from sim.scenario import ScenarioError
from sim.terrain.grid import Terrain, cover_code
from sim.world import World, build_world
from sim.world.routes import Route

FLAT_KMH = 6.0 * math.exp(-3.5 * 0.05) * 0.6  # Tobler on level ground, off path


@pytest.fixture(scope="module", params=["small", "default"])
def world(request: pytest.FixtureRequest) -> World:
    return small_world("without") if request.param == "small" else default_world("without")


def test_routes_are_continuous(world: World) -> None:
    """No step is longer than a minute of the fastest walk on foot, or of the raft."""
    for route in world.routes[0]:
        gaps = np.hypot(np.diff(route.x_km), np.diff(route.y_km))
        raft = slice(max(0, route.raft_step - 1), route.landing_step)
        dry = np.concatenate([gaps[: raft.start], gaps[raft.stop :]])
        assert dry.max() <= 6.0 / 60 + 1e-9
        assert gaps[raft].sum() <= 2.5  # the widest river here is no wider, meanders included
        assert gaps[raft].max() <= 2.5 / world.scenario.infiltrators.raft_min


def test_routes_begin_at_the_start_and_end_at_the_target(world: World) -> None:
    group = world.scenario.infiltrators.groups[0]
    half = world.terrain.cell_m / 2000 * math.sqrt(2) + 1e-9
    for route in world.routes[0]:
        assert math.dist((route.x_km[0], route.y_km[0]), (group.start_x_km, group.start_y_km)) <= half
        assert math.dist((route.x_km[-1], route.y_km[-1]), (group.target_x_km, group.target_y_km)) <= half


def test_only_the_raft_is_on_the_border_river(world: World) -> None:
    cover, river = world.terrain.cover.ravel(), cover_code("border_river")
    for route in world.routes[0]:
        wet = np.nonzero(cover[route.cell] == river)[0]
        assert len(wet)
        assert wet.min() >= route.raft_step
        assert wet.max() <= route.landing_step


def test_rafting_takes_as_long_as_the_scenario_says(world: World) -> None:
    for route in world.routes[0]:
        assert route.landing_step - route.raft_step == world.scenario.infiltrators.raft_min


def test_cells_are_where_the_points_are(world: World) -> None:
    for route in world.routes[0]:
        row, col = world.terrain.cell_of(route.x_km, route.y_km)
        np.testing.assert_array_equal(route.cell, row * world.terrain.shape[1] + col)


def test_a_way_leads_over_its_place_and_is_no_quicker() -> None:
    world = default_world("without")
    quickest = {route.crossing: route.steps for route in world.routes[0] if route.way < 0}
    longest = world.scenario.infiltrators.detour_max_min
    for route in world.routes[0]:
        if route.way >= 0:
            way = world.scenario.infiltrators.ways[route.way]
            assert np.hypot(route.x_km - way.x_km, route.y_km - way.y_km).min() < 0.3
            assert quickest[route.crossing] <= route.steps <= quickest[route.crossing] + longest + 1


# -- times, worked independently -----------------------------------------------------------------------------------


def sixteen_way_cells(rows: int, cols: int) -> float:
    """Length in cells of the shortest path over straight, diagonal and knight's moves on open ground."""
    short, long = sorted((abs(rows), abs(cols)))
    if 2 * short <= long:
        return math.sqrt(5) * short + (long - 2 * short)
    return math.sqrt(5) * (long - short) + math.sqrt(2) * (2 * short - long)


@pytest.mark.parametrize(
    ("start", "target"),
    [((0.1, 0.1), (1.9, 1.9)), ((0.1, 0.1), (1.9, 0.1)), ((0.1, 0.1), (1.9, 0.9)), ((0.6, 1.9), (1.4, 0.1))],
)
def test_time_on_eight_by_eight_cells_by_hand(start: tuple[float, float], target: tuple[float, float]) -> None:
    changes = dict(zip(("start_x_km", "start_y_km", "target_x_km", "target_y_km"), (*start, *target), strict=True))
    case = open_field(
        **{
            "terrain.width_km": 2.0,
            "terrain.height_km": 2.0,
            "posts": [],
            "outpost.x_km": 1.0,
            "outpost.y_km": 1.0,
            "reaction_force.x_km": 1.0,
            "reaction_force.y_km": 1.0,
            **{f"infiltrators.groups.0.{key}": value for key, value in changes.items()},
        }
    )
    world = build_world(case, "without")
    assert world.terrain.shape == (8, 8)
    cells = [(int(x * 4), int(y * 4)) for x, y in (start, target)]
    length_km = 0.25 * sixteen_way_cells(cells[1][0] - cells[0][0], cells[1][1] - cells[0][1])
    assert world.routes[0][0].steps == math.ceil(60 * length_km / FLAT_KMH)


def test_time_over_the_river_by_hand() -> None:
    """Slantwise to the river and on: both walks on level ground, and the raft between whole minutes."""
    world = small_world(
        "without", **{"infiltrators.groups.0.start_x_km": 5.1, "infiltrators.groups.0.target_x_km": 5.1}
    )
    route = next(r for r in world.routes[0] if world.crossings[r.crossing].x_km == pytest.approx(4.0))
    banks = sorted(
        (world.terrain.centre_of(*bank) for bank in world.crossings[route.crossing].banks or ()), key=lambda p: p[1]
    )
    start, target = (world.terrain.centre_of(*world.terrain.cell_of(5.1, y)) for y in (2.0, 11.5))

    def walk(a: tuple[np.ndarray, np.ndarray], b: tuple[np.ndarray, np.ndarray]) -> float:
        cells = [round(float(q - p) / 0.25) for p, q in zip(a, b, strict=True)]
        return 60 * 0.25 * sixteen_way_cells(*cells) / FLAT_KMH

    raft = math.ceil(walk(start, banks[0]))
    assert route.raft_step == raft
    assert route.landing_step == raft + 15
    assert route.steps == math.ceil(raft + 15 + walk(banks[1], target))


def walking_graph(terrain: Terrain) -> nx.DiGraph:
    """The steps of people who keep off paths, worked cell by cell from Tobler's formula and the cover's factors."""
    foot, height = terrain.by_cover("foot_factor"), terrain.elevation_m
    rows, cols = terrain.shape
    graph = nx.DiGraph()
    for row, col in np.ndindex(rows, cols):
        for dr, dc in [(r, c) for r in range(-2, 3) for c in range(-2, 3) if r * r + c * c in (1, 2, 5)]:
            to = row + dr, col + dc
            if not (0 <= to[0] < rows and 0 <= to[1] < cols):
                continue
            km = math.hypot(dr, dc) * terrain.cell_m / 1000
            slope = (height[to] - height[row, col]) / (1000 * km)
            through = [(row, col), to]
            if abs(dr) + abs(dc) == 3:
                through += [(row + round(dr * t + e), col + round(dc * t - e)) for t, e in ((0.5, 1e-6), (0.5, -1e-6))]
            slowness = sum(1 / (0.6 * foot[cell]) for cell in through) / len(through)
            minutes = 60 * km / (6 * math.exp(-3.5 * abs(slope + 0.05))) * slowness
            graph.add_edge(row * cols + col, to[0] * cols + to[1], minutes=minutes)
    return graph


def test_time_over_hills_agrees_with_networkx() -> None:
    case = open_field(
        **{
            "terrain.source": "synthetic",
            "terrain.river": False,
            "terrain.relief_m": 300.0,
            "terrain.ridges": 2,
            "terrain.width_km": 4.0,
            "terrain.height_km": 4.0,
            "posts": [],
            "outpost.x_km": 1.0,
            "outpost.y_km": 1.0,
            "reaction_force.x_km": 1.0,
            "reaction_force.y_km": 1.0,
            "infiltrators.groups.0.start_x_km": 0.4,
            "infiltrators.groups.0.start_y_km": 0.4,
            "infiltrators.groups.0.target_x_km": 3.4,
            "infiltrators.groups.0.target_y_km": 3.7,
        }
    )
    world = build_world(case, "without")
    route = world.routes[0][0]
    assert np.ptp(world.terrain.elevation_m) > 100
    graph = walking_graph(world.terrain)
    least = nx.dijkstra_path_length(graph, int(route.cell[0]), int(route.cell[-1]), weight="minutes")
    assert route.steps == math.ceil(least)


def test_a_target_that_cannot_be_reached_is_refused() -> None:
    """Reeds that nobody can walk lie all round the target."""
    ring = {"name": "thicket", "kind": "reeds", "width_km": 1.0, "points": [[0.0, 9.0], [12.0, 9.0]]}
    case = small_case()
    lines = [line.model_dump(mode="json") for line in case.terrain.lines]
    closed = case.replace(**{"terrain.lines": [*lines, ring], "terrain.cover.reeds.foot_factor": 0.0})
    with pytest.raises(ScenarioError, match=r"infiltrators\.groups\.0: no route leads from \(6, 2\)"):
        build_world(closed, "without")


def test_routes_share_nothing_that_could_be_written() -> None:
    route = small_world("without").routes[0][0]
    with pytest.raises(AttributeError):
        route.raft_step = 3  # type: ignore[misc]
    assert isinstance(route, Route)
