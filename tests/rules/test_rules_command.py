"""Delays against the gamma distribution; beliefs, neighbours, needs and alerts by hand."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from given_draws import given_draws, one_draw
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sim.rules import command
from sim.rules.command import (
    alert_span,
    are_enough,
    believed_route,
    check_left,
    check_minutes,
    hears_of,
    is_known,
    is_on_alert,
    is_prolonged,
    is_recognised,
    men_to_send,
    passing_hazard,
    place_reported,
    report_delay,
    wrong_guess,
)
from sim.rules.randomness import Purpose, pair


@pytest.mark.parametrize(("since_min", "left"), [(0, 15), (14, 1), (15, 0), (200, 0)])
def test_a_check_goes_on_while_the_group_waits(since_min: int, left: int) -> None:
    assert check_left(15, since_min) == left


@pytest.mark.parametrize(
    ("step", "minute", "reported"),
    [(100, 60, (120, 80)), (119, 60, (120, 61)), (120, 60, (120, 60)), (121, 60, (121, 60))],
)
def test_who_is_on_the_water_is_reported_where_and_when_he_lands(
    step: int, minute: int, reported: tuple[int, int]
) -> None:
    """From bank to bank, steps 100 to 120, a step takes a minute."""
    assert place_reported(step, minute, 120) == reported


@pytest.mark.parametrize(
    ("draw", "guess"), [(0.0, -1), (0.24, -1), (0.25, 0), (0.49, 0), (0.51, 1), (0.74, 1), (0.76, 2), (0.99, 2)]
)
def test_a_right_guess_once_in_four_and_three_wrong_ones_as_often(draw: float, guess: int) -> None:
    assert wrong_guess(draw, 0.25, 3) == guess


@pytest.mark.parametrize("chance", [0.0, 0.3, 1.0])
def test_where_there_is_nothing_to_guess_the_guess_is_right(chance: float) -> None:
    assert {wrong_guess(draw, chance, 0) for draw in (0.001, 0.5, 0.999)} == {-1}


@pytest.mark.parametrize("others", [1, 5])
def test_certain_guesses(others: int) -> None:
    assert {wrong_guess(draw, 1.0, others) for draw in (0.001, 0.5, 0.999)} == {-1}
    assert {wrong_guess(draw, 0.0, 1) for draw in (0.001, 0.5, 0.999)} == {0}


@given(st.integers(1, 9), st.integers(0, 9), st.integers(1, 6))
def test_every_other_way_has_the_same_share(tenths: int, whole: int, others: int) -> None:
    """The middles of 60 cells of what a right guess leaves: each way gets its part of them."""
    chance = Fraction(tenths, 10)
    draws = [chance + (1 - chance) * Fraction(2 * cell + 1, 120) for cell in range(60)]
    guesses = [wrong_guess(float(draw), float(chance), others) for draw in draws]
    assert [guesses.count(way) for way in range(others)] == [60 // others] * others
    assert wrong_guess(float(chance * whole / 10), float(chance), others) == -1


def believed(draw: float, step: int, own: int = 1) -> int:
    """One of four routes that part after steps 3, (itself), 5 and 9; the right one is guessed once in four."""
    forks = [3, 3, 5, 9]
    forks[own] = 20
    told, asked = one_draw(command, draw, lambda: believed_route(7, 2, 9, 0.25, forks, own, step))
    assert asked in ([], [(7, pair(2, 9), Purpose.ROUTE_GUESS, 0)])
    assert bool(asked) == (step <= 9)
    return told  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("step", "routes"),
    [(3, [1, 0, 2, 3]), (4, [1, 2, 2, 3]), (5, [1, 2, 2, 3]), (6, [1, 3, 3, 3]), (9, [1, 3, 3, 3]), (10, [1, 1, 1, 1])],
)
def test_only_routes_that_are_still_the_same_are_believed_in(step: int, routes: list[int]) -> None:
    """Draws in the middle of the four quarters: the first is a right guess, the rest falls evenly on those open."""
    assert [believed(draw, step) for draw in (0.125, 0.375, 0.6, 0.875)] == routes


def test_the_own_route_may_stand_anywhere_among_them() -> None:
    assert [believed(draw, 3, own=0) for draw in (0.125, 0.375, 0.6, 0.875)] == [0, 1, 2, 3]
    assert [believed(draw, 3, own=3) for draw in (0.125, 0.375, 0.6, 0.875)] == [3, 0, 1, 2]


# -- who hears, and how many are sent --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("east", "north", "radius", "hears"),
    [(3.0, 4.0, 5.0, True), (3.0, 4.0, 4.99, False), (-3.0, -4.0, 5.0, True), (0.0, 0.0, 0.0, False)],
)
def test_a_neighbour_is_within_the_sharing_radius(east: float, north: float, radius: float, hears: bool) -> None:
    """A radius of 0 shares with nobody, not even on the same spot."""
    assert hears_of(True, False, False, True, east, north, radius) is hears
    assert hears_of(True, False, True, True, east, north, radius) is False, "nobody is a neighbour of himself"


@pytest.mark.parametrize("cued", [False, True])
def test_the_reaction_force_hears_where_the_interior_is_cued(cued: bool) -> None:
    assert hears_of(True, True, False, cued, 500.0, 0.0, 0.0) is cued
    assert hears_of(True, True, False, cued, 1.0, 0.0, 5.0) is cued


@pytest.mark.parametrize("is_force", [False, True])
def test_no_unit_hears_of_a_post_that_cues_the_interior_alone(is_force: bool) -> None:
    assert not hears_of(False, is_force, False, True, 1.0, 0.0, 5.0)


def test_men_of_others_are_known_by_a_common_picture_only() -> None:
    assert [is_known(common, same) for common in (False, True) for same in (False, True)] == [False, True, True, True]


def test_what_a_man_adds_to_the_hazard_while_a_group_passes() -> None:
    """Half a kilometre to come and as much to go at 0.5 of 3.022 km/h: 1.511 km/h, at 0.3 an hour."""
    assert passing_hazard(0.3, 0.5, 0.5) == pytest.approx(0.3 / 1.511)


@given(st.integers(0, 300), st.floats(-1.0, 200.0), st.floats(0.0, 5.0))
def test_men_are_enough_by_random_search(men: int, wanted: float, passing: float) -> None:
    """Of n men n (1 - exp(-n h)) can be expected to meet the group."""
    expected = -men * math.expm1(-men * passing)
    if abs(expected - wanted) > 1e-6 * max(men, 1) or wanted <= 0:
        assert are_enough(men, wanted, passing) is (expected >= wanted)


@given(st.integers(0, 60), st.integers(0, 60), st.floats(-1.0, 100.0), st.floats(0.0, 1.0))
def test_no_more_of_a_unit_are_sent_than_it_takes(men: int, under_way: int, wanted: float, passing: float) -> None:
    """The fewest of 0, 1, 2 ... that are enough, or all; in two halves, the second after the first, as many."""
    fewest = next((some for some in range(men) if are_enough(under_way + some, wanted, passing)), men)
    assert men_to_send(men, under_way, wanted, passing) == fewest
    first = men_to_send(men // 2, under_way, wanted, passing)
    assert first + men_to_send(men - men // 2, under_way + first, wanted, passing) == fewest


def test_nobody_is_enough_where_nobody_can_meet_the_group() -> None:
    assert not are_enough(5000, 1.0, 0.0)
    assert are_enough(0, 0.0, 0.0)


def test_an_alert_by_hand() -> None:
    """Raised at minute 100, on after 15 minutes, for an hour and a half."""
    start, end = alert_span(100, 15, 90.0)
    assert (start, end) == (115, 205.0)
    assert [is_on_alert(minute, start, end) for minute in (114, 115, 204, 205)] == [False, True, True, False]


def test_an_alert_is_prolonged_until_it_is_over() -> None:
    """From when it is raised; one that is over begins anew, and one of no length never begins."""
    assert [is_prolonged(minute, 115, 205.5) for minute in (100, 115, 205, 206)] == [True, True, True, False]
    assert [is_prolonged(minute, 115, 115.0) for minute in (100, 115, 116)] == [False, False, False]


# -- checks ----------------------------------------------------------------------------------------------------------


def test_a_check_takes_its_minutes_where_one_is_due() -> None:
    assert (check_minutes(True, 12), check_minutes(False, 12)) == (12, 0)


@pytest.mark.parametrize(("draw", "known"), [(0.59, True), (0.6, False)])
def test_a_check_recognises_as_many_false_alarms_as_it_catches(draw: float, known: bool) -> None:
    told = one_draw(command, draw, lambda: is_recognised(7, 9, 3, True, 0.6))
    assert told == (known, [(7, 9, Purpose.FALSE_ALARM_CHECK, 3)])
    assert one_draw(command, draw, lambda: is_recognised(7, 9, 3, False, 0.6))[0] is False


# -- the report delay ---------------------------------------------------------------------------------------------

LAWS = pytest.mark.parametrize("stages", [1, 2, 3, 10])


def delay(mean_min: float, stages: int, draws: list[float]) -> int:
    """The delay of the first report, with the draws of its stages given."""
    with given_draws(command, draws.__getitem__):
        return report_delay(1, 2, 0, mean_min, stages)


def delays(mean_min: float, stages: int, number: int) -> np.ndarray:
    draws = np.random.default_rng(stages).random((number, max(1, stages)))
    return np.array([delay(mean_min, stages, row) for row in draws.tolist()])


@LAWS
def test_a_report_delay_is_a_gamma_number(stages: int) -> None:
    """A mean of a million minutes leaves nothing of the rounding; Kolmogorov-Smirnov, 1 in 1,000 (seed fixed)."""
    found = delays(1e6, stages, 3000)
    assert stats.kstest(found, "gamma", args=(stages, 0.0, 1e6 / stages)).pvalue > 1e-3


@LAWS
def test_the_mean_is_kept_and_the_variance_is_its_square_over_the_stages(stages: int) -> None:
    """8,000 delays: the mean within 4 standard errors (1 in 16,000), the variance within 15 per cent (seed fixed)."""
    found = delays(30, stages, 8000)
    assert abs(found.mean() - 30.0) < 4 * 30.0 / np.sqrt(stages * len(found))
    assert found.var() == pytest.approx(30.0**2 / stages + 1 / 12, rel=0.15)


def test_a_fixed_delay_draws_nothing() -> None:
    assert delay(45, 0, []) == 45


@LAWS
def test_no_delay_is_no_delay(stages: int) -> None:
    assert delay(0, stages, [0.001] * stages) == 0


def test_each_stage_has_a_draw_of_its_own() -> None:
    """Two stages of mean 10 at -ln 0.5 = 0.693 and -ln 0.1 = 2.303: 29.96 minutes."""
    assert delay(20, 2, [0.5, 0.1]) == 30


def test_delays_by_hand() -> None:
    """ln 2 = 0.693 for each stage, rounded: 30 x 0.693 = 20.79, whatever their number."""
    assert [delay(30, stages, [0.5] * 3) for stages in (0, 1, 3)] == [30, 21, 21]


def test_each_report_has_draws_of_its_own() -> None:
    """The third report of an observer about a group begins at the counter 2 x 64."""
    _, asked = one_draw(command, 0.5, lambda: report_delay(7, 9, 2, 30, 2))
    assert asked == [(7, 9, Purpose.REPORT_DELAY, 128), (7, 9, Purpose.REPORT_DELAY, 129)]
