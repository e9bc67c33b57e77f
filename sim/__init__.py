"""border-sim: what a border outpost changes, played with and without it, and told with its uncertainty.

>>> import sim
>>> case = sim.load_scenario("shahrituz_2019")
>>> case.outpost.name
'okultun'
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

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
    from sim.study.sweep.api import SweepResult, interval, sweep
    from sim.study.verify.result import Verification
    from sim.study.verify.run import verify
    from sim.world import World, build_world

__version__ = "0.1.0"

_HOMES = {
    "BorderModel": "sim.model",
    "Comparison": "sim.study.compare.result",
    "Conformance": "sim.conformance",
    "Group": "sim.model",
    "Patrol": "sim.model",
    "Post": "sim.model",
    "Scenario": "sim.scenario",
    "ScenarioError": "sim.scenario",
    "SweepResult": "sim.study.sweep.api",
    "Verification": "sim.study.verify.result",
    "World": "sim.world",
    "build_world": "sim.world",
    "check_model": "sim.conformance",
    "compare": "sim.study.compare.run",
    "describe": "sim.study.describe.describe",
    "interval": "sim.study.sweep.api",
    "load_scenario": "sim.study.loading",
    "run": "sim.study.replications",
    "sweep": "sim.study.sweep.api",
    "verify": "sim.study.verify.run",
}

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
    if name in _HOMES:
        return getattr(importlib.import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'sim' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
