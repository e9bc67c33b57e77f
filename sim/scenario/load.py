"""Scenarios from configuration files: composed once by Hydra, then validated by the scenario itself."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from sim.cache.store import key_of, load_or_make
from sim.config_folder import config_folder, options
from sim.scenario.base import ScenarioError, one_line
from sim.scenario.keys import assign
from sim.scenario.overrides import SUFFIXES, sort_out
from sim.scenario.scenario import Scenario, validate

OWN_FILE = "own_file"
"""What a file of the user's own is called while Hydra composes it."""

LABORATORY = "laboratory"
"""Key of the symbols of a closed form, which stand for a whole scenario (`sim.study.verify.laboratories`)."""

Expand = Callable[[dict[str, Any]], None]
"""Puts what a configuration's laboratory stands for over the rest of it, in place."""


def refuse_laboratory(config: dict[str, Any]) -> None:
    """Refuse a configuration that holds a laboratory."""
    if config.get(LABORATORY) is not None:
        raise ScenarioError(LABORATORY, "is set; allowed in `sim.load_scenario` and in studies, which expand it")


_UNKNOWN_KEY = re.compile(r"Could not override '([^']+)'")
_UNKNOWN_OPTION = re.compile(r"Could not find '(\w+)/([^']*)' Available options")
_LISTED_TWICE = re.compile(r"Multiple values for (\w+)")


def load_scenario(name: str = "shahrituz_2019", overrides: Sequence[str] = ()) -> Scenario:
    """A scenario that is no laboratory; `sim.load_scenario` takes the same, and laboratories too."""
    return scenario_of(compose([f"experiment={name}", *overrides]))


def scenario_of(config: dict[str, Any]) -> Scenario:
    """The scenario in a composed configuration."""
    return validate(without_run_keys(config))


def without_run_keys(config: dict[str, Any]) -> dict[str, Any]:
    """What a composed configuration says of the scenario."""
    return {key: value for key, value in config.items() if key not in run_keys()}


def with_arms(config: dict[str, Any], only: tuple[str, ...]) -> dict[str, Any]:
    """A configuration without the arms that are not named.

    Raises
    ------
    ScenarioError
        For an arm that there is not, or when the baseline is not among them.
    """
    # What the configuration leaves out has not been filled in yet.
    baseline = config.get("baseline", Scenario.model_fields["baseline"].default)
    arms = config.get("arms", {})
    if not isinstance(arms, dict) or not set(only) <= arms.keys() or baseline not in only:
        named = ", ".join(arms) if isinstance(arms, dict) else "none"
        raise ScenarioError("only", f"is [{','.join(only)}]; allowed: some of {named}; always the baseline {baseline}")
    return {**config, "arms": {name: arm for name, arm in arms.items() if name in only}}


@cache
def run_keys() -> tuple[str, ...]:
    """Keys of the configuration that say how to run and not what is simulated, each study's own among them."""
    files = [config_folder() / "config.yaml", *sorted((config_folder() / "study").glob("*.yaml"))]
    text = "\n".join(path.read_text(encoding="utf-8") for path in files)
    keys = ["study", "execution", *re.findall(r"^(\w+):", text, re.MULTILINE)]
    return tuple(key for key in dict.fromkeys(keys) if key != "defaults" and key not in Scenario.model_fields)


def compose(overrides: Sequence[str], expand: Expand = refuse_laboratory) -> dict[str, Any]:
    """The whole configuration as plain data: Hydra composes the groups, then single values are set in it.

    `expand` is called when only the laboratory's own keys are set yet; the others come on top.
    Raises `ScenarioError` with the key, the value and what is allowed, for an override or a file that cannot be used.
    """
    groups, values = sort_out(overrides)
    data = _of_files(groups)
    spell_out(data, Scenario)
    own = [change for change in values if change.key.partition(".")[0] == LABORATORY]
    for change in own:
        if change.key != LABORATORY and data[LABORATORY] is None:
            raise ScenarioError(change.key, "belongs to a laboratory; allowed with experiment=verification/NAME")
        assign(data, change.key, change.value, change.sign)
    expand(data)
    for change in values:
        if change not in own:
            assign(data, change.key, change.value, change.sign)
    return data


def _of_files(groups: Sequence[str]) -> dict[str, Any]:
    """What Hydra composes of choices of groups, one of which may be `experiment=PATH.yaml`."""
    paths = [Path(word.partition("=")[2]) for word in groups if word.startswith("experiment=")]
    if len(paths) > 1:
        raise ScenarioError("experiment", f"is given {len(paths)} times; allowed: once")
    if not paths or paths[0].suffix not in SUFFIXES:
        return _cached(groups)
    text = _checked_text(paths[0])
    with tempfile.TemporaryDirectory(prefix="border-sim-") as name:
        (Path(name) / "experiment").mkdir()
        (Path(name) / "experiment" / f"{OWN_FILE}.yaml").write_text(text, encoding="utf-8")
        others = [word for word in groups if not word.startswith("experiment=")]
        return _composed([*others, f"experiment={OWN_FILE}"], Path(name))


def _checked_text(path: Path) -> str:
    import yaml

    if not path.is_file():
        raise ScenarioError("experiment", f"no such file: {path}")
    try:
        text = path.read_text(encoding="utf-8")
        data = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f", line {mark.line + 1}" if mark else ""
        raise ScenarioError("experiment", f"{path} is broken YAML{where}: {one_line(error)}") from None
    except (OSError, ValueError) as error:
        raise ScenarioError("experiment", f"cannot read {path}: {one_line(error)}") from None
    if not isinstance(data, dict):
        raise ScenarioError("experiment", f"{path} holds {str(data)[:40]!r}; allowed: a mapping of keys")
    if "hydra" in data:
        raise ScenarioError("hydra", f"Hydra's own settings cannot be changed in {path}")
    # YAML lets one spell an interpolation in several ways: the text shows some, the data all others.
    if "${" in text or "${" in str(data):
        raise ScenarioError("experiment", f"{path} holds an interpolation (${{...}}); allowed: plain values")
    return text if "@package" in text.split("\n", 1)[0] else "# @package _global_\n" + text


def _cached(groups: Sequence[str]) -> dict[str, Any]:
    """What Hydra composes of choices of groups, from the cache: composing takes nearly half a second."""
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
        raise _refusal(error, groups) from None
    finally:
        GlobalHydra.instance().clear()
    return {str(key): value for key, value in data.items()}


def spell_out(data: dict[str, Any], schema: type[BaseModel]) -> None:
    """Add the sections of a schema that nested plain data leaves out, in place.

    Only whole sections and empty mappings are added, and only those that have a default.

    >>> from sim.scenario.scenario import Scenario
    >>> data = {"appraisal": {"years": 5}}
    >>> spell_out(data, Scenario)
    >>> data["appraisal"], data["season"]["seasons"]
    ({'years': 5}, 8)
    """
    for name, field in schema.model_fields.items():
        part = field.annotation
        if name not in data and field.default == {}:
            data[name] = {}
        if not (isinstance(part, type) and issubclass(part, BaseModel)):
            continue
        if name not in data and not field.is_required():
            data[name] = field.get_default(call_default_factory=True).model_dump(mode="json")
        elif isinstance(data.get(name), dict):
            spell_out(data[name], part)


def _refusal(error: Exception, overrides: Sequence[str]) -> ScenarioError:
    """A refusal by Hydra or OmegaConf as one line that names the key."""
    text = one_line(error)
    if found := _UNKNOWN_OPTION.search(text):
        return ScenarioError(found[1], f"is '{found[2]}'; allowed: {', '.join(options(found[1]))}")
    if found := _UNKNOWN_KEY.search(text):
        return ScenarioError(found[1], "no such key; study=describe lists all of them")
    if found := _LISTED_TWICE.search(text):
        return ScenarioError(found[1], "is given several values; allowed: one (or -m for a sweep)")
    named = (word.partition("=")[0].lstrip("+~") for word in overrides if word in text)
    return ScenarioError(str(getattr(error, "full_key", None) or next(named, "configuration")), text)
