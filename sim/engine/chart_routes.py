"""The routes of a chart: parties, their routes step by step, who sees each step, and where the strip is crossed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.engine import chart as layout
from sim.engine.chart import Records, danger_row
from sim.engine.codes import KINDS
from sim.rules.choice import added_up, detected_by_any
from sim.rules.randomness import entity
from sim.rules.sensing import MARCHING
from sim.scenario.stream import Stream
from sim.world import World
from sim.world.hazards import LIGHTS, exposure, marching_hazards
from sim.world.routes import Route

Row = dict[str, Any]


def party_rows(world: World) -> Iterator[Row]:
    """Groups, then streams, as in the World's tables."""
    begun, here = 0, world.scenario
    same = "night_pace lying_up_factor signature notice_km notice_night_factor notice_probability hide_min"
    for party, routes in zip(here.infiltrators.parties, world.routes, strict=True):
        yield {
            **{name: getattr(party, name) for name in same.split()},
            "first_route": begun,
            "routes": len(routes),
            "kind": KINDS.index(party.kind),
            "pace_low": party.pace_low,
            "pace_high": party.pace_high,
            "will": party.will_to_fight or 0.0,
            "admitted": party.admitted_probability or 0.0,
            "rafts_by_night": party.rafts_by_night,
            "lies_up": party.lies_up,
            "goes_inland": party.inland and here.inland.enabled,
            "entity": entity(party.name),
            "prefix": entity(f"{party.name}_"),
            **_coming(party),
        }
        begun += len(routes)


def _coming(party: Any) -> Row:
    """When groups of a party set out, and how many persons they are."""
    if not isinstance(party, Stream):
        return {
            "is_stream": False,
            "depart_earliest_min": party.depart_earliest_min,
            "depart_latest_min": party.depart_latest_min,
            "size": party.size,
            "size_high": party.size,
            "per_min": 0.0,
            "from_min": 0,
            "until_min": 0,
        }
    low = party.size or 1
    return {
        "is_stream": True,
        "depart_earliest_min": 0,
        "depart_latest_min": 0,
        "size": low,
        "size_high": low if party.size_high is None else party.size_high,
        "per_min": party.per_day / 1440.0,
        "from_min": party.from_min,
        "until_min": party.until_min,
    }


Keys = list[tuple[int, int]]
"""Party and number of each route, in the order in which the chart numbers them."""


def route_keys(world: World) -> Keys:
    """All routes of all parties."""
    return [(party, number) for party, routes in enumerate(world.routes) for number in range(len(routes))]


def route_tables(world: World) -> dict[str, NDArray[Any]]:
    """The tables of a chart that belong to routes."""
    keys = route_keys(world)
    steps, looks = _steps(world, keys)
    strips, strip_counts = _strips(world, keys)
    forks, same = _forks(world, keys)
    routes = _routes(world, keys, strip_counts, same)
    return {
        "routes": routes,
        "by_length": np.lexsort((routes["steps"], np.array([party for party, _ in keys]))),
        "stretches": _stretches(steps, routes),
        "steps": steps,
        "concealments": concealments_of(world, keys),
        "looks": looks,
        "dangers": _dangers(world, keys, steps, looks),
        "forks": forks,
        "strips": strips,
        "exposures": np.concatenate([world.exposures(party) for party in range(len(world.routes))]),
    }


def spot_order(world: World) -> NDArray[np.int64]:
    """The World's spots in the order in which routes first come to them, in which the chart numbers them.

    What is told of successive spots stands together in memory, which is read much quicker.
    """
    visited = _spots(world, route_keys(world))
    first = np.full(len(world.spots), len(visited))
    np.minimum.at(first, visited, np.arange(len(visited)))
    return np.argsort(first, kind="stable")


def _spots(world: World, keys: Keys) -> NDArray[np.int64]:
    """Spot of each step of all routes."""
    return np.concatenate([world.route_spots(*key) for key in keys])


def concealments_of(world: World, keys: Keys) -> NDArray[np.float64]:
    """Concealment of the ground at each step of all routes."""
    return np.concatenate([world.concealment(*key) for key in keys])


def _routes(world: World, keys: Keys, strip_counts: NDArray[np.int64], same: NDArray[np.int64]) -> Records:
    routes = np.zeros(len(keys), dtype=layout.ROUTE)
    counts = np.array([world.routes[party][number].steps + 1 for party, number in keys])
    routes["first_step"] = np.cumsum(counts) - counts
    routes["steps"] = counts - 1
    routes["strips"], routes["first_strip"] = strip_counts, np.cumsum(strip_counts) - strip_counts
    routes["first_same"], routes["same"] = same.T
    routes["first_fork"] = np.cumsum(same[:, 1]) - same[:, 1]
    routes["exposure"] = np.concatenate([_felt(world, party) for party in range(len(world.routes))])
    for row, (party, number) in enumerate(keys):
        _describe(world, world.routes[party][number], routes[row : row + 1])
    return routes


def _describe(world: World, route: Route, row: Records) -> None:
    crossing = world.crossings[route.crossing].name
    row["raft_step"], row["landing_step"], row["crossing"] = route.raft_step, route.landing_step, route.crossing
    row["label"] = entity(f"{crossing}/{world.way_name(route.way)}")
    row["crossing_entity"] = entity(crossing)
    row["stride_km"] = np.sqrt(np.diff(route.x_km) ** 2 + np.diff(route.y_km) ** 2).max(initial=0.0)


def _steps(world: World, keys: Keys) -> tuple[Records, Records]:
    """Every step of every route, and the posts that see it."""
    routes = [world.routes[party][number] for party, number in keys]
    steps = np.zeros(sum(route.steps + 1 for route in routes) + 1, dtype=layout.STEP)
    steps["x_km"][:-1] = np.concatenate([route.x_km for route in routes])
    steps["y_km"][:-1] = np.concatenate([route.y_km for route in routes])
    steps["spot"][:-1] = np.argsort(spot_order(world))[_spots(world, keys)]
    metres = np.concatenate([world.measure_posts(*key) for key in keys], axis=1).T
    step, post = np.nonzero(metres < _farthest_m(world))
    looks = np.zeros(len(step), dtype=layout.LOOK)
    looks["post"], looks["metre"] = post, metres[step, post]
    steps["first_look"] = np.searchsorted(step, np.arange(len(steps)))
    steps["next_busy"][:-1] = _next_busy(np.diff(steps["first_look"]) > 0, [route.steps for route in routes])
    return steps, looks


def _dangers(world: World, keys: Keys, steps: Records, looks: Records) -> NDArray[np.int64]:
    """Hazard of a minute to the party that marches there, shape (weathers x lights, looks)."""
    parties, weathers = world.scenario.infiltrators.parties, world.scenario.light.weather
    table = np.zeros((len(weathers) * len(LIGHTS), len(looks)), dtype=np.int64)
    counts = [world.routes[party][number].steps + 1 for party, number in keys]
    owner = np.repeat([party for party, _ in keys], counts)
    at = np.repeat(np.arange(len(steps) - 1), np.diff(steps["first_look"]))
    concealments, open_to = concealments_of(world, keys), np.zeros(len(looks))
    for index, party in enumerate(parties):
        mine = owner[at] == index
        open_to[mine] = exposure(party, concealments[at[mine]], MARCHING)
    for post in range(len(world.scenario.all_posts)):
        seen = np.nonzero(looks["post"] == post)[0]
        for weather in range(len(weathers)):
            for light, rates in enumerate(world.post_rates(post, weather)):
                hazards = marching_hazards(rates, looks["metre"][seen], open_to[seen])
                table[danger_row(weather, light), seen] = hazards
    return table


def _stretches(steps: Records, routes: Records) -> Records:
    """Successive steps of a route on the same spot; notes in the steps which are theirs."""
    lasts = np.append(np.diff(steps["spot"][:-1]) != 0, True)
    lasts[routes["first_step"] + routes["steps"]] = True
    at = np.nonzero(lasts)[0]
    steps["stretch"][:-1] = np.cumsum(lasts) - lasts
    stretches = np.zeros(len(at), dtype=layout.STRETCH)
    stretches["spot"] = steps["spot"][at]
    stretches["last_step"] = at - np.repeat(routes["first_step"], routes["steps"] + 1)[at]
    return stretches


def _next_busy(seen: NDArray[np.bool_], lengths: list[int]) -> NDArray[np.int64]:
    """For each step of each route the next from it on that is seen, or the last of the route."""
    counts = np.array(lengths) + 1
    last = np.cumsum(counts) - 1
    seen = seen.copy()
    seen[last] = True
    at = np.nonzero(seen)[0]
    return at[np.searchsorted(at, np.arange(len(seen)))] - np.repeat(last - counts + 1, counts)


def _farthest_m(world: World) -> NDArray[np.int64]:
    """Metres from which each post sees nothing any more, in any light and weather, shape (posts,)."""
    weathers = range(len(world.scenario.light.weather))
    return np.array(
        [
            max(len(rates) for weather in weathers for rates in world.post_rates(post, weather))
            for post in range(len(world.scenario.all_posts))
        ],
        dtype=np.int64,
    )


def _strips(world: World, keys: Keys) -> tuple[Records, NDArray[np.int64]]:
    """Where each route crosses the control strip, and how often; nothing where it is not read."""
    read = world.scenario.control_strip.present
    found = [world.strip_crossings(*key) if read else () for key in keys]
    strips = np.array([tuple(map(float, one)) for each in found for one in each]).reshape(-1, 4)
    table = np.zeros(len(strips), dtype=layout.STRIP)
    for name, column in zip(("step", "patrol", "track", "along_km"), strips.T, strict=True):
        table[name] = column
    return table, np.array([len(each) for each in found], dtype=np.int64)


def _forks(world: World, keys: Keys) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Step at which each route parts from those over the same crossing point; the first of these, and how many.

    Routes over the same crossing point stand one after the other.
    """
    forks, same, begun = [], [], 0
    for routes in world.routes:
        crossings = [route.crossing for route in routes]
        for crossing in crossings:
            same.append((begun + crossings.index(crossing), crossings.count(crossing)))
        begun += len(routes)
    for (party, number), (first, count) in zip(keys, same, strict=True):
        local = first - (begun_of := sum(len(routes) for routes in world.routes[:party]))
        forks += [world.fork(party, number, local + other) for other in range(count)]
        assert begun_of <= first
    return np.array(forks, dtype=np.int64), np.array(same, dtype=np.int64)


def _felt(world: World, party: int) -> NDArray[np.float64]:
    """What the danger of each route is felt to be by all who choose alike; 0 where each knows other posts."""
    here, routes = world.scenario, world.routes[party]
    behaviour, danger = here.infiltrators.behaviour, here.infiltrators.danger
    if behaviour == "learning":
        return np.array([danger.get(world.crossings[route.crossing].name, 0.0) for route in routes])
    if behaviour == "best_response":
        seen = zip(world.exposures(party), world.patrol_exposures(party), strict=True)
        return np.array([detected_by_any([*posts, *patrols]) for posts, patrols in seen])
    if behaviour == "quantal":
        return np.array([_weighed(world, chances) for chances in world.exposures(party)])
    return np.zeros(len(routes))


def _weighed(world: World, chances: NDArray[np.float64]) -> float:
    """What the posts' chances are felt to be where each weighs as far as it is known."""
    return added_up(world.scenario.awareness(post) * float(chance) for post, chance in enumerate(chances))
