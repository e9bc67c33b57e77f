"""Route choice in compiled code: the way of least perceived cost, by what a group knows and likes."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from sim.engine.codes import BEST_RESPONSE, INFORMED, QUANTAL
from sim.engine.compiling import part
from sim.rules.choice import perceived_cost
from sim.rules.randomness import Purpose, minus_log, pair, uniform

BUCKETS = 512
MOST_GUMBEL = 40.0
"""More than -ln(-ln u) for any u that can come up."""

GUMBEL_AT_MOST = np.array([-math.log(-math.log((k + 1) / BUCKETS)) + 1e-9 for k in range(BUCKETS - 1)] + [MOST_GUMBEL])
"""A bound on the Gumbel number of the uniform numbers from k / BUCKETS to (k + 1) / BUCKETS."""


@part
def choose_route(chart: Any, run: Any, g: int) -> int:
    """Number of the route that seems best to a group, the first of equals.

    A taste is a logarithm of a logarithm. Where even the best taste that its draw allows could not make a route as good
    as the best so far, it is not taken: the choice is the same. The short routes are looked at first, since most of the
    others then fall out.
    """
    case, group = chart.case[0], run.groups[g]
    party = chart.parties[group.party]
    if case.behaviour == INFORMED:
        _find_known(chart, run, g)
    scale = _scale_of_taste(case)
    best, least = party.first_route, np.inf
    for place in range(party.first_route, party.first_route + party.routes):
        number = chart.by_length[place]
        route = chart.routes[number]
        draw, most = 0.5, 0.0
        if scale > 0.0:
            liked = route.crossing_entity if case.behaviour == QUANTAL else route.label
            draw = uniform(run.now[0].key, pair(group.entity, liked), Purpose.TASTE)
            most = scale * GUMBEL_AT_MOST[int(draw * BUCKETS)]
        if perceived_cost(float(route.steps), case.aversion, 0.0, most) > least:
            continue
        exposure = _known_exposure(chart, run, number) if case.behaviour == INFORMED else route.exposure
        if perceived_cost(float(route.steps), case.aversion, exposure, most) > least:
            continue
        taste = scale * minus_log(minus_log(draw)) if scale > 0.0 else 0.0
        cost = perceived_cost(float(route.steps), case.aversion, exposure, taste)
        if cost < least or (cost == least and number < best):
            best, least = number, cost
    return best


@part
def _scale_of_taste(case: Any) -> float:
    """Minutes by which a Gumbel number counts; who answers best has no taste."""
    if case.behaviour == BEST_RESPONSE:
        return 0.0
    return case.quantal_min if case.behaviour == QUANTAL else case.spread_min


@part
def _find_known(chart: Any, run: Any, g: int) -> None:
    """Which posts a group knows of."""
    for post in range(chart.case[0].posts):
        who = pair(run.groups[g].entity, chart.units[post].entity)
        run.known[post] = uniform(run.now[0].key, who, Purpose.AWARENESS) < chart.units[post].awareness


@part
def _known_exposure(chart: Any, run: Any, number: int) -> float:
    total = 0.0
    for post in range(chart.case[0].posts):
        if run.known[post]:
            total += chart.exposures[number, post]
    return total
