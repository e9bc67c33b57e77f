"""Checks of a scenario against its ground: that everything stands on it, and on dry land."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from sim.scenario.base import ScenarioError
from sim.scenario.scenario import Scenario
from sim.terrain.grid import COVER_KINDS, Terrain, cover_code
from sim.world.crossings import Crossing

CHECK_STEP_KM = 0.1


def places_of(scenario: Scenario) -> list[Any]:
    """All places that `check_places` checks, as plain data."""
    tracks = [(patrol.mode == "loop", patrol.tracks) for patrol in scenario.patrols]
    return [list(_standing(scenario)), tracks, scenario.control_strip.raked]


def check_places(scenario: Scenario, terrain: Terrain) -> None:
    """Refuse posts, bases, starts, targets, tracks or raked lines that are off the grid or in water.

    Raises
    ------
    ScenarioError
        For the first such place, with its key, its value and what is allowed.
    """
    foot = terrain.by_cover("foot_factor")
    for key, x_key, y_key, x, y in _standing(scenario):
        _on_grid(terrain, key, x_key, y_key, x, y)
        kind = COVER_KINDS[int(terrain.cover_at(x, y))]
        if kind in ("river", "border_river"):
            raise ScenarioError(key, f"stands in the water ({kind}) at ({x:g}, {y:g}) km; allowed: dry ground")
        if foot[terrain.cell_of(x, y)] <= 0:
            raise ScenarioError(key, f"stands on impassable ground ({kind}) at ({x:g}, {y:g}) km")
    for index, patrol in enumerate(scenario.patrols):
        _check_track(terrain, f"patrols.{index}.track", patrol.track, patrol.mode == "loop")
        for number, other in enumerate(patrol.alternatives):
            key = f"patrols.{index}.alternatives.{number}.track"
            _check_track(terrain, key, other.track, patrol.mode == "loop")
    for index, line in enumerate(scenario.control_strip.raked):
        _check_track(terrain, f"control_strip.lines.{index}", line, loop=False)


def check_sharing(scenario: Scenario) -> None:
    """Refuse a sharing radius that is not 0 and yet reaches no neighbour of the outpost.

    Raises
    ------
    ScenarioError
        With the radius, and the distance to the nearest neighbour.
    """
    radius = scenario.command.sharing_radius_km
    here = (scenario.outpost.x_km, scenario.outpost.y_km)
    others = [(math.dist(here, (post.x_km, post.y_km)), post.name) for post in scenario.posts]
    others += [(min(math.dist(here, point) for point in patrol.track), patrol.name) for patrol in scenario.patrols]
    if others and 0 < radius < min(others)[0]:
        distance, name = min(others)
        raise ScenarioError(
            "command.sharing_radius_km",
            f"is {radius:g}, which reaches no neighbour of the outpost; allowed: 0 for no sharing, or at least "
            f"{math.ceil(distance * 10) / 10:g} (to {name})",
        )


def check_danger(scenario: Scenario, crossings: tuple[Crossing, ...]) -> None:
    """Refuse danger at a crossing point which the ground does not have.

    Raises
    ------
    ScenarioError
        With the name, and the names that there are.
    """
    names = [crossing.name for crossing in crossings]
    for name, value in scenario.infiltrators.danger.items():
        if name not in names:
            allowed = names[0] if len(names) == 1 else f"{names[0]} to {names[-1]}"
            key = f"infiltrators.danger.{name}"
            raise ScenarioError(key, f"is {value:g}, but there is no such crossing point; allowed: {allowed}")


def _standing(scenario: Scenario) -> Iterator[tuple[str, str, str, float, float]]:
    posts = [(f"posts.{index}", post) for index, post in enumerate(scenario.posts)]
    for key, post in (*posts, ("outpost", scenario.outpost)):
        yield key, "x_km", "y_km", post.x_km, post.y_km
    force = scenario.reaction_force
    yield "reaction_force", "x_km", "y_km", force.x_km, force.y_km
    for index, way in enumerate(scenario.infiltrators.ways):
        yield f"infiltrators.ways.{index}", "x_km", "y_km", way.x_km, way.y_km
    for name, group in scenario.infiltrators.parties_by_key.items():
        key = f"infiltrators.{name}"
        yield key, "start_x_km", "start_y_km", group.start_x_km, group.start_y_km
        yield key, "target_x_km", "target_y_km", group.target_x_km, group.target_y_km


def _on_grid(terrain: Terrain, key: str, x_key: str, y_key: str, x: float, y: float) -> None:
    for part, value, end in ((x_key, x, terrain.width_km), (y_key, y, terrain.height_km)):
        if not 0 <= value <= end:
            raise ScenarioError(f"{key}.{part}", f"is {value:g}, off the grid; allowed: 0 to {end:g} km")


def _check_track(terrain: Terrain, key: str, track: tuple[tuple[float, float], ...], loop: bool) -> None:
    river = cover_code("border_river")
    corners = (*track, track[0]) if loop else track
    for index, point in enumerate(track):
        _on_grid(terrain, f"{key}.{index}", "0", "1", *point)
    for start, end in itertools.pairwise(corners):
        pieces = max(1, math.ceil(math.dist(start, end) / CHECK_STEP_KM))
        x, y = (a + (b - a) * np.arange(pieces + 1) / pieces for a, b in zip(start, end, strict=True))
        wet = np.flatnonzero(terrain.cover_at(x, y) == river)
        if len(wet):
            where = f"({x[wet[0]]:.1f}, {y[wet[0]]:.1f})"
            raise ScenarioError(key, f"crosses the border river near {where} km; allowed: one bank")
