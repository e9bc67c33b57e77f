"""The model against search theory: laboratories with symbols drawn at random over all that they allow.

Two questions are kept apart. What the model's steps, lanes and tables make of a law can be added up without chance:
that bias must be far below what a million replications show. What the runs then do is compared with the closed form
by a corrected bound: a right program fails in any of the links of a test with probability `FAMILYWISE_ERROR`.
"""

from __future__ import annotations

import contextlib
import math
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from laboratories import due_share, expanded, laboratory, laboratory_world
from numpy.random import Generator, default_rng

from sim.scenario import ScenarioError
from sim.study.verify.laboratories.base import Expectation
from sim.study.verify.links import Link, VerifyJob
from sim.study.verify.result import Verification
from sim.study.verify.summary import link_results
from sim.world import build_world

FAMILYWISE_ERROR = 0.01
"""As in `sim.study.verify.summary`, of all draws of one laboratory together. The seeds are fixed."""

Symbols = dict[str, Any]


def between(rng: Generator, low: float, high: float) -> float:
    """A number drawn by its logarithm: as often between 1 and 10 as between 100 and 1000."""
    return float(np.exp(rng.uniform(math.log(low), math.log(high))))


# -- symbols over the whole range that is allowed -------------------------------------------------------------------


def definite_range(rng: Generator) -> Symbols:
    return {"R": between(rng, 1e-3, 1e6), "V": between(rng, 1e-3, 1e6)}


def constant_rate(rng: Generator) -> Symbols:
    R, V, z = between(rng, 1e-2, 1e3), between(rng, 1e-2, 1e3), between(rng, 0.02, 1e3)
    return {"R": R, "V": V, "q": z * V / (2 * R)}


def constant_rate_offset(rng: Generator) -> Symbols:
    symbols = constant_rate(rng)
    return symbols | {"x": symbols["R"] * float(rng.uniform(-1.05, 1.05))}


def inverse_cube(rng: Generator) -> Symbols:
    return {"K": between(rng, 1e-6, 1e9), "V": between(rng, 1e-3, 1e6)}


def inverse_cube_offset(rng: Generator) -> Symbols:
    symbols = inverse_cube(rng)
    return symbols | {"x": math.sqrt(symbols["K"]) * between(rng, 0.3, 20.0)}


def barrier(rng: Generator, turning: str, shortest: float, fastest: float) -> Symbols:
    R, U = between(rng, 1e-2, 1e3), between(rng, 1e-2, 1e3)
    L, V = R * between(rng, shortest, 499.0), U * between(rng, 0.01, fastest)
    return {"R": R, "U": U, "L": L, "V": V, "turning": turning}


def barrier_ends(rng: Generator) -> Symbols:
    return barrier(rng, "ends", 0.26, 15.0)


def barrier_inside(rng: Generator) -> Symbols:
    """Short barriers and fast patrols take long, for their steps are fine; those refused for it are drawn again."""
    while True:
        symbols = barrier(rng, "inside", 4.0, 5.0)
        with contextlib.suppress(ScenarioError):
            laboratory("barrier_patrol", **symbols)
            return symbols


def random_search(rng: Generator) -> Symbols:
    W, V, widths = between(rng, 1e-2, 1e3), between(rng, 1e-2, 1e3), between(rng, 0.11, 99.0)
    return {"W": W, "V": V, "t": widths * W / V, "A": widths * W * W / between(rng, 0.05, 5.0)}


def contact(rng: Generator) -> Symbols:
    n, R, U = int(between(rng, 1, 200)), between(rng, 1e-2, 1e3), between(rng, 1e-2, 1e3)
    return {
        "n": n,
        "squads": min(n, int(rng.integers(1, 6))),
        "q": between(rng, 0.05, 5.0) / n * U / 2 / R,
        "R": R,
        "U": U,
    }


def duel_square(rng: Generator) -> Symbols:
    x = int(between(rng, 1, 60))
    # Near an even fight, so that much is left to chance.
    y = max(1, round(x * between(rng, 0.7, 1.4)))
    return {"x": x, "y": y, "r": (y / x) ** 2 * between(rng, 0.8, 1.25)}


def duel_linear(rng: Generator) -> Symbols:
    x, y = int(between(rng, 1, 40)), int(between(rng, 1, 40))
    return {"x": x, "y": y, "law": "linear", "p": min(0.99, max(0.01, y / (x + y) + float(rng.uniform(-0.05, 0.05))))}


def reliability_path(rng: Generator) -> Symbols:
    """Six nodes in a row, five more arcs among them, some without a watch and some that nobody passes."""
    pairs = [(node, node + 1) for node in range(5)] + [
        tuple(rng.choice(6, 2, replace=False).tolist()) for _ in range(5)
    ]
    chances = [float(rng.choice([0.0, 1.0])) if rng.random() < 0.1 else float(rng.uniform(0, 0.6)) for _ in pairs]
    edges = [[one, other, chance] for (one, other), chance in zip(pairs, chances, strict=True)]
    return {"edges": edges, "source": 0, "target": 5}


def repeat_trials(rng: Generator) -> Symbols:
    p, d = float(rng.uniform(0.02, 1.0)), float(rng.uniform(0.0, 1.0))
    return {"N": between(rng, 1.0, 1e6), "p": p, "d": max(d, 1 - 0.8 / p)}


DRAWN: dict[str, tuple[str, Callable[[Generator], Symbols], int]] = {
    "definite_range": ("definite_range", definite_range, 1),
    "constant_rate": ("constant_rate", constant_rate, 2),
    "constant_rate_offset": ("constant_rate", constant_rate_offset, 2),
    "inverse_cube": ("inverse_cube", inverse_cube, 1),
    "inverse_cube_offset": ("inverse_cube", inverse_cube_offset, 1),
    "barrier_ends": ("barrier_patrol", barrier_ends, 2),
    "barrier_inside": ("barrier_patrol", barrier_inside, 2),
    "random_search": ("random_search", random_search, 2),
    "contact": ("contact", contact, 2),
    "duel_square": ("duel", duel_square, 3),
    "duel_linear": ("duel", duel_linear, 3),
    "reliability_path": ("reliability_path", reliability_path, 2),
    "repeat_trials": ("repeat_trials", repeat_trials, 1),
}
"""For each link its laboratory, how its symbols are drawn, and how often in the quick suite."""


def drawn(name: str, number: int, seed: int) -> Iterator[Link]:
    case, draw, _ = DRAWN[name]
    rng = default_rng(seed)
    for place in range(number):
        symbols = draw(rng)
        yield Link(f"{name}_{place}", laboratory(case, **symbols), expanded(case, **symbols))


def verification(links: tuple[Link, ...], replications: int, seed: int) -> Verification:
    job = VerifyJob(links, replications, seed)
    return Verification(link_results(links, job.run(0, job.batches)), seed, "")


def failing(found: Verification) -> list[tuple[Symbols, float]]:
    """Symbols and z of the links that differ."""
    return [(one.link.laboratory.model_dump(), one.z) for one in found.links if not found.passes(one)]


@pytest.mark.parametrize("name", DRAWN)
def test_drawn_symbols_agree_with_their_closed_form(name: str) -> None:
    """Some draws of each, 20,000 replications each."""
    assert failing(verification(tuple(drawn(name, DRAWN[name][2], seed=20191106)), 20_000, seed=4)) == []


@pytest.mark.long
@pytest.mark.parametrize("name", DRAWN)
def test_drawn_symbols_agree_in_a_million_replications(name: str) -> None:
    """One more draw of each, with a million replications: an error of a thousandth shows."""
    assert failing(verification(tuple(drawn(name, 1, seed=77)), 10**6, seed=9)) == []


# -- bias, without chance -------------------------------------------------------------------------------------------

LARGEST_BIAS = 0.3
"""In standard errors of a million replications: so far may steps, lanes and metres shift a link."""


def shift(expected: Expectation, due: float) -> float:
    """Bias in standard errors of a million replications."""
    return expected.z(due, 10**6)


CORNERS: dict[str, tuple[str, Symbols]] = {
    "hardly any rate": ("constant_rate", {"R": 1.0, "V": 3.0, "q": 1e-4}),
    "z = 10": ("constant_rate", {"R": 1.0, "V": 2.0, "q": 10.0}),
    "z = 100": ("constant_rate", {"R": 1.0, "V": 2.0, "q": 100.0}),
    "z beyond all measure": ("constant_rate", {"R": 1e3, "V": 1e-3, "q": 1e3}),
    "tiny R": ("constant_rate", {"R": 1e-6, "V": 3.0, "q": 3e6 / 4}),
    "huge R": ("constant_rate", {"R": 1e6, "V": 3.0, "q": 3e-6}),
    "a short chord": ("constant_rate", {"R": 1.0, "V": 2.0, "q": 20.0, "x": 0.995}),
    "a chord of a few steps": ("constant_rate", {"R": 1.0, "V": 2.0, "q": 500.0, "x": 0.999997}),
    "an inverse cube over its front": ("inverse_cube", {"K": 1.0, "V": 3.0}),
    "an inverse cube near by": ("inverse_cube", {"K": 2.0, "V": 3.0, "x": 0.6}),
    "an inverse cube at half its width": ("inverse_cube", {"K": 1.0, "V": 3.0, "x": 1.7724538509}),
    "an inverse cube far off": ("inverse_cube", {"K": 1.0, "V": 3.0, "x": -20.0}),
    "a definite range": ("definite_range", {"R": 0.7, "V": 3.0}),
    "just within a definite range": ("definite_range", {"R": 1.0, "V": 3.0, "x": 0.9989}),
    "just beyond a definite range": ("definite_range", {"R": 1.0, "V": 3.0, "x": -1.0011}),
}


@pytest.mark.parametrize(("case", "symbols"), CORNERS.values(), ids=CORNERS.keys())
def test_no_corner_has_a_bias_that_shows(case: str, symbols: Symbols) -> None:
    expected = laboratory(case, **symbols).expectation(expanded(case, **symbols))
    assert abs(shift(expected, due_share(laboratory_world(case, **symbols)))) < LARGEST_BIAS


@pytest.mark.parametrize("name", ["constant_rate", "constant_rate_offset", "inverse_cube_offset"])
def test_no_drawn_symbols_have_a_bias_that_shows(name: str) -> None:
    case, draw, _ = DRAWN[name]
    rng = default_rng(5)
    for _ in range(3 if name == "constant_rate" else 12):
        symbols = draw(rng)
        expected = laboratory(case, **symbols).expectation(expanded(case, **symbols))
        assert abs(shift(expected, due_share(laboratory_world(case, **symbols)))) < LARGEST_BIAS, symbols


@pytest.mark.parametrize(
    "symbols",
    [
        {},
        {"turning": "inside"},
        {"R": 2.0, "V": 12.0, "U": 4.0, "turning": "inside"},
        {"L": 5.0, "V": 10.0, "U": 8.0, "turning": "inside"},
        {"L": 3.0, "V": 1.0},
        {"V": 20.0},
    ],
)
def test_a_barrier_has_no_bias_that_shows(symbols: Symbols) -> None:
    """Every lane, and phases of the patrol equally far apart, worked out by geometry from the scenario alone."""
    scenario = expanded("barrier_patrol", **symbols)
    expected = laboratory("barrier_patrol", **symbols).expectation(scenario)
    assert abs(shift(expected, barrier_share(scenario, phases=1500))) < 0.5


def barrier_share(scenario: Any, phases: int) -> float:
    """Share of lanes and phases in which a patrol is within its range in some minute of the crossing."""
    (patrol,) = scenario.patrols
    world = build_world(scenario, "without")
    minute = np.arange(1, world.routes[0][0].steps)
    (west, row), (east, _) = patrol.track
    length = east - west
    walked = (2 * length * (np.arange(phases)[:, None] + 0.5) / phases + patrol.speed_kmh * minute / 60) % (2 * length)
    at_km = west + np.minimum(walked, 2 * length - walked)
    seen = 0
    for route in world.routes[0]:
        north_km = route.y_km[minute] - row
        seen += int(((at_km - route.x_km[0]) ** 2 + north_km**2 < patrol.range_km**2).any(axis=1).sum())
    return seen / (phases * len(world.routes[0]))
