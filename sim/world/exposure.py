"""Exposure: the chance that each post or patrol detects a group on a whole march, which infiltrators may weigh."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.rules.randomness import UNIT
from sim.rules.sensing import MARCHING, NIGHT
from sim.scenario.patrol import Patrol
from sim.world.hazards import METRES, exposure, marching_hazards
from sim.world.track import STAND_KM

PHASES = 32
TRACK_PHASES = (np.arange(PHASES) + 0.5) / PHASES
# The golden ratio spreads the phases of duty evenly over those of the track.
DUTY_PHASES = (np.arange(PHASES) * 0.6180339887498949) % 1.0
MOST_PER_HOUR = 1e6
"""A certain detection, as a rate."""

if TYPE_CHECKING:
    from sim.world.world import World


def post_exposures(world: World, party: int) -> NDArray[np.float64]:
    """Chance that each post detects a group that marches a whole route by night, shape (routes, posts).

    Mean over the weathers; power is taken to be there.
    """
    scenario, settings = world.scenario, world.scenario.infiltrators.parties[party]
    total = np.zeros((len(world.routes[party]), len(scenario.all_posts)))
    for number, route in enumerate(world.routes[party]):
        seen = world.post_sight[:, world.route_spots(party, number)]
        open_to = exposure(settings, world.concealment(party, number), MARCHING)
        for weather in scenario.light.weather:
            hazard = marching_hazards(scenario.all_posts, scenario.sensors, seen, open_to, route, NIGHT, weather)
            total[number] += weather.probability * -np.expm1(-hazard[:, route.raft_step :].sum(axis=1) / UNIT)
    return total


def patrol_exposures(world: World, party: int) -> NDArray[np.float64]:
    """Chance that each patrol detects a group that marches a whole route by night, shape (routes, patrols).

    An outsider knows the habits of a patrol, not where it is tonight: the mean is over `PHASES` places and moments of
    its turn of duty, when the group puts to water. One that walks at random counts as one that walks back and forth.
    """
    chances = np.zeros((len(world.routes[party]), len(world.scenario.patrols)))
    for number in range(len(world.routes[party])):
        for patrol in range(len(world.scenario.patrols)):
            for index, weather in enumerate(world.scenario.light.weather):
                chances[number, patrol] += weather.probability * _chance(world, party, number, patrol, index)
    return chances


def _chance(world: World, party: int, number: int, patrol: int, weather: int) -> float:
    settings, rates = world.scenario.patrols[patrol], world.patrol_rates(patrol, weather)[NIGHT]
    route = world.routes[party][number]
    march = slice(route.raft_step, None)
    minute = np.arange(route.steps + 1 - route.raft_step)
    open_to = exposure(world.scenario.infiltrators.parties[party], world.concealment(party, number), MARCHING)
    on_duty = (minute + settings.cycle_min * DUTY_PHASES[:, None]) % settings.cycle_min
    on_duty = on_duty < settings.duty_share * settings.cycle_min
    total = 0.0
    for track, share in zip(world.beats[patrol], settings.track_shares, strict=True):
        laid, seen = world.tracks[track], world.patrol_sight[track][:, world.route_spots(party, number)[march]]
        along = _places(minute, settings, laid.length_km)
        stand = np.minimum((along / STAND_KM + 0.5).astype(np.int64), len(laid.cell) - 1)
        gap = np.hypot(laid.x_km[stand] - route.x_km[march], laid.y_km[stand] - route.y_km[march])
        metre = np.minimum((gap * METRES).astype(np.int64), len(rates))
        rate = np.where(on_duty & seen[stand, minute], np.append(rates, 0.0)[metre], 0.0)
        hazard = np.minimum(rate, MOST_PER_HOUR) * open_to[march] / 60.0
        total += share * float(-np.expm1(-hazard.sum(axis=1)).mean())
    return total


def _places(minute: NDArray[np.int64], settings: Patrol, length_km: float) -> NDArray[np.float64]:
    """Kilometres along the track at each minute, from each of the phases, shape (phases, minutes)."""
    period = length_km if settings.mode == "loop" else 2.0 * length_km
    walked = (period * TRACK_PHASES[:, None] + settings.speed_kmh * minute / 60.0) % period
    return walked if settings.mode == "loop" else np.minimum(walked, period - walked)
