"""Scenarios from configuration files: composed once by Hydra, then validated by the scenario itself."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sim.scenario.problem import ScenarioError
from sim.scenario.refusal import one_line, refusal
from sim.scenario.scenario import Scenario, validate

RUN_KEYS = ("study", "execution", "seed", "replications", "output")
"""Keys of the configuration that say how to run and not what is simulated."""


def config_folder() -> Path:
    """The configurations that come with the project: beside the package in a checkout, inside it when installed."""
    package = Path(__file__).resolve().parents[1]
    return next(path for path in (package.parent / "configs", package / "configs") if (path / "config.yaml").exists())


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
    return scenario_of(compose([f"experiment={name}", *overrides]))


def scenario_of(config: dict[str, Any]) -> Scenario:
    """The scenario in a composed configuration."""
    return validate({key: value for key, value in config.items() if key not in RUN_KEYS})


def compose(overrides: Sequence[str]) -> dict[str, Any]:
    """The whole configuration as plain data, after Hydra's composition.

    Raises
    ------
    ScenarioError
        Where Hydra refuses an override or a file; the message is Hydra's, on one line.
    """
    from hydra import compose as hydra_compose
    from hydra import initialize_config_dir
    from hydra.core.global_hydra import GlobalHydra
    from hydra.errors import HydraException
    from omegaconf import OmegaConf
    from omegaconf.errors import OmegaConfBaseException
    from yaml import YAMLError

    with _own_files(overrides) as prepared:
        GlobalHydra.instance().clear()
        try:
            with initialize_config_dir(str(config_folder()), version_base="1.3"):
                config = hydra_compose("config", overrides=list(prepared))
            data = OmegaConf.to_container(config, resolve=True, throw_on_missing=True)
        except YAMLError as error:
            raise ScenarioError("experiment", f"broken YAML: {one_line(error)}") from None
        except (HydraException, OmegaConfBaseException) as error:
            raise refusal(error, overrides) from None
        finally:
            GlobalHydra.instance().clear()
    if not isinstance(data, dict):
        raise ScenarioError("experiment", "the file must hold a mapping of keys")
    return {str(key): value for key, value in data.items()}


@contextmanager
def _own_files(overrides: Sequence[str]) -> Iterator[list[str]]:
    """Overrides in which `experiment=PATH.yaml` has become a name on Hydra's search path, and arms may be new."""
    folder = Path(tempfile.mkdtemp(prefix="border-sim-"))
    try:
        prepared = []
        for override in overrides:
            key, _, value = override.partition("=")
            if key == "experiment" and value.endswith((".yaml", ".yml")):
                prepared += _own_experiment(Path(value), folder)
            elif key.startswith("arms.") and (key.count(".") == 1 or ".changes." in key):
                prepared.append("++" + override)
            else:
                prepared.append(override)
        yield prepared
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _own_experiment(path: Path, folder: Path) -> list[str]:
    if not path.is_file():
        raise ScenarioError("experiment", f"no such file: {path}")
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ScenarioError("experiment", f"cannot read {path}: {one_line(error)}") from None
    if "${" in text:
        raise ScenarioError("experiment", f"{path} holds an interpolation (${{...}}); allowed: plain values")
    if "@package" not in text.split("\n", 1)[0]:
        text = "# @package _global_\n" + text
    (folder / "experiment").mkdir()
    (folder / "experiment" / "own_file.yaml").write_text(text, encoding="utf-8")
    return [f"hydra.searchpath=[file://{folder}]", "experiment=own_file"]
