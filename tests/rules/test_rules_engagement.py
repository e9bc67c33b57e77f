"""The duel against Brown's recursion, exactly and by simulation."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.rules.engagement import Fight, captured_of, duel, gives_up, group_loses_next, left_of
from sim.rules.randomness import Purpose, replication_key, uniform

# Brown 1963: chance of x to beat y when both fight to the last man.
SQUARE = {(2, 1): 5 / 6, (3, 2): 0.775, (5, 3): 0.887376, (10, 8): 0.791358, (20, 15): 0.928134}
LINEAR = {(2, 1): 0.75, (3, 2): 0.6875}


class QuestionError(Exception):
    """Raised by a tree of draws where it needs to know more."""


def endings(x: int, y: int, r: float, square: bool, surrender: float, flee: float) -> Iterator[tuple[float, Fight]]:
    """All ways in which a duel can end with their probabilities, by playing out every sequence of draws."""
    waiting: list[tuple[list[float], float, int, int]] = [([], 1.0, x, y)]
    while waiting:
        draws, chance, left, right = waiting.pop()

        def draw(counter: int, draws: list[float] = draws) -> float:
            if counter >= len(draws):
                raise QuestionError
            return draws[counter]

        try:
            yield chance, duel(x, y, r, square, surrender, flee, draw)
        except QuestionError:
            assert len(draws) < x + y, "a duel takes no more losses than there are men"
            q = group_loses_next(left, right, r, square)
            waiting.append(([*draws, q / 2], chance * q, left, right - 1))
            waiting.append(([*draws, (1 + q) / 2], chance * (1 - q), left - 1, right))


def draws_of(run: int, men: int) -> Callable[[int], float]:
    """Keyed draws, no more of them than a duel among so many men can take: each loss takes one."""

    def draw(counter: int) -> float:
        assert counter < men
        return uniform(run, 1, Purpose.DUEL, counter)

    return draw


def win(x: int, y: int, r: float = 1.0, square: bool = True) -> float:
    return math.fsum(chance for chance, fight in endings(x, y, r, square, 0.0, 0.0) if fight.won)


@pytest.mark.parametrize(("x", "y"), [(2, 1), (3, 2), (5, 3)])
def test_the_duel_has_the_published_chances_by_the_square_law(x: int, y: int) -> None:
    assert win(x, y) == pytest.approx(SQUARE[x, y], abs=5e-7)


@pytest.mark.parametrize(("x", "y"), list(LINEAR))
def test_the_duel_has_the_published_chances_by_the_linear_law(x: int, y: int) -> None:
    assert win(x, y, square=False) == pytest.approx(LINEAR[x, y], abs=5e-7)


@pytest.mark.parametrize("n", range(1, 7))
def test_many_against_one(n: int) -> None:
    """P(n, 1) = 1 - 1 / (n + 1)! by the square law."""
    assert win(n, 1) == pytest.approx(1 - 1 / math.factorial(n + 1), abs=1e-12)


@pytest.mark.parametrize(("x", "y"), [(10, 8), (20, 15)])
def test_large_duels_by_simulation(x: int, y: int) -> None:
    # 8,000 duels with fixed seeds; two tests at |z| < 3.3 reject a right program with probability 2e-3 together.
    trials, p = 8_000, SQUARE[x, y]
    won = 0
    for r in range(trials):
        run = replication_key(12, r)
        won += duel(x, y, 1.0, True, 0.0, 0.0, draws_of(run, x + y)).won
    assert abs(won - trials * p) / math.sqrt(trials * p * (1 - p)) < 3.3


@pytest.mark.parametrize("square", [True, False])
def test_chances_of_all_endings_add_up_to_one(square: bool) -> None:
    assert math.fsum(chance for chance, _ in endings(4, 4, 1.7, square, 1.0, 1.5)) == pytest.approx(1.0, abs=1e-12)


def test_surrender_and_break_off_by_hand() -> None:
    """Two against two, each side stopping at one man left: the first loss decides, 1/2 by symmetry."""
    told = {fight: chance for chance, fight in endings(2, 2, 1.0, True, 1.0, 1.0)}
    assert told == {Fight(2, 1, True): 0.5, Fight(1, 2, False): 0.5}


@given(
    st.integers(1, 30),
    st.integers(1, 30),
    st.floats(0.1, 10),
    st.booleans(),
    st.floats(0, 1),
    st.floats(0, 1),
    st.integers(0, 10_000),
)
def test_losses_are_bounded_and_the_loser_has_stopped(
    x: int, y: int, r: float, square: bool, surrender: float, flee: float, seed: int
) -> None:
    run = replication_key(seed, 0)
    fight = duel(x, y, r, square, surrender * y, flee * x, draws_of(run, x + y))
    assert 0 <= fight.responders_left <= x
    assert 0 <= fight.group_left <= y
    assert fight.won == (fight.group_left <= surrender * y)
    assert fight.won or fight.responders_left <= flee * x


@given(st.integers(1, 50), st.integers(1, 50), st.integers(1, 9))
def test_the_next_loss_by_hand(x: int, y: int, r: int) -> None:
    assert group_loses_next(x, y, float(r), True) == pytest.approx(float(Fraction(r * x, r * x + y)))
    assert group_loses_next(x, y, float(r), False) == pytest.approx(float(Fraction(r, r + 1)))


def test_captured_by_hand() -> None:
    draws = [0.1, 0.9, 0.5, 0.49]
    assert captured_of(4, 0.5, draws.__getitem__) == 2
    assert captured_of(4, 0.0, draws.__getitem__) == 0
    assert captured_of(4, 1.0, draws.__getitem__) == 4
    assert captured_of(0, 0.5, draws.__getitem__) == 0


@pytest.mark.parametrize(("draw", "won"), [(0.5, False), (0.49, True)])
def test_a_loss_is_the_groups_where_the_draw_is_below_the_chance(draw: float, won: bool) -> None:
    """Linear law, equal men: one half. A draw in [0, 1) is below it in half of the cases, with 0 and without 1/2."""
    assert duel(1, 1, 1.0, False, 0.0, 0.0, [draw].__getitem__).won is won


@given(st.integers(1, 200), st.integers(0, 100))
def test_what_is_left_when_a_share_is_lost(men: int, per_cent: int) -> None:
    assert left_of(men, per_cent / 100) == pytest.approx(float(men * Fraction(100 - per_cent, 100)), abs=1e-12)


@pytest.mark.parametrize(
    ("persons", "size", "abandon_at", "gives"),
    [
        (8, 8, 0.0, False),  # nobody was lost, so nothing is given up
        (7, 8, 0.0, True),  # the first man lost is too many
        (8, 8, -1.0, False),
        (6, 8, 0.25, True),  # just the share
        (7, 8, 0.25, False),
        (5, 8, 0.25, True),
        (1, 8, 1.0, False),
        (0, 8, 1.0, True),
    ],
)
def test_giving_up_by_hand(persons: int, size: int, abandon_at: float, gives: bool) -> None:
    assert gives_up(persons, size, abandon_at) is gives
