"""Seasons: what an adversary that learns makes of its past, and what the state moves in answer."""

from __future__ import annotations

from sim.scenario.base import Part, quantity


class Season(Part):
    """How `infiltrators.behaviour: learning` learns, in every study, and how `study=season` runs."""

    seasons: int = quantity(8, "seasons that are played", assumed=(3, 20), ge=1, le=1000)
    trials: int = quantity(
        40, "replications of a season from which the adversary learns", assumed=(10, 200), ge=1, le=1_000_000
    )
    weight: float = quantity(
        0.5, "weight of the last season against all that was believed before", assumed=(0.2, 1.0), ge=0, le=1
    )
    forgetting: float = quantity(
        0.1,
        "share of what is believed of a crossing point that fades in a season without news",
        assumed=(0.0, 0.5),
        ge=0,
        le=1,
    )
    redeploy_share: float = quantity(
        0.0,
        "share of all patrol duty that the state moves each season to where groups were detected",
        assumed=(0.0, 0.5),
        ge=0,
        le=1,
    )
