"""Every number of the theory, to all the digits given, and what each function refuses.

The numbers come from the literature and from hand calculation; independent numerical checks of the same functions
are in test_theory_independent.py.
"""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim import theory


def six(value: object) -> object:
    """Compare with numbers that were rounded to six decimals."""
    return pytest.approx(value, abs=5.1e-7)


def test_glimpses_and_their_limit() -> None:
    assert theory.glimpse_detection([0.05] * 20) == six(0.641514)
    assert theory.continuous_detection(1.0) == six(0.632121)
    assert theory.glimpse_detection([0.2, 1.0]) == 1.0
    assert theory.glimpse_detection([1e-18, 1e-18]) == pytest.approx(2e-18, rel=1e-12)


def test_sweep_widths() -> None:
    assert theory.sweep_width_definite_range(1.5) == 3.0
    assert theory.sweep_width_inverse_cube(1.0) == six(3.544908)
    assert theory.lateral_range_inverse_cube(theory.sweep_width_inverse_cube(1.0) / 2, 1.0) == six(0.272623)
    assert theory.lateral_range_inverse_cube(0.0, 1.0) == 1.0


@pytest.mark.parametrize(("z", "width"), [(0.5, 0.640734), (1, 1.063098), (2, 1.532711), (5, 1.908286), (1e9, 2.0)])
def test_constant_rate_sweep_width(z: float, width: float) -> None:
    # z = 2 q R / v, here with R = 2 and v = 4.
    assert theory.sweep_width_constant_rate(2.0, rate_per_h=z, speed_kmh=4.0) / 2 == six(width)


@pytest.mark.parametrize(
    ("coverage", "exhaustive", "inverse_cube", "random"),
    [(0.5, 0.5, 0.469116, 0.393469), (1, 1, 0.789909, 0.632121), (2, 1, 0.987811, 0.864665)],
)
def test_area_search(coverage: float, exhaustive: float, inverse_cube: float, random: float) -> None:
    assert theory.exhaustive_search(coverage) == exhaustive
    assert theory.inverse_cube_search(coverage) == six(inverse_cube)
    assert theory.random_search(coverage) == six(random)


@pytest.mark.parametrize(("target", "mean"), [(0.25, 1.015687), (0.5, 1.063544), (1, 4 / math.pi), (2, 2.127089)])
def test_mean_relative_speed(target: float, mean: float) -> None:
    assert theory.mean_relative_speed(target, 1.0) == six(mean)
    assert theory.mean_relative_speed(3 * target, 3.0) / 3 == six(mean)
    assert theory.mean_relative_speed(0.0, 0.0) == 0.0


@pytest.mark.parametrize(
    ("patrol", "coverage", "ends", "inside", "random"),
    [
        ((1, 20, 10, 5), 0.223607, 0.211107, 0.218647, 0.200371),
        ((1, 20, 20, 5), 0.412311, 0.369811, 0.382597, 0.337881),
        ((2, 20, 12, 4), 0.632456, 0.532456, 0.566795, 0.468714),
    ],
)
def test_barrier_patrol(
    patrol: tuple[float, float, float, float], coverage: float, ends: float, inside: float, random: float
) -> None:
    assert theory.barrier_coverage(*patrol) == six(coverage)
    assert theory.barrier_patrol_bound(*patrol) == six(coverage)
    assert theory.barrier_patrol_back_and_forth_ends(*patrol) == six(ends)
    assert theory.barrier_patrol_back_and_forth_inside(*patrol) == six(inside)
    assert theory.barrier_patrol_random(*patrol) == six(random)


def test_stationary_barrier() -> None:
    assert theory.stationary_barrier(1, 20) == pytest.approx(0.0975)


def test_repeated_trials() -> None:
    assert theory.repeated_trials_apprehensions(1000, 0.4, 0.1) == pytest.approx(625)
    assert theory.repeated_trials_reapprehended_fraction(0.4, 0.1) == pytest.approx(0.36)
    assert theory.repeated_trials_estimate(0.36, 0.1) == pytest.approx(0.4)
    assert theory.repeated_trials_got_away(625, 0.4) == pytest.approx(937.5)


def test_observed_effectiveness_can_fall_while_the_true_rate_rises() -> None:
    # Of 100, 30 are stopped and 10 of the others seen; later 40 are stopped and 40 of the others seen.
    assert theory.observed_effectiveness(30, 0, 10) == pytest.approx(0.75)
    assert theory.observed_effectiveness(30, 10, 40) == pytest.approx(0.5)
    assert math.isnan(theory.observed_effectiveness(0, 0, 0))


def test_inspection_game() -> None:
    value, mix = theory.inspection_game([0.5, 0.25, 1.0])
    assert value == pytest.approx(1 / 7)
    assert mix == pytest.approx([2 / 7, 4 / 7, 1 / 7])


def test_zero_sum_security_game() -> None:
    values = np.array([10.0, 6.0, 4.0])
    one = theory.stackelberg_security_game(values, np.zeros(3), -values, np.zeros(3), resources=1)
    assert one.coverage == pytest.approx([19 / 31, 11 / 31, 1 / 31])
    assert one.attacker_value == pytest.approx(120 / 31)
    assert one.defender_value == pytest.approx(-120 / 31)
    two = theory.stackelberg_security_game(values, np.zeros(3), -values, np.zeros(3), resources=2)
    assert two.coverage == six([0.806452, 0.677419, 0.516129])
    assert two.attacker_value == pytest.approx(60 / 31)


def test_general_sum_security_game() -> None:
    game = theory.stackelberg_security_game(
        attacker_uncovered=[4, 3, 5, 7, 3],
        attacker_covered=[-7, -1, -6, -3, -10],
        defender_uncovered=[-10, -4, -1, -9, -9],
        defender_covered=[2, 7, 6, 9, 9],
    )
    assert game.coverage == six([0.139784, 0.134406, 0.230693, 0.453762, 0.041356])
    assert game.attacker_value == six(2.462378)
    # All five tie for the attacker; by hand the defender has -1 + .230693 * 7 at the third, less at the others.
    assert game.target == 2
    assert game.defender_value == six(0.614850)


def test_lanchester_and_duels() -> None:
    assert theory.lanchester_square_survivors(20, 15) == pytest.approx(math.sqrt(175))
    assert theory.lanchester_square_survivors(15, 20) == 0.0
    for men, probability in {
        (2, 1): 5 / 6,
        (3, 2): 0.775,
        (5, 3): 0.887376,
        (10, 8): 0.791358,
        (20, 15): 0.928134,
    }.items():
        assert theory.duel_win_probability(*men) == six(probability)
    for n in (1, 4, 9):
        assert theory.duel_win_probability(n, 1) == pytest.approx(1 - 1 / math.factorial(n + 1), rel=1e-12)
    assert theory.duel_win_probability(2, 1, law="linear", p=0.5) == 0.75
    assert theory.duel_win_probability(3, 2, law="linear", p=0.5) == 0.6875
    assert theory.duel_win_probability(3, 0) == 1.0
    assert theory.duel_win_probability(0, 3) == 0.0


def test_going() -> None:
    slope = math.tan(math.radians(10))
    assert theory.tobler_speed_kmh(0.0) == six(5.036742)
    assert theory.tobler_speed_kmh(np.array([slope, -slope])) == pytest.approx([2.717, 3.856], abs=5e-4)
    assert theory.tobler_speed_kmh(-0.05) == 6.0
    assert theory.tobler_speed_kmh(-0.05, off_path=True) == pytest.approx(3.6)
    assert theory.naismith_minutes(5, 600) == 120.0


def test_seeing() -> None:
    assert theory.horizon_km(1.0) == pytest.approx(3.57, abs=5e-3)
    drops = -theory.corrected_elevation_m(0.0, np.array([5.0, 10.0, 15.0, 20.0]))
    assert drops == pytest.approx([1.96, 7.85, 17.66, 31.39], abs=5e-3)
    assert theory.corrected_elevation_m(100.0, 20.0, refraction=True) == pytest.approx(100 - 6 / 7 * 31.392, abs=1e-3)


@pytest.mark.parametrize(("distance", "plain", "refracted"), [(20, 18.5, 15.1), (15, 8.4, 6.7)])
def test_eye_height_that_shows_the_top_of_a_person(distance: float, plain: float, refracted: float) -> None:
    # Heights are given to 0.1 m, which is 0.2 km of horizon at most.
    assert theory.horizon_km(plain, 1.7) == pytest.approx(distance, abs=0.1)
    assert theory.horizon_km(refracted, 1.7, refraction=True) == pytest.approx(distance, abs=0.1)


def test_arrays_give_what_their_numbers_give() -> None:
    ranges = np.array([0.5, 1.0, 2.0])
    for function, rest in [
        (theory.barrier_patrol_back_and_forth_inside, (20.0, 10.0, 5.0)),
        (theory.barrier_patrol_back_and_forth_ends, (20.0, 10.0, 5.0)),
        (theory.barrier_patrol_random, (20.0, 10.0, 5.0)),
        (theory.sweep_width_constant_rate, (3.0, 4.0)),
        (theory.stationary_barrier, (20.0,)),
        (theory.mean_relative_speed, (1.0,)),
        (theory.horizon_km, (1.7,)),
    ]:
        together = function(ranges, *rest)
        assert together.shape == (3,)
        assert together.tolist() == [function(value, *rest) for value in ranges.tolist()]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: theory.glimpse_detection([0.1, 1.2]), "glimpse_probability = 1.2"),
        (lambda: theory.continuous_detection(-1), "cumulative_hazard = -1"),
        (lambda: theory.chain_detection([-0.5]), "post_hazard = -0.5"),
        (lambda: theory.sweep_width(lambda x: 1.0, limit_km=0), "limit_km = 0"),
        (lambda: theory.lateral_range_definite_range(math.nan, 1), "offset_km = nan"),
        (lambda: theory.lateral_range_inverse_cube(1.0, 0.0), "coefficient_km2 = 0"),
        (lambda: theory.sweep_width_constant_rate(1, 1, 0), "speed_kmh = 0"),
        (lambda: theory.sweep_width_constant_rate(0, 1, 1), "range_km = 0"),
        (lambda: theory.random_search(math.inf), "coverage = inf"),
        (lambda: theory.search_coverage(1, 1, 1, 0), "area_km2 = 0"),
        (lambda: theory.mean_relative_speed(-1, 1), "target_speed_kmh = -1"),
        (lambda: theory.barrier_patrol_random(1, 0, 1, 1), "length_km = 0"),
        (lambda: theory.barrier_patrol_back_and_forth_ends(1, 20, 0, 1), "searcher_speed_kmh = 0"),
        (lambda: theory.barrier_patrol_back_and_forth_inside(10, 20, 1, 1), "length_km = 20.0: a length above twice"),
        (lambda: theory.barrier_patrol_bound(1, 20, 1, 0), "crosser_speed_kmh = 0"),
        (lambda: theory.stationary_barrier(3, 2), "range_km = 3.0: a range of at most"),
        (lambda: theory.repeated_trials_apprehensions(10, 1.0, 0.0), "apprehension_probability = 1.0"),
        (lambda: theory.repeated_trials_estimate(0.95, 0.1), "reapprehended_fraction = 0.95"),
        (lambda: theory.repeated_trials_estimate(0.0, 1.0), "deterrence_probability = 1"),
        (lambda: theory.repeated_trials_got_away(10, 0.0), "apprehension_probability = 0"),
        (lambda: theory.observed_effectiveness(1, -1, 1), "turned_back = -1"),
        (lambda: theory.most_reliable_path([("a", "b", 0.5)], "a", "c"), "target = 'c'"),
        (lambda: theory.most_reliable_path([("a", "b", 1.5)], "a", "b"), "detection probability of 'a' to 'b' = 1.5"),
        (lambda: theory.inspection_game([]), "detection_probability has shape"),
        (lambda: theory.inspection_game([0.5, 0.0]), "detection_probability = 0"),
        (lambda: theory.stackelberg_security_game([1], [1], [0], [0]), "attacker_covered = 1"),
        (lambda: theory.stackelberg_security_game([1, 2], [0, 0], [0], [0]), "defender_uncovered"),
        (lambda: theory.stackelberg_security_game([1], [0], [0], [-1]), "defender_covered = -1"),
        (lambda: theory.stackelberg_security_game([1], [0], [0], [0], -1), "resources = -1"),
        (lambda: theory.lanchester_square_survivors(1, 1, 0), "kill_rate = 0"),
        (lambda: theory.duel_win_probability(0, 0), "x = 0 and y = 0"),
        (lambda: theory.duel_win_probability(2, 1.5), "y = 1.5"),  # type: ignore[arg-type]
        (lambda: theory.duel_win_probability(2, 1, law="cube"), "law = 'cube'"),
        (lambda: theory.duel_win_probability(2, 1, r=0), "r = 0"),
        (lambda: theory.duel_win_probability(2, 1, law="linear", p=1.1), "p = 1.1"),
        (lambda: theory.tobler_speed_kmh(math.inf), "slope = inf"),
        (lambda: theory.naismith_minutes(1, -5), "ascent_m = -5"),
        (lambda: theory.horizon_km("tall"), "height_m = 'tall'"),
        (lambda: theory.corrected_elevation_m(0, -1), "distance_km = -1"),
    ],
)
def test_outside_validity_the_argument_its_value_and_what_is_allowed_are_named(call: object, message: str) -> None:
    with pytest.raises(ValueError) as refusal:  # noqa: PT011 - the message is checked below, literally
        call()  # type: ignore[operator]
    assert str(refusal.value).startswith(message)
    assert "allowed" in str(refusal.value)
