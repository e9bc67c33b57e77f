"""Views: which parts of routes posts and patrols see, from where, the hazard of a minute there, and of a march."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.rules.randomness import UNIT
from sim.rules.sensing import NIGHT, visibility
from sim.terrain import Bools, Floats, Ints
from sim.terrain.grid import Terrain
from sim.terrain.sight import sight_table
from sim.world.hazards import LIGHTS, METRES, marching_hazards
from sim.world.routes import Route
from sim.world.tables import Tables, digest_of
from sim.world.track import SAMPLE_KM, Track, fill_distances

TARGET_HEIGHT_M = 1.7
PATROL_LIMIT_KM = 12.0
"""No patrol has a line of sight to what is farther away; `POST_LIMIT_KM` is the same for posts."""

PHASES = 32
"""Places and moments of its turn of duty that stand for all at which a patrol may be."""

MOST_PER_HOUR = 1e6
"""A certain detection, as a rate."""

Rates = tuple[tuple[Floats, ...], ...]
"""Detections per hour at each metre: for each weather an array a class of light."""


def visible_spots(
    terrain: Terrain, tables: Tables, observers: Ints, height_m: float, spots: Ints, limit_km: float
) -> Bools:
    """Lines of sight from each observer to each spot, shape (observers, spots).

    It depends on no sensor's range, so that a changed range traces nothing again.

    Parameters
    ----------
    observers, spots:
        Flat cell indices.
    height_m:
        Of the observers over the ground.
    limit_km:
        Nothing farther than this is traced; it counts as hidden.
    """

    def trace() -> Bools:
        from_rc, to_rc = (np.stack(np.divmod(cells, terrain.shape[1]), axis=1) for cells in (observers, spots))
        refraction = terrain.settings.refraction
        return sight_table(
            terrain.elevation_m, terrain.cell_m, from_rc, height_m, to_rc, TARGET_HEIGHT_M, limit_km, refraction
        )

    content = (terrain.digest(), observers, height_m, tables.get(digest_of, spots), limit_km)
    return tables.by_content("sight", content, trace)


class Steps(NamedTuple):
    """All routes of a party laid end to end.

    Attributes
    ----------
    first:
        Where each route begins, and where the last one ends, shape (routes + 1,).
    x_km, y_km:
        Place of each step, shape (steps of all routes,).
    spot:
        Its position in the World's spots.
    concealment:
        Of the ground there.
    afloat:
        Step from which each route leads over the water and on, numbered through, shape (routes,).
    """

    first: Ints
    x_km: Floats
    y_km: Floats
    spot: Ints
    concealment: Floats
    afloat: Ints


class Views(NamedTuple):
    """Steps of a party to which a post has a line of sight, and how many metres they are away."""

    step: Ints
    metre: Ints


class PostHazards(NamedTuple):
    """Views within a post's reach, and the hazard of a minute of marching there.

    ``hazards`` are in units of 2^-32, shape (weathers, lights, views).
    """

    step: Ints
    metre: Ints
    hazards: Ints


def steps_of(routes: tuple[Route, ...], spots: Ints, terrain: Terrain) -> Steps:
    """The routes of a party laid end to end."""
    first = np.concatenate([[0], np.cumsum([route.steps + 1 for route in routes])])
    cells = np.concatenate([route.cell for route in routes])
    # By a map of all cells, which is quicker than to search for each.
    places = np.zeros(terrain.elevation_m.size, dtype=np.int64)
    places[spots] = np.arange(len(spots))
    return Steps(
        first=first,
        x_km=np.concatenate([route.x_km for route in routes]),
        y_km=np.concatenate([route.y_km for route in routes]),
        spot=places[cells],
        concealment=np.asarray(terrain.by_cover("concealment").ravel()[cells]),
        afloat=first[:-1] + [route.raft_step for route in routes],
    )


def views_along(steps: Steps, x_km: float, y_km: float, sight: Bools) -> Views:
    """The views of a post at (x_km, y_km) with lines of sight of shape (1, spots)."""
    seen = np.flatnonzero(sight[0, steps.spot])
    east_km, north_km = steps.x_km[seen] - x_km, steps.y_km[seen] - y_km
    # As `sim.rules.movement.gap_km`, for all at once.
    return Views(seen, (np.sqrt(east_km * east_km + north_km * north_km) * METRES).astype(np.int64))


def hazards_along(views: Views, steps: Steps, rates: Rates, signature: float) -> PostHazards:
    """The hazards from a post with these rates to a party with this signature."""
    near = np.flatnonzero(views.metre < max((len(rate) for by_light in rates for rate in by_light), default=0))
    step, metre = views.step[near], views.metre[near]
    open_to = visibility(signature, 1.0, steps.concealment[step])
    hazards = np.zeros((len(rates), len(LIGHTS), len(step)), dtype=np.int64)
    for weather, by_light in enumerate(rates):
        for light, rate in enumerate(by_light):
            hazards[weather, light] = marching_hazards(rate, metre, open_to)
    return PostHazards(step, metre, hazards)


def detection_chances(found: PostHazards, steps: Steps, probabilities: tuple[float, ...]) -> Floats:
    """Chance that a post detects a party that marches by night from the water on, shape (routes,).

    Mean over the weathers, whose probabilities are given; power is taken to be there.
    """
    begin, end = np.searchsorted(found.step, steps.afloat), np.searchsorted(found.step, steps.first[1:])
    total = np.zeros(len(begin))
    for probability, hazards in zip(probabilities, found.hazards[:, NIGHT], strict=True):
        summed = np.concatenate([[0], np.cumsum(hazards)])
        total += probability * -np.expm1(-(summed[end] - summed[begin]) / UNIT)
    return total


def track_chances(
    track: Track,
    sight: Bools,
    steps: Steps,
    habits: tuple[int, float, float, bool],
    rates: tuple[Floats, ...],
    signature: float,
) -> Floats:
    """Chance that a patrol on a track detects a party that marches by night, shape (weathers, routes).

    An outsider knows the habits of a patrol, not where it is tonight: the mean is over `PHASES` places and moments of
    its turn of duty, when the group puts to water. One that walks at random counts as one that walks back and forth.

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
