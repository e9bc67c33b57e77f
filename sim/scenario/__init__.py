"""What is simulated: frozen, validated values with units in their names."""

from sim.scenario.base import ScenarioError
from sim.scenario.load import load_scenario
from sim.scenario.scenario import Scenario

__all__ = ["Scenario", "ScenarioError", "load_scenario"]
