"""Belief in compiled code: which way those who see a group take it to be on."""

from __future__ import annotations

from typing import Any

from sim.engine.compiling import part, small
from sim.rules.belief import wrong_guess
from sim.rules.randomness import Purpose, pair, uniform


@part
def believed_route(chart: Any, run: Any, observer: int, g: int, step: int) -> int:
    """Number of the route on which a group is believed to be, by whoever saw it at a step of its route."""
    group = run.groups[g]
    true = chart.routes[group.route]
    open_ways = 0
    for other in range(true.same):
        open_ways += chart.forks[true.first_fork + other] >= step
    if open_ways <= 1:
        return group.route
    draw = uniform(run.now[0].key, pair(chart.units[observer].entity, group.entity), Purpose.ROUTE_GUESS)
    guess = wrong_guess(draw, chart.case[0].guess_probability, open_ways - 1)
    if guess < 0:
        return group.route
    for other in range(true.same):
        if chart.forks[true.first_fork + other] >= step and true.first_same + other != group.route:
            if guess == 0:
                return true.first_same + other
            guess -= 1
    return group.route


@small
def fork_of(chart: Any, first: int, second: int) -> int:
    """Last step up to which two routes over the same crossing point are the same."""
    route = chart.routes[first]
    return chart.forks[route.first_fork + second - route.first_same]
