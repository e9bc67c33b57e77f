"""Building the World of an arm from a scenario, table by table."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from numpy.typing import NDArray

from sim.scenario.patrol import Corners, Patrol
from sim.scenario.problem import ScenarioError
from sim.scenario.scenario import Scenario
from sim.terrain.build import build_terrain
from sim.terrain.grid import Terrain
from sim.world.check import check_danger, check_places, check_sharing, places_of
from sim.world.crossings import Crossing, find_crossings
from sim.world.lanes import find_lanes, lane_routes
from sim.world.parts import stacked
from sim.world.routes import Route, find_routes
from sim.world.sight import PATROL_LIMIT_KM, POST_LIMIT_KM, visible_spots
from sim.world.tables import Tables
from sim.world.track import Track, lay_track
from sim.world.travel import going, travel_minutes
from sim.world.world import World


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
    """Refuse an arm whose ground cannot be built, or on which something stands wrongly; no routes are sought.

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
    """The scenario as it stands in an arm, and its ground; what was found in order before is not looked at again."""
    here = scenario.for_arm(arm)
    settings = tables.ground_digest(here.terrain)
    terrain = tables.get("terrain", (settings,), lambda: build_terrain(here.terrain))
    tables.once("places", (settings, places_of(here)), lambda: check_places(here, terrain))
    check_sharing(here)
    return here, terrain


def _build(scenario: Scenario, arm: str, tables: Tables) -> World:
    here, terrain = _grounded(scenario, arm, tables)
    parts, front = tables.parts, here.infiltrators.front
    if front.lanes:
        crossings = parts.of(find_lanes, front)
    else:
        crossings = parts.of(find_crossings, terrain, here.infiltrators.crossing_spacing_km)
    check_danger(here, crossings)
    routes = tuple(_routes(here, terrain, crossings, index, tables) for index in range(len(here.infiltrators.parties)))
    spots = parts.of(_spots, terrain, routes)
    tracks = tuple(
        parts.of(lay_track, terrain, corners, patrol.mode == "loop") for patrol, corners in _all_tracks(here)
    )
    return World(
        scenario=here,
        arm=arm,
        cost_usd=scenario.arms[arm].cost_usd,
        terrain=terrain,
        crossings=crossings,
        routes=routes,
        spots=spots,
        post_sights=_post_sights(here, terrain, tables, spots),
        beats=_beats(here),
        tracks=tracks,
        patrol_sight=_patrol_sight(here, terrain, tables, tracks, spots),
        post_travel=_post_travel(here, terrain, tables, spots),
        patrol_travel=_patrol_travel(here, terrain, tables, tracks, spots),
        force_travel=_force_travel(here, terrain, tables, spots),
        parts=parts,
    )


def flat_cell(terrain: Terrain, x_km: float, y_km: float) -> NDArray[np.int64]:
    """Flat index of the cell at a point, as an array of one."""
    row, col = terrain.cell_of(x_km, y_km)
    return np.array([int(row) * terrain.shape[1] + int(col)])


def _routes(
    here: Scenario, terrain: Terrain, crossings: tuple[Crossing, ...], index: int, tables: Tables
) -> tuple[Route, ...]:
    infiltrators, group = here.infiltrators, here.infiltrators.parties[index]
    if infiltrators.front.lanes:
        return tables.parts.of(lane_routes, terrain, group, crossings)
    ends = (group.start_x_km, group.start_y_km, group.target_x_km, group.target_y_km)
    ways = [(way.x_km, way.y_km) for way in infiltrators.ways]
    how = (infiltrators.crossing_spacing_km, infiltrators.raft_min, infiltrators.detour_max_min, group.keeps_off_paths)
    content = (terrain.digest(), *ends, ways, *how)

    def build() -> tuple[Route, ...]:
        ways_on = going(terrain, tables)
        graph = ways_on.stealthy if group.keeps_off_paths else ways_on.foot
        return find_routes(terrain, graph, group, infiltrators, crossings)

    routes = tables.get("routes", content, build)
    if not routes:
        raise ScenarioError(
            f"infiltrators.{list(infiltrators.parties_by_key)[index]}",
            f"no route leads from ({ends[0]:g}, {ends[1]:g}) over any crossing point to the target "
            f"({ends[2]:g}, {ends[3]:g}) km; allowed: a target that can be walked to",
        )
    return routes


def _spots(terrain: Terrain, routes: tuple[tuple[Route, ...], ...]) -> NDArray[np.int64]:
    """All cells that any route passes, sorted; they are marked on the map, which is quicker than sorting the steps."""
    passed = np.zeros(terrain.elevation_m.size, dtype=bool)
    for way in routes:
        for route in way:
            passed[route.cell] = True
    return np.flatnonzero(passed)


def _all_tracks(here: Scenario) -> list[tuple[Patrol, Corners]]:
    return [(patrol, corners) for patrol in here.patrols for corners in patrol.tracks]


def _beats(here: Scenario) -> tuple[tuple[int, ...], ...]:
    """For each patrol the numbers of its tracks in the list of all tracks."""
    ends = list(itertools.accumulate((len(patrol.tracks) for patrol in here.patrols), initial=0))
    return tuple(tuple(range(start, stop)) for start, stop in itertools.pairwise(ends))


def _post_sights(
    here: Scenario, terrain: Terrain, tables: Tables, spots: NDArray[np.int64]
) -> tuple[NDArray[np.bool_], ...]:
    return tuple(
        visible_spots(terrain, tables, flat_cell(terrain, post.x_km, post.y_km), post.height_m, spots, POST_LIMIT_KM)
        for post in here.all_posts
    )


def _patrol_sight(
    here: Scenario, terrain: Terrain, tables: Tables, tracks: tuple[Track, ...], spots: NDArray[np.int64]
) -> tuple[NDArray[np.bool_], ...]:
    return tuple(
        visible_spots(terrain, tables, track.cell, patrol.height_m, spots, PATROL_LIMIT_KM)
        for (patrol, _), track in zip(_all_tracks(here), tracks, strict=True)
    )


def _post_travel(here: Scenario, terrain: Terrain, tables: Tables, spots: NDArray[np.int64]) -> NDArray[np.float64]:
    rows = tuple(
        travel_minutes(terrain, tables, flat_cell(terrain, post.x_km, post.y_km), post.vehicle, spots)
        for post in here.all_posts
    )
    return tables.parts.of(stacked, rows, len(spots), float)


def _patrol_travel(
    here: Scenario, terrain: Terrain, tables: Tables, tracks: tuple[Track, ...], spots: NDArray[np.int64]
) -> tuple[NDArray[np.float64], ...]:
    return tuple(
        travel_minutes(terrain, tables, track.cell[track.anchors], patrol.vehicle, spots)
        for (patrol, _), track in zip(_all_tracks(here), tracks, strict=True)
    )


def _force_travel(here: Scenario, terrain: Terrain, tables: Tables, spots: NDArray[np.int64]) -> NDArray[np.float64]:
    force = here.reaction_force
    rows = travel_minutes(terrain, tables, flat_cell(terrain, force.x_km, force.y_km), force.vehicle, spots)
    return tables.parts.of(np.ravel, rows)
