"""Where crossing points and new posts lie, in the baseline and in an arm: an arm may change the ground too."""

from __future__ import annotations

import math
from collections.abc import Hashable

from sim.scenario.post import Post
from sim.world import World
from sim.world.crossings import Crossing

NEAREST_KM = 6
"""Digits after the point of a kilometre to which two places are the same."""


def place_of(crossing: Crossing) -> Hashable:
    """What two crossing points share if and only if they are the same place; ``direct`` is the same everywhere."""
    if crossing.banks is None:
        return crossing.name
    return round(crossing.x_km, NEAREST_KM), round(crossing.y_km, NEAREST_KM)


def along_km(world: World) -> dict[str, float]:
    """Kilometres along the border from its upstream end, of each crossing point by name."""
    return {crossing.name: crossing.along_km for crossing in world.crossings}


def names_in(world: World, baseline: World) -> dict[str, str]:
    """What an arm calls the crossing points of the baseline, by the baseline's names; without those that it lacks."""
    called = {place_of(crossing): crossing.name for crossing in world.crossings}
    places = {crossing.name: place_of(crossing) for crossing in baseline.crossings}
    return {name: called[place] for name, place in places.items() if place in called}


def new_posts(world: World, baseline: World) -> tuple[Post, ...]:
    """Posts that stand in an arm and, by name and place, not in the baseline."""
    old = {(post.name, post.x_km, post.y_km) for post in baseline.scenario.all_posts}
    return tuple(post for post in world.scenario.all_posts if (post.name, post.x_km, post.y_km) not in old)


def sector_distances_km(world: World, baseline: World) -> dict[str, float | None]:
    """How far each sector lies from the arm's new post, in a straight line to its nearest crossing point.

    Returns
    -------
    dict
        Kilometres by the sector's name, those to the nearest of several new posts; None where the arm has no new
        post, or the sector no crossing point.
    """
    posts = new_posts(world, baseline)
    found: dict[str, float | None] = {}
    for sector in baseline.scenario.sectors:
        points = [one for one in world.crossings if sector.west_km <= one.x_km < sector.east_km]
        gaps = [math.hypot(one.x_km - post.x_km, one.y_km - post.y_km) for one in points for post in posts]
        found[sector.name] = min(gaps, default=None)
    return found
