"""Arms: named changes to one baseline, and the appraisal of what they cost and bring."""

from __future__ import annotations

from typing import Any

from sim.scenario.base import Section, choice, quantity
from sim.scenario.patrol import Patrol
from sim.scenario.post import Post


class Arm(Section):
    """What an arm changes; the empty arm is the baseline itself."""

    description: str = choice("", "one line for the report", assumed="a label")
    cost_usd: float = quantity(0.0, "what the change costs", "USD", assumed=(0, 2_000_000), ge=0, le=1e12)
    changes: dict[str, Any] = choice(
        {}, "keys of the scenario, nested or dotted, and their values in this arm", assumed="the arm's definition"
    )
    add_posts: tuple[Post, ...] = choice((), "posts that stand in this arm only", assumed="the arm's definition")
    add_patrols: tuple[Patrol, ...] = choice((), "patrols that walk in this arm only", assumed="the arm's definition")


class Appraisal(Section):
    """What turns outcomes into money per additional interdiction, and into official figures; it changes no run."""

    groups_per_year: float = quantity(
        24.0, "groups that try to cross in a year", "1/a", assumed=(2, 200), gt=0, le=1_000_000
    )
    years: float = quantity(10.0, "years over which an arm's cost is spread", "a", assumed=(3, 20), gt=0, le=100)
    value_usd: float = quantity(
        50_000.0,
        "what one more interdiction is held to be worth, for the break-even",
        "USD",
        assumed=(5_000, 500_000),
        ge=0,
        le=1e12,
    )
    deterred_share: float = quantity(
        0.0,
        "share of those apprehended who do not try again, in the repeat-trial estimate",
        assumed=(0, 0.5),
        ge=0,
        le=0.99,
    )
