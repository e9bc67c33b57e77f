"""Scenarios from configuration files: composed once by Hydra, then validated by the scenario itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from sim.cache.store import key_of, load_or_make
from sim.config_folder import config_folder
from sim.scenario.defaults import spell_out
from sim.scenario.overrides import sort_out
from sim.scenario.own_file import own_experiment
from sim.scenario.problem import ScenarioError
from sim.scenario.refusal import refusal
from sim.scenario.scenario import Scenario, validate

RUN_KEYS = (
    "study",
    "execution",
    "seed",
    "replications",
    "precision",
    "strict",
    "most_replications",
    "output",
    "engine",
    "report",
    "only",
    "laboratory",
)
"""Keys of the configuration that say how to run and not what is simulated; each study's own keys come beside them."""

LABORATORY = "laboratory"
"""Key of the symbols of a closed form, which stand for a whole scenario (`sim.study.verify.laboratories`)."""

Expand = Callable[[dict[str, Any]], None]
"""Puts what a configuration's laboratory stands for over the rest of it, in place."""


def refuse_laboratory(config: dict[str, Any]) -> None:
    """Refuse a configuration that holds a laboratory."""
    if config.get(LABORATORY) is not None:
        raise ScenarioError(LABORATORY, "is set; allowed in `sim.load_scenario` and in studies, which expand it")


def load_scenario(name: str = "shahrituz_2019", overrides: Sequence[str] = ()) -> Scenario:
    """A scenario that is no laboratory; `sim.load_scenario` takes the same, and laboratories too."""
    return scenario_of(compose([f"experiment={name}", *overrides]))


def scenario_of(config: dict[str, Any]) -> Scenario:
    """The scenario in a composed configuration."""
    return validate(without_run_keys(config))


def without_run_keys(config: dict[str, Any]) -> dict[str, Any]:
    """What a composed configuration says of the scenario."""
    return {key: value for key, value in config.items() if key not in run_keys()}


@cache
def run_keys() -> tuple[str, ...]:
    """`RUN_KEYS`, and the names of the studies, under which their own keys stand."""
    studies = sorted(path.stem for path in (config_folder() / "study").glob("*.yaml"))
    return (*RUN_KEYS, *(name for name in studies if name not in Scenario.model_fields))


def compose(overrides: Sequence[str], expand: Expand = refuse_laboratory) -> dict[str, Any]:
    """The whole configuration as plain data: Hydra composes the groups, then single values are set in it.

    Parameters
    ----------
    expand:
        Called with the configuration in which only the laboratory's own keys are set yet; the others come on top.

    Raises
    ------
    ScenarioError
        With the key, the value and what is allowed, for an override or a file that cannot be used.
    """
    groups, values = sort_out(overrides)
    with own_experiment(groups) as (named, folder):
        data = _composed(named, folder) if folder else _kept(named)
    spell_out(data, Scenario)
    own = [change for change in values if change.key.partition(".")[0] == LABORATORY]
    for change in own:
        if change.key != LABORATORY and data[LABORATORY] is None:
            raise ScenarioError(change.key, "belongs to a laboratory; allowed with experiment=verification/NAME")
        change.apply_to(data)
    expand(data)
    for change in values:
        if change not in own:
            change.apply_to(data)
    return data


def _kept(groups: Sequence[str]) -> dict[str, Any]:
    """What Hydra composes of choices of groups, from the cache: to compose it anew takes nearly half a second."""
    try:
        code = key_of(Path(__file__).parent, ["load.py"], libraries=("hydra-core", "omegaconf", "pyyaml"))
        key = key_of(config_folder(), ["**/*.yaml"], list(groups), code)
    except (OSError, ImportError):
        return _composed(groups, None)
    return load_or_make("composed", key, lambda: _composed(groups, None))


def _composed(groups: Sequence[str], folder: Path | None) -> dict[str, Any]:
    from hydra import compose as hydra_compose
    from hydra import initialize_config_dir
    from hydra.core.global_hydra import GlobalHydra
    from hydra.errors import HydraException
    from omegaconf import OmegaConf
    from omegaconf.errors import OmegaConfBaseException
    from yaml import MarkedYAMLError

    search = [f"hydra.searchpath=[file://{folder}]"] if folder else []
    GlobalHydra.instance().clear()
    try:
        with initialize_config_dir(str(config_folder()), version_base="1.3"):
            config = hydra_compose("config", overrides=[*search, *groups])
        data: Any = OmegaConf.to_container(config, resolve=True, throw_on_missing=True)
    except MarkedYAMLError as error:
        # Hydra's reader is stricter than YAML's own: it refuses a key that is given twice. Line 1 is ours.
        line = error.problem_mark.line if error.problem_mark else 0
        raise ScenarioError("experiment", f"broken YAML, line {line}: {error.problem}") from None
    except (HydraException, OmegaConfBaseException) as error:
        raise refusal(error, groups) from None
    finally:
        GlobalHydra.instance().clear()
    return {str(key): value for key, value in data.items()}
