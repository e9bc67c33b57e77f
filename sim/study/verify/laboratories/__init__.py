"""Laboratories: small scenarios in which one closed form of search theory must come out.

A laboratory is given by the symbols of its formula. What it expands to is a scenario like any other, run by the same
model; keys that are set beside the laboratory's own are carried out on top of it.
"""

from __future__ import annotations

from typing import Annotated, Any, get_args

from pydantic import Field, TypeAdapter, ValidationError

from sim.scenario.dotted import assign
from sim.scenario.load import LABORATORY
from sim.scenario.problem import ScenarioError
from sim.study.verify.laboratories.contact import Duel, ReliabilityPath, RepeatTrials
from sim.study.verify.laboratories.lateral_range import ConstantRate, DefiniteRange, InverseCube
from sim.study.verify.laboratories.search import BarrierPatrol, DetectionChain, RandomSearch

Laboratory = (
    DefiniteRange
    | ConstantRate
    | InverseCube
    | BarrierPatrol
    | RandomSearch
    | Duel
    | ReliabilityPath
    | RepeatTrials
    | DetectionChain
)

KINDS = get_args(Laboratory)
_ADAPTER: TypeAdapter[Laboratory] = TypeAdapter(Annotated[Laboratory, Field(discriminator="case")])


def read_laboratory(data: Any) -> Laboratory:
    """A laboratory from plain data.

    Raises
    ------
    ScenarioError
        With the key, the value and the condition that it breaks.

    Examples
    --------
    >>> read_laboratory({"case": "duel", "x": 3, "y": 2}).law
    'square'
    """
    try:
        return _ADAPTER.validate_python(data)
    except ValidationError as error:
        raise _problem(error) from None


def expand_laboratory(config: dict[str, Any]) -> None:
    """Put what a configuration's laboratory expands to over the rest of it, in place."""
    if config.get(LABORATORY) is None:
        return
    for key, value in read_laboratory(config[LABORATORY]).expand_over(config).items():
        if isinstance(value, dict) and key not in ("sensors", "arms"):
            assign(config, key, value)
        else:
            config[key] = value


def _problem(error: ValidationError) -> ScenarioError:
    first = error.errors()[0]
    names = ", ".join(get_args(kind.model_fields["case"].annotation)[0] for kind in KINDS)
    if first["type"] in ("union_tag_invalid", "union_tag_not_found"):
        return ScenarioError("laboratory.case", f"is {first['ctx'].get('tag', 'missing')}; allowed: {names}")
    key = ".".join(map(str, ("laboratory", *first["loc"][1:])))
    message = first["msg"].removeprefix("Value error, ")
    if first["type"] == "extra_forbidden":
        message = "no such key"
    elif first["type"] == "missing":
        message = "is required and missing"
    elif not first["msg"].startswith("Value error"):
        message = f"{message[0].lower()}{message[1:]}; got {first['input']!r}"
    elif key == "laboratory":
        key, _, message = f"laboratory.{message}".partition(" ")
    return ScenarioError(key, message)
