"""Pursuit by hand: who is led, who finds whom, how long men wait, and where they are a minute later."""

from __future__ import annotations

import math

import pytest

from sim.rules.pursuit import (
    contact_hazard,
    deadline,
    is_called_off,
    is_led,
    search_is_over,
    search_step,
    search_until,
    step_onward,
    wait_is_over,
)
from sim.rules.sensing import DAY, NIGHT, TWILIGHT
from sim.scenario.command import Command


def test_men_are_led_by_others_in_sight_of_the_group_and_a_common_picture() -> None:
    assert [is_led(*both) for both in ((True, True), (True, False), (False, True), (False, False))] == [
        True,
        False,
        False,
        False,
    ]


@pytest.mark.parametrize(
    ("men", "light", "visible", "per_hour"),
    [
        (8, NIGHT, 1.0, 0.8),
        (8, TWILIGHT, 1.0, 0.8),
        (8, DAY, 1.0, 2.0),
        (4, DAY, 0.2, 0.2),
        (8, NIGHT, 0.0, 0.0),
        (0, DAY, 1.0, 0.0),
    ],
)
def test_contact_is_in_proportion_to_men_and_visibility_and_quicker_by_day(
    men: int, light: int, visible: float, per_hour: float
) -> None:
    """At 0.1 a man and hour, two and a half times that by day."""
    assert contact_hazard(men, 0.1, 2.5, light, visible) == pytest.approx(per_hour / 60 * 2**32, abs=1)


def test_eight_men_near_a_group_for_half_an_hour_meet_it_with_a_third() -> None:
    """The default: 0.35 for a group that walks through at 2 km/h, in the open by night."""
    command = Command()
    hazard = 30 * contact_hazard(8, command.contact_per_man_hour, command.contact_day_factor, NIGHT, 1.0)
    assert 1 - math.exp(-hazard / 2**32) == pytest.approx(0.35, abs=0.001)
    assert command.contact_km == 0.5


@pytest.mark.parametrize(("minute", "over"), [(100, False), (129, False), (130, True), (131, True)])
def test_men_wait_from_their_arrival_on(minute: int, over: bool) -> None:
    """Arrived at 100, for half an hour."""
    assert wait_is_over(minute, 100, 30) is over


def test_a_step_on_a_route_by_hand() -> None:
    assert [step_onward(step, 1.5, 20.0) for step in (4.0, 18.5, 19.0, 20.0)] == [5.5, 20.0, 20.0, 20.0]


@pytest.mark.parametrize(
    ("step", "same_route", "then"),
    [
        (30.0, False, (28.0, False)),  # back towards the fork at 20
        (21.0, False, (20.0, False)),  # no farther than to it
        (20.0, False, (22.0, True)),  # from it on along the other route
        (12.0, False, (14.0, True)),  # before it both are one
        (30.0, True, (32.0, True)),
        (39.0, True, (40.0, True)),  # no farther than the goal
        (41.5, True, (40.0, True)),
        (45.0, True, (43.0, True)),
    ],
)
def test_men_on_another_route_go_back_to_where_it_parts(
    step: float, same_route: bool, then: tuple[float, bool]
) -> None:
    """Two steps a minute towards step 40."""
    assert search_step(step, same_route, 20.0, 40, 2.0) == then


@pytest.mark.parametrize(
    ("ended", "inland", "minute", "off"),
    [(False, False, 60, False), (False, False, 61, True), (True, False, 5, True), (False, True, 5, True)],
)
def test_men_go_home_when_there_is_nobody_to_meet_or_their_time_is_up(
    ended: bool, inland: bool, minute: int, off: bool
) -> None:
    assert is_called_off(ended, inland, minute, 60) is off


def test_a_chase_lasts_as_long_as_the_limit_from_the_departure() -> None:
    assert deadline(40, 360) == 400


def test_men_who_lose_a_group_look_for_it_so_long_or_not_at_all() -> None:
    assert (search_until(100, 45), search_until(100, 1), search_until(100, 0)) == (145, 101, -1)
    assert [search_is_over(minute, 145) for minute in (144, 145, 146)] == [False, True, True]
