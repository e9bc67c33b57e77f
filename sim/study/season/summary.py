"""Summary of the seasons: shares, places and beliefs by arm and season, effects by season, and how they change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sim.execution.rows import Rows
from sim.scenario import Scenario
from sim.statistics import clustered_difference, difference_of_estimates, paired_difference, wilson
from sim.study.pairs import metric_of, side_by_side
from sim.world import World
from sim.world.crossings import Crossing

if TYPE_CHECKING:
    from sim.statistics.clustered import Estimate

NEEDED = ("replication", "arm", "group", "crossing", "outcome", "detected")
"""Columns that the summary is made from."""

NAN = float("nan")
UNDEFINED = (NAN, NAN, NAN)


@dataclass(frozen=True, eq=False, repr=False)
class SeasonHistory:
    """Outcome rows of all seasons and arms.

    Attributes
    ----------
    scenario:
        The case, before any arm's changes.
    history:
        The World of each arm (the baseline's first) as it is in each season, and last as it is after all of them.
    outcomes:
        Outcome rows of each season, ordered by replication, arm and group, in little memory.
    """

    scenario: Scenario
    history: tuple[tuple[World, ...], ...]
    outcomes: tuple[Rows, ...]

    @property
    def baseline(self) -> str:
        """The arm that the others are compared with."""
        return self.scenario.baseline

    @property
    def seasons(self) -> int:
        """How many seasons were run."""
        return self.scenario.season.seasons

    @property
    def arms(self) -> tuple[str, ...]:
        """All arms, the baseline first."""
        return tuple(world.arm for world in self.history[0])

    def of(
        self, season: int, arm: str | None = None, columns: Sequence[str] | None = None, *, coded: bool = False
    ) -> pd.DataFrame:
        """The rows of a season (from 0), of one arm or of all; without columns where no group came.

        With `coded`, strings are categories. A million rows as plain columns take half a gigabyte.
        """
        return self.outcomes[season].frame(columns, arm=arm, coded=coded)

    def world(self, season: int, arm: str) -> World:
        """The World of an arm as it is in a season (from 0); the season after the last is allowed."""
        return next(world for world in self.history[season] if world.arm == arm)


def season_summary(result: SeasonHistory, seed: int, digest: str) -> dict[str, Any]:
    """Everything that `summary.json` of the study `season` holds; None stands for undefined.

    The keys are explained in ``docs/OUTCOMES.md``. Intervals of shares and of paired differences are Wilson's and
    Tango's where each group has a replication to itself, else clustered by replication. What is compared between
    seasons is of different replications: their intervals are joined as of independent estimates.
    """
    season, numbers = result.scenario.season, range(result.seasons)
    first_worlds = result.history[0]
    arms = {world.arm: _arm(result, world) for world in first_worlds}
    rivals = [arm for arm in result.arms if arm != result.baseline]
    return {
        "study": "season",
        "experiment": result.scenario.name,
        "seed": seed,
        "replications": season.seasons * season.trials,
        "seasons": season.seasons,
        "trials": season.trials,
        "weight": season.weight,
        "forgetting": season.forgetting,
        "redeploy_share": season.redeploy_share,
        "digest": digest,
        "baseline": result.baseline,
        "crossings": {one.name: one.along_km for world in first_worlds for one in world.crossings},
        "arms": arms,
        "effects": {arm: _effects([season_effect(result, number, arm) for number in numbers]) for arm in rivals},
    }


def _arm(result: SeasonHistory, world: World) -> dict[str, Any]:
    seasons = [_season(result, number, world.arm) for number in range(result.seasons)]
    after = result.world(result.seasons, world.arm)
    first, last = (
        share_estimate(_rows(result, number, world.arm), "interdiction") for number in (0, result.seasons - 1)
    )
    return {
        "cost_usd": world.cost_usd,
        "seasons": seasons,
        "danger_after": dict(after.scenario.infiltrators.danger),
        "duty_after": _duty(after),
        "change": {
            **_effect(difference_of_estimates(last, first)),
            **_displacement(world, seasons[0], seasons[-1]),
        },
    }


def _season(result: SeasonHistory, number: int, arm: str) -> dict[str, Any]:
    rows, world = _rows(result, number, arm), result.world(number, arm)
    shares, before = (crossing_shares(world, some) for some in (rows, _rows(result, 0, arm)))
    stopped, detected = (share_estimate(rows, metric) for metric in ("interdiction", "detection"))
    return {
        "season": number + 1,
        "groups": len(rows),
        "interdiction": stopped[0],
        "interdiction_ci95": list(stopped[1:]),
        "detection": detected[0],
        "detection_ci95": list(detected[1:]),
        "crossing_shares": shares,
        "mean_along_km": mean_along_km(world, shares),
        "earth_mover_km": earth_mover_km(world, shares, before),
        "danger": dict(world.scenario.infiltrators.danger),
        "duty": _duty(world),
    }


def _rows(result: SeasonHistory, number: int, arm: str) -> pd.DataFrame:
    """Rows of one arm in one season: those of all seasons may be too many for the memory."""
    return result.of(number, arm, NEEDED, coded=True)


def share_estimate(rows: pd.DataFrame, metric: str) -> Estimate:
    """Share of groups with its 95 % interval: Wilson's, or clustered where groups share a replication."""
    if not len(rows):
        return UNDEFINED
    happened = metric_of(rows, metric)
    if rows["replication"].is_unique:
        return float(happened.mean()), *wilson(int(happened.sum()), len(rows))
    mean, low, high = clustered_difference(happened, np.zeros_like(happened), rows["replication"])
    return mean, max(0.0, low), high


def crossing_shares(world: World, rows: pd.DataFrame) -> dict[str, float]:
    """Share of groups that chose each crossing point, downstream; all NaN without groups."""
    taken = rows["crossing"].value_counts().to_dict() if len(rows) else {}
    return {one.name: taken.get(one.name, 0) / len(rows) if len(rows) else NAN for one in world.crossings}


def mean_along_km(world: World, shares: dict[str, float]) -> float:
    """Mean distance along the border from its upstream end (km)."""
    return float(sum(one.along_km * shares[one.name] for one in world.crossings))


def earth_mover_km(world: World, shares: dict[str, float], before: dict[str, float]) -> float:
    """Kilometres along the border by which the distribution of crossing points moved, at the least."""
    weights = np.array([[part[one.name] for one in world.crossings] for part in (shares, before)])
    if np.isnan(weights).any():
        return NAN
    from scipy.stats import wasserstein_distance  # half a second to load, wanted after the runs

    along = [one.along_km for one in world.crossings]
    return float(wasserstein_distance(along, along, *weights))


def season_effect(result: SeasonHistory, number: int, arm: str) -> tuple[Estimate, int]:
    """Paired effect of an arm on interdiction in one season (from 0), and the number of pairs."""
    mine, base = (_rows(result, number, name) for name in (arm, result.baseline))
    if not len(mine) and not len(base):
        return UNDEFINED, 0
    pairs = side_by_side(mine, base)
    return paired_difference(*pairs.values("interdiction"), pairs.clusters), len(pairs.base)


def _effects(estimates: list[tuple[Estimate, int]]) -> dict[str, Any]:
    (first, _), (last, _) = estimates[0], estimates[-1]
    seasons = [
        {"season": number + 1, **_effect(estimate), "pairs": pairs}
        for number, (estimate, pairs) in enumerate(estimates)
    ]
    change = {"first": first[0], "last": last[0], **_effect(difference_of_estimates(last, first))}
    return {"seasons": seasons, "change": change}


def _effect(estimate: Estimate) -> dict[str, Any]:
    return {"difference": estimate[0], "ci95": list(estimate[1:])}


def _duty(world: World) -> dict[str, float]:
    return {patrol.name: patrol.duty_share for patrol in world.scenario.patrols}


def _displacement(world: World, first: dict[str, Any], last: dict[str, Any]) -> dict[str, Any]:
    """Where groups went between the first season and the last."""
    old, new = first["crossing_shares"], last["crossing_shares"]
    change = {one: new[one.name] - old[one.name] for one in world.crossings}
    gained, lost = max(change, key=lambda one: change[one]), min(change, key=lambda one: change[one])

    def end(most: Crossing) -> dict[str, Any] | None:
        if not change[most] or np.isnan(change[most]):
            return None
        return {"crossing": most.name, "along_km": most.along_km, "first": old[most.name], "last": new[most.name]}

    return {
        "earth_mover_km": last["earth_mover_km"],
        "mean_shift_km": last["mean_along_km"] - first["mean_along_km"],
        "gained": end(gained),
        "lost": end(lost),
    }
