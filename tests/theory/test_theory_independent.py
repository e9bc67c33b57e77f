"""The closed forms against calculations that do not use them: quadrature, geometry, enumeration, linear programmes."""

from __future__ import annotations

import itertools
import math
from fractions import Fraction

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate, optimize, special, stats

from sim import theory


def test_sweep_width_is_the_integral_of_the_lateral_range_curve() -> None:
    assert theory.sweep_width(lambda x: theory.lateral_range_inverse_cube(x, 0.7)) == pytest.approx(
        theory.sweep_width_inverse_cube(0.7), rel=1e-6
    )
    assert theory.sweep_width(lambda x: theory.lateral_range_definite_range(x, 1.5), 1.5) == pytest.approx(3.0)


@pytest.mark.parametrize("rate", [0.3, 20.0, 199.0, 201.0, 5000.0])
def test_constant_rate_sweep_width_by_quadrature_on_both_sides_of_the_series(rate: float) -> None:
    # x = R sin(angle) stretches the edge of the range, where the curve drops within a metre or so.
    def strip(angle: float) -> float:
        return 3.0 * math.cos(angle) * theory.lateral_range_constant_rate(1.5 * math.sin(angle), 1.5, rate, 6.0)

    width, _ = integrate.quad(strip, 0, math.pi / 2, limit=500, epsabs=1e-12, epsrel=1e-12)
    assert theory.sweep_width_constant_rate(1.5, rate, 6.0) == pytest.approx(width, rel=1e-10)


@pytest.mark.parametrize("z", [1e-6, 0.1, 0.5, 1.0, 3.0, 8.0])
def test_constant_rate_sweep_width_is_bessel_less_struve(z: float) -> None:
    expected = math.pi * (special.iv(1, z) - special.modstruve(1, z))
    assert theory.sweep_width_constant_rate(1.0, z / 2, 1.0) == pytest.approx(expected, rel=1e-12)


def test_constant_rate_sweep_width_has_no_seam_where_the_series_takes_over() -> None:
    widths = theory.sweep_width_constant_rate(1.0, np.array([49.999999, 50.0, 50.000001]), 1.0)
    slope = 4 / 100**3  # d/dz of 2 (1 - 1/z^2)
    assert np.diff(widths) == pytest.approx([slope * 2e-6] * 2, rel=1e-3)


def test_inverse_cube_rate_integrates_to_its_coefficient() -> None:
    k, area, height, speed, offset = 3e5, 2e-6, 0.4, 8.0, 1.3
    hazard, _ = integrate.quad(lambda t: k * area * height / (offset**2 + (speed * t) ** 2) ** 1.5, -np.inf, np.inf)
    coefficient = theory.inverse_cube_coefficient_km2(k, area, height, speed)
    assert theory.lateral_range_inverse_cube(offset, coefficient) == pytest.approx(-math.expm1(-hazard), rel=1e-9)


@pytest.mark.parametrize("coverage", [0.3, 1.0, 2.5])
def test_inverse_cube_search_is_the_mean_over_parallel_tracks(coverage: float) -> None:
    spacing = theory.sweep_width_inverse_cube(1.0) / coverage
    tracks = spacing * np.arange(-3000, 3001)
    places = spacing * (np.arange(400) + 0.5) / 400
    detected = -np.expm1(-np.sum(1.0 / (places[:, None] - tracks) ** 2, axis=1))
    assert theory.inverse_cube_search(coverage) == pytest.approx(detected.mean(), abs=2e-4)


@pytest.mark.parametrize(("target", "searcher"), [(0.25, 1.0), (3.0, 3.0), (5.0, 12.0), (4.0, 0.0)])
def test_mean_relative_speed_is_the_mean_over_headings(target: float, searcher: float) -> None:
    def relative(heading: float) -> float:
        return math.sqrt(max(0.0, target**2 + searcher**2 - 2 * target * searcher * math.cos(heading)))

    mean = integrate.quad(relative, 0, math.pi)[0] / math.pi
    assert theory.mean_relative_speed(target, searcher) == pytest.approx(mean, rel=1e-9)


def zigzag_detection(reach: float, length: float, searcher: float, crosser: float, inset: float, n: int = 300) -> float:
    """Share of crossing places and times from which the searcher comes within reach, on a fine grid.

    Seen from the crossers the searcher runs along a zigzag: distances to its segments, nothing cleverer.
    """
    left, right = inset, length - inset
    half = (right - left) * crosser / searcher
    x, y = np.meshgrid(length * (np.arange(n) + 0.5) / n, 2 * half * (np.arange(n) + 0.5) / n)
    nearest = np.full(x.shape, np.inf)
    periods = math.ceil(reach / half) + 2
    for leg in range(-periods, periods + 3):
        start, end = (left, right) if leg % 2 == 0 else (right, left)
        along, up = end - start, half
        place = np.clip(((x - start) * along + (y - leg * half) * up) / (along**2 + up**2), 0, 1)
        nearest = np.minimum(nearest, np.hypot(x - start - place * along, y - leg * half - place * up))
    return float(np.mean(nearest <= reach))


# Slow and fast patrols, gaps that end on the arc of the turning point and on the straight leg, and no gap at all.
PATROLS = [(1, 20, 10, 5), (2, 20, 12, 4), (1, 20, 3, 12), (3, 8, 20, 4), (3, 7, 5, 5), (2, 5, 1, 4), (4, 20, 30, 2)]


@pytest.mark.parametrize("patrol", PATROLS)
def test_back_and_forth_patrols_by_geometry(patrol: tuple[float, float, float, float]) -> None:
    # A grid of 300 x 300 mistakes at most the cells on the boundary: about 3e-3.
    inside = theory.barrier_patrol_back_and_forth_inside(*patrol)
    assert inside == pytest.approx(zigzag_detection(*patrol, inset=patrol[0]), abs=4e-3)
    ends = theory.barrier_patrol_back_and_forth_ends(*patrol)
    assert ends == pytest.approx(zigzag_detection(*patrol, inset=0.0), abs=4e-3)


@given(st.floats(0.1, 5), st.floats(2.05, 40), st.floats(0.2, 50), st.floats(0.2, 50))
def test_turning_inside_matches_the_integral_as_written(
    reach: float, ratio: float, searcher: float, crosser: float
) -> None:
    length, slope = reach * ratio, crosser / searcher
    cosine = 1 / math.hypot(1, slope)
    period = 2 * (length - 2 * reach) * slope
    # A substitution that puts points where the arc is steep, at the very end.
    u = (np.arange(20_000) + 0.5) / 20_000
    x = length * u**2
    arc = np.sqrt(np.maximum(0, reach**2 - (reach - x) ** 2))
    covered = np.where(x <= reach * (1 - slope * cosine), arc, (x - reach) * slope + reach / cosine)
    gap = np.mean(np.maximum(0, period - 2 * covered) * 2 * length * u)
    expected = 1 - 2 * gap / (length * period)
    assert theory.barrier_patrol_back_and_forth_inside(reach, length, searcher, crosser) == pytest.approx(
        expected, abs=1e-6
    )


@given(st.floats(0.1, 5), st.floats(2.05, 40), st.floats(0.2, 50), st.floats(0.2, 50))
def test_patrols_are_ordered_random_ends_bound(reach: float, ratio: float, searcher: float, crosser: float) -> None:
    patrol = (reach, reach * ratio, searcher, crosser)
    random, bound = theory.barrier_patrol_random(*patrol), theory.barrier_patrol_bound(*patrol)
    for back_and_forth in (theory.barrier_patrol_back_and_forth_ends, theory.barrier_patrol_back_and_forth_inside):
        assert -1e-12 <= back_and_forth(*patrol) <= bound + 1e-9
    assert random <= theory.barrier_patrol_back_and_forth_ends(*patrol) + 1e-9


@pytest.mark.parametrize(("reach", "length"), [(1, 20), (3, 4), (2, 2)])
def test_stationary_barrier_is_the_mean_clipped_width(reach: float, length: float) -> None:
    centre = length * (np.arange(100_000) + 0.5) / 100_000
    seen = np.minimum(length, centre + reach) - np.maximum(0, centre - reach)
    assert theory.stationary_barrier(reach, length) == pytest.approx(seen.mean() / length, abs=1e-8)


def test_chain_detection_enumerates_every_case_and_phase() -> None:
    rng = np.random.default_rng(3)
    posts, patrols = rng.random(2), [rng.random((2, 3)), rng.random((2, 4))]
    missed = [
        np.exp(-posts[case] - patrols[0][case, i] - patrols[1][case, j])
        for case, i, j in itertools.product(range(2), range(3), range(4))
    ]
    assert theory.chain_detection(posts, patrols) == pytest.approx(1 - np.mean(missed))
    assert theory.chain_detection(posts, weights=[3, 1]) == pytest.approx(1 - np.exp(-posts) @ [0.75, 0.25])


@pytest.mark.parametrize(("p", "d"), [(0.4, 0.1), (0.9, 0.0), (0.2, 1.0), (0.0, 0.3)])
def test_repeated_trials_are_the_sum_over_attempts(p: float, d: float) -> None:
    apprehended = got_away = 0.0
    trying = 1000.0
    for _ in range(2000):
        apprehended += trying * p
        got_away += trying * (1 - p)
        trying *= p * (1 - d)
    assert theory.repeated_trials_apprehensions(1000, p, d) == pytest.approx(apprehended)
    if p > 0:
        assert theory.repeated_trials_got_away(apprehended, p) == pytest.approx(got_away)


@pytest.mark.parametrize("seed", range(8))
def test_most_reliable_path_against_all_paths(seed: int) -> None:
    rng = np.random.default_rng(seed)
    graph = nx.gnp_random_graph(7, 0.6, seed=seed, directed=bool(seed % 2))
    edges = [(a, b, float(rng.choice([0.0, 1.0, *rng.random(6)]))) for a, b in graph.edges]
    graph.add_edges_from((a, b, {"p": p}) for a, b, p in edges)

    def undetected(path: list[int]) -> float:
        return math.prod(1 - graph.edges[step]["p"] for step in itertools.pairwise(path))

    if not nx.has_path(graph, 0, 6):
        with pytest.raises(ValueError, match="target = 6"):
            theory.most_reliable_path(edges, 0, 6, directed=bool(seed % 2))
        return
    path, probability = theory.most_reliable_path(edges, 0, 6, directed=bool(seed % 2))
    assert probability == pytest.approx(max(undetected(other) for other in nx.all_simple_paths(graph, 0, 6)))
    assert (path[0], path[-1]) == (0, 6)
    assert undetected(path) == pytest.approx(probability)


def test_most_reliable_path_to_where_one_stands_and_down_a_one_way() -> None:
    assert theory.most_reliable_path([("a", "b", 0.5)], "a", "a") == (["a"], 1.0)
    with pytest.raises(ValueError, match="target"):
        theory.most_reliable_path([("b", "a", 0.5)], "a", "b", directed=True)


@pytest.mark.parametrize("seed", range(4))
def test_inspection_game_against_a_linear_programme(seed: int) -> None:
    p = np.random.default_rng(seed).uniform(0.05, 1, 5)
    # Maximise v with v <= p_i x_i for each arc i, x a probability vector.
    result = optimize.linprog(
        [0] * 5 + [-1], A_ub=np.c_[-np.diag(p), np.ones(5)], b_ub=np.zeros(5), A_eq=[[1] * 5 + [0]], b_eq=[1]
    )
    value, mix = theory.inspection_game(p)
    assert value == pytest.approx(-result.fun)
    assert mix == pytest.approx(result.x[:5], abs=1e-7)


def best_commitment(gain: np.ndarray, caught: np.ndarray, loss: np.ndarray, saved: np.ndarray, m: float) -> float:
    """Defender's value by one linear programme for each target the attacker may be led to strike."""
    n, values = len(gain), []
    for target in range(n):
        # Attacker: gain_t - c_t (gain_t - caught_t) <= the same at the target.
        rows, limits = [], []
        for other in range(n):
            row = np.zeros(n)
            row[other] -= gain[other] - caught[other]
            row[target] += gain[target] - caught[target]
            rows.append(row)
            limits.append(gain[target] - gain[other])
        cost = np.zeros(n)
        cost[target] = -(saved[target] - loss[target])
        result = optimize.linprog(cost, A_ub=[*rows, np.ones(n)], b_ub=[*limits, m], bounds=[(0, 1)] * n)
        if result.status == 0:
            values.append(loss[target] - result.fun)
    return max(values)


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("resources", [0.0, 1.0, 1.6, 4.0])
def test_security_game_against_linear_programmes(seed: int, resources: float) -> None:
    rng = np.random.default_rng(seed)
    caught, loss = rng.uniform(-9, 2, 4), rng.uniform(-9, 2, 4)
    gain, saved = caught + rng.uniform(0.5, 9, 4), loss + rng.uniform(0, 9, 4)
    game = theory.stackelberg_security_game(gain, caught, loss, saved, resources)
    assert game.coverage.sum() <= resources + 1e-9
    assert ((game.coverage >= 0) & (game.coverage <= 1)).all()
    payoffs = gain + game.coverage * (caught - gain)
    assert payoffs.max() == pytest.approx(game.attacker_value)
    assert payoffs[game.target] == pytest.approx(game.attacker_value)
    assert game.defender_value == pytest.approx(best_commitment(gain, caught, loss, saved, resources), abs=1e-6)


def test_lanchester_against_the_differential_equation() -> None:
    def beaten(_: float, strengths: np.ndarray) -> float:
        return float(strengths[1])

    beaten.terminal = True  # type: ignore[attr-defined]
    course = integrate.solve_ivp(
        lambda _, s: [-0.3 * s[1], -0.5 * s[0]], (0, 100), [20.0, 18.0], events=beaten, rtol=1e-10, atol=1e-10
    )
    survivors = theory.lanchester_square_survivors(20, 18, kill_rate=0.5, enemy_kill_rate=0.3)
    assert survivors == pytest.approx(course.y[0, -1], rel=1e-6)


@pytest.mark.parametrize(("x", "y", "ratio"), [(5, 3, 1), (4, 9, 2), (10, 8, 1), (3, 2, Fraction(1, 3))])
def test_square_duel_by_following_the_whole_distribution(x: int, y: int, ratio: Fraction) -> None:
    alive, won = {(x, y): Fraction(1)}, Fraction(0)
    while alive:
        a, b = max(alive, key=sum)
        chance = alive.pop((a, b))
        if a == 0 or b == 0:
            won += chance * (b == 0)
            continue
        q = Fraction(ratio * a, 1) / (ratio * a + b)
        for state, share in (((a, b - 1), q), ((a - 1, b), 1 - q)):
            alive[state] = alive.get(state, Fraction(0)) + chance * share
    assert theory.duel_win_probability(x, y, r=float(ratio)) == pytest.approx(float(won), rel=1e-12)


@given(st.integers(1, 30), st.integers(1, 30), st.floats(0, 1))
def test_linear_duel_is_a_binomial_tail(x: int, y: int, p: float) -> None:
    # x wins when at least y of the first x + y - 1 falls are on the other side.
    expected = stats.binom.sf(y - 1, x + y - 1, p)
    assert theory.duel_win_probability(x, y, law="linear", p=p) == pytest.approx(expected, abs=1e-10)
