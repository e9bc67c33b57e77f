"""The public names of `sim`, one line each: the module in which each is defined, imported when it is first used."""

from __future__ import annotations

HOMES = {
    "BorderModel": "sim.model",
    "Comparison": "sim.study.compare.result",
    "Conformance": "sim.conformance",
    "Group": "sim.model",
    "Patrol": "sim.model",
    "Post": "sim.model",
    "Scenario": "sim.scenario",
    "ScenarioError": "sim.scenario",
    "SweepResult": "sim.study.sweep.result",
    "Verification": "sim.study.verify.result",
    "World": "sim.world",
    "build_world": "sim.world",
    "check_model": "sim.conformance",
    "compare": "sim.study.compare.run",
    "describe": "sim.study.describe.describe",
    "interval": "sim.study.sweep.run",
    "load_scenario": "sim.study.settings",
    "run": "sim.study.running",
    "sweep": "sim.study.sweep.run",
    "theory": "sim.theory",
    "verify": "sim.study.verify.run",
}
