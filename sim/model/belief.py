"""What those who see a group take its way to be: while several ways still lie open, they may guess wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.rules.belief import wrong_guess
from sim.rules.randomness import Purpose, pair, uniform

if TYPE_CHECKING:
    from sim.model.group import Group
    from sim.model.model import BorderModel


def believed_route(model: BorderModel, observer: int, group: Group, step: int) -> int:
    """Position of the route on which a group is believed to be, by whoever saw it at a step of its route.

    The candidates are the routes that are the same up to that step. The true one is guessed with
    `command.route_guess_probability`, else one of the others, all alike. There is one draw for an observer and a group:
    what they believe changes only when the ways part.

    Parameters
    ----------
    observer:
        Entity of the unit whose sighting it is.
    """
    chance = model.scenario_in_force.command.route_guess_probability
    others = list(model.world.still_open(group.index, group.route_number, step))
    others.remove(group.route_number)
    draw = uniform(model.run_key, pair(observer, group.entity), Purpose.ROUTE_GUESS)
    guess = wrong_guess(draw, chance, len(others))
    return group.route_number if guess < 0 else others[guess]
