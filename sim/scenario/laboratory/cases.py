"""All laboratories, and how one becomes a part of a configuration."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field, TypeAdapter, ValidationError

from sim.scenario.base import ScenarioError
from sim.scenario.keys import assign
from sim.scenario.laboratory.barrier import BarrierPatrol
from sim.scenario.laboratory.detection_chain import DetectionChain
from sim.scenario.laboratory.duel import Duel
from sim.scenario.laboratory.lateral_range import ConstantRate, DefiniteRange, InverseCube
from sim.scenario.laboratory.random_search import RandomSearch
from sim.scenario.laboratory.reliability_path import ReliabilityPath
from sim.scenario.laboratory.repeat_trials import RepeatTrials

KINDS = (
    DefiniteRange,
    ConstantRate,
    InverseCube,
    BarrierPatrol,
    RandomSearch,
    Duel,
    ReliabilityPath,
    RepeatTrials,
    DetectionChain,
)

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
    if config.get("laboratory") is None:
        return
    for key, value in read_laboratory(config["laboratory"]).expand_over(config).items():
        if isinstance(value, dict) and key not in ("sensors", "arms"):
            assign(config, key, value)
        else:
            config[key] = value


def _problem(error: ValidationError) -> ScenarioError:
    first = error.errors()[0]
    names = ", ".join(kind.model_fields["case"].annotation.__args__[0] for kind in KINDS)  # type: ignore[union-attr]
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
