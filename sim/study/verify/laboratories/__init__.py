"""Laboratories: small scenarios in which one closed form of search theory must come out.

A laboratory is given by the symbols of its formula. What it expands to is a scenario like any other, run by the same
model; keys that are set besides the laboratory's own apply on top of it.
"""

from __future__ import annotations

from typing import Any, get_args

from pydantic import ValidationError

from sim.scenario.base import ScenarioError
from sim.scenario.keys import assign, problem_of
from sim.scenario.load import LABORATORY
from sim.study.verify.laboratories.contact import Duel, ReliabilityPath, RepeatTrials
from sim.study.verify.laboratories.lateral_range import ConstantRate, DefiniteRange, InverseCube
from sim.study.verify.laboratories.passing_men import Contact
from sim.study.verify.laboratories.search import BarrierPatrol, DetectionChain, RandomSearch

Passing = DefiniteRange | ConstantRate | InverseCube | BarrierPatrol
Laboratory = Passing | RandomSearch | Contact | Duel | ReliabilityPath | RepeatTrials | DetectionChain

KINDS: dict[str, type[Laboratory]] = {
    get_args(kind.model_fields["case"].annotation)[0]: kind for kind in get_args(Laboratory)
}
"""All laboratories by what ``laboratory.case`` calls them."""


def read_laboratory(data: Any) -> Laboratory:
    """A laboratory from plain data; raises `ScenarioError` with the key, the value and the condition that it breaks.

    >>> read_laboratory({"case": "duel", "x": 3, "y": 2}).law
    'square'
    """
    if not isinstance(data, dict):
        raise ScenarioError(LABORATORY, f"is {data!r}; allowed: a mapping of symbols")
    case = str(data.get("case", "missing"))
    if case not in KINDS:
        raise ScenarioError(f"{LABORATORY}.case", f"is {case}; allowed: {', '.join(KINDS)}")
    try:
        return KINDS[case].model_validate(data)
    except ValidationError as error:
        problem = problem_of(error)
        raise ScenarioError(f"{LABORATORY}.{problem.key}", str(problem).partition(": ")[2]) from None


def expand_laboratory(config: dict[str, Any]) -> None:
    """Put what a configuration's laboratory expands to over the rest of it, in place."""
    if config.get(LABORATORY) is None:
        return
    for key, value in read_laboratory(config[LABORATORY]).expand_over(config).items():
        if isinstance(value, dict) and key not in ("sensors", "arms"):
            assign(config, key, value)
        else:
            config[key] = value
