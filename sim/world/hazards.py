"""Hazards: what each post's sensors do to a group on each step of a route, and patrols' rates by distance."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.rules.sensing import (
    DAY,
    LYING_UP,
    MARCHING,
    NIGHT,
    REACH,
    TWILIGHT,
    detection_rate,
    effective_range,
    hazard_units_array,
)
from sim.scenario.group import Party
from sim.scenario.light import Weather
from sim.scenario.patrol import Patrol
from sim.scenario.post import Post
from sim.scenario.sensor import Sensor
from sim.world.routes import Route

METRES = 1000
LIGHTS = (DAY, TWILIGHT, NIGHT)
POSTURES = (MARCHING, LYING_UP)


def light_factor(sensor: Sensor, light: int) -> float:
    """Share of its range by day that a sensor keeps in a class of light."""
    return {DAY: 1.0, TWILIGHT: sensor.twilight_factor, NIGHT: sensor.night_factor}[light]


def post_rate(
    post: Post,
    sensors: dict[str, Sensor],
    distance_km: NDArray[np.float64],
    light: int,
    weather: Weather,
    power: bool = True,
) -> NDArray[np.float64]:
    """Detections per hour of a standard target in the open by all sensors of a post, at each distance.

    Without power only those sensors count that need none.
    """
    total = np.zeros_like(distance_km)
    for order, name in enumerate(post.sensors):
        sensor = sensors[name]
        if sensor.powered and not power:
            continue
        full = post.range_km if order == 0 else sensor.range_km
        left = effective_range(full, light_factor(sensor, light), weather.visibility, sensor.weather_sensitivity)
        total += detection_rate(sensor.law, distance_km, left, sensor.rate_per_hour, sensor.softness)
    return _times(total, post.staffing * post.readiness)


def route_hazards(
    posts: tuple[Post, ...],
    sensors: dict[str, Sensor],
    seen: NDArray[np.bool_],
    concealment: NDArray[np.float64],
    route: Route,
    group: Party,
    weather: Weather,
    power: bool = True,
) -> NDArray[np.int64]:
    """Hazard of one minute in units of 2^-32, shape (lights, postures, steps + 1, posts).

    Parameters
    ----------
    seen:
        Lines of sight from each post to each step, shape (posts, steps + 1).
    concealment:
        Of the ground at each step, shape (steps + 1,).
    power:
        Whether there is power at the posts.
    """
    table = np.zeros((len(LIGHTS), len(POSTURES), route.steps + 1, len(posts)), dtype=np.int64)
    for posture in POSTURES:
        open_to = exposure(group, concealment, posture)
        for light in LIGHTS:
            table[light, posture] = marching_hazards(posts, sensors, seen, open_to, route, light, weather, power).T
    return table


def marching_hazards(
    posts: tuple[Post, ...],
    sensors: dict[str, Sensor],
    seen: NDArray[np.bool_],
    open_to: NDArray[np.float64],
    route: Route,
    light: int,
    weather: Weather,
    power: bool = True,
) -> NDArray[np.int64]:
    """Hazard of one minute from each post at each step in one class of light, shape (posts, steps + 1).

    Parameters
    ----------
    open_to:
        How visible the group is at each step, see `exposure`, shape (steps + 1,).
    """
    table = np.zeros((len(posts), route.steps + 1), dtype=np.int64)
    for index, post in enumerate(posts):
        at = np.nonzero(seen[index])[0]
        distance = np.hypot(route.x_km[at] - post.x_km, route.y_km[at] - post.y_km)
        rate = post_rate(post, sensors, distance, light, weather, power)
        table[index, at] = hazard_units_array(_times(rate, open_to[at]))
    return table


def exposure(group: Party, concealment: NDArray[np.float64], posture: int) -> NDArray[np.float64]:
    """How visible a group is in each place over a standard target in the open."""
    assert group.signature is not None, "parties come with what they leave to their kind filled in"
    factor = group.lying_up_factor if posture == LYING_UP else 1.0
    return np.asarray(group.signature * factor * (1.0 - concealment))


def patrol_rates(patrol: Patrol, sensor: Sensor, weather: Weather) -> tuple[NDArray[np.float64], ...]:
    """Detections per hour at each metre of distance, an array a class of light, cut off where it ends."""
    tables = []
    for light in LIGHTS:
        left = effective_range(
            patrol.range_km, light_factor(sensor, light), weather.visibility, sensor.weather_sensitivity
        )
        distance = np.arange(int(REACH[sensor.law] * left * METRES)) / METRES + 0.5 / METRES
        tables.append(detection_rate(sensor.law, distance, left, sensor.rate_per_hour, sensor.softness))
    return tuple(tables)


def _times(rate: NDArray[np.float64], factor: NDArray[np.float64] | float) -> NDArray[np.float64]:
    """Rate x factor, where an infinite rate times nothing is nothing."""
    with np.errstate(invalid="ignore"):
        return np.asarray(np.where(np.asarray(factor) > 0.0, rate * factor, 0.0))
