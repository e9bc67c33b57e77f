"""Where a group crosses: perceived cost = time + aversion x perceived exposure, and a taste of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.rules.randomness import Purpose, entity, gumbel, pair, uniform

if TYPE_CHECKING:
    from sim.model.group import Group
    from sim.model.model import BorderModel
    from sim.world.routes import Route


def choose_route(model: BorderModel, group: Group) -> int:
    """Position of the route that seems best to the group.

    The unaware count time only. The informed add, for each post that they know of, the chance to be detected by it.
    What a group knows and likes is keyed by group and post, or group, crossing point and way: it does not change
    with the arm, unless the arm changes a post that they know of.
    """
    forced = forced_route(model, group)
    if forced is not None:
        return forced
    settings = model.scenario_in_force.infiltrators
    minutes = model.world.route_minutes(group.index)
    exposures = model.world.exposures(group.index) if settings.behaviour == "informed" else None
    known = known_posts(model, group) if exposures is not None else []
    best, least = 0, float("inf")
    for index, route in enumerate(group.routes):
        label = f"{model.world.crossings[route.crossing].name}/{model.world.way_name(route.way)}"
        taste = gumbel(model.run_key, pair(group.entity, entity(label)), Purpose.TASTE)
        cost = float(minutes[index]) - settings.spread_min * taste
        if exposures is not None:
            cost += settings.aversion * sum(float(exposures[index, post]) for post in known)
        if cost < least:
            best, least = index, cost
    return best


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
    settings = model.scenario_in_force
    known = []
    for index, post in enumerate(settings.all_posts):
        new = settings.outpost.present and post.name == settings.outpost.name
        chance = settings.infiltrators.awareness_new if new else settings.infiltrators.awareness_standing
        if uniform(model.run_key, pair(group.entity, entity(post.name)), Purpose.AWARENESS) < chance:
            known.append(index)
    return known
