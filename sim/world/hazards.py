"""Detection rates of posts and patrols at each metre of distance, and the hazard of a minute on the way."""

from __future__ import annotations

import numpy as np

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
    visibility,
)
from sim.scenario.group import Party
from sim.scenario.light import Weather
from sim.scenario.post import Post, Sensor
from sim.terrain import Bools, Floats, Ints
from sim.world.routes import Route

METRES = 1000
"""In a kilometre."""
LIGHTS = (DAY, TWILIGHT, NIGHT)
POSTURES = (MARCHING, LYING_UP)
UNSEEN_M = 10**9
"""A distance beyond all reach."""
POST_LIMIT_KM = 45.0
"""No post has a line of sight to what is farther away."""
MARGIN_KM = 3.0
"""Lines of sight are traced from cell to cell: what is seen may be so much farther away."""

Sensors = tuple[tuple[Sensor, float], ...]
"""Sensors, and the range of each by day in clear air (km)."""


def working_sensors(post: Post, catalogue: dict[str, Sensor], power: bool = True) -> Sensors:
    """The sensors of a post with their ranges; without power only those that need none."""
    return tuple(
        (catalogue[name], post.range_km if order == 0 else catalogue[name].range_km)
        for order, name in enumerate(post.sensors)
        if power or not catalogue[name].powered
    )


def rates_by_metre(
    sensors: Sensors, effort: float, weather: Weather, limit_km: float = POST_LIMIT_KM + MARGIN_KM
) -> tuple[Floats, ...]:
    """Detections per hour by some sensors at each metre of distance, an array a class of light.

    Of a standard target in the open; cut off where nothing is seen any more.

    Parameters
    ----------
    effort:
        Share of the rates that staffing and readiness leave.
    limit_km:
        No array is longer.
    """
    tables = []
    for light in LIGHTS:
        ranges = [_range_left(sensor, full_km, light, weather) for sensor, full_km in sensors]
        reach = max((REACH[sensor.law] * left for (sensor, _), left in zip(sensors, ranges, strict=True)), default=0.0)
        # The middle of each metre.
        distance = np.arange(int(min(reach, limit_km) * METRES)) / METRES + 0.5 / METRES
        total = np.zeros_like(distance)
        for (sensor, _), left in zip(sensors, ranges, strict=True):
            total += detection_rate(sensor.law, distance, left, sensor.rate_per_hour, sensor.softness)
        tables.append(_times(total, effort))
    return tuple(tables)


def _range_left(sensor: Sensor, full_km: float, light: int, weather: Weather) -> float:
    """Range (km) that light and weather leave of that by day in clear air."""
    factor = {DAY: 1.0, TWILIGHT: sensor.twilight_factor, NIGHT: sensor.night_factor}[light]
    return effective_range(full_km, factor, weather.visibility, sensor.weather_sensitivity)


def metres_between(east_km: Floats, north_km: Floats) -> Ints:
    """Whole metres of a distance given by its two components (km); any shape."""
    return np.asarray((np.sqrt(east_km * east_km + north_km * north_km) * METRES).astype(np.int64))


def post_metres(posts: tuple[Post, ...], seen: Bools, route: Route) -> Ints:
    """Metres from each post to each step of a route, `UNSEEN_M` without a line of sight, shape (posts, steps + 1).

    Parameters
    ----------
    seen:
        Lines of sight from each post to each step, shape (posts, steps + 1).
    """
    east = route.x_km - np.array([post.x_km for post in posts])[:, None]
    north = route.y_km - np.array([post.y_km for post in posts])[:, None]
    return np.where(seen, metres_between(east, north), UNSEEN_M)


def marching_hazards(rates: Floats, metres: Ints, open_to: Floats) -> Ints:
    """Hazard of one minute from one post at each step of a route, in units of 2^-32, shape (steps + 1,).

    Parameters
    ----------
    rates:
        Detections per hour at each metre, in one class of light.
    metres:
        From the post to each step, see `post_metres`, shape (steps + 1,).
    open_to:
        How visible the group is at each step, see `exposure`, shape (steps + 1,).
    """
    table = np.zeros(len(metres), dtype=np.int64)
    at = np.nonzero(metres < len(rates))[0]
    table[at] = hazard_units_array(_times(rates[metres[at]], open_to[at]))
    return table


def exposure(group: Party, concealment: Floats, posture: int) -> Floats:
    """How visible a group is in each place over a standard target in the open."""
    assert group.signature is not None, "parties come with what they leave to their kind filled in"
    factor = group.lying_up_factor if posture == LYING_UP else 1.0
    return np.asarray(visibility(group.signature, factor, concealment))


def _times(rate: Floats, factor: Floats | float) -> Floats:
    """Rate x factor, where an infinite rate times nothing is nothing."""
    with np.errstate(invalid="ignore"):
        return np.asarray(np.where(np.asarray(factor) > 0.0, rate * factor, 0.0))
