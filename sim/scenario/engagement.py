"""The fight: a stochastic Lanchester duel with surrender and break-off."""

from __future__ import annotations

from typing import Literal

from sim.scenario.base import Part, choice, quantity


class Engagement(Part):
    """How an engagement runs once men have met a group."""

    law: Literal["square", "linear"] = choice(
        "square", "aimed fire (square) or area fire (linear)", source="Lanchester 1916; Brown 1963"
    )
    effectiveness: float = quantity(
        1.5, "of one responder over one fighter (surprise, cover, weapons)", assumed=(0.5, 4.0), gt=0, le=1000
    )
    surrender_at: float = quantity(
        0.75,
        "share of its men lost at which a group gives up",
        source="about 15 of 20 killed, 4-5 captured, official account",
        ge=0,
        le=1,
    )
    abandon_at: float = quantity(
        0.5, "share of its men lost at which a group that got away gives up its plan", assumed=(0.3, 1.0), ge=0, le=1
    )
    break_off_at: float = quantity(
        0.3, "share of their men lost at which responders break off", assumed=(0.1, 0.6), ge=0, le=1
    )
    capture_probability: float = quantity(
        0.8, "that a person of a beaten group is captured; the others slip away", assumed=(0.4, 1.0), ge=0, le=1
    )
