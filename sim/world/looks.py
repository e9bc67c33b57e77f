"""Looks: from which steps of a party's routes it can be seen by a post, and how dangerous a minute is there."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.rules.randomness import UNIT
from sim.rules.sensing import NIGHT, visibility
from sim.terrain.grid import Terrain
from sim.world.hazards import LIGHTS, METRES, marching_hazards
from sim.world.routes import Route

Rates = tuple[tuple[NDArray[np.float64], ...], ...]
"""Detections per hour at each metre: for each weather an array a class of light."""


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

    first: NDArray[np.int64]
    x_km: NDArray[np.float64]
    y_km: NDArray[np.float64]
    spot: NDArray[np.int64]
    concealment: NDArray[np.float64]
    afloat: NDArray[np.int64]


class Looks(NamedTuple):
    """Steps of a party to which a post has a line of sight, and how many metres they are away."""

    step: NDArray[np.int64]
    metre: NDArray[np.int64]


class Watch(NamedTuple):
    """Looks within a post's reach, and the hazard of a minute of marching there.

    ``hazards`` are in units of 2^-32, shape (weathers, lights, looks).
    """

    step: NDArray[np.int64]
    metre: NDArray[np.int64]
    hazards: NDArray[np.int64]


def steps_of(routes: tuple[Route, ...], spots: NDArray[np.int64], terrain: Terrain) -> Steps:
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


def look_along(steps: Steps, x_km: float, y_km: float, sight: NDArray[np.bool_]) -> Looks:
    """What a post has a line of sight to.

    Parameters
    ----------
    x_km, y_km:
        Of the post.
    sight:
        Its lines of sight, shape (1, spots).
    """
    seen = np.flatnonzero(sight[0, steps.spot])
    east, north = steps.x_km[seen] - x_km, steps.y_km[seen] - y_km
    return Looks(seen, (np.sqrt(east * east + north * north) * METRES).astype(np.int64))


def watch_along(looks: Looks, steps: Steps, rates: Rates, signature: float) -> Watch:
    """What a post with these rates can detect of a party with this signature."""
    near = np.flatnonzero(looks.metre < max((len(rate) for by_light in rates for rate in by_light), default=0))
    step, metre = looks.step[near], looks.metre[near]
    open_to = visibility(signature, 1.0, steps.concealment[step])
    hazards = np.zeros((len(rates), len(LIGHTS), len(step)), dtype=np.int64)
    for weather, by_light in enumerate(rates):
        for light, rate in enumerate(by_light):
            hazards[weather, light] = marching_hazards(rate, metre, open_to)
    return Watch(step, metre, hazards)


def chances_of(watch: Watch, steps: Steps, probabilities: tuple[float, ...]) -> NDArray[np.float64]:
    """Chance that a post detects a party that marches a whole route by night, shape (routes,).

    Mean over the weathers, whose probabilities are given; power is taken to be there.
    """
    begin, end = np.searchsorted(watch.step, steps.afloat), np.searchsorted(watch.step, steps.first[1:])
    total = np.zeros(len(begin))
    for probability, hazards in zip(probabilities, watch.hazards[:, NIGHT], strict=True):
        summed = np.concatenate([[0], np.cumsum(hazards)])
        total += probability * -np.expm1(-(summed[end] - summed[begin]) / UNIT)
    return total
