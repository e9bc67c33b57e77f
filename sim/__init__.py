"""border-sim: what a border outpost changes, played with and without it, and told with its uncertainty.

>>> import sim
>>> case = sim.load_scenario("shahrituz_2019")
>>> case.outpost.name
'okultun'
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from sim.api import HOMES

if TYPE_CHECKING:
    from sim import theory
    from sim.conformance import Conformance, check_model
    from sim.model import BorderModel, Group, Patrol, Post
    from sim.scenario import Scenario, ScenarioError
    from sim.study.compare.result import Comparison
    from sim.study.compare.run import compare
    from sim.study.describe.describe import describe
    from sim.study.loading import load_scenario
    from sim.study.replications import run
    from sim.study.sweep.result import SweepResult
    from sim.study.sweep.run import interval, sweep
    from sim.study.verify.result import Verification
    from sim.study.verify.run import verify
    from sim.world import World, build_world

__version__ = "0.1.0"

__all__ = [
    "BorderModel",
    "Comparison",
    "Conformance",
    "Group",
    "Patrol",
    "Post",
    "Scenario",
    "ScenarioError",
    "SweepResult",
    "Verification",
    "World",
    "build_world",
    "check_model",
    "compare",
    "describe",
    "interval",
    "load_scenario",
    "run",
    "sweep",
    "theory",
    "verify",
]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used, so that `import sim` stays cheap."""
    if name == "theory":
        return importlib.import_module("sim.theory")
    if name in HOMES:
        return getattr(importlib.import_module(HOMES[name]), name)
    raise AttributeError(f"module 'sim' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
