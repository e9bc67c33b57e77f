"""The arguments of the command line: a few flags, and Hydra overrides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sim.scenario.base import ScenarioError

FLAGS = "--help, --version, --cfg job, -m / --multirun"


@dataclass(frozen=True)
class Arguments:
    """What was asked for.

    Attributes
    ----------
    overrides:
        The ``key=value`` arguments, in order.
    show_config:
        Print the configuration and stop.
    multirun:
        Run for every combination of the values given.
    """

    overrides: tuple[str, ...]
    show_config: bool = False
    multirun: bool = False


def parse(arguments: Sequence[str]) -> Arguments:
    """Sort flags from overrides.

    Raises
    ------
    ScenarioError
        For an unknown flag, or an argument that is no ``key=value``.
    """
    overrides, show_config, multirun = [], False, False
    rest = list(arguments)
    while rest:
        word = rest.pop(0)
        if word in ("-m", "--multirun"):
            multirun = True
        elif word in ("-c", "--cfg") or word.startswith("--cfg="):
            what = word.partition("=")[2] or (rest.pop(0) if rest else "")
            if what not in ("job", "all"):
                raise ScenarioError("--cfg", f"is '{what}'; allowed: job")
            show_config = True
        elif word.startswith("-"):
            raise ScenarioError(word, f"no such option; allowed: {FLAGS}")
        else:
            overrides.append(_checked(word))
    return Arguments(tuple(overrides), show_config, multirun)


def _checked(word: str) -> str:
    key, equals, value = word.partition("=")
    if not word.startswith("~") and (not equals or not key):
        raise ScenarioError(word, "is no setting; allowed: KEY=VALUE, such as outpost.range_km=12 (see --help)")
    if key.lstrip("+~").startswith("hydra"):
        raise ScenarioError(key, "Hydra's own settings cannot be changed here; output= says where results go")
    if "${" in value:
        raise ScenarioError(key, f"is '{value}'; allowed: plain values, no interpolation")
    return word
