"""An arm: one named change to the baseline, at a stated cost."""

from __future__ import annotations

from typing import Any

from sim.scenario.base import Part, choice, quantity
from sim.scenario.patrol import Patrol
from sim.scenario.post import Post


class Arm(Part):
    """What an arm changes; the empty arm is the baseline itself."""

    description: str = choice("", "one line for the report", assumed="a label")
    cost_usd: float = quantity(0.0, "what the change costs", unit="USD", assumed=(0.0, 2_000_000.0), ge=0, le=1e12)
    changes: dict[str, Any] = choice(
        {}, "keys of the scenario, nested or dotted, and their values in this arm", assumed="the arm's definition"
    )
    add_posts: tuple[Post, ...] = choice((), "posts that stand in this arm only", assumed="the arm's definition")
    add_patrols: tuple[Patrol, ...] = choice((), "patrols that walk in this arm only", assumed="the arm's definition")
