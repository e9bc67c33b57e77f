from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.report.words import (
    MINUS,
    NARROW,
    cost_words,
    holds_zero,
    interval,
    money,
    number,
    percent,
    points,
    signed,
    under,
)


@given(st.floats(-1e9, 1e9), st.integers(0, 3))
def test_a_number_reads_back_to_itself(value: float, digits: int) -> None:
    text = number(value, digits).replace(",", "").replace(MINUS, "-")
    assert float(text) == pytest.approx(value, abs=0.5000001 * 10**-digits)
    assert not text.startswith("-0") or float(text) != 0


@given(st.floats(-1, 1))
def test_signed_numbers_read_back_and_show_their_sign(value: float) -> None:
    text = points(value)
    assert float(text.replace(MINUS, "-")) == pytest.approx(100 * value, abs=0.0500001)
    assert text == "0.0" or text[0] in ("+", MINUS)


def test_none_is_undefined_everywhere() -> None:
    for text in (number(None), signed(None), percent(None), points(None), money(None), interval(None)):
        assert text == "undefined"
    assert interval([0.1, None]) == "undefined"


def test_percent_keeps_number_and_sign_on_one_line() -> None:
    assert percent(0.5) == f"50.0{NARROW}%"


@pytest.mark.parametrize(
    ("ends", "expected"),
    [([-1, 1], True), ([0, 1], True), ([0.1, 1], False), ([-1, -0.1], False), (None, True), ([None, 1], True)],
)
def test_holds_zero(ends: list[float | None] | None, expected: bool) -> None:
    assert holds_zero(ends) is expected


def test_arms_in_a_sentence() -> None:
    assert under("without") == "without the outpost"
    assert under("masts") == "under “masts”"


def test_a_price_says_what_it_lacks() -> None:
    def told(verdict: str, price: float | None, ends: list[float | None]) -> str:
        one = {"verdict": verdict, "cost_per_interdiction_usd": price, "cost_per_interdiction_ci95": ends}
        return cost_words(one).replace(NARROW, " ")

    assert told("priced", 5e4, [2e4, 9e4]) == "USD 50,000 [20,000 to 90,000]"
    assert told("open", 5e4, [2e4, None]) == "USD 50,000 [20,000 upwards]"
    assert told("open", None, [2e4, None]) == "stops no more groups: no less than USD 20,000 by the interval"
    assert told("dominated", None, [None, None]) == "stops no more groups"
    assert told("unknown", 5e4, [None, None]) == "USD 50,000 [no interval]"
    assert told("saves", None, [None, None]) == "no price: costs no more than the baseline"
