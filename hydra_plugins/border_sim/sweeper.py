"""A sweeper for Hydra: all points of a design in one run, by the same code as `python -m sim -m`.

Hydra finds it by the name of its package. An application on this project's configurations chooses it with
``hydra/sweeper=border_sim``; `python -m hydra_plugins.border_sim` is such an application.
"""

from __future__ import annotations

import sys
from typing import Any

from hydra.core.config_store import ConfigStore
from hydra.plugins.sweeper import Sweeper
from hydra.types import HydraContext, TaskFunction
from omegaconf import DictConfig

# How points are chosen is set by the configuration's own keys sweep.*: Hydra has to know the name alone.
ConfigStore.instance().store(
    group="hydra/sweeper",
    name="border_sim",
    node={"_target_": "hydra_plugins.border_sim.sweeper.BorderSimSweeper"},
    provider="border_sim",
)


class BorderSimSweeper(Sweeper):
    """Hands the overrides on; the application's own task is not called, as no job of Hydra's is made."""

    def setup(self, *, hydra_context: HydraContext, task_function: TaskFunction, config: DictConfig) -> None:
        """Nothing: the overrides say it all."""

    def sweep(self, arguments: list[str]) -> Any:
        """Run the design that the overrides make, and leave with the exit status of `python -m sim`."""
        from sim.__main__ import main

        sys.exit(main(["-m", *arguments]))
