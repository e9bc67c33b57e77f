"""Laboratories for tests: symbols of one valid case each, their scenarios, and the shares that their lanes are due."""

from __future__ import annotations

import copy
import math
from functools import cache
from typing import Any

import numpy as np

from sim.rules.randomness import UNIT
from sim.scenario import Scenario
from sim.scenario.load import scenario_of
from sim.study.settings import compose
from sim.study.verify.laboratories import expand_laboratory, read_laboratory
from sim.world import World, build_world
from sim.world.hazards import marching_hazards

SYMBOLS: dict[str, dict[str, Any]] = {
    "definite_range": {"R": 1.0, "V": 3.0},
    "constant_rate": {"R": 1.0, "q": 3.0, "V": 3.0},
    "inverse_cube": {"K": 1.0, "V": 3.0},
    "barrier_patrol": {"R": 1.0, "L": 20.0, "V": 10.0, "U": 5.0},
    "random_search": {"W": 2.0, "V": 5.0, "t": 10.0, "A": 100.0},
    "contact": {"n": 8, "squads": 2, "q": 0.108, "R": 0.5, "U": 2.0},
    "duel": {"x": 3, "y": 2},
    "reliability_path": {"edges": [["a", "b", 0.2], ["b", "c", 0.1]]},
    "repeat_trials": {"N": 1000.0, "p": 0.4, "d": 0.1},
    "detection_chain": {},
}
"""A valid case of each laboratory: all that it asks for."""

STANDING = tuple(case for case in SYMBOLS if case != "detection_chain")
"""Laboratories with a ground of their own."""


def laboratory(case: str, /, **symbols: Any) -> Any:
    """A laboratory of `SYMBOLS`, some of its symbols changed."""
    return read_laboratory({"case": case, **SYMBOLS[case], **symbols})


def laboratory_scenario(case: str, *more: str, **symbols: Any) -> Scenario:
    """The scenario that it expands to, through the same door as on the command line; `more` are further overrides."""
    own = [f"laboratory.{key}={_written(value)}" for key, value in {**SYMBOLS[case], **symbols}.items()]
    return scenario_of(compose([f"experiment=verification/{case}", *own, *more]))


@cache
def _bare_config() -> dict[str, Any]:
    return compose(["experiment=verification/definite_range"])


def expanded(case: str, /, **symbols: Any) -> Scenario:
    """The same without the command line, which takes a hundred times as long; named after the default case."""
    config = copy.deepcopy(_bare_config()) | {"laboratory": {"case": case, **SYMBOLS[case], **symbols}}
    expand_laboratory(config)
    return scenario_of(config)


def laboratory_world(case: str, /, **symbols: Any) -> World:
    """The World of the laboratory's only arm."""
    return build_world(expanded(case, **symbols), "without")


def due_share(world: World) -> float:
    """Share of those who pass a post that are due to be detected: mean over lanes of 1 - exp(-hazard).

    What the model's steps, lanes and tables make of a law, without the chance of a run.
    """
    party, open_to = 0, np.ones(world.routes[0][0].steps + 1)
    rates = world.post_rates(0, 0)[2]
    hazards = [
        marching_hazards(rates, world.post_metres(party, lane)[0], open_to)[1:].sum() / UNIT
        for lane in range(len(world.routes[party]))
    ]
    return float(np.mean(-np.expm1(-np.array(hazards))))


def _written(value: Any) -> str:
    if isinstance(value, list | tuple):
        return f"[{','.join(map(_written, value))}]"
    if isinstance(value, float) and math.isfinite(value):
        return repr(float(value))
    return "null" if value is None else str(value)
