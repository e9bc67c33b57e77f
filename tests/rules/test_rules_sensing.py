"""Detection laws by hand, and hazards as whole numbers."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.rules.arrivals import size_factor
from sim.rules.randomness import UNIT
from sim.rules.sensing import (
    CERTAIN,
    LYING_UP,
    MARCHING,
    REACH,
    detection_rate,
    detects,
    effective_range,
    hazard,
    hazard_units,
    hazard_units_array,
    lacks_power,
    visibility,
    visibility_as,
)

AT = np.array([0.5, 2.0, 2.1, 3.9, 4.1, 5.9, 6.1, 9.9, 10.1])
R, Q = 2.0, 3.0
BY_HAND = {
    "definite_range": [math.inf, math.inf, 0, 0, 0, 0, 0, 0, 0],
    "constant_rate": [3.0, 3.0, 0, 0, 0, 0, 0, 0, 0],
    "inverse_cube": [192.0, 3.0, 24 / 2.1**3, 24 / 3.9**3, 24 / 4.1**3, 24 / 5.9**3, 0, 0, 0],
    "exponential": [*(3 * math.exp(-d / 2) for d in AT[:-1]), 0],
    "logistic": [*(3 / (1 + math.exp((d - 2) / 0.5)) for d in AT[:4]), 0, 0, 0, 0, 0],
}


@pytest.mark.parametrize("law", list(BY_HAND))
def test_laws_by_hand(law: str) -> None:
    np.testing.assert_allclose(detection_rate(law, AT, R, Q, 0.25), BY_HAND[law], rtol=1e-14)


def test_whole_kilometres_are_as_good_as_any_others() -> None:
    """A list of integers is read as doubles: 2.5 an hour stays 2.5, and no law minds."""
    for law in REACH:
        told = detection_rate(law, [1, 2, 3], 2.0, 2.5)  # type: ignore[arg-type]
        np.testing.assert_array_equal(told, detection_rate(law, np.array([1.0, 2.0, 3.0]), 2.0, 2.5))
    assert detection_rate("constant_rate", [1], 2.0, 2.5).tolist() == [2.5]  # type: ignore[arg-type]


def test_a_small_range_and_a_small_rate_count() -> None:
    """At half the range of half a kilometre the cube is 8 times half a detection an hour."""
    assert detection_rate("inverse_cube", np.array([0.25]), 0.5, 0.5).tolist() == [4.0]


@pytest.mark.parametrize("law", sorted(set(REACH) - {"definite_range"}))
def test_a_rate_of_zero_sees_nothing_even_at_no_distance(law: str) -> None:
    rates = detection_rate(law, np.array([0.0, 1.0]), 2.0, 0.0)
    assert rates.dtype == np.float64
    assert rates.tolist() == [0.0, 0.0]


def test_the_inverse_cube_is_certain_at_no_distance() -> None:
    assert detection_rate("inverse_cube", np.array([0.0]), 2.0, 1e-9).tolist() == [math.inf]


def test_the_logistic_law_softens_over_a_tenth_of_its_range() -> None:
    """Unless set otherwise; 3 km are 5 softnesses of 0.2 km beyond the range."""
    told = detection_rate("logistic", np.array([3.0]), 2.0, 7.0)
    assert told == pytest.approx([7.0 / (1.0 + math.exp(5.0))], rel=1e-14)


def test_a_hard_logistic_law_ends_at_its_range_without_an_overflow() -> None:
    np.testing.assert_allclose(
        detection_rate("logistic", np.array([1.0, 3.0]), 2.0, 7.0, 1e-4), [7.0, 0.0], atol=1e-300
    )


def test_every_law_of_the_schema_is_there() -> None:
    assert set(BY_HAND) == set(REACH)


METRES = st.floats(0, 300).map(lambda km: round(km, 3))


@given(st.sampled_from(list(REACH)), st.floats(0.01, 45), st.floats(0, 1000), METRES, METRES)
def test_rates_never_rise_with_distance(law: str, range_km: float, rate: float, one: float, other: float) -> None:
    near, far = sorted((one, other))
    rates = detection_rate(law, np.array([near, far]), range_km, rate)
    assert rates[0] >= rates[1] >= 0


@given(st.sampled_from(list(REACH)), st.floats(0, 45), st.floats(0, 45), st.floats(0.1, 1000), st.floats(0.001, 200))
def test_rates_never_fall_with_range(law: str, one: float, other: float, rate: float, distance: float) -> None:
    short, long = sorted((one, other))
    at = np.array([distance])
    assert detection_rate(law, at, short, rate)[0] <= detection_rate(law, at, long, rate)[0]


@pytest.mark.parametrize("law", list(REACH))
def test_a_range_of_zero_sees_nothing(law: str) -> None:
    assert not detection_rate(law, np.array([0.0, 0.1, 1.0]), 0.0, 5.0).any()


def test_an_unknown_law_is_refused_with_the_allowed_ones() -> None:
    with pytest.raises(ValueError, match=r"law is 'cubic'; allowed: definite_range, .*logistic"):
        detection_rate("cubic", AT, R, Q)


@given(st.one_of(st.floats(0, 1e9), st.just(math.inf)))
def test_one_hazard_and_an_array_of_them_are_the_same_numbers(rate: float) -> None:
    assert hazard_units_array(np.array([rate]))[0] == hazard_units(rate)


@given(st.floats(0, 15_000))
def test_a_hazard_is_the_nearest_whole_number(rate: float) -> None:
    assert abs(hazard_units(rate) - rate * UNIT / 60) <= 0.5 + 1e-6


def test_half_a_unit_is_rounded_up() -> None:
    halves = np.array([0.0, 0.49, 0.5, 1.49, 1.5]) * 60 / UNIT
    assert [hazard_units(float(rate)) for rate in halves] == hazard_units_array(halves).tolist() == [0, 0, 1, 1, 2]


def test_near_the_certain_hazard_rates_still_count() -> None:
    """256 detections a minute are certain; a little less is a little less."""
    for minute in (255.0, 256.0, 257.0):
        rates = np.array([minute * 60.0])
        assert hazard_units(minute * 60.0) == hazard_units_array(rates)[0] == min(minute, 256) * UNIT


@pytest.mark.parametrize(
    ("signature", "hiding", "concealment", "visible"),
    [(1.0, 1.0, 0.0, 1.0), (2.0, 0.5, 0.75, 0.25), (3.0, 0.5, 0.0, 1.5), (1.0, 1.0, 1.0, 0.0)],
)
def test_visibility_by_hand(signature: float, hiding: float, concealment: float, visible: float) -> None:
    assert visibility(signature, hiding, concealment) == visible
    assert visibility(signature, hiding, np.array([concealment])).tolist() == [visible]


@pytest.mark.parametrize(
    ("size", "standard", "exponent", "factor"),
    [(20, 20.0, 0.7, 1.0), (5, 20.0, 0.5, 0.5), (80, 20.0, 0.5, 2.0), (1, 20.0, 1.0, 0.05), (40, 1.0, 0.0, 1.0)],
)
def test_what_the_size_of_a_group_shows_by_hand(size: int, standard: float, exponent: float, factor: float) -> None:
    assert size_factor(size, standard, exponent) == factor


@pytest.mark.parametrize(
    ("rate", "visible", "minutes"),
    [
        (60.0, 0.5, 0.5),
        (30.0, 4.0, 2.0),
        (math.inf, 1e-9, 256.0),
        (math.inf, 0.0, 0.0),
        (60.0, 0.0, 0.0),
        (0.0, 1.0, 0.0),
    ],
)
def test_the_hazard_of_a_minute_by_hand(rate: float, visible: float, minutes: float) -> None:
    """In detections a minute; who is not to be seen is not seen even at a rate without end."""
    assert hazard(rate, visible) == minutes * UNIT


def test_a_hazard_is_never_more_than_certain() -> None:
    assert hazard_units(1e300) == hazard_units(math.inf) == CERTAIN
    assert math.exp(-CERTAIN / UNIT) < 1e-100


def test_effective_range_by_hand() -> None:
    assert effective_range(6.0, 0.5, 0.25, 0.5) == 1.5
    assert effective_range(6.0, 1.0, 0.25, 0.0) == 6.0


def test_who_lies_up_is_seen_less_by_its_factor() -> None:
    """Twice a standard target behind cover that hides half of it; lying up a tenth of that."""
    assert visibility_as(MARCHING, 2.0, 0.1, 0.5) == 1.0
    assert visibility_as(LYING_UP, 2.0, 0.1, 0.5) == pytest.approx(0.1)


def test_a_power_cut_has_its_beginning_and_not_its_end() -> None:
    assert [lacks_power(minute, 10.0, 12.0) for minute in (9, 10, 11, 12)] == [False, True, True, False]
    assert not lacks_power(10, 10.5, 12.0)


@pytest.mark.parametrize(("left", "detected"), [(8, False), (7, True), (1, True), (0, False), (-3, False)])
def test_a_group_is_detected_in_the_minute_that_uses_up_the_threshold(left: int, detected: bool) -> None:
    """By a hazard of 7; who has been detected has nothing left."""
    assert detects(left, 7) is detected
