"""Expectations: estimates and z by hand."""

from __future__ import annotations

import math

import pytest

from sim.study.verify.expectation import Expectation, share, width


def test_a_share_has_the_variance_of_a_coin() -> None:
    told = share("heads", 0.2, "p", "a coin")
    assert (told.mean, told.variance, told.exact) == pytest.approx((0.2, 0.16, 0.2))
    assert told.is_share


def test_z_by_hand() -> None:
    """100 throws: one standard error is sqrt(.16/100) = .04, and .28 is two of them above .2."""
    told = share("heads", 0.2, "p", "a coin")
    assert told.z(0.28, 100) == pytest.approx(2.0)
    assert told.z(0.14, 100) == pytest.approx(-1.5)
    assert told.z(0.28, 10_000) == pytest.approx(20.0)


def test_a_width_is_a_share_of_the_front_and_what_lies_beyond() -> None:
    """Of a front of 20 km a tenth is detected: 2 km, and .5 km more lie outside; z is that of the share."""
    told = width(0.1, 20.0, "W", "somebody", beyond_km=0.5)
    assert told.exact == pytest.approx(2.5)
    assert told.told(0.15) == pytest.approx(3.5)
    assert told.z(0.13, 100) == pytest.approx(1.0)
    assert told.unit == "km"


@pytest.mark.parametrize("certain", [0.0, 1.0])
def test_where_nothing_is_left_to_chance_one_miss_is_infinitely_far(certain: float) -> None:
    told = share("sure", certain, "p", "logic")
    assert told.z(certain, 50) == 0.0
    assert told.z(0.5, 50) == math.copysign(math.inf, 0.5 - certain)


def test_what_is_counted_more_than_once_is_no_share() -> None:
    assert not Expectation("apprehensions", 0.5, 0.5, "A", "somebody").is_share
