"""The duel against Brown's recursion, exactly and by simulation; losses, prisoners and outcomes by hand."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from fractions import Fraction

import pytest
from given_draws import given_draws, one_draw
from hypothesis import given
from hypothesis import strategies as st

from sim.outcomes import OUTCOMES
from sim.rules import engagement
from sim.rules.engagement import (
    ADMITTED,
    CAPTURED,
    GOES_ON,
    KILLED,
    REACHED,
    REPELLED,
    TURNED_BACK,
    Encounter,
    Fight,
    Law,
    Manner,
    attack,
    attack_hazard,
    attacks_target,
    captured_of,
    encounter,
    fight,
    gives_up,
    group_loses_next,
    is_attacked,
    is_interception,
    law_of_defence,
    left_of,
    loss_of,
    men_at_target,
    outcome_of_beaten,
)
from sim.rules.randomness import Purpose, replication_key, uniform

# Brown 1963: chance of x to beat y when both fight to the last man.
SQUARE = {(2, 1): 5 / 6, (3, 2): 0.775, (5, 3): 0.887376, (10, 8): 0.791358, (20, 15): 0.928134}
LINEAR = {(2, 1): 0.75, (3, 2): 0.6875}


def duel(x: int, y: int, r: float, square: bool, surrender: float, flee: float, draw: Callable[[int], float]) -> Fight:
    """A duel with draws by their counters from 0."""
    with given_draws(engagement, draw):
        return engagement.duel(0, 0, 0, x, y, r, square, surrender, flee)


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
    with given_draws(engagement, draws.__getitem__) as asked:
        assert captured_of(3, 5, 4, 0.5) == 2
        assert asked == [(3, 5, Purpose.CAPTURE, person) for person in range(4)]
        assert captured_of(3, 5, 4, 0.0) == 0
        assert captured_of(3, 5, 4, 1.0) == 4
        assert captured_of(3, 5, 0, 0.5) == 0


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


# -- a whole fight ---------------------------------------------------------------------------------------------------


LAST_MAN = Law(9.0, False, 1.0, 1.0, 0.5, 0.4)
"""The linear law, under which nine tenths of the losses are the group's."""
FIGHTERS = Manner(1.0, False, 0.0)
SOON = LAST_MAN._replace(surrender_at=0.75, break_off_at=0.5)


def fought(draw: float, number: int = 0, men: int = 3, will: float = 0.5) -> tuple[Fight, list[tuple[int, ...]]]:
    """Three men, each as good as nine, on four of eight who started; both fight to the last man."""
    told = one_draw(engagement, draw, lambda: fight(7, 9, number, men, 4, 8, will, LAST_MAN))
    return told


def test_who_has_no_will_gives_up_without_a_shot() -> None:
    assert fought(0.5) == (Fight(3, 4, True), [(7, 9, Purpose.WILL, 0)])
    assert fought(0.1, will=0.0) == (Fight(3, 4, True), [])


def test_no_men_beat_nobody() -> None:
    assert fought(0.1, men=0) == (Fight(0, 4, False), [])


def test_who_resists_fights_a_duel_with_draws_of_its_own() -> None:
    """By the linear law nine tenths of the losses are the group's: at 0.4 all four. The third fight draws elsewhere."""
    ended, asked = fought(0.4, number=2)
    assert ended == Fight(3, 0, True)
    assert asked == [(7, 9, Purpose.WILL, 2), *((7, 9, Purpose.DUEL, 2 * 2**20 + shot) for shot in range(4))]
    lost, _ = fought(0.95, will=1.0)
    assert lost == Fight(0, 4, False)


def test_a_group_surrenders_by_its_size_at_the_start_and_men_break_off_by_their_number_now() -> None:
    """Six of eight lost are too many: with two left of eight it stops. Men stop at half of the four who came."""
    with given_draws(engagement, lambda counter: 0.1):
        assert fight(1, 1, 0, 4, 5, 8, 1.0, SOON) == Fight(4, 2, True)
    with given_draws(engagement, lambda counter: 0.95):
        assert fight(1, 1, 0, 4, 5, 8, 1.0, SOON) == Fight(2, 5, False)


def test_the_last_to_arrive_bears_losses_first() -> None:
    """Seven lost of 5, 9 and 3 men: all five of the last, two of the next, none of the first."""
    left, taken = 7, []
    for men in (5, 9, 3):
        taken.append(loss_of(men, left))
        left -= taken[-1]
    assert taken == [5, 2, 0]


def test_only_a_later_meeting_that_ends_nothing_is_no_interception() -> None:
    outcomes = (GOES_ON, KILLED, TURNED_BACK)
    assert [is_interception(True, outcome) for outcome in outcomes] == [True, True, True]
    assert [is_interception(False, outcome) for outcome in outcomes] == [False, True, True]


def met(draws: Callable[[int], float], men: int = 3, killed: int = 0, manner: Manner = FIGHTERS) -> Encounter:
    """Five of eight are left of a group that meets men in its second fight; draws by their counters in it."""
    with given_draws(engagement, lambda counter: draws(counter % 2**20)):
        return encounter(7, 9, 1, men, 5, 8, killed, manner, SOON)


def test_of_a_beaten_group_some_are_captured_and_the_rest_slip_away() -> None:
    """Three shots kill three, so that it stops at two; the first of these is captured, the second slips away."""
    assert met((0.3, 0.5, 0.1).__getitem__) == Encounter(True, 0, 2, 1, KILLED)
    # With nobody killed in this fight, those of earlier ones count: as many as are captured, or fewer.
    peaceful = FIGHTERS._replace(will=0.0)
    told = [met((0.3, 0.5, 0.1, 0.9, 0.9).__getitem__, 3, killed, peaceful) for killed in (0, 1, 2, 3)]
    assert [one.outcome for one in told] == [CAPTURED, CAPTURED, KILLED, KILLED]
    assert {one[:4] for one in told} == {(True, 0, 5, 2)}


def test_a_group_that_gets_away_goes_on_or_gives_up() -> None:
    """Men break off at half of three; half of eight lost are too many. The fourth draw kills one of five."""
    assert met((0.95, 0.95, 0.0).__getitem__) == Encounter(False, 2, 5, 0, GOES_ON)
    assert met((0.3, 0.95, 0.95).__getitem__) == Encounter(False, 2, 4, 0, TURNED_BACK)
    assert met((0.3,).__getitem__, men=0) == Encounter(False, 0, 5, 0, GOES_ON)


def test_migrants_who_are_met_are_admitted_or_turned_back() -> None:
    migrants = Manner(0.0, True, 0.25)
    assert met(lambda counter: 0.2, manner=migrants) == Encounter(True, 0, 5, 5, ADMITTED)
    assert met(lambda counter: 0.3, manner=migrants) == Encounter(True, 0, 5, 5, TURNED_BACK)


@pytest.mark.parametrize(
    ("killed", "captured", "outcome"),
    [(3, 2, KILLED), (2, 3, CAPTURED), (2, 2, KILLED), (0, 1, CAPTURED), (1, 0, KILLED), (0, 0, TURNED_BACK)],
)
def test_a_beaten_group_is_called_by_what_became_of_most(killed: int, captured: int, outcome: int) -> None:
    """As many killed as captured count as killed."""
    assert one_draw(engagement, 0.0, lambda: outcome_of_beaten(1, 2, False, 1.0, killed, captured)) == (outcome, [])


@pytest.mark.parametrize(("draw", "outcome"), [(0.29, ADMITTED), (0.3, TURNED_BACK)])
def test_migrants_are_admitted_or_turned_back_whatever_became_of_them(draw: float, outcome: int) -> None:
    for toll in ((3, 2), (0, 0)):
        told = one_draw(engagement, draw, lambda toll=toll: outcome_of_beaten(1, 2, True, 0.3, *toll))
        assert told == (outcome, [(1, 2, Purpose.ADMITTED, 0)])


def test_codes_are_places_among_the_outcomes() -> None:
    codes = (KILLED, CAPTURED, TURNED_BACK, ADMITTED, REPELLED, REACHED, engagement.AT_LARGE)
    assert [OUTCOMES[code] for code in codes] == [
        "killed",
        "captured",
        "turned_back",
        "admitted",
        "repelled",
        "reached",
        "at_large",
    ]


def test_only_fighters_at_the_end_of_the_road_attack() -> None:
    tried = [(on_road, fighters) for on_road in (True, False) for fighters in (True, False)]
    assert [attacks_target(*each) for each in tried] == [True, False, False, False]


def attacked(draws: Callable[[int], float], defenders: int = 3) -> Encounter:
    """Five of eight are left of fighters who attack; draws by their counters in this fight, their second."""
    with given_draws(engagement, lambda counter: draws(counter % 2**20)):
        return attack(7, 9, 1, defenders, 5, 8, SOON)


def test_attackers_who_are_beaten_or_lose_too_many_are_repelled() -> None:
    """As in any fight they stop at two of eight left, and one of these is captured, or go home with four left."""
    assert attacked((0.3, 0.5, 0.1).__getitem__) == Encounter(True, 0, 2, 1, REPELLED)
    assert attacked((0.3, 0.95, 0.95).__getitem__) == Encounter(False, 2, 4, 0, REPELLED)


def test_attackers_reach_a_target_whose_men_break_off_or_that_has_none() -> None:
    assert attacked((0.95, 0.95, 0.0).__getitem__) == Encounter(False, 2, 5, 0, REACHED)
    assert attacked((0.3,).__getitem__, defenders=0) == Encounter(False, 0, 5, 0, REACHED)


def test_attackers_have_the_will_to_fight() -> None:
    """Nobody shoots at 1 - 1e-9 but the group: a draw of its will as high as that would be a surrender."""
    assert attacked(lambda counter: 1 - 1e-9) == Encounter(False, 2, 5, 0, REACHED)


def test_a_warning_makes_more_men_ready_and_never_fewer() -> None:
    assert [men_at_target(warned, 10, 20) for warned in (False, True)] == [10, 20]
    assert [men_at_target(warned, 40, 20) for warned in (False, True)] == [40, 40]


def test_men_who_were_warned_are_worth_more_and_nothing_else_changes() -> None:
    assert law_of_defence(SOON, False, 2.0) == SOON
    assert law_of_defence(SOON, True, 2.0) == SOON._replace(effectiveness=2.0 * SOON.effectiveness)


def test_only_fighters_who_are_stronger_turn_on_men_who_shadow_them() -> None:
    tried = [(True, 10, 5), (True, 9, 5), (False, 10, 5), (True, 10, 4)]
    assert [attack_hazard(*each, 2.0, 700) for each in tried] == [700, 0, 0, 700]


@pytest.mark.parametrize(("draw", "turns"), [(0.24, True), (0.25, False)])
def test_a_shadow_ends_with_an_attack_in_proportion_to_the_hazards(draw: float, turns: bool) -> None:
    """Three to one that the group is lost; the draw is that of the minute."""
    told, asked = one_draw(engagement, draw, lambda: is_attacked(7, 9, 60, 300, 100))
    assert (told, asked) == (turns, [(7, 9, Purpose.ATTACK, 60)])


def test_without_a_hazard_there_is_no_attack_and_no_draw() -> None:
    assert one_draw(engagement, 0.0, lambda: is_attacked(7, 9, 60, 300, 0)) == (False, [])
