"""Where a group crosses: what each way seems to cost it, by what it knows and how it decides."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from sim.rules.choice import added_up, detected_by_any, least, perceived_cost
from sim.rules.randomness import Purpose, entity, gumbel, pair, uniform

if TYPE_CHECKING:
    from sim.model.group import Group
    from sim.model.model import BorderModel
    from sim.world.routes import Route


def choose_route(model: BorderModel, group: Group) -> int:
    """Position of the route that seems best to the group, or of the one that it was told to take.

    What a group knows and likes is keyed by group and post, or group, crossing point and way: it does not change
    with the arm, unless the arm changes a post that they know of.
    """
    forced = forced_route(model, group)
    return BEHAVIOURS[model.scenario_in_force.infiltrators.behaviour](model, group) if forced is None else forced


def unaware(model: BorderModel, group: Group) -> int:
    """The way that takes least time, by the group's own taste."""
    return _with_taste(model, group, [0.0] * len(group.routes))


def informed(model: BorderModel, group: Group) -> int:
    """As the unaware, but each post that the group knows of adds the chance to be detected by it."""
    exposures, known = model.world.exposures(group.index), known_posts(model, group)
    return _with_taste(model, group, [added_up(float(chances[post]) for post in known) for chances in exposures])


def learning(model: BorderModel, group: Group) -> int:
    """As the unaware, but each crossing point adds the chance to be stopped that is told of it."""
    danger = model.scenario_in_force.infiltrators.danger
    return _with_taste(model, group, [danger.get(label_of(model, route)[0], 0.0) for route in group.routes])


def quantal(model: BorderModel, group: Group) -> int:
    """A logit over the crossing points, each worth as much as its best way; posts weigh as far as they are known.

    One Gumbel number for each crossing point, times `quantal_min`, makes the choice a logit (McFadden 1974); as the
    answer to what the state does it is a quantal response (McKelvey and Palfrey 1995).
    """
    settings = model.scenario_in_force.infiltrators
    here = model.scenario_in_force
    awareness = [here.awareness(index) for index in range(len(here.all_posts))]
    costs = []
    for route, chances in zip(group.routes, model.world.exposures(group.index), strict=True):
        exposure = added_up(known * float(chance) for known, chance in zip(awareness, chances, strict=True))
        name = model.world.crossings[route.crossing].name
        taste = settings.quantal_min * gumbel(model.run_key, pair(group.entity, entity(name)), Purpose.TASTE)
        costs.append(perceived_cost(route.steps, settings.aversion, exposure, taste))
    return least(costs)


def best_response(model: BorderModel, group: Group) -> int:
    """The way of least time and true danger: all posts and the habits of all patrols are known, and nobody errs."""
    aversion = model.scenario_in_force.infiltrators.aversion
    posts, patrols = model.world.exposures(group.index), model.world.patrol_exposures(group.index)
    costs = [
        perceived_cost(route.steps, aversion, detected_by_any([*posts[number], *patrols[number]]))
        for number, route in enumerate(group.routes)
    ]
    return least(costs)


BEHAVIOURS: dict[str, Callable[[BorderModel, Group], int]] = {
    "unaware": unaware,
    "informed": informed,
    "quantal": quantal,
    "best_response": best_response,
    "learning": learning,
}
"""How a route is chosen, by the name in `infiltrators.behaviour`."""


def _with_taste(model: BorderModel, group: Group, exposures: list[float]) -> int:
    settings = model.scenario_in_force.infiltrators
    costs = []
    for route, exposure in zip(group.routes, exposures, strict=True):
        label = "/".join(label_of(model, route))
        taste = settings.spread_min * gumbel(model.run_key, pair(group.entity, entity(label)), Purpose.TASTE)
        costs.append(perceived_cost(route.steps, settings.aversion, exposure, taste))
    return least(costs)


def label_of(model: BorderModel, route: Route) -> tuple[str, str]:
    """Names of a route's crossing point and way, which are the same in every arm."""
    return model.world.crossings[route.crossing].name, model.world.way_name(route.way)


def forced_route(model: BorderModel, group: Group) -> int | None:
    """Position of the route that the group was told to take, if it was told one and has it."""
    wanted = model.forced_routes.get(group.name)
    labels = [label_of(model, route) for route in group.routes] if wanted else []
    return labels.index(wanted) if wanted in labels else None


def known_posts(model: BorderModel, group: Group) -> list[int]:
    """Numbers of the posts that the group knows of; the new outpost is known less well than the standing ones."""
    known = []
    for index, post in enumerate(model.scenario_in_force.all_posts):
        draw = uniform(model.run_key, pair(group.entity, entity(post.name)), Purpose.AWARENESS)
        if draw < model.scenario_in_force.awareness(index):
            known.append(index)
    return known
