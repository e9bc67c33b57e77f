"""Tracks, turns of duty, light and progress: properties, and hand-worked clocks."""

from __future__ import annotations

import itertools
import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from sim.rules.movement import (
    along_legs,
    along_track,
    between_samples,
    clock,
    drawn_share,
    duty_minutes,
    duty_until,
    gap_km,
    leg_end,
    light_class,
    nearest_sample,
    on_duty,
    on_leg,
    progress,
    random_legs,
    step_towards,
)
from sim.rules.sensing import DAY, NIGHT, TWILIGHT

MINUTES = st.integers(0, 20_000)
LENGTHS = st.floats(0.1, 100.0)
SPEEDS = st.floats(0.1, 120.0)


@given(MINUTES, st.floats(0, 1, exclude_max=True), SPEEDS, LENGTHS, st.booleans())
def test_a_patrol_is_on_its_track(minute: int, share: float, speed: float, length: float, loop: bool) -> None:
    offset = share * length * (1 if loop else 2)
    assert 0.0 <= along_track(minute, offset, speed, length, loop) <= length


@given(MINUTES, st.floats(0, 1, exclude_max=True), SPEEDS, LENGTHS)
def test_a_patrol_moves_no_faster_than_its_speed(minute: int, share: float, speed: float, length: float) -> None:
    here, there = (along_track(m, share * 2 * length, speed, length, False) for m in (minute, minute + 1))
    assert abs(there - here) <= speed / 60 * (1 + 1e-9) + 1e-9


@given(MINUTES, st.floats(0, 1, exclude_max=True), SPEEDS, LENGTHS)
def test_on_a_loop_the_way_is_counted_round(minute: int, share: float, speed: float, length: float) -> None:
    here, there = (along_track(m, share * length, speed, length, True) for m in (minute, minute + 1))
    gap = (there - here - speed / 60) % length
    assert min(gap, length - gap) < 1e-6


def test_back_and_forth_by_hand() -> None:
    """Three kilometres at 6 km/h: there in half an hour, back in half an hour."""
    assert [along_track(m, 0.0, 6.0, 3.0, False) for m in (0, 15, 30, 45, 60, 75)] == [0, 1.5, 3, 1.5, 0, 1.5]
    assert along_track(0, 5.0, 6.0, 3.0, False) == 1.0  # an offset beyond the length is on the way back


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


@pytest.mark.parametrize(
    ("time", "light"),
    [
        ("00:00", NIGHT),
        ("06:27", NIGHT),
        ("06:28", TWILIGHT),
        ("06:54", TWILIGHT),
        ("06:55", DAY),
        ("12:00", DAY),
        ("17:28", DAY),
        ("17:29", TWILIGHT),
        ("17:55", TWILIGHT),
        ("17:56", NIGHT),
        ("23:59", NIGHT),
    ],
)
def test_light_by_hand(time: str, light: int) -> None:
    hour, minute = map(int, time.split(":"))
    assert light_class(60 * hour + minute, 6 * 60 + 55, 17 * 60 + 29, 27) == light


@given(st.integers(0, 1439), st.integers(0, 1439), st.integers(0, 240))
def test_each_day_has_as_many_light_minutes_as_the_sun_gives(rise: int, fall: int, twilight: int) -> None:
    rise, fall = min(rise, fall), max(rise, fall)
    classes = [light_class(m, rise, fall, twilight) for m in range(1440)]
    assert classes.count(DAY) == fall - rise
    if twilight <= rise and fall + twilight <= 1440 and fall > rise:
        assert classes.count(TWILIGHT) == 2 * twilight


@given(MINUTES, st.integers(0, 1439))
def test_the_clock_goes_round(minute: int, start: int) -> None:
    assert clock(minute + 1440, start) == clock(minute, start)
    assert (clock(minute + 1, start) - clock(minute, start)) % 1440 == 1


def test_progress_by_hand() -> None:
    assert progress(60, 90, 0.8, 0.5) == pytest.approx(0.8 * 105)


@given(st.integers(0, 5000), st.integers(0, 5000), st.floats(0.1, 3), st.floats(0.1, 1))
def test_an_hour_by_night_brings_no_more_than_one_by_day(day: int, night: int, pace: float, night_pace: float) -> None:
    here = progress(day, night, pace, night_pace)
    assert here <= progress(day, night + 1, pace, night_pace) <= progress(day + 1, night, pace, night_pace) + 1e-9


# -- walking at random, and shares ---------------------------------------------------------------------------------


def walk(seed: int, length: float, speed: float, horizon: int) -> tuple[list[float], list[float]]:
    rng = np.random.default_rng(seed)
    draws = rng.random(int(horizon * speed / 60 / length * 6) + 100)
    return random_legs(float(rng.random()) * length, length, speed, horizon, lambda leg: float(draws[leg]))


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
    minutes, places = random_legs(1.0, 4.0, 4.0, 100, lambda leg: (0.75, 0.0, 0.5)[leg])
    assert (minutes, places) == ([0.0, 30.0, 75.0, 105.0], [1.0, 3.0, 0.0, 2.0])


def test_a_walk_that_turns_just_at_the_horizon_goes_on() -> None:
    """Two kilometres in 20 minutes, one in 10 more: at the horizon the walk is on its next leg."""
    minutes, places = random_legs(0.0, 4.0, 6.0, 30, lambda leg: (0.5, 0.25, 1.0)[leg])
    assert (minutes, places) == ([0.0, 20.0, 30.0, 60.0], [0.0, 2.0, 1.0, 4.0])
    assert random_legs(0.0, 4.0, 6.0, 29, lambda leg: (0.5, 0.25)[leg]) == (minutes[:3], places[:3])


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


# -- samples of a track, and steps of a route ------------------------------------------------------------------------


@given(st.integers(1, 3999), st.integers(1, 40), st.integers(1, 50))
def test_the_nearest_sample_is_the_nearest(metres: int, decametres: int, samples: int) -> None:
    """Among all of them; of two that are equally near, either."""
    spacing = Fraction(decametres, 100)
    told = nearest_sample(metres / 1000, float(spacing), samples)
    gaps = [abs(Fraction(metres, 1000) - sample * spacing) for sample in range(samples)]
    assert 0 <= told < samples
    assert gaps[told] == min(gaps)


def test_the_nearest_sample_by_hand() -> None:
    """Half way counts for the next one."""
    assert [nearest_sample(km, 0.5, 4) for km in (0.0, 0.2, 0.25, 0.7, 0.75, 1.5, 9.0)] == [0, 0, 1, 1, 2, 3, 3]


@pytest.mark.parametrize(
    ("along_km", "sample", "share"),
    [
        (0.0, 0, 0.0),
        (0.125, 0, 0.25),
        (0.5, 1, 0.0),
        (0.875, 1, 0.75),
        (1.0, 2, 0.0),
        (1.0625, 2, 0.25),
        (1.25, 2, 1.0),
    ],
)
def test_between_samples_by_hand(along_km: float, sample: int, share: float) -> None:
    """Samples at 0, 0.5 and 1 km of a track of 1.25 km, and one at its end: the last gap is half as long."""
    assert between_samples(along_km, 0.5, 4, 1.25) == (sample, share)


def test_the_end_of_a_track_belongs_to_its_last_gap() -> None:
    """Where the track is just two gaps long there is no sample beyond, to go on to."""
    assert between_samples(1.0, 0.5, 3, 1.0) == (1, 1.0)


def test_distances_by_hand() -> None:
    assert [gap_km(5.0, 12.0), gap_km(-12.0, 5.0), gap_km(0.0, -2.0), gap_km(0.0, 0.0)] == [13.0, 13.0, 2.0, 0.0]


@pytest.mark.parametrize(
    ("step", "goal", "there"),
    [(10.0, 20, 11.5), (10.0, 0, 8.5), (10.0, 11, 11.0), (10.5, 9, 9.0), (10.0, 10, 10.0), (10.5, 12, 12.0)],
)
def test_men_go_a_minute_towards_others_and_not_beyond(step: float, goal: int, there: float) -> None:
    assert step_towards(step, goal, 1.5) == there


@given(st.integers(0, 3000), st.integers(1, 300), st.integers(0, 300))
def test_minutes_of_watch_before_a_minute_are_counted_right(minute: int, cycle: int, watch: int) -> None:
    watch = min(watch, cycle)
    assert duty_until(minute, cycle, watch) == sum(before % cycle < watch for before in range(minute))
