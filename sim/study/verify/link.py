"""A link of the chain: a laboratory, its scenario, and what theory says of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sim.scenario.base import ScenarioError
from sim.scenario.laboratory import Laboratory, read_laboratory
from sim.scenario.laboratory.detection_chain import DetectionChain
from sim.scenario.load import LABORATORY, compose, scenario_of
from sim.scenario.scenario import Scenario
from sim.study.verify.exact import expectation_of
from sim.study.verify.expectation import Expectation

FOLDER = "verification"

SUITE: dict[str, tuple[str, tuple[str, ...]]] = {
    "definite_range": ("definite_range", ()),
    "constant_rate": ("constant_rate", ()),
    "constant_rate_offset": ("constant_rate", ("laboratory.x=0.6",)),
    "inverse_cube": ("inverse_cube", ()),
    "inverse_cube_offset": ("inverse_cube", ("laboratory.x=1.7724538509",)),
    "barrier_ends": ("barrier_patrol", ()),
    "barrier_inside": ("barrier_patrol", ("laboratory.turning=inside",)),
    "random_search": ("random_search", ()),
    "duel_square": ("duel", ()),
    "duel_linear": ("duel", ("laboratory.law=linear",)),
    "reliability_path": ("reliability_path", ()),
    "repeat_trials": ("repeat_trials", ()),
    "detection_chain": ("detection_chain", ()),
}
"""What `study=verify` runs: for each name the experiment under `FOLDER`, and what is changed in it."""


@dataclass(frozen=True)
class Link:
    """One thing to verify.

    Attributes
    ----------
    name:
        What it is called in tables.
    laboratory:
        The symbols of its closed form.
    scenario:
        What is run.
    """

    name: str
    laboratory: Laboratory
    scenario: Scenario

    @property
    def arm(self) -> str:
        """The arm that is played."""
        return self.laboratory.arm if isinstance(self.laboratory, DetectionChain) else self.scenario.baseline

    @cached_property
    def expectation(self) -> Expectation:
        """What theory says of it."""
        return expectation_of(self.laboratory, self.scenario)


def link_of(name: str, config: dict[str, Any]) -> Link:
    """The link in a composed configuration.

    Raises
    ------
    ScenarioError
        If the configuration has no laboratory, or one that is refused.
    """
    if config.get(LABORATORY) is None:
        names = ", ".join(f"{FOLDER}/{name}" for name in dict.fromkeys(name for name, _ in SUITE.values()))
        raise ScenarioError("experiment", f"has no laboratory to verify; allowed with study=verify: {names}")
    return Link(name, read_laboratory(config[LABORATORY]), scenario_of(config))


def suite(names: Sequence[str] = tuple(SUITE)) -> tuple[Link, ...]:
    """The links of `SUITE`, or some of them."""
    links = []
    for name in names:
        experiment, changes = SUITE[name]
        links.append(link_of(name, compose([f"experiment={FOLDER}/{experiment}", *changes])))
    return tuple(links)
