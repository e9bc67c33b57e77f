"""Hazards: detection rates of posts and patrols at each metre of distance, and what they do to a group on its way."""

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
    visibility,
)
from sim.scenario.group import Party
from sim.scenario.light import Weather
from sim.scenario.post import Post
from sim.scenario.sensor import Sensor
from sim.world.routes import Route
from sim.world.sight import POST_LIMIT_KM

METRES = 1000
LIGHTS = (DAY, TWILIGHT, NIGHT)
POSTURES = (MARCHING, LYING_UP)
UNSEEN_M = 10**9
"""A distance beyond all reach."""

MARGIN_KM = 3.0
"""Lines of sight are traced from cell to cell: what is seen may be so much farther away."""


def light_factor(sensor: Sensor, light: int) -> float:
    """Share of its range by day that a sensor keeps in a class of light."""
    return {DAY: 1.0, TWILIGHT: sensor.twilight_factor, NIGHT: sensor.night_factor}[light]


def post_rates(
    post: Post, sensors: dict[str, Sensor], weather: Weather, power: bool = True
) -> tuple[NDArray[np.float64], ...]:
    """Detections per hour by all sensors of a post at each metre of distance, an array a class of light.

    Of a standard target in the open; cut off where nothing is seen any more. Without power only those sensors count
    that need none.
    """
    return eyes_rates(eyes_of(post, sensors, power), post.staffing * post.readiness, weather)


Eyes = tuple[tuple[Sensor, float], ...]
"""Sensors, and the range of each by day in clear air (km)."""


def eyes_of(post: Post, sensors: dict[str, Sensor], power: bool = True) -> Eyes:
    """The sensors of a post that work, with their ranges."""
    return tuple(
        (sensors[name], post.range_km if order == 0 else sensors[name].range_km)
        for order, name in enumerate(post.sensors)
        if power or not sensors[name].powered
    )


def eyes_rates(eyes: Eyes, effort: float, weather: Weather) -> tuple[NDArray[np.float64], ...]:
    """Detections per hour by some sensors at each metre of distance, an array a class of light.

    Parameters
    ----------
    effort:
        What staffing and readiness make of the rates.
    """
    tables = []
    for light in LIGHTS:
        ranges = [range_left(sensor, full_km, light, weather) for sensor, full_km in eyes]
        reach = max((REACH[sensor.law] * left for (sensor, _), left in zip(eyes, ranges, strict=True)), default=0.0)
        distance = metres_up_to(min(reach, POST_LIMIT_KM + MARGIN_KM))
        total = np.zeros_like(distance)
        for (sensor, _), left in zip(eyes, ranges, strict=True):
            total += detection_rate(sensor.law, distance, left, sensor.rate_per_hour, sensor.softness)
        tables.append(_times(total, effort))
    return tuple(tables)


def range_left(sensor: Sensor, full_km: float, light: int, weather: Weather) -> float:
    """What light and weather leave of a range by day in clear air (km)."""
    return effective_range(full_km, light_factor(sensor, light), weather.visibility, sensor.weather_sensitivity)


def metres_up_to(reach_km: float) -> NDArray[np.float64]:
    """The middle of each metre of distance within a reach, in kilometres."""
    return np.arange(int(reach_km * METRES)) / METRES + 0.5 / METRES


def post_metres(posts: tuple[Post, ...], seen: NDArray[np.bool_], route: Route) -> NDArray[np.int64]:
    """Metres from each post to each step of a route, `UNSEEN_M` where there is no line of sight.

    Parameters
    ----------
    seen:
        Lines of sight from each post to each step, shape (posts, steps + 1).

    Returns
    -------
    numpy.ndarray
        Shape (posts, steps + 1).
    """
    east = route.x_km - np.array([post.x_km for post in posts])[:, None]
    north = route.y_km - np.array([post.y_km for post in posts])[:, None]
    metres = (np.sqrt(east * east + north * north) * METRES).astype(np.int64)
    return np.where(seen, metres, UNSEEN_M)


def marching_hazards(
    rates: NDArray[np.float64], metres: NDArray[np.int64], open_to: NDArray[np.float64]
) -> NDArray[np.int64]:
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


def exposure(group: Party, concealment: NDArray[np.float64], posture: int) -> NDArray[np.float64]:
    """How visible a group is in each place over a standard target in the open."""
    assert group.signature is not None, "parties come with what they leave to their kind filled in"
    factor = group.lying_up_factor if posture == LYING_UP else 1.0
    return np.asarray(visibility(group.signature, factor, concealment))


def sensor_rates(sensor: Sensor, range_km: float, weather: Weather) -> tuple[NDArray[np.float64], ...]:
    """Detections per hour by a patrol's sensor at each metre up to its reach, an array a class of light."""
    tables = []
    for light in LIGHTS:
        left = range_left(sensor, range_km, light, weather)
        distance = metres_up_to(REACH[sensor.law] * left)
        tables.append(detection_rate(sensor.law, distance, left, sensor.rate_per_hour, sensor.softness))
    return tuple(tables)


def _times(rate: NDArray[np.float64], factor: NDArray[np.float64] | float) -> NDArray[np.float64]:
    """Rate x factor, where an infinite rate times nothing is nothing."""
    with np.errstate(invalid="ignore"):
        return np.asarray(np.where(np.asarray(factor) > 0.0, rate * factor, 0.0))
