"""Keys of the study `sweep`: how its points are chosen."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator

from sim.scenario.base import Section, choice, quantity
from sim.scenario.overrides import MOST_POINTS


def _groups_of_keys(value: Any) -> Any:
    groups = [value] if isinstance(value, (list, tuple)) and value and isinstance(value[0], str) else value
    if not isinstance(groups, (list, tuple)) or not all(
        isinstance(group, (list, tuple)) and len(group) > 1 and all(isinstance(key, str) for key in group)
        for group in groups
    ):
        raise ValueError(
            "allowed: a list of two or more keys, such as [outpost.x_km,outpost.y_km], or several such lists"
        )
    return tuple(tuple(group) for group in groups)


class SweepSettings(Section):
    """Keys ``sweep.samples``, ``.method``, ``.zip``, ``.seed``."""

    samples: int = quantity(
        256,
        "points of the sample, where a key is given as interval(a,b); powers of 2 suit sobol best",
        unit="points",
        assumed="as many as time allows",
        ge=1,
        le=MOST_POINTS,
    )
    method: Literal["sobol", "lhs"] = choice(
        "sobol", "how intervals are sampled: a scrambled Sobol sequence, or a Latin hypercube", assumed="either"
    )
    zip: Annotated[tuple[tuple[str, ...], ...], BeforeValidator(_groups_of_keys)] = choice(
        (), "listed keys whose values are paired, not crossed", assumed="the user's choice"
    )
    seed: int | None = quantity(None, "of the sample; null takes the run's seed", assumed="any", ge=0, le=2**63 - 1)


SETTINGS = SweepSettings
