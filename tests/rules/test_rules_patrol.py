"""Turns of duty, walks at random, the control strip and evasion: properties, distributions, and cases by hand."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable

import numpy as np
import pytest
from given_draws import given_draws, one_draw
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from sim.rules import patrol, randomness
from sim.rules.patrol import (
    AWAY,
    NOTICED,
    UNNOTICED,
    along_legs,
    drawn_offset,
    drawn_phase,
    drawn_share,
    duty_minutes,
    duty_until,
    finds_tracks,
    has_faded,
    hides_until,
    is_beside,
    is_hiding,
    is_watching,
    leg_end,
    next_turn,
    notice_reach_km,
    noticed,
    on_duty,
    on_leg,
    random_legs,
    reading_hazard,
    reading_per_man,
    strip_reach_km,
    turn_of_duty,
    waypoint,
)
from sim.rules.randomness import UNIT, Purpose, pair
from sim.rules.sensing import CERTAIN, DAY, NIGHT, TWILIGHT

MINUTES = st.integers(0, 20_000)


def legs_by(
    draw: Callable[[int], float], start_km: float, length_km: float, speed_kmh: float, horizon_min: int
) -> tuple[list[float], list[float]]:
    """A random walk on a patrol's first track whose draws are given by the number of the leg."""
    with given_draws(patrol, draw):
        return random_legs(1, 2, 0, start_km, length_km, speed_kmh, horizon_min)


@given(MINUTES, st.integers(2, 2000), st.floats(0, 1), st.floats(0, 1, exclude_max=True))
def test_duty_minutes_are_counted_right(horizon: int, cycle: int, duty: float, share: float) -> None:
    phase = int(share * cycle)
    horizon %= 3000
    counted = sum(on_duty(minute, phase, cycle, duty) for minute in range(horizon))
    assert duty_minutes(horizon, phase, cycle, duty) == counted


@given(st.integers(2, 2000), st.floats(0, 1), st.integers(0, 2000))
def test_the_share_of_duty_is_met_in_every_cycle(cycle: int, duty: float, start: int) -> None:
    watch = sum(on_duty(minute, 0, cycle, duty) for minute in range(start, start + cycle))
    assert watch == math.ceil(duty * cycle)


def walk(seed: int, length: float, speed: float, horizon: int) -> tuple[list[float], list[float]]:
    rng = np.random.default_rng(seed)
    draws = rng.random(int(horizon * speed / 60 / length * 6) + 100)
    return legs_by(lambda leg: float(draws[leg]), float(rng.random()) * length, length, speed, horizon)


@given(st.integers(0, 10**6), st.floats(0.5, 50.0), st.floats(0.5, 100.0), st.integers(0, 300))
@settings(max_examples=50)
def test_a_random_walk_stays_on_its_track_and_keeps_its_speed(
    seed: int, length: float, speed: float, horizon: int
) -> None:
    legs = walk(seed, length, speed, horizon)
    places = [along_legs(minute, *legs) for minute in range(horizon + 1)]
    assert all(-1e-9 <= place <= length + 1e-9 for place in places)
    assert all(abs(there - here) <= speed / 60 + 1e-9 for here, there in itertools.pairwise(places))
    assert places[0] == legs[1][0]


def test_between_its_turns_a_random_walk_goes_straight_at_full_speed() -> None:
    minutes, places = walk(4, 10.0, 6.0, 2000)
    for turn, (here, there) in enumerate(itertools.pairwise(places)):
        assert minutes[turn + 1] - minutes[turn] == pytest.approx(abs(there - here) / 6.0 * 60)
        middle = (minutes[turn] + minutes[turn + 1]) / 2
        assert along_legs(middle, minutes, places) == pytest.approx((here + there) / 2)


def test_a_random_walk_is_in_the_middle_more_often_than_at_the_ends() -> None:
    """In time, its place has the density 6 x (L - x) / L^3 (random waypoints: Bettstetter, Resta and Santi 2003).

    4,000 places 400 minutes apart, some twelve legs, so that they hardly hang together; chi-square over ten equal
    bins of the distribution 3 (x/L)^2 - 2 (x/L)^3; 1 in 1,000 (seed fixed).
    """
    legs = walk(11, 10.0, 6.0, 1_600_000)
    places = np.array([along_legs(minute, *legs) for minute in range(400, 1_600_001, 400)]) / 10.0
    counts, edges = np.histogram(places, bins=10, range=(0.0, 1.0))
    assert counts.sum() == len(places)
    assert stats.chisquare(counts, len(places) * np.diff(3 * edges**2 - 2 * edges**3)).pvalue > 1e-3


def test_turning_points_are_drawn_one_after_the_other() -> None:
    """Start at 1 of 4 km at 4 km/h; then 3, 0 and 2 km: 30, 45 and 30 minutes."""
    minutes, places = legs_by((0.75, 0.0, 0.5).__getitem__, 1.0, 4.0, 4.0, 100)
    assert (minutes, places) == ([0.0, 30.0, 75.0, 105.0], [1.0, 3.0, 0.0, 2.0])


def test_a_walk_that_turns_just_at_the_horizon_goes_on() -> None:
    """Two kilometres in 20 minutes, one in 10 more: at the horizon the walk is on its next leg."""
    minutes, places = legs_by((0.5, 0.25, 1.0).__getitem__, 0.0, 4.0, 6.0, 30)
    assert (minutes, places) == ([0.0, 20.0, 30.0, 60.0], [0.0, 2.0, 1.0, 4.0])
    assert legs_by((0.5, 0.25).__getitem__, 0.0, 4.0, 6.0, 29) == (minutes[:3], places[:3])


def test_a_leg_by_hand() -> None:
    """From kilometre 3 to kilometre 1 at 6 km/h, and to 4 at 9 km/h."""
    assert (leg_end(10.0, 3.0, 1.0, 6.0), leg_end(10.0, 1.0, 4.0, 9.0)) == (30.0, 30.0)
    assert [on_leg(minute, 10.0, 3.0, 30.0, 1.0) for minute in (10.0, 15.0, 25.0)] == [3.0, 2.5, 1.5]
    assert [on_leg(minute, 10.0, 1.0, 30.0, 4.0) for minute in (10.0, 12.0, 20.0)] == [1.0, 1.3, 2.5]


def test_at_its_last_turn_a_walk_is_at_the_place_itself() -> None:
    """Not at a sum that rounds: 0.9 + (0.3 - 0.9) falls short of 0.3. Nor is a leg needed to stand where it began."""
    assert along_legs(10.0, [0.0, 10.0], [0.9, 0.3]) == 0.3
    assert along_legs(0.0, [0.0], [2.0]) == 2.0


def test_who_asks_beyond_the_last_turn_is_still_on_the_track() -> None:
    """As a patrol of one's own may, that looks up another minute than the run's (`where(3 * minute)`)."""
    minutes, places = walk(5, 10.0, 6.0, 300)
    assert {along_legs(minute, minutes, places) for minute in (minutes[-1], minutes[-1] + 1, 10 * minutes[-1])} == {
        places[-1]
    }


def test_shares_are_met() -> None:
    """12,000 draws among three shares; chi-square, 1 in 1,000 (seed fixed)."""
    draws = np.random.default_rng(2).random(12_000)
    counts = np.bincount([drawn_share(float(draw), (0.15, 0.6)) for draw in draws], minlength=3)
    assert stats.chisquare(counts, 12_000 * np.array([0.25, 0.15, 0.6])).pvalue > 1e-3


@pytest.mark.parametrize(("shares", "only"), [((1.0,), 1), ((0.0, 1.0), 2), ((0.0, 0.0), 0), ((), 0)])
def test_certain_shares_leave_no_choice(shares: tuple[float, ...], only: int) -> None:
    assert {drawn_share(draw, shares) for draw in (1e-12, 0.3, 1 - 1e-12)} == {only}


def test_a_share_has_its_lower_end_and_not_its_upper() -> None:
    assert [drawn_share(draw, (0.25, 0.5)) for draw in (0.0, 0.24, 0.25, 0.74, 0.75)] == [1, 1, 2, 2, 0]


@given(st.integers(0, 3000), st.integers(1, 300), st.integers(0, 300))
def test_minutes_of_watch_before_a_minute_are_counted_right(minute: int, cycle: int, watch: int) -> None:
    watch = min(watch, cycle)
    assert duty_until(minute, cycle, watch) == sum(before % cycle < watch for before in range(minute))


def test_each_leg_of_each_track_has_a_draw_of_its_own() -> None:
    told = one_draw(patrol, 0.25, lambda: waypoint(7, 9, 2, 5, 8.0))
    assert told == (2.0, [(7, 9, Purpose.WAYPOINT, 2 * 2**24 + 5)])


def test_a_turn_of_duty_by_hand() -> None:
    """Cycles of 100 minutes, of which 30 are over at minute 0."""
    assert [turn_of_duty(minute, 30, 100) for minute in (0, 69, 70, 169, 170)] == [0, 0, 1, 1, 2]
    assert [drawn_phase(draw, 100) for draw in (0.001, 0.5, 0.999)] == [0, 50, 99]


def test_where_a_patrol_is_at_first_by_hand() -> None:
    assert (drawn_offset(0.75, 4.0, True), drawn_offset(0.75, 4.0, False)) == (6.0, 3.0)


@pytest.mark.parametrize(
    ("men", "at_start", "free", "on_duty", "watching"),
    [
        (5, 5, True, True, True),
        (1, 5, True, True, True),
        (0, 5, True, True, False),  # lost all of its men
        (0, 0, True, True, True),  # an eye that never had any
        (5, 5, False, True, False),
        (5, 5, True, False, False),
    ],
)
def test_who_watches_by_hand(men: int, at_start: int, free: bool, on_duty: bool, watching: bool) -> None:
    assert is_watching(men, at_start, free, on_duty) is watching


# -- the control strip -----------------------------------------------------------------------------------------------


def test_a_patrol_on_wheels_reads_what_it_passes_in_half_a_minute() -> None:
    """At 36 km/h that is 300 metres; on foot what counts is how near it must be."""
    assert (strip_reach_km(0.1, 36.0), strip_reach_km(0.1, 6.0)) == (0.3, 0.1)
    assert [is_beside(km, 5.0, 0.25) for km in (4.74, 4.75, 5.0, 5.25, 5.26)] == [False, True, True, True, False]


def test_tracks_last_as_long_as_said() -> None:
    """Laid at minute 100, legible for two hours."""
    assert [has_faded(minute, 100, 120.0) for minute in (100, 219, 220, 221)] == [False, False, False, True]


@pytest.mark.parametrize(
    ("men", "light", "size_factor", "share"),
    [
        (5, DAY, 1.0, 0.4),  # as stated
        (5, TWILIGHT, 1.0, 0.4),
        (10, DAY, 1.0, 0.64),  # two who do not find them: 0.6 x 0.6
        (10, NIGHT, 1.0, 0.4),  # a man by night is half of one by day
        (5, NIGHT, 2.0, 0.4),
        (5, DAY, 0.5, 1 - 0.6**0.5),
        (0, DAY, 1.0, 0.0),
    ],
)
def test_what_men_find_by_hand(men: int, light: int, size_factor: float, share: float) -> None:
    """Five men find the tracks of a group of the standard size with 0.4 by day; by night a man counts half."""
    hazard = reading_hazard(men, reading_per_man(0.4), light, 0.5, size_factor)
    assert 1.0 - math.exp(-hazard / UNIT) == pytest.approx(share, abs=1e-9)


def test_a_certain_find_is_certain_for_five_men_and_none_is_never() -> None:
    assert reading_hazard(5, reading_per_man(1.0), DAY, 0.5, 1.0) == CERTAIN
    assert reading_hazard(500, reading_per_man(1.0), DAY, 0.5, 1.0) == CERTAIN
    assert reading_hazard(500, reading_per_man(0.0), DAY, 0.5, 1.0) == 0


@pytest.mark.parametrize(("draw", "found"), [(0.61, True), (0.59, False)])
def test_each_passage_of_each_track_and_line_is_a_draw(draw: float, found: bool) -> None:
    """Five men miss them where -ln of the draw is more than 0.5108, that is below a draw of 0.6."""
    hazard = reading_hazard(5, reading_per_man(0.4), DAY, 0.5, 1.0)
    told = one_draw(randomness, draw, lambda: finds_tracks(7, 9, 2, 4, 3, 5, hazard))
    assert told == (found, [(7, pair(9, 2), Purpose.STRIP, (4 * 2**12 + 3) * 2**20 + 5)])


# -- evasion ---------------------------------------------------------------------------------------------------------


def test_a_group_notices_as_far_as_by_day_only_by_day() -> None:
    assert [notice_reach_km(2.0, 0.25, light) for light in (DAY, TWILIGHT, NIGHT)] == [2.0, 0.5, 0.5]


@pytest.mark.parametrize(("draw", "now"), [(0.39, NOTICED), (0.4, UNNOTICED)])
def test_each_encounter_is_a_draw(draw: float, now: int) -> None:
    found = one_draw(patrol, draw, lambda: noticed(7, 9, 2, True, AWAY, 4, 0.4))
    assert found == ((now, 5), [(7, pair(9, 2), Purpose.NOTICE, 5)])


def test_while_a_patrol_stays_near_or_away_nothing_is_drawn() -> None:
    """A probability of 0 would have it unnoticed, were there a draw."""
    assert [noticed(7, 9, 2, True, before, 4, 0.0) for before in (UNNOTICED, NOTICED)] == [(UNNOTICED, 4), (NOTICED, 4)]
    assert [noticed(7, 9, 2, False, before, 4, 1.0) for before in (AWAY, NOTICED)] == [(AWAY, 4), (AWAY, 4)]


def test_the_next_turn_begins_when_the_cycle_is_over() -> None:
    """Cycles of 100 minutes, 30 of which were over at minute 0: turns begin in minutes 70, 170 and so on."""
    assert [next_turn(minute, 30, 100) for minute in (0, 69, 70, 169, 170)] == [70, 70, 170, 170, 270]


def test_it_hides_up_to_the_last_minute() -> None:
    assert (hides_until(20, 10), hides_until(20, 0)) == (30, 20)
    assert [is_hiding(minute, 30) for minute in (29, 30, 31)] == [True, True, False]
