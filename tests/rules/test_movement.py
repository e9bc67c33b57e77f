"""What is near, places on tracks, and progress on routes: properties, and cases by hand."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.rules.movement import (
    afloat_min,
    after_minutes,
    along_track,
    arrival,
    between_points,
    between_samples,
    expected_share,
    gap_km,
    gone,
    is_within,
    may_be_within,
    minutes_for,
    minutes_short,
    nearest_sample,
    progress,
    rafted_steps,
    share_of_pace,
    step_on_foot,
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


def test_progress_by_hand() -> None:
    assert progress(60, 90, 0.8, 0.5) == pytest.approx(0.8 * 105)


@given(st.integers(0, 5000), st.integers(0, 5000), st.floats(0.1, 3), st.floats(0.1, 1))
def test_an_hour_by_night_brings_no_more_than_one_by_day(day: int, night: int, pace: float, night_pace: float) -> None:
    here = progress(day, night, pace, night_pace)
    assert here <= progress(day, night + 1, pace, night_pace) <= progress(day + 1, night, pace, night_pace) + 1e-9


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


def test_what_is_within_a_distance_by_hand() -> None:
    assert [is_within(-3.0, 4.0, km) for km in (4.99, 5.0, 5.01)] == [False, True, True]


@pytest.mark.parametrize(
    ("east", "north", "may"),
    [(5.0, 0.0, True), (-5.0, 0.0, True), (5.1, 0.0, False), (0.0, -5.0, True), (0.0, -5.1, False), (5.0, 5.0, True)],
)
def test_a_circle_may_come_near_where_its_box_does(east: float, north: float, may: bool) -> None:
    """A circle of radius 4, and a reach of 1: nothing beyond 5 to either side can be within it."""
    assert may_be_within(east, north, 4.0, 1.0) is may


def test_between_two_points_and_the_time_it_takes_by_hand() -> None:
    assert [between_points(2.0, -2.0, share) for share in (0.0, 0.25, 1.0)] == [2.0, 1.0, -2.0]
    assert (minutes_for(1.5, 6.0), minutes_for(0.0, 6.0)) == (15.0, 0.0)


@pytest.mark.parametrize(("step", "rafted"), [(4, 0), (9, 0), (10, 6), (50, 6)])
def test_steps_on_the_water_count_once_it_has_landed(step: int, rafted: int) -> None:
    """On the water from step 4 to step 10."""
    assert rafted_steps(step, 4, 10) == rafted


@pytest.mark.parametrize(("step", "then"), [(4, 7), (9, 7), (10, 13)])
def test_where_a_group_on_foot_is_by_hand(step: int, then: int) -> None:
    """Six minutes by day and four at half the pace by night, at 0.9: 7.2 steps, and six on the water once it landed."""
    assert step_on_foot(6, 4, 0.9, 0.5, step, 4, 10) == then


def test_minutes_are_counted_by_day_and_by_night() -> None:
    assert [after_minutes(4, light, 10, 20) for light in (DAY, TWILIGHT, NIGHT)] == [(14, 20), (14, 20), (10, 24)]


@pytest.mark.parametrize(
    ("light", "men", "group", "halts"), [(DAY, 1, 1, 0), (TWILIGHT, 1, 1, 1), (NIGHT, 0.6, 0.6, 0.6)]
)
def test_what_is_left_of_the_pace_by_hand(light: int, men: float, group: float, halts: float) -> None:
    """Of men, of a group that is expected to go on by day, and of one that is expected to lie up."""
    found = share_of_pace(light, 0.6), expected_share(light, 0.6, False), expected_share(light, 0.6, True)
    assert found == (men, group, halts)


def test_minutes_that_men_still_need_by_hand() -> None:
    assert [minutes_short(30.0, gone) for gone in (0.0, 29.2, 30.0, 31.0)] == [30, 1, 0, 0]
    assert minutes_short(30.2, 0.0) == 31


def test_men_arrive_by_hand() -> None:
    """By day four minutes, then by night at a half: a way of six takes four and four; the line's end counts as day."""
    line = [0.0, 1.0, 2.0, 3.0, 4.0, 4.5, 5.0, 5.5, 6.0]
    assert [gone(line, minute) for minute in (0, 4, 7, 8, 10)] == [0.0, 4.0, 5.5, 6.0, 8.0]
    assert [arrival(line, travel_min, 0) for travel_min in (0.0, 3.5, 4.1, 6.0, 7.5)] == [0, 4, 5, 8, 10]
    assert arrival(line, 2.0, 3) == 6


@pytest.mark.parametrize(("step", "minutes"), [(3, 0), (4, 6), (9, 1), (10, 0), (50, 0)])
def test_minutes_left_on_the_water_by_hand(step: int, minutes: int) -> None:
    """It puts to water at step 4 and lands at 10."""
    assert afloat_min(step, 4, 10) == minutes
