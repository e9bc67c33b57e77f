"""The small cases on which a model is tried: an invented valley, and the default case on coarse ground."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sim.scenario import Scenario, ScenarioError, load_scenario
from sim.study.replications import build_worlds
from sim.world import Tables, World, build_world


@dataclass(frozen=True)
class Scene:
    """A case with the Worlds of its arms.

    Attributes
    ----------
    name:
        How reports call it.
    worlds:
        Of the arms on which the model is tried, the one that the others are held against first.
    tables:
        From which they were built.
    """

    name: str
    worlds: tuple[World, ...]
    tables: Tables

    def changed(self, world: World, changes: dict[str, Any]) -> World | None:
        """The World of an arm with some keys of its scenario changed; None where its ground does not allow that."""
        try:
            here = world.scenario.replace(**changes)
            return replace(build_world(here, here.baseline, self.tables), arm=world.arm, cost_usd=world.cost_usd)
        except ScenarioError:
            return None


def scene(name: str, scenario: Scenario, arms: Sequence[str] | None = None) -> Scene:
    """A case made ready.

    Parameters
    ----------
    arms:
        On which the model is tried; all by default.

    Raises
    ------
    ScenarioError
        If there is no such arm, or one cannot be built.
    """
    # New processes, which are given their scenes ready made, start in half the time without it.
    from sim.study.replications import arms_in_order

    tables = Tables()
    return Scene(name, build_worlds(scenario, tuple(arms or arms_in_order(scenario)), tables), tables)


def default_scenes() -> tuple[Scene, ...]:
    """What a model is tried on when no case is named; between them they use every agent and most rules."""
    coarse = load_scenario("shahrituz_2019", ["terrain.cell_m=1000"])
    valley = load_scenario("conformance")
    return scene("valley", valley), scene("shahrituz", coarse, ("without", "with_outpost"))
