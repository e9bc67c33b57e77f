"""How to run a study: everything in the configuration that is not the scenario."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ValidationError, field_validator

from sim.execution.settings import ExecutionSettings
from sim.scenario.base import Section, choice, quantity
from sim.scenario.keys import problem_of
from sim.scenario.laboratory import Laboratory, read_laboratory
from sim.scenario.load import RUN_KEYS
from sim.study.stopping import StoppingRule
from sim.study.sweep.sampling import SweepSettings

MOST_REPLICATIONS = 10**9


def _number_or_auto(value: Any) -> Any:
    whole = isinstance(value, int) and not isinstance(value, bool)
    if value == "auto" or (whole and 1 <= value <= MOST_REPLICATIONS):
        return value
    raise ValueError(f"allowed: a whole number from 1 to {MOST_REPLICATIONS}, or auto")


Replications = Annotated[int | Literal["auto"], BeforeValidator(_number_or_auto)]


class StudySettings(Section):
    """Which study."""

    name: Literal["compare", "sweep", "season", "verify", "replay", "describe"] = choice(
        "compare", "the question that is asked", assumed="the user's choice"
    )


class ReplaySettings(Section):
    """Which replication of an earlier run to see again."""

    replication: int = quantity(0, "study=replay: number of the replication", assumed="the user's choice", ge=0)
    arm: str | None = choice(
        None, "study=replay: name of the arm; null takes the first that raises an error", assumed="the user's choice"
    )


class RunSettings(Section):
    """Study, seed, number of replications, where to write, and on what to run."""

    study: StudySettings = StudySettings()
    seed: int = quantity(1, "of the keyed streams", assumed="any", ge=0, le=2**63 - 1)
    replications: Replications = choice(
        2_000, "replications of every arm; auto: until precision is reached", assumed="as many as time allows"
    )
    precision: float = quantity(
        0.02,
        "replications=auto: half-width of the 95 % interval of every arm's effect on interdiction to stop at",
        assumed="what the question needs",
        ge=0.0001,
        le=0.5,
    )
    strict: bool = choice(
        False, "replications=auto: stop by a confidence sequence, which holds at all looks together", assumed="either"
    )
    most_replications: int = quantity(
        100_000, "replications=auto: stop there at the latest", assumed="as time allows", ge=1, le=10**9
    )
    engine: Literal["compiled", "mesa"] = choice(
        "compiled", "compiled, or the readable model's agents: the same rows, slower", assumed="either"
    )
    output: str | None = choice(
        None, "folder for the results; null makes one under outputs/", assumed="the user's choice"
    )
    execution: ExecutionSettings = ExecutionSettings()
    sweep: SweepSettings = SweepSettings()
    replay: ReplaySettings = ReplaySettings()
    laboratory: Laboratory | None = choice(
        None, "study=verify: the symbols of a closed form, see experiment=verification/NAME", assumed="a formula's"
    )

    @field_validator("laboratory", mode="before")
    @classmethod
    def _read(cls, value: Any) -> Any:
        return read_laboratory(value) if isinstance(value, dict) else value

    @property
    def stopping(self) -> StoppingRule | None:
        """The rule by which replications are added; None for a number that was given."""
        if self.replications != "auto":
            return None
        return StoppingRule(self.precision, self.strict, self.most_replications)

    @property
    def asked(self) -> int:
        """How many replications of every arm there may be in the end."""
        return self.most_replications if self.replications == "auto" else self.replications


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
