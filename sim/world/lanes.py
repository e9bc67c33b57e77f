"""Lanes: straight ways side by side over bare, level ground, where a front takes the place of a border river."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from sim.scenario.front import Front
from sim.scenario.group import Party
from sim.terrain.grid import Terrain
from sim.terrain.travel import OFF_PATH_FACTOR, tobler_kmh
from sim.world.crossings import Crossing
from sim.world.routes import Route


def find_lanes(front: Front) -> tuple[Crossing, ...]:
    """One crossing point a lane, ``lane_0000`` ... from west to east."""
    return tuple(
        Crossing(f"lane_{number:04d}", x_km, float("nan"), x_km - front.west_km, None)
        for number, x_km in enumerate(front.lanes_km)
    )


def lane_routes(terrain: Terrain, group: Party, lanes: tuple[Crossing, ...]) -> tuple[Route, ...]:
    """The way of a group along each lane, straight from its southing to its target's: a step is a minute of its going.

    Unlike other routes a lane runs through no centres of cells, so that where it lies does not hang on the grid.
    """
    length_km = group.target_y_km - group.start_y_km
    pace = OFF_PATH_FACTOR * terrain.settings.cover.open.foot_factor
    minutes = 60.0 * abs(length_km) / (float(tobler_kmh(0.0)) * pace)
    minute = np.arange(math.ceil(minutes) + 1)
    y_km = group.start_y_km + length_km * np.minimum(minute / minutes, 1.0)
    return tuple(_along(terrain, number, lane.x_km, y_km) for number, lane in enumerate(lanes))


def _along(terrain: Terrain, number: int, east_km: float, y_km: NDArray[np.float64]) -> Route:
    x_km = np.full(len(y_km), east_km)
    row, col = terrain.cell_of(x_km, y_km)
    return Route(number, -1, x_km, y_km, row * terrain.shape[1] + col, 0, 0)
