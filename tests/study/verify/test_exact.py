"""Closed forms of the laboratories against published numbers, typed in by hand, and other ways to compute them."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from laboratories import STANDING, expanded, laboratory
from scipy.integrate import quad

from sim import theory
from sim.study.verify.laboratories.base import Expectation, share


def expected_of(case: str, /, **symbols: Any) -> Expectation:
    return laboratory(case, **symbols).closed_form()


EDGE = {"source": None, "target": None}
NUMBERS: dict[str, tuple[str, dict[str, Any], float]] = {
    "W = 2 R": ("definite_range", {"R": 1.5}, 3.0),
    "within the range": ("definite_range", {"R": 1.5, "x": -1.4}, 1.0),
    "beyond the range": ("definite_range", {"R": 1.5, "x": 1.6}, 0.0),
    # z = 2 q R / V
    "W/R at z = .5": ("constant_rate", {"R": 2.0, "q": 0.25, "V": 2.0}, 2 * 0.640734),
    "W/R at z = 1": ("constant_rate", {"R": 1.0, "q": 2.0, "V": 4.0}, 1.063098),
    "W/R at z = 2": ("constant_rate", {"R": 1.0, "q": 3.0, "V": 3.0}, 1.532711),
    "W/R at z = 5": ("constant_rate", {"R": 1.0, "q": 5.0, "V": 2.0}, 1.908286),
    "a chord of 1.6 R": ("constant_rate", {"R": 1.0, "q": 2.5, "V": 4.0, "x": 0.6}, 1 - math.exp(-1)),
    "outside a constant rate": ("constant_rate", {"R": 1.0, "q": 2.5, "V": 4.0, "x": 1.0}, 0.0),
    "W of the inverse cube": ("inverse_cube", {"K": 1.0}, 3.544908),
    "W of the inverse cube, K = 4": ("inverse_cube", {"K": 4.0}, 2 * 3.544908),
    "l(W/2)": ("inverse_cube", {"K": 1.0, "x": 1.772454}, 0.272623),
    "barrier 1, ends": ("barrier_patrol", {"R": 1.0, "L": 20.0, "V": 10.0, "U": 5.0}, 0.211107),
    "barrier 2, ends": ("barrier_patrol", {"R": 1.0, "L": 20.0, "V": 20.0, "U": 5.0}, 0.369811),
    "barrier 3, ends": ("barrier_patrol", {"R": 2.0, "L": 20.0, "V": 12.0, "U": 4.0}, 0.532455),
    "barrier 1, inside": ("barrier_patrol", {"L": 20.0, "V": 10.0, "U": 5.0, "turning": "inside"}, 0.218647),
    "barrier 2, inside": ("barrier_patrol", {"L": 20.0, "V": 20.0, "U": 5.0, "turning": "inside"}, 0.382597),
    "barrier 3, inside": ("barrier_patrol", {"R": 2.0, "V": 12.0, "U": 4.0, "turning": "inside"}, 0.566795),
    "a short barrier": ("barrier_patrol", {"R": 1.0, "L": 0.25, "V": 10.0, "U": 5.0}, 1.0),
    "C = .5": ("random_search", {"W": 2.0, "V": 5.0, "t": 5.0, "A": 100.0}, 0.393469),
    "C = 1": ("random_search", {"W": 2.0, "V": 5.0, "t": 10.0, "A": 100.0}, 0.632121),
    "C = 2": ("random_search", {"W": 2.0, "V": 5.0, "t": 20.0, "A": 100.0}, 0.864665),
    "one man for an hour": ("contact", {"n": 1, "squads": 1, "q": 0.7, "R": 2.0, "U": 4.0}, 1 - math.exp(-0.7)),
    "P(2, 1)": ("duel", {"x": 2, "y": 1}, 5 / 6),
    "P(3, 2)": ("duel", {"x": 3, "y": 2}, 0.775),
    "P(5, 3)": ("duel", {"x": 5, "y": 3}, 0.887376),
    "P(10, 8)": ("duel", {"x": 10, "y": 8}, 0.791358),
    "P(20, 15)": ("duel", {"x": 20, "y": 15}, 0.928134),
    "linear P(2, 1)": ("duel", {"x": 2, "y": 1, "law": "linear"}, 0.75),
    "linear P(3, 2)": ("duel", {"x": 3, "y": 2, "law": "linear"}, 0.6875),
    # One man of effectiveness 3 against one: 3 / (3 + 1).
    "twice one": ("duel", {"x": 1, "y": 1, "r": 3.0}, 0.75),
    "A of N = 1000": ("repeat_trials", {"N": 1000.0, "p": 0.4, "d": 0.1}, 625.0),
    "nobody is ever caught": ("repeat_trials", {"p": 0.0}, 0.0),
    "safest of two in a row and one": (
        "reliability_path",
        {"edges": [["a", "b", 0.5], ["b", "c", 0.5], ["a", "c", 0.8]], **EDGE},
        0.25,
    ),
}


@pytest.mark.parametrize(("case", "symbols", "value"), NUMBERS.values(), ids=NUMBERS.keys())
def test_number(case: str, symbols: dict[str, Any], value: float) -> None:
    assert expected_of(case, **symbols).exact == pytest.approx(value, abs=2e-6 * max(1.0, value))


@given(st.floats(1e-4, 1e4))
def test_the_inverse_cube_over_its_front_by_quadrature(K: float) -> None:
    """The share over the front of 20 sqrt(K), and the width beyond it, each by SciPy's quad."""
    expected, half = expected_of("inverse_cube", K=K), 10 * math.sqrt(K)
    within, _ = quad(lambda x: -math.expm1(-K / x**2), 0.0, half, epsrel=1e-10, points=[math.sqrt(K)])
    beyond, _ = quad(lambda x: -math.expm1(-K / x**2), half, math.inf, epsrel=1e-10)
    assert expected.mean == pytest.approx(within / half, rel=1e-7)
    assert expected.offset == pytest.approx(2 * beyond, rel=1e-6)
    assert expected.exact == pytest.approx(2 * math.sqrt(math.pi * K))


@given(st.floats(0.01, 100.0), st.floats(0.01, 100.0), st.floats(0.01, 100.0))
def test_a_constant_rate_over_its_front_by_quadrature(R: float, q: float, V: float) -> None:
    expected = expected_of("constant_rate", R=R, q=q, V=V)
    z, right = 2 * q * R / V, math.pi / 2
    # x = R sin(a), which takes the edge off the integrand; what is left of it lies within some 1/z of the right angle.
    steep = [right - near / z for near in (1.0, 10.0) if near < z]
    half, _ = quad(lambda a: -math.expm1(-z * math.cos(a)) * R * math.cos(a), 0.0, right, points=steep or None)
    assert expected.exact == pytest.approx(2 * half, rel=1e-7)
    assert expected.mean == pytest.approx(half / (2 * R), rel=1e-7)


def test_apprehensions_of_one_person_by_adding_up_all_ends() -> None:
    """Caught k times: p r^(k-1) times 1 - r, with r = p (1 - d) = .36, for k from 1; mean .625."""
    expected = expected_of("repeat_trials", N=1000.0, p=0.4, d=0.1)
    k = np.arange(1, 200)
    chance = 0.4 * 0.36 ** (k - 1) * (1 - 0.36)
    assert chance.sum() + 0.6 == pytest.approx(1.0)
    mean = (k * chance).sum()
    assert expected.mean == pytest.approx(mean)
    assert expected.variance == pytest.approx((k**2 * chance).sum() - mean**2)
    assert expected.factor == 1000.0


@given(st.integers(0, 10**6))
def test_the_most_reliable_path_against_all_paths(seed: int) -> None:
    """Random networks of seven nodes, the last of which is joined to the first."""
    rng = np.random.default_rng(seed)
    pairs = [*pairwise(range(7)), *(tuple(rng.choice(7, 2, replace=False).tolist()) for _ in range(4))]
    edges = [[int(one), int(other), float(rng.uniform(0.0, 0.9))] for one, other in pairs]
    network = nx.Graph()
    for one, other, p in edges:
        length = -math.log1p(-p)
        if not network.has_edge(one, other) or network[one][other]["weight"] > length:
            network.add_edge(one, other, weight=length)
    shortest = min(nx.path_weight(network, path, "weight") for path in nx.all_simple_paths(network, 0, 6))
    assert expected_of("reliability_path", edges=edges, source=0, target=6).exact == pytest.approx(math.exp(-shortest))


@given(st.floats(1e-14, 1e-3), st.floats(0.01, 100.0))
def test_a_barrier_hardly_longer_than_twice_the_range_leaves_no_gap_below_none(longer: float, slope: float) -> None:
    """What is left of its digits must not make the probability more than 1."""
    assert 0.0 <= theory.barrier_patrol_back_and_forth_inside(1.0, 2.0 * (1 + longer), 1.0, slope) <= 1.0


@pytest.mark.parametrize("case", STANDING)
def test_each_has_a_formula_and_a_source(case: str) -> None:
    expected = laboratory(case).expectation(expanded(case))
    assert expected.formula
    assert expected.source[-4:].isdigit()


# -- estimates and z, by hand -----------------------------------------------------------------------------------------


def test_a_share_has_the_variance_of_a_coin() -> None:
    expected = share("heads", 0.2, "p", "a coin")
    assert (expected.mean, expected.variance, expected.exact) == pytest.approx((0.2, 0.16, 0.2))
    assert expected.is_share


def test_z_by_hand() -> None:
    """100 throws: one standard error is sqrt(.16/100) = .04, and .28 is two of them above .2."""
    expected = share("heads", 0.2, "p", "a coin")
    assert expected.z(0.28, 100) == pytest.approx(2.0)
    assert expected.z(0.14, 100) == pytest.approx(-1.5)
    assert expected.z(0.28, 10_000) == pytest.approx(20.0)


def test_a_width_is_a_share_of_the_front_and_what_lies_beyond() -> None:
    """Of a front of 20 km a tenth is detected: 2 km, and .5 km more lie outside; z is that of the share."""
    expected = share("W", 0.1, "W", "somebody", unit="km", factor=20.0, offset=0.5)
    assert expected.exact == pytest.approx(2.5)
    assert expected.quantity_at(0.15) == pytest.approx(3.5)
    assert expected.z(0.13, 100) == pytest.approx(1.0)
    assert expected.unit == "km"


@pytest.mark.parametrize("certain", [0.0, 1.0])
def test_where_nothing_is_left_to_chance_one_miss_is_infinitely_far(certain: float) -> None:
    expected = share("sure", certain, "p", "logic")
    assert expected.z(certain, 50) == 0.0
    assert expected.z(0.5, 50) == math.copysign(math.inf, 0.5 - certain)


def test_what_is_counted_more_than_once_is_no_share() -> None:
    assert not Expectation("apprehensions", 0.5, 0.5, "A", "somebody").is_share
