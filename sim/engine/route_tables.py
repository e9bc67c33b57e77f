"""The tables of routes: parties, their routes step by step, who sees each step, and where the strip is crossed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.engine import layout
from sim.engine.layout import Records
from sim.rules.choice import felt_danger, liked
from sim.rules.randomness import entity
from sim.scenario.group import Stream
from sim.scenario.scenario import Scenario
from sim.world import World
from sim.world.crossings import Crossing
from sim.world.hazards import LIGHTS
from sim.world.routes import Route, fork_step
from sim.world.strip import StripCrossing
from sim.world.views import PostHazards, Steps

Row = dict[str, Any]


def party_rows(world: World) -> Iterator[Row]:
    """Groups, then streams, as in the World's tables."""
    begun, here, first_signature = 0, world.scenario, 0
    derived = ("first_route", "routes", "first_signature", "size", "size_highest", "alike", "is_stream", "goes_inland")
    # A group has no rate of arrival, a stream no time of departure.
    absent = ("depart_earliest_min", "depart_latest_min", "from_min", "until_min", "per_min")
    same = [name for name in layout.PARTY.names or () if name not in (*derived, "entity", "prefix")]
    for party, routes, each in zip(here.infiltrators.parties, world.routes, _signatures(here), strict=True):
        yield {
            **{name: getattr(party, name, 0) if name in absent else getattr(party, name) for name in same},
            "first_route": begun,
            "routes": len(routes),
            "size": party.sizes[0],
            "size_highest": party.sizes[1],
            "first_signature": first_signature,
            "alike": len(set(each)) == 1,
            "is_stream": isinstance(party, Stream),
            "goes_inland": here.goes_inland(party),
            "entity": entity(party.name),
            "prefix": entity(f"{party.name}_"),
        }
        begun, first_signature = begun + len(routes), first_signature + len(each)


def signatures(here: Scenario) -> NDArray[np.float64]:
    """How visible groups are over a standard target: of each party, from its smallest size to its largest."""
    return np.array([signature for each in _signatures(here) for signature in each])


def _signatures(here: Scenario) -> list[list[float]]:
    ways = here.infiltrators
    return [
        [ways.signature_of(party, size) for size in range(party.sizes[0], party.sizes[1] + 1)] for party in ways.parties
    ]


Routes = tuple[tuple[Route, ...], ...]
"""The routes of each party, in the order in which the tables number them."""


def route_tables(world: World, walked: tuple[Steps, ...], order: NDArray[np.int64]) -> dict[str, NDArray[Any]]:
    """The tables that belong to routes; for `order` see `spot_order`."""
    memo, parties = world.memo, range(len(world.routes))
    crossed = tuple(
        world.strip_crossings(party, route) for party in parties for route in range(len(world.routes[party]))
    )
    strips, strip_counts = memo.get(_strips, crossed)
    forks, same = memo.get(_forks, world.routes)
    behaviour = world.scenario.infiltrators.behaviour
    ways = tuple(world.way_name(way) for way in range(-1, len(world.scenario.infiltrators.ways)))
    routes = memo.get(_routes, world.routes, world.crossings, ways, strip_counts, same, behaviour).copy()
    routes["exposure"] = np.concatenate([_felt(world, party) for party in parties])
    watches = tuple(
        tuple(world.post_hazards(party, post) for post in range(len(world.post_sights))) for party in parties
    )
    airs = len(world.scenario.light.weather) * len(LIGHTS)
    stretches, laid = memo.get(_steps, walked, order)
    steps, views, dangers = memo.get(_seen, laid, walked, watches, airs)
    return {
        "routes": routes,
        "by_length": np.lexsort((routes["steps"], np.repeat(parties, [len(each) for each in world.routes]))),
        "stretches": stretches,
        "steps": steps,
        "concealments": memo.get(_concealments, walked),
        "views": views,
        "dangers": dangers,
        "forks": forks,
        "strips": strips,
        "exposures": np.concatenate([world.exposures(party).ravel() for party in parties]),
    }


def spot_order(walked: tuple[Steps, ...], spots: int) -> NDArray[np.int64]:
    """The World's spots in the order in which routes first come to them, in which the tables number them.

    What belongs to successive spots stands together in memory, which is read much quicker.
    """
    visited = np.concatenate([steps.spot for steps in walked])
    first = np.full(spots, len(visited))
    np.minimum.at(first, visited, np.arange(len(visited)))
    return np.argsort(first, kind="stable")


def _concealments(walked: tuple[Steps, ...]) -> NDArray[np.float64]:
    """Concealment of the ground at each step of all routes."""
    return np.concatenate([steps.concealment for steps in walked])


def _routes(
    parties: Routes,
    crossings: tuple[Crossing, ...],
    ways: tuple[str, ...],
    strip_counts: NDArray[np.int64],
    same: NDArray[np.int64],
    behaviour: str,
) -> Records:
    """All routes, but for how dangerous they are felt to be; `ways` begins with the name of the quickest one."""
    every = [route for routes in parties for route in routes]
    table = np.zeros(len(every), dtype=layout.ROUTE)
    counts = np.array([route.steps + 1 for route in every])
    table["first_step"] = np.cumsum(counts) - counts
    table["steps"] = counts - 1
    table["strips"], table["first_strip"] = strip_counts, np.cumsum(strip_counts) - strip_counts
    table["first_same"], table["same"] = same.T
    table["first_fork"] = np.cumsum(same[:, 1]) - same[:, 1]
    for row, route in enumerate(every):
        table["liked"][row] = entity(liked(behaviour, crossings[route.crossing].name, ways[route.way + 1]))
        _describe(route, table[row : row + 1])
    return table


def _describe(route: Route, row: Records) -> None:
    row["raft_step"], row["landing_step"], row["crossing"] = route.raft_step, route.landing_step, route.crossing
    row["stride_km"] = np.sqrt(np.diff(route.x_km) ** 2 + np.diff(route.y_km) ** 2).max(initial=0.0)


def _steps(walked: tuple[Steps, ...], order: NDArray[np.int64]) -> tuple[Records, Records]:
    """Stretches of all routes, and every step of them, and one more; nobody sees them yet."""
    table = np.zeros(sum(len(steps.spot) for steps in walked) + 1, dtype=layout.STEP)
    for name in ("x_km", "y_km"):
        table[name][:-1] = np.concatenate([getattr(steps, name) for steps in walked])
    table["spot"][:-1] = np.argsort(order)[np.concatenate([steps.spot for steps in walked])]
    return _stretches(table, _counts(walked)), table


def _stretches(steps: Records, counts: NDArray[np.int64]) -> Records:
    """Successive steps of a route on the same spot; notes in the steps which are theirs.

    Parameters
    ----------
    counts:
        Steps of each route.
    """
    lasts = np.append(np.diff(steps["spot"][:-1]) != 0, True)
    lasts[np.cumsum(counts) - 1] = True
    at = np.nonzero(lasts)[0]
    steps["stretch"][:-1] = np.cumsum(lasts) - lasts
    stretches = np.zeros(len(at), dtype=layout.STRETCH)
    stretches["spot"] = steps["spot"][at]
    stretches["last_step"] = at - np.repeat(np.cumsum(counts) - counts, counts)[at]
    return stretches


def _seen(
    steps: Records, walked: tuple[Steps, ...], watches: tuple[tuple[PostHazards, ...], ...], airs: int
) -> tuple[Records, Records, NDArray[np.int64]]:
    """The steps with where their views begin, the views by step and post, and the hazards of a minute at each view.

    Parameters
    ----------
    steps:
        As `_steps` makes them.
    watches:
        For each party what each post sees of it.
    airs:
        How many states of the air there are, see `sim.engine.layout.danger_row`.
    """
    steps, firsts = steps.copy(), _numbered(walked)
    flat = [
        (first, post, watch) for first, each in zip(firsts, watches, strict=True) for post, watch in enumerate(each)
    ]
    step = np.concatenate([np.zeros(0, dtype=np.int64), *(first + watch.step for first, _, watch in flat)])
    order = np.argsort(step, kind="stable")
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    views = np.zeros(len(step), dtype=layout.VIEW)
    dangers = np.zeros((airs, len(step)), dtype=np.int64)
    begun = 0
    for _, post, watch in flat:
        mine = place[begun : begun + len(watch.step)]
        views["post"][mine], views["metre"][mine] = post, watch.metre
        dangers[:, mine] = watch.hazards.reshape(airs, -1)
        begun += len(mine)
    steps["first_view"][1:] = np.cumsum(np.bincount(step, minlength=len(steps) - 1))
    steps["next_busy"][:-1] = _next_marked(np.diff(steps["first_view"]) > 0, _counts(walked))
    return steps, views, dangers


def _numbered(walked: tuple[Steps, ...]) -> list[int]:
    """Where the steps of each party begin."""
    return [0, *np.cumsum([len(steps.spot) for steps in walked])[:-1].tolist()]


def _counts(walked: tuple[Steps, ...]) -> NDArray[np.int64]:
    """Steps of each route, the first and the last included."""
    return np.concatenate([np.diff(one.first) for one in walked])


def _next_marked(marked: NDArray[np.bool_], counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """For each step of each route the next from it on that is marked, or the last of the route."""
    last = np.cumsum(counts) - 1
    marked = marked.copy()
    marked[last] = True
    at = np.where(marked, np.arange(len(marked)), len(marked))
    return np.minimum.accumulate(at[::-1])[::-1] - np.repeat(last - counts + 1, counts)


def _strips(crossed: tuple[tuple[StripCrossing, ...], ...]) -> tuple[Records, NDArray[np.int64]]:
    """Where each route crosses the control strip, and how often."""
    strips = [one for each in crossed for one in each]
    table = np.zeros(len(strips), dtype=layout.STRIP)
    for name in StripCrossing._fields:
        table[name] = [getattr(one, name) for one in strips]
    return table, np.array([len(each) for each in crossed], dtype=np.int64)


def _forks(parties: Routes) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Step at which each route parts from those over the same crossing point; the first of these, and how many.

    Routes over the same crossing point stand one after the other.
    """
    forks, same, begun = [], [], 0
    for routes in parties:
        crossings = [route.crossing for route in routes]
        for route in routes:
            first, count = crossings.index(route.crossing), crossings.count(route.crossing)
            same.append((begun + first, count))
            forks += [fork_step(route, other) for other in routes[first : first + count]]
        begun += len(routes)
    return np.array(forks, dtype=np.int64), np.array(same, dtype=np.int64)


def _felt(world: World, party: int) -> NDArray[np.float64]:
    """What the danger of each route is felt to be by all who choose alike; 0 where each knows other posts."""
    here, routes = world.scenario, world.routes[party]
    behaviour, danger = here.infiltrators.behaviour, here.infiltrators.danger
    if behaviour == "informed":
        return np.zeros(len(routes))
    known = [here.awareness(post) for post in range(len(here.all_posts))]
    patrols = world.patrol_exposures(party) if behaviour == "best_response" else [()] * len(routes)
    stopped = [danger.get(world.crossings[route.crossing].name, 0.0) for route in routes]
    seen = zip(stopped, world.exposures(party), patrols, strict=True)
    return np.array([felt_danger(behaviour, *each, known) for each in seen])
