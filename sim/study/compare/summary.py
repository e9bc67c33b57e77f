"""What the rows of a comparison say: of each arm alone, and of each against the baseline."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import pandas as pd

from sim.scenario import Scenario
from sim.study.compare.appraisal import against_rivals, appraise, most_per_dollar
from sim.study.compare.displacement import adaptation, along_km, displacement, sector_distances_km
from sim.study.compare.effects import ALONE, arm_facts, by_sector, causation, effects, ledger, mechanism
from sim.study.compare.official_statistics import effect_by_either, official
from sim.study.pairs import Pairs, side_by_side
from sim.world import World

OF_PAIRS = (
    "replication", "arm", "group", "crossing", "sector", "outcome", "detected", "intercepted", "killed", "captured",
    "own_killed",
)  # fmt: skip
"""Columns that the findings of pairs need."""

ONE_ARM = tuple(dict.fromkeys((*ALONE, *OF_PAIRS)))
"""Columns that the findings of one arm need."""


ReadArm = Callable[[str, Sequence[str]], pd.DataFrame]
"""Reads columns of one arm's rows, strings as categories."""


class Findings(NamedTuple):
    """What the rows say: of each arm alone, of each against the baseline, and the pairs with their outcomes."""

    arms: dict[str, dict[str, Any]]
    against: dict[str, dict[str, Any]]
    pairs: dict[str, Pairs]

    def of_each_arm(self, block: str) -> dict[str, Any]:
        """One block of what is said of each arm alone."""
        return {arm: one[block] for arm, one in self.arms.items()}

    def of_each_rival(self, block: str) -> dict[str, Any]:
        """One block of what is said of each arm against the baseline."""
        return {arm: one[block] for arm, one in self.against.items()}

    def official_statistics(self) -> dict[str, Any]:
        """Each arm's official figures and the truth, and its effect by either where it has one."""
        return {
            arm: {**one["official"], **({"effect": self.against[arm]["official"]} if arm in self.against else {})}
            for arm, one in self.arms.items()
        }


def summarise(scenario: Scenario, worlds: Sequence[World], fixed: pd.DataFrame | None, read: ReadArm) -> Findings:
    """What the rows say of each arm; only one arm's rows and the baseline's are in memory at a time.

    Parameters
    ----------
    scenario:
        The case, before any arm's changes.
    worlds:
        The World of each arm, the baseline's first.
    fixed:
        Rows of the replications that were run again with the routes of the baseline, or None.
    """
    arms, against, outcomes = {}, {}, {}
    base = pd.DataFrame()
    for world in worlds:
        rows = read(world.arm, ONE_ARM)
        arms[world.arm] = _alone(rows, scenario.appraisal.deterred_share)
        rows = rows[list(OF_PAIRS)]
        if world.arm == scenario.baseline:
            base = rows
        else:
            pairs = side_by_side(rows, base)
            against[world.arm] = _against(scenario, worlds[0], world, pairs, fixed)
            outcomes[world.arm] = Pairs(pairs.arm[["outcome"]], pairs.base[["replication", "outcome"]])
            del pairs
        del rows
    return Findings(arms, against, outcomes)


def _alone(rows: pd.DataFrame, deterred_share: float) -> dict[str, Any]:
    return {"facts": arm_facts(rows), "mechanism": mechanism(rows), "official": official(rows, deterred_share)}


def _against(
    scenario: Scenario, baseline: World, rival: World, pairs: Pairs, fixed: pd.DataFrame | None
) -> dict[str, Any]:
    found = effects(pairs)
    sector_km = sector_distances_km(rival, baseline)
    return {
        "effects": found,
        "official": effect_by_either(pairs, found["interdiction"]),
        "ledger": ledger(pairs),
        "causation": causation(pairs),
        "ledger_neutralised": ledger(pairs, "neutralised"),
        "causation_neutralised": causation(pairs, "neutralised"),
        "displacement": {
            **displacement(pairs, along_km(baseline), along_km(rival), sector_km),
            **adaptation(pairs, fixed),
        },
        "sectors": by_sector(pairs, tuple(sector.name for sector in scenario.sectors)),
    }


def appraisals(scenario: Scenario, worlds: Sequence[World], findings: Findings) -> dict[str, Any]:
    """What each arm's money buys, alone and against the other arms."""
    costs = {world.arm: world.cost_usd for world in worlds}
    appraised = {}
    for arm, main in findings.pairs.items():
        one = findings.against[arm]["effects"]["interdiction"]
        extra_usd = costs[arm] - costs[scenario.baseline]
        others = {name: pairs for name, pairs in findings.pairs.items() if name != arm}
        appraised[arm] = {
            **appraise(one["difference"], one["ci95"], extra_usd, scenario.appraisal),
            "against": against_rivals(main, others, costs, arm),
        }
    ranks = most_per_dollar(appraised)
    return {arm: {**one, "rank_per_dollar": ranks[arm]} for arm, one in appraised.items()}
