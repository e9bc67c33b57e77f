"""Scenario and arm to World: tables cached by the content they depend on."""

from sim.world.build import build_world
from sim.world.tables import Tables
from sim.world.world import World

__all__ = ["Tables", "World", "build_world"]
