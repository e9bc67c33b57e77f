"""Building the World of an arm from a scenario, table by table."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

from sim.scenario.base import ScenarioError
from sim.scenario.scenario import Scenario
from sim.terrain import Bools, Floats, Ints
from sim.terrain.build import build_terrain
from sim.terrain.grid import Terrain
from sim.terrain.shortest_paths import minutes_from
from sim.terrain.travel import Graphs, graphs
from sim.world.check import check_danger, check_places, check_sharing, places_of
from sim.world.crossings import Crossing, find_crossings, find_lanes
from sim.world.hazards import POST_LIMIT_KM
from sim.world.routes import Route, find_routes, lane_routes
from sim.world.tables import Tables, digest_of, stacked
from sim.world.track import lay_track
from sim.world.views import PATROL_LIMIT_KM, visible_spots
from sim.world.world import World

FOOT_LIMIT_MIN = 300.0
VEHICLE_LIMIT_MIN = 720.0
MAX_VEHICLE_SLOPE_DEG = 15.0


def build_world(scenario: Scenario, arm: str, tables: Tables | None = None) -> World:
    """The World of one arm.

    Parameters
    ----------
    scenario:
        The case, before any arm's changes.
    arm:
        Name of the arm.
    tables:
        Memory of tables that other arms or other values of the scenario have built already.

    Raises
    ------
    ScenarioError
        If something stands off the grid or in the water, or if no route leads to a group's target.
    """
    tables = Tables() if tables is None else tables
    with _naming(scenario, arm):
        return _build(scenario, arm, tables)


def check_world(scenario: Scenario, arm: str, tables: Tables) -> None:
    """Refuse an arm whose ground cannot be built, or on which something stands wrongly; no routes are searched.

    Raises
    ------
    ScenarioError
        As `build_world` does, but for groups without a route.
    """
    with _naming(scenario, arm):
        _grounded(scenario, arm, tables)


@contextmanager
def _naming(scenario: Scenario, arm: str) -> Iterator[None]:
    """Name the arm in a refusal that is its own doing."""
    try:
        yield
    except ScenarioError as problem:
        if arm == scenario.baseline or problem.key.startswith("arms."):
            raise
        # Each arm is built after the baseline: what is wrong here and not there is the arm's own doing.
        raise ScenarioError(f"arms.{arm}", str(problem)) from None


def _grounded(scenario: Scenario, arm: str, tables: Tables) -> tuple[Scenario, Terrain]:
    """The scenario as it stands in an arm, and its ground; what was found in order before is not checked again."""
    here = scenario.for_arm(arm)
    settings = tables.get(digest_of, here.terrain)
    terrain = tables.by_content("terrain", (settings,), lambda: build_terrain(here.terrain))
    tables.by_content("places", (settings, places_of(here)), lambda: check_places(here, terrain))
    check_sharing(here)
    return here, terrain


def _build(scenario: Scenario, arm: str, tables: Tables) -> World:
    here, terrain = _grounded(scenario, arm, tables)
    front = here.infiltrators.front
    if front.lanes:
        crossings = tables.get(find_lanes, front)
    else:
        crossings = tables.get(find_crossings, terrain, here.infiltrators.crossing_spacing_km)
    check_danger(here, crossings)
    routes = tuple(_routes(here, terrain, crossings, index, tables) for index in range(len(here.infiltrators.parties)))
    spots = tables.get(_spots, terrain, routes)
    walked = [(patrol, corners) for patrol in here.patrols for corners in patrol.tracks]
    tracks = tuple(tables.get(lay_track, terrain, corners, patrol.mode == "loop") for patrol, corners in walked)
    laid = [(patrol, track) for (patrol, _), track in zip(walked, tracks, strict=True)]
    ends = itertools.accumulate((len(patrol.tracks) for patrol in here.patrols), initial=0)
    posts = [(post, np.atleast_1d(terrain.flat_cell_of(post.x_km, post.y_km))) for post in here.all_posts]
    force = here.reaction_force
    base = np.atleast_1d(terrain.flat_cell_of(force.x_km, force.y_km))

    def sight(observers: Ints, height_m: float, limit_km: float) -> Bools:
        return visible_spots(terrain, tables, observers, height_m, spots, limit_km)

    def travel(cells: Ints, vehicle: bool) -> Floats:
        return travel_minutes(terrain, tables, cells, vehicle, spots)

    return World(
        scenario=here,
        arm=arm,
        cost_usd=scenario.cost_of(arm),
        terrain=terrain,
        crossings=crossings,
        routes=routes,
        spots=spots,
        post_sights=tuple(sight(cell, post.height_m, POST_LIMIT_KM) for post, cell in posts),
        patrol_tracks=tuple(tuple(range(first, stop)) for first, stop in itertools.pairwise(ends)),
        tracks=tracks,
        patrol_sight=tuple(sight(track.cell, patrol.height_m, PATROL_LIMIT_KM) for patrol, track in laid),
        post_travel=tables.get(stacked, tuple(travel(cell, post.vehicle) for post, cell in posts), len(spots), float),
        patrol_travel=tuple(travel(track.cell[track.anchors], patrol.vehicle) for patrol, track in laid),
        force_travel=tables.get(np.ravel, travel(base, force.vehicle)),
        memo=tables,
    )


def _routes(
    here: Scenario, terrain: Terrain, crossings: tuple[Crossing, ...], index: int, tables: Tables
) -> tuple[Route, ...]:
    infiltrators, group = here.infiltrators, here.infiltrators.parties[index]
    if infiltrators.front.lanes:
        return tables.get(lane_routes, terrain, group, crossings)
    ends = (group.start_x_km, group.start_y_km, group.target_x_km, group.target_y_km)
    ways = [(way.x_km, way.y_km) for way in infiltrators.ways]
    how = (infiltrators.crossing_spacing_km, infiltrators.raft_min, infiltrators.detour_max_min, group.keeps_off_paths)
    content = (terrain.digest(), *ends, ways, *how)

    def build() -> tuple[Route, ...]:
        found = travel_graphs(terrain, tables)
        graph = found.stealthy if group.keeps_off_paths else found.foot
        return find_routes(terrain, graph, group, infiltrators, crossings)

    routes = tables.by_content("routes", content, build)
    if not routes:
        raise ScenarioError(
            f"infiltrators.{list(infiltrators.parties_by_key)[index]}",
            f"no route leads from ({ends[0]:g}, {ends[1]:g}) over any crossing point to the target "
            f"({ends[2]:g}, {ends[3]:g}) km; allowed: a target that can be walked to",
        )
    return routes


def _spots(terrain: Terrain, routes: tuple[tuple[Route, ...], ...]) -> Ints:
    """All cells that any route passes, sorted; they are marked on the map, which is quicker than sorting the steps."""
    passed = np.zeros(terrain.elevation_m.size, dtype=bool)
    for route in itertools.chain.from_iterable(routes):
        passed[route.cell] = True
    return np.flatnonzero(passed)


def travel_graphs(terrain: Terrain, tables: Tables) -> Graphs:
    """Minutes from cell to cell: on foot, on foot off roads and tracks, by vehicle."""
    return tables.by_content("graphs", (terrain.digest(),), lambda: graphs(terrain, MAX_VEHICLE_SLOPE_DEG))


def travel_minutes(terrain: Terrain, tables: Tables, cells: Ints, vehicle: bool, spots: Ints) -> Floats:
    """Least minutes from each cell to each spot, shape (cells, spots); infinite beyond the limit or the river."""
    limit = VEHICLE_LIMIT_MIN if vehicle else FOOT_LIMIT_MIN

    def build() -> Floats:
        found = travel_graphs(terrain, tables)
        return minutes_from(found.vehicle if vehicle else found.foot, cells, limit_min=limit)[:, spots]

    return tables.by_content("travel", (terrain.digest(), cells, vehicle, tables.get(digest_of, spots)), build)
