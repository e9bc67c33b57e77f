"""Configurations as the studies read them: how to run a study, and the scenario, with laboratories expanded."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BeforeValidator, ValidationError, create_model, field_validator

from sim.config_folder import study_names
from sim.execution.executor import ExecutionSettings
from sim.scenario import Scenario, load
from sim.scenario.base import Section, choice, quantity
from sim.scenario.keys import problem_of
from sim.study.verify.laboratories import Laboratory, expand_laboratory, read_laboratory

if TYPE_CHECKING:
    from sim.study.stopping import StoppingRule

MOST_REPLICATIONS = 10**9


def _number_or_auto(value: Any) -> Any:
    whole = isinstance(value, int) and not isinstance(value, bool)
    if value == "auto" or (whole and 1 <= value <= MOST_REPLICATIONS):
        return value
    raise ValueError(f"allowed: a whole number from 1 to {MOST_REPLICATIONS}, or auto")


Replications = Annotated[int | Literal["auto"], BeforeValidator(_number_or_auto)]


class StudySettings(Section):
    """Which study; see `run_settings_schema` for what is allowed."""

    name: str = choice("compare", "the question that is asked", assumed="the user's choice")


class RunSettings(Section):
    """Study, seed, number of replications, where to write, and on what to run.

    Each study adds its own keys under its name, see `run_settings_schema`.
    """

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
    report: bool = choice(True, "whether figures and report.html are drawn", assumed="the user's choice")
    only: tuple[str, ...] | None = choice(
        None, "names of the arms that are run, the baseline among them; null runs all", assumed="the user's choice"
    )
    execution: ExecutionSettings = ExecutionSettings()
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
        from sim.study.stopping import StoppingRule  # loads numpy, which a refusal or `--cfg job` can do without

        return StoppingRule(self.precision, self.strict, self.most_replications)

    @property
    def asked(self) -> int:
        """How many replications of every arm there may be in the end."""
        return self.most_replications if self.replications == "auto" else self.replications

    def of(self, study: str) -> Any:
        """The settings of a study's own keys."""
        return getattr(self, study)


@cache
def run_settings_schema() -> type[RunSettings]:
    """`RunSettings` with the own keys of every study (`SETTINGS` of its ``settings.py``), and the names of studies."""
    names, here = study_names(), Path(__file__).parent
    name: Any = (Literal[names], StudySettings.model_fields["name"])
    study = create_model("StudySettings", __base__=StudySettings, name=name)
    own: Any = {}
    for name in names:
        if (here / name / "settings.py").exists():
            schema = importlib.import_module(f"sim.study.{name}.settings").SETTINGS
            own[name] = (schema, schema())
    return create_model("RunSettings", __base__=RunSettings, study=(study, study()), **own)


def run_settings(config: dict[str, Any]) -> RunSettings:
    """The run settings in a composed configuration; raises `ScenarioError` with the key and what is allowed."""
    try:
        return run_settings_schema().model_validate({key: config[key] for key in load.run_keys() if key in config})
    except ValidationError as error:
        raise problem_of(error) from None


def scenario_in(config: dict[str, Any], settings: RunSettings) -> Scenario:
    """The scenario in a composed configuration, with the arms of `only` alone; raises `ScenarioError` likewise."""
    return load.scenario_of(config if settings.only is None else load.with_arms(config, settings.only))


def compose(overrides: Sequence[str]) -> dict[str, Any]:
    """The whole configuration as plain data; raises as `sim.scenario.load.compose` does."""
    return load.compose(overrides, expand_laboratory)


def load_scenario(name: str = "shahrituz_2019", overrides: Sequence[str] = ()) -> Scenario:
    """A scenario by the name of its experiment, or by the path of a YAML file of one's own.

    Parameters
    ----------
    name:
        A name under ``configs/experiment``, or a path ending in ``.yaml``.
    overrides:
        Hydra overrides, such as ``"outpost.range_km=12"``.

    Raises
    ------
    ScenarioError
        If there is no such experiment, or if a key or value is refused; the message names it.

    Examples
    --------
    >>> load_scenario("shahrituz_2019", ["command.report_delay_min=45"]).command.report_delay_min
    45
    """
    return load.scenario_of(compose([f"experiment={name}", *overrides]))
