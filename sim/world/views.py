"""Views: which parts of routes posts and patrols see, from where, and the hazard of a minute there."""

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

TARGET_HEIGHT_M = 1.7
PATROL_LIMIT_KM = 12.0
"""No patrol has a line of sight to what is farther away; `POST_LIMIT_KM` is the same for posts."""

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
