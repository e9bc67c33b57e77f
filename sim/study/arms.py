"""The arms of a case in the order of their rows."""

from __future__ import annotations

from sim.scenario import Scenario


def arms_in_order(scenario: Scenario) -> tuple[str, ...]:
    """The baseline first, then the other arms as they are listed."""
    return (scenario.baseline, *(name for name in scenario.arms if name != scenario.baseline))
