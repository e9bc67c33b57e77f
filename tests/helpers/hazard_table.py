"""What the posts do to a party at every step of a route, in each light and posture, as one array to look at."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.rules.sensing import LYING_UP, MARCHING, visibility_as
from sim.world import World
from sim.world.hazards import LIGHTS, marching_hazards

POSTURES = (MARCHING, LYING_UP)


def hazards(world: World, party: int, route: int, weather: int, power: bool = True) -> NDArray[np.int64]:
    """Hazard of one minute in units of 2^-32, shape (lights, postures, steps + 1, posts)."""
    metres, settings = world.post_metres(party, route), world.scenario.infiltrators.parties[party]
    table = np.zeros((len(LIGHTS), len(POSTURES), metres.shape[1], metres.shape[0]), dtype=np.int64)
    for post in range(metres.shape[0]):
        rates = world.post_rates(post, weather, power)
        for posture in POSTURES:
            hidden = world.concealment(party, route)
            open_to = visibility_as(posture, settings.signature, settings.lying_up_factor, hidden)
            for light in LIGHTS:
                table[light, posture, :, post] = marching_hazards(rates[light], metres[post], open_to)
    return table
