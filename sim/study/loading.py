"""Configurations and scenarios as the studies read them: a laboratory is expanded to the scenario it stands for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sim.scenario import load
from sim.scenario.scenario import Scenario
from sim.study.verify.laboratories import expand_laboratory


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
