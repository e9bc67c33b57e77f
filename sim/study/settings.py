"""How to run a study: everything in the configuration that is not the scenario."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import ValidationError

from sim.execution.settings import ExecutionSettings
from sim.scenario.base import Part, choice, quantity
from sim.scenario.load import RUN_KEYS
from sim.scenario.scenario import problem_of


class StudySettings(Part):
    """Which study."""

    name: Literal["compare", "describe"] = choice("compare", "the question that is asked", assumed="the user's choice")


class RunSettings(Part):
    """Study, seed, number of replications, where to write, and on what to run."""

    study: StudySettings = StudySettings()
    seed: int = quantity(1, "of the keyed streams", assumed="any", ge=0, le=2**63 - 1)
    replications: int = quantity(300, "replications of every arm", assumed="as many as time allows", ge=1, le=10**9)
    output: str | None = choice(
        None, "folder for the results; null makes one under outputs/", assumed="the user's choice"
    )
    execution: ExecutionSettings = ExecutionSettings()


def run_settings(config: dict[str, Any]) -> RunSettings:
    """The run settings in a composed configuration.

    Raises
    ------
    ScenarioError
        With the key, the value and what is allowed.
    """
    try:
        return RunSettings.model_validate({key: config[key] for key in RUN_KEYS if key in config})
    except ValidationError as error:
        raise problem_of(error) from None
