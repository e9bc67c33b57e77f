"""What way a group is taken to be on, against the shares that the chances ask for."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.rules.belief import wrong_guess


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
