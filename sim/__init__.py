"""border-sim: what a border outpost changes, run with and without it, with confidence intervals.

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
    from sim import theory as theory
    from sim.conformance import Conformance as Conformance
    from sim.conformance import check_model as check_model
    from sim.model import BorderModel as BorderModel
    from sim.model import Group as Group
    from sim.model import Patrol as Patrol
    from sim.model import Post as Post
    from sim.scenario import Scenario as Scenario
    from sim.scenario import ScenarioError as ScenarioError
    from sim.study.compare.result import Comparison as Comparison
    from sim.study.compare.run import compare as compare
    from sim.study.describe.describe import describe as describe
    from sim.study.running import run as run
    from sim.study.settings import load_scenario as load_scenario
    from sim.study.sweep.result import SweepResult as SweepResult
    from sim.study.sweep.run import interval as interval
    from sim.study.sweep.run import sweep as sweep
    from sim.study.verify.result import Verification as Verification
    from sim.study.verify.run import verify as verify
    from sim.world import World as World
    from sim.world import build_world as build_world

__version__ = "0.1.0"

__all__ = list(HOMES)


def __getattr__(name: str) -> Any:
    if name not in HOMES:
        raise AttributeError(f"module 'sim' has no attribute {name!r}")
    home = importlib.import_module(HOMES[name])
    return home if name == "theory" else getattr(home, name)


def __dir__() -> list[str]:
    return __all__
