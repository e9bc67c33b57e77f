"""Detection laws by hand, and hazards as whole numbers."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.rules.randomness import UNIT
from sim.rules.sensing import CERTAIN, REACH, detection_rate, effective_range, hazard_units, hazard_units_array

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


def test_a_hazard_is_never_more_than_certain() -> None:
    assert hazard_units(1e300) == hazard_units(math.inf) == CERTAIN
    assert math.exp(-CERTAIN / UNIT) < 1e-100


def test_effective_range_by_hand() -> None:
    assert effective_range(6.0, 0.5, 0.25, 0.5) == 1.5
    assert effective_range(6.0, 1.0, 0.25, 0.0) == 6.0
