"""Exposure: the chance that each post or patrol detects a group on a whole march, which infiltrators may weigh."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.rules.sensing import MARCHING, NIGHT
from sim.scenario.patrol import Patrol
from sim.terrain import Floats, Ints
from sim.world.hazards import METRES, UNSEEN_M, exposure, metres_between
from sim.world.track import SAMPLE_KM
from sim.world.views import detection_chances

PHASES = 32
TRACK_PHASES = (np.arange(PHASES) + 0.5) / PHASES
# The golden ratio spreads the phases of duty evenly over those of the track.
DUTY_PHASES = (np.arange(PHASES) * 0.6180339887498949) % 1.0
MOST_PER_HOUR = 1e6
"""A certain detection, as a rate."""

if TYPE_CHECKING:
    from sim.world.world import World


def post_exposures(world: World, party: int) -> Floats:
    """Chance that each post detects a group that marches a whole route by night, shape (routes, posts).

    Mean over the weathers; power is taken to be there.
    """
    steps, probabilities = world.steps(party), tuple(kind.probability for kind in world.scenario.light.weather)
    chances = np.zeros((len(world.routes[party]), len(world.scenario.all_posts)))
    for post in range(len(world.scenario.all_posts)):
        chances[:, post] = world.memo.get(detection_chances, world.post_hazards(party, post), steps, probabilities)
    return chances


def patrol_exposures(world: World, party: int) -> Floats:
    """Chance that each patrol detects a group that marches a whole route by night, shape (routes, patrols).

    An outsider knows the habits of a patrol, not where it is tonight: the mean is over `PHASES` places and moments of
    its turn of duty, when the group puts to water. One that walks at random counts as one that walks back and forth.
    """
    chances = np.zeros((len(world.routes[party]), len(world.scenario.patrols)))
    for number in range(len(world.routes[party])):
        for patrol in range(len(world.scenario.patrols)):
            chances[number, patrol] = _patrol_chance(world, party, number, patrol)
    return chances


def _patrol_chance(world: World, party: int, number: int, patrol: int) -> float:
    """Mean over tracks and weathers of the chance that one patrol detects the party on one route."""
    settings = world.scenario.patrols[patrol]
    weathers = world.scenario.light.weather
    rates = [world.patrol_rates(patrol, index)[NIGHT] for index in range(len(weathers))]
    total = 0.0
    for track, share in zip(world.patrol_tracks[patrol], settings.track_shares, strict=True):
        steps = _within_reach(world, party, number, track, max(map(len, rates)) / METRES)
        if not len(steps) or not share:
            continue
        metre, open_to = _as_watched(world, party, number, steps, settings, track)
        for weather, rate in zip(weathers, rates, strict=True):
            seen = np.append(np.minimum(rate, MOST_PER_HOUR), 0.0)[np.minimum(metre, len(rate))]
            hazard = (seen * open_to).sum(axis=1) / 60.0
            total += share * weather.probability * float(-np.expm1(-hazard).mean())
    return total


def _within_reach(world: World, party: int, number: int, track: int, reach_km: float) -> Ints:
    """Steps of a route, from the water on, at which some place of the track is within reach."""
    route, laid = world.routes[party][number], world.tracks[track]
    near = np.zeros(route.steps + 1, dtype=bool)
    for x, y in zip(laid.x_km, laid.y_km, strict=True):
        near |= (np.abs(route.x_km - x) <= reach_km + SAMPLE_KM) & (np.abs(route.y_km - y) <= reach_km + SAMPLE_KM)
    near[: route.raft_step] = False
    return np.nonzero(near)[0]


def _as_watched(
    world: World, party: int, number: int, steps: Ints, settings: Patrol, track: int
) -> tuple[Ints, Floats]:
    """Distance to the patrol (m; beyond all reach where it does not watch), shape (phases, steps), and how visible."""
    route, laid = world.routes[party][number], world.tracks[track]
    minute = steps - route.raft_step
    turn = (minute + settings.cycle_min * DUTY_PHASES[:, None]) % settings.cycle_min
    along = _places(minute, settings, laid.length_km)
    sample = np.minimum((along / SAMPLE_KM + 0.5).astype(np.int64), len(laid.cell) - 1)
    east, north = laid.x_km[sample] - route.x_km[steps], laid.y_km[sample] - route.y_km[steps]
    metre = metres_between(east, north)
    sight = world.patrol_sight[track][:, world.route_spots(party, number)[steps]]
    watched = (turn < settings.duty_share * settings.cycle_min) & sight[sample, np.arange(len(steps))]
    open_to = exposure(world.scenario.infiltrators.parties[party], world.concealment(party, number)[steps], MARCHING)
    return np.where(watched, metre, UNSEEN_M), open_to


def _places(minute: Ints, settings: Patrol, length_km: float) -> Floats:
    """Kilometres along the track at each minute, from each of the phases, shape (phases, minutes)."""
    period = length_km if settings.mode == "loop" else 2.0 * length_km
    walked = (period * TRACK_PHASES[:, None] + settings.speed_kmh * minute / 60.0) % period
    return walked if settings.mode == "loop" else np.minimum(walked, period - walked)
