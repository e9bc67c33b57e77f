"""Where a group crosses: what each way seems to cost it, by what it knows and how it decides.

What a group knows and likes is keyed by group and post, or group, crossing point and way: it does not change with the
arm, unless the arm changes a post that they know of.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.rules.choice import felt_danger, is_known_to, liked, perceived_cost, taste_min
from sim.rules.randomness import Purpose, entity, gumbel_of, pair, uniform

if TYPE_CHECKING:
    from sim.model.group import Group
    from sim.model.model import BorderModel
    from sim.world.routes import Route


def perceived_costs(model: BorderModel, group: Group) -> list[float]:
    """Minutes that each route is felt to cost a group."""
    here, costs = model.scenario_in_force.infiltrators, []
    scale = taste_min(here.behaviour, here.spread_min, here.quantal_min)
    for route, danger in zip(group.routes, _dangers(model, group), strict=True):
        what = pair(group.entity, entity(liked(here.behaviour, *label_of(model, route))))
        taste = scale * gumbel_of(uniform(model.run_key, what, Purpose.TASTE)) if scale > 0.0 else 0.0
        costs.append(perceived_cost(route.steps, here.aversion, danger, taste))
    return costs


def _dangers(model: BorderModel, group: Group) -> list[float]:
    """What the danger of each route is felt to be."""
    here, world = model.scenario_in_force, model.world
    behaviour, posts = here.infiltrators.behaviour, range(len(here.all_posts))
    known = [here.awareness(post) for post in posts]
    if behaviour == "informed":
        who = known_posts(model, group)
        known = [float(post in who) for post in posts]
    patrols = world.patrol_exposures(group.index) if behaviour == "best_response" else [()] * len(group.routes)
    stopped = [here.infiltrators.danger.get(label_of(model, route)[0], 0.0) for route in group.routes]
    seen = zip(stopped, world.exposures(group.index), patrols, strict=True)
    return [felt_danger(behaviour, *each, known) for each in seen]


def label_of(model: BorderModel, route: Route) -> tuple[str, str]:
    """Names of a route's crossing point and way, which are the same in every arm."""
    return model.world.crossings[route.crossing].name, model.world.way_name(route.way)


def forced_route(model: BorderModel, group: Group) -> int | None:
    """Position of the route that the group must take, if there is one and it has it."""
    wanted = model.forced_routes.get(group.name)
    labels = [label_of(model, route) for route in group.routes] if wanted else []
    return labels.index(wanted) if wanted in labels else None


def known_posts(model: BorderModel, group: Group) -> list[int]:
    """Numbers of the posts that the group knows of; the new outpost is known less well than the standing ones."""
    here = model.scenario_in_force
    return [
        index
        for index, post in enumerate(here.all_posts)
        if is_known_to(model.run_key, group.entity, entity(post.name), here.awareness(index))
    ]
