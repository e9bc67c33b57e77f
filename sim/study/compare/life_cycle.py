"""What an arm does over the years of its price: a post is new and unknown at first, then ready and known.

The headline is the effect on the night of the case. Here the same replications are run again with posts that are
ready and as well known as standing ones, in the arms where that changes anything; the effect over the years is the
mean of the two effects, weighted by time.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.scenario import Scenario
from sim.statistics import difference_of_means_interval, paired_difference
from sim.study.base import Earlier
from sim.study.compare.appraisal import appraise, most_per_dollar
from sim.study.compare.effects import listed
from sim.study.pairs import Pairs, side_by_side
from sim.world import World

if TYPE_CHECKING:
    import pandas as pd

    from sim.execution.rows import Rows

ReadArm = Callable[[str, Sequence[str]], "pd.DataFrame"]
MATURE = "mature"
"""Where in the output folder the replications are kept that were run again with posts that are ready and known."""

MATURE_COLUMNS = ("replication", "arm", "group", "outcome")
DAYS_A_YEAR = 365.25
UNKNOWN: dict[str, Any] = {"difference": math.nan, "ci95": [math.nan, math.nan]}


def mature_changes(world: World) -> dict[str, Any]:
    """Keys of an arm's scenario that time changes: posts become ready, and a new one as well known as standing ones.

    Empty where all posts are ready and none is new.
    """
    here = world.scenario
    posts = {f"posts.{number}": post for number, post in enumerate(here.posts)}
    posts |= {"outpost": here.outpost} if here.outpost.present else {}
    changes: dict[str, Any] = {
        f"{key}.days_open": post.readiness_days for key, post in posts.items() if post.days_open < post.readiness_days
    }
    known = here.infiltrators
    if _has_newcomers(world) and known.awareness_new != known.awareness_standing:
        changes["infiltrators.awareness_new"] = known.awareness_standing
    return changes


def _has_newcomers(world: World) -> bool:
    """Whether groups know less of something in this arm than of what stands."""
    return world.scenario.outpost.present


def mature_worlds(worlds: Sequence[World]) -> tuple[World, ...]:
    """The Worlds of those arms that time changes, once it has."""
    changed = ((world, mature_changes(world)) for world in worlds)
    return tuple(world.with_changes(**changes) for world, changes in changed if changes)


@dataclass(frozen=True)
class EarlierMature(Earlier):
    """One replication of an earlier run, with posts that are ready and known."""

    def worlds(self, arms: tuple[str, ...]) -> tuple[World, ...]:
        """The World of each arm; of those that time changes as it is then."""
        from sim.study.learning import learned_world
        from sim.study.replications import build_worlds

        worlds = build_worlds(self.scenario, arms)
        later = {world.arm: world for world in mature_worlds(worlds)}
        return tuple(learned_world(later.get(world.arm, world), self.seed) for world in worlds)


def young_days(here: Scenario) -> float:
    """Days from its opening in which a new post counts as new: until it is ready and known."""
    return max(here.outpost.readiness_days, here.appraisal.known_after_days)


def over_years(young: Pairs, mature: Pairs, young_share: float) -> dict[str, Any]:
    """The mean over the years of an arm's effect on groups stopped, weighted by time, with its interval.

    Parameters
    ----------
    young, mature:
        Pairs of the same groups in the same order, at first and later.
    young_share:
        Part of the time that counts as "at first".
    """
    now, later = (
        np.subtract(*(values.astype(float) for values in pairs.values("interdiction"))) for pairs in (young, mature)
    )
    return listed(difference_of_means_interval(young_share * now + (1 - young_share) * later, young.clusters))


def life_cycles(scenario: Scenario, worlds: Sequence[World], read: ReadArm, mature: Rows | None) -> dict[str, Any]:
    """What each arm other than the baseline costs and changes over the years: `life_cycle` of the summary.

    Parameters
    ----------
    worlds:
        The World of each arm, the baseline's first.
    read:
        Reads columns of one arm's rows.
    mature:
        Rows of the arms that time changes, run again; None where it changes none, or where they were not run.
    """
    changed = {world.arm for world in worlds if mature_changes(world)}
    base = read(scenario.baseline, MATURE_COLUMNS)

    def later(arm: str, young: pd.DataFrame) -> pd.DataFrame:
        if arm not in changed or mature is None:
            return young
        rows = mature.frame(MATURE_COLUMNS, arm=arm, coded=True)
        # A replication that failed when something else was run again is left out everywhere.
        kept = rows[rows["replication"].isin(young["replication"])]
        return kept.assign(group=kept["group"].astype(young["group"].dtype))

    base_later, found = later(scenario.baseline, base), {}
    for world in worlds[1:]:
        rows, pairs = read(world.arm, MATURE_COLUMNS), None
        young = side_by_side(rows, base)
        if not changed & {world.arm, scenario.baseline}:
            pairs = young
        elif mature is not None:
            pairs = side_by_side(later(world.arm, rows), base_later)
        found[world.arm] = _of_arm(scenario, world, young, pairs)
    ranks = most_per_dollar(found)
    return {arm: {**one, "rank_per_dollar": ranks[arm]} for arm, one in found.items()}


def _of_arm(scenario: Scenario, world: World, young: Pairs, mature: Pairs | None) -> dict[str, Any]:
    """One arm over the years; what is later is unknown (None, NaN) where `mature` is None."""
    terms, arm, days = scenario.appraisal, scenario.arms[world.arm], young_days(world.scenario)
    share = min(1.0, days / (terms.years * DAYS_A_YEAR))
    first = _stopped(young)
    second = first if mature is young else _stopped(mature) if mature else UNKNOWN
    mean = first if mature is young else over_years(young, mature, share) if mature else UNKNOWN
    extra_usd = world.cost_usd - scenario.cost_of(scenario.baseline)
    return {
        "parts": arm.cost.model_dump() if arm.cost_usd is None else None,
        "young_days": days,
        "young": first,
        "mature": second,
        "over_years": mean,
        **appraise(mean["difference"], mean["ci95"], extra_usd, terms),
    }


def _stopped(pairs: Pairs) -> dict[str, Any]:
    return listed(paired_difference(*pairs.values("interdiction"), pairs.clusters))
