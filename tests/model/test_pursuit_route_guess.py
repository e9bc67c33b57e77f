"""What command takes a group's way to be: the candidates by comparing points, the shares by the binomial.

Shares are of a thousand groups; each bound refuses a right model once in 1,000 seeds, and the seeds are fixed.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from scipy import stats
from small_case import TWO_WAYS, flow, small_model, small_world

from sim.model import BorderModel, Group
from sim.model.pursuit import believed_route
from sim.rules.randomness import entity

OBSERVER = entity("old_post")


@cache
def crowd(chance: float, seed: int = 1) -> BorderModel:
    return small_model(
        "without", seed, **flow(), **{"infiltrators.ways": TWO_WAYS, "command.route_guess_probability": chance}
    )


def candidates(group: Group, step: int) -> set[int]:
    """Routes over the same crossing point whose points up to a step are those of the group's own."""
    own = group.route
    return {
        number
        for number, route in enumerate(group.routes)
        if route.crossing == own.crossing
        and route.steps >= step
        and np.array_equal(route.x_km[: step + 1], own.x_km[: step + 1])
        and np.array_equal(route.y_km[: step + 1], own.y_km[: step + 1])
    }


def test_each_crossing_point_has_several_ways_that_part_beyond_it() -> None:
    """So that the tests below are able to fail."""
    model = crowd(0.6)
    for group in model.groups[:50]:
        assert len(candidates(group, group.route.landing_step)) == 3
        assert candidates(group, group.route.steps) == {group.route_number}


@pytest.mark.parametrize("chance", [0.0, 0.35, 0.8])
def test_the_true_way_is_guessed_as_often_as_said(chance: float) -> None:
    model = crowd(chance)
    right = others = first = 0
    for group in model.groups:
        step = group.route.landing_step
        believed = believed_route(model, OBSERVER, group, step)
        assert believed in candidates(group, step)
        right += believed == group.route_number
        wrong = sorted(candidates(group, step) - {group.route_number})
        if believed in wrong:
            others, first = others + 1, first + (believed == wrong[0])
    low, high = stats.binom.ppf([0.0005, 0.9995], len(model.groups), chance)
    assert low <= right <= high
    # Of two wrong ones, either is as likely.
    low, high = stats.binom.ppf([0.0005, 0.9995], others, 0.5)
    assert low <= first <= high


def test_who_knows_is_always_right() -> None:
    model = crowd(1.0)
    assert all(
        believed_route(model, OBSERVER, group, step) == group.route_number
        for group in model.groups[:200]
        for step in (0, group.route.landing_step, group.route.steps)
    )


@pytest.mark.parametrize("chance", [0.0, 0.5])
def test_once_the_ways_have_parted_the_true_one_is_plain(chance: float) -> None:
    model = crowd(chance)
    for group in model.groups[:200]:
        parted = next(step for step in range(group.route.steps + 1) if candidates(group, step) == {group.route_number})
        for step in (parted, group.route.steps):
            assert believed_route(model, OBSERVER, group, step) == group.route_number
        assert len(candidates(group, parted - 1)) > 1
        if chance == 0.0:
            assert believed_route(model, OBSERVER, group, parted - 1) != group.route_number


def test_an_observer_keeps_to_its_guess_while_the_same_ways_are_open() -> None:
    model = crowd(0.5)
    for group in model.groups[:100]:
        landed = candidates(group, group.route.landing_step)
        steps = [step for step in range(group.route.landing_step) if candidates(group, step) == landed]
        assert len({believed_route(model, OBSERVER, group, step) for step in steps[::10]}) == 1


def test_observers_guess_apart() -> None:
    """Two with a chance of 1/2 agree to be right in a quarter of the groups."""
    model = crowd(0.5)
    both = sum(
        all(
            believed_route(model, entity(name), group, group.route.landing_step) == group.route_number
            for name in ("old_post", "bank")
        )
        for group in model.groups
    )
    low, high = stats.binom.ppf([0.0005, 0.9995], len(model.groups), 0.25)
    assert low <= both <= high


def test_men_wait_on_the_way_that_command_believes_in() -> None:
    """Whole runs: where no guess is right men go to ways that the group does not take, with knowledge never."""
    seeing = {"outpost.range_km": 4.0, "sensors.thermal.rate_per_hour": 60.0, "infiltrators.ways": TWO_WAYS}
    wrong = {}
    for chance in (0.0, 1.0):
        world = small_world(**seeing, **{"command.route_guess_probability": chance})
        wrong[chance] = sum(wrongly_sent(BorderModel(rng=1, replication=r, world=world)) for r in range(30))
    assert wrong[1.0] == 0
    assert wrong[0.0] > 5


def wrongly_sent(model: BorderModel) -> bool:
    """Whether anybody goes after a group on a way that is not the group's."""
    while model.running:
        model.step()
        for unit in model.units:
            if unit.chase is not None and unit.chase.report.route != unit.chase.report.group.route_number:
                return True
    return False
