"""Detection rates of posts and patrols at each metre of distance, and the hazard of a minute of a march."""

from __future__ import annotations

import numpy as np

from sim.rules.sensing import (
    DAY,
    NIGHT,
    REACH,
    TWILIGHT,
    detection_rate,
    effective_range,
    hazard_units_array,
)
from sim.scenario.light import Weather
from sim.scenario.post import Post, Sensor
from sim.terrain import Floats, Ints

METRES = 1000
"""In a kilometre."""
LIGHTS = (DAY, TWILIGHT, NIGHT)
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


def marching_hazards(rates: Floats, metres: Ints, open_to: Floats) -> Ints:
    """Hazard of one minute from one post at each step of a route, in units of 2^-32, shape (steps + 1,).

    Parameters
    ----------
    rates:
        Detections per hour at each metre, in one class of light.
    metres:
        From the post to each step, shape (steps + 1,).
    open_to:
        How visible the group is at each step, see `sim.rules.sensing.visibility`, shape (steps + 1,).
    """
    table = np.zeros(len(metres), dtype=np.int64)
    at = np.nonzero(metres < len(rates))[0]
    table[at] = hazard_units_array(_times(rates[metres[at]], open_to[at]))
    return table


def _times(rate: Floats, factor: Floats | float) -> Floats:
    """Rate x factor, where an infinite rate times nothing is nothing."""
    with np.errstate(invalid="ignore"):
        return np.asarray(np.where(np.asarray(factor) > 0.0, rate * factor, 0.0))
