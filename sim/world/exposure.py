"""Exposure: the chance that each post or patrol detects a group on a whole march, which infiltrators may weigh."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.rules.sensing import NIGHT, visibility
from sim.terrain import Bools, Floats, Ints
from sim.world.hazards import METRES
from sim.world.track import SAMPLE_KM, Track, fill_distances
from sim.world.views import Steps, detection_chances

PHASES = 32
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
    here, steps = world.scenario, world.steps(party)
    chances = np.zeros((len(world.routes[party]), len(here.patrols)))
    for number, patrol in enumerate(here.patrols):
        rates = tuple(world.patrol_rates(number, weather)[NIGHT] for weather in range(len(here.light.weather)))
        habits = (patrol.cycle_min, patrol.duty_share, patrol.speed_kmh, patrol.mode == "loop")
        signature = here.infiltrators.parties[party].signature
        for track, share in zip(world.patrol_tracks[number], patrol.track_shares, strict=True):
            what = (world.tracks[track], world.patrol_sight[track], steps, habits, rates, signature)
            for weather, chance in zip(here.light.weather, world.memo.get(track_chances, *what), strict=True):
                chances[:, number] += share * weather.probability * chance
    return chances


def track_chances(
    track: Track,
    sight: Bools,
    steps: Steps,
    habits: tuple[int, float, float, bool],
    rates: tuple[Floats, ...],
    signature: float,
) -> Floats:
    """Chance that a patrol on a track detects the party on each route, shape (weathers, routes).

    Parameters
    ----------
    sight:
        Lines of sight from the samples of the track, shape (samples, spots).
    habits:
        Cycle of duty (min), share of it on duty, speed (km/h), and whether the track is a loop.
    rates:
        Detections per hour at each metre by night, for each weather.
    """
    near = _within_reach(steps, track, max(map(len, rates)) / METRES)
    route = np.searchsorted(steps.first, near, side="right") - 1
    gaps_km = np.full((PHASES, len(near)), np.inf)
    seen = np.ascontiguousarray(sight[:, steps.spot[near]])
    at = (near - steps.afloat[route], steps.x_km[near], steps.y_km[near])
    cycle_min, duty_share, speed_kmh, loop = habits
    how = (cycle_min, duty_share, speed_kmh, track.length_km, loop)
    fill_distances(*at, track.x_km, track.y_km, seen, how, gaps_km)
    open_to = visibility(signature, 1.0, steps.concealment[near])
    ends = np.searchsorted(near, steps.first)
    chances = np.zeros((len(rates), len(steps.first) - 1))
    for weather, rate in enumerate(rates):
        metre = np.minimum(gaps_km * METRES, len(rate)).astype(np.int64)
        hazards = np.append(np.minimum(rate, MOST_PER_HOUR), 0.0)[metre] * open_to
        for number in range(len(ends) - 1):
            hazard = hazards[:, ends[number] : ends[number + 1]].sum(axis=1) / 60.0
            chances[weather, number] = -np.expm1(-hazard).mean()
    return chances


def _within_reach(steps: Steps, track: Track, reach_km: float) -> Ints:
    """Steps, from the water on, at which some place of the track is within reach."""
    within_km = reach_km + SAMPLE_KM
    near = np.zeros(len(steps.spot), dtype=bool)
    for x, y in zip(track.x_km, track.y_km, strict=True):
        near |= (np.abs(steps.x_km - x) <= within_km) & (np.abs(steps.y_km - y) <= within_km)
    for first, afloat in zip(steps.first, steps.afloat, strict=False):
        near[first:afloat] = False
    return np.flatnonzero(near)
