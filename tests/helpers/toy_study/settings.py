"""Keys of the study `toy`."""

from __future__ import annotations

from sim.scenario.base import Section, quantity


class ToySettings(Section):
    """Keys ``toy.*``."""

    sides: int = quantity(6, "of the die", assumed="the user's choice", ge=2, le=100)


SETTINGS = ToySettings
