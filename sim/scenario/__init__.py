"""What is simulated: frozen, validated values with units in their names."""

from sim.scenario.load import load_scenario
from sim.scenario.problem import ScenarioError
from sim.scenario.scenario import Scenario

__all__ = ["Scenario", "ScenarioError", "load_scenario"]
