"""What the rows of a comparison say: of each arm alone, and of each against the baseline."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import pandas as pd

from sim.scenario import Scenario
from sim.study.compare.agency_records import Records
from sim.study.compare.appraisal import against_rivals, appraise, most_per_dollar
from sim.study.compare.displacement import adaptation, displacement
from sim.study.compare.effects import ALONE, arm_facts, by_sector, causation, effects, ledger, mechanism
from sim.study.compare.official_statistics import effect_by_either, official
from sim.study.compare.places import along_km, sector_distances_km
from sim.study.pairs import Pairs, side_by_side
from sim.world import World

OF_PAIRS = [
    "replication",
    "arm",
    "group",
    "crossing",
    "sector",
    "outcome",
    "detected",
    "intercepted",
    "killed",
    "captured",
    "own_killed",
]
"""Columns that what is told of pairs rests on."""

ONE_ARM = list(dict.fromkeys([*ALONE, *OF_PAIRS]))
"""Columns that what is told of an arm rests on."""


ReadArm = Callable[[str, Sequence[str]], pd.DataFrame]
"""Reads columns of one arm's rows, strings as categories."""


class Told(NamedTuple):
    """What the rows say: of each arm alone, of each against the baseline, and the pairs with their outcomes."""

    arms: dict[str, dict[str, Any]]
    against: dict[str, dict[str, Any]]
    pairs: dict[str, Pairs]

    def honesty(self) -> dict[str, Any]:
        """Each arm's official figures beside the truth, and its effect by either where it has one."""
        return {
            arm: {**one["official"], **({"effect": self.against[arm]["official"]} if arm in self.against else {})}
            for arm, one in self.arms.items()
        }


@dataclass(frozen=True)
class Teller:
    """Reads the rows of a comparison arm by arm, and tells what they say.

    Attributes
    ----------
    scenario:
        The case, before any arm's changes.
    worlds:
        The World of each arm, the baseline's first.
    unmoved:
        Rows of the replications that were played again with the ways of the baseline, or None.
    """

    scenario: Scenario
    worlds: tuple[World, ...]
    unmoved: pd.DataFrame | None

    def tell(self, read: ReadArm) -> Told:
        """What the rows say of each arm; one arm's are in memory at a time, and the baseline's."""
        arms, against, kept = {}, {}, {}
        base = pd.DataFrame()
        for world in self.worlds:
            rows = read(world.arm, ONE_ARM)
            arms[world.arm] = self._alone(rows)
            rows = rows[OF_PAIRS]
            if world.arm == self.scenario.baseline:
                base = rows
            else:
                pairs = side_by_side(rows, base)
                against[world.arm] = self._against(world, pairs)
                kept[world.arm] = Pairs(pairs.arm[["outcome"]], pairs.base[["replication", "outcome"]])
                del pairs
            del rows
        return Told(arms, against, kept)

    def _alone(self, rows: pd.DataFrame) -> dict[str, Any]:
        records = Records()
        records.add(rows)
        return {
            "facts": arm_facts(rows),
            "mechanism": mechanism(rows),
            "official": official(records, self.scenario.appraisal.deterred_share),
        }

    def _against(self, rival: World, pairs: Pairs) -> dict[str, Any]:
        sectors, found = tuple(sector.name for sector in self.scenario.sectors), effects(pairs)
        return {
            "effects": found,
            "official": effect_by_either(pairs, found["interdiction"]),
            "ledger": ledger(pairs),
            "causation": causation(pairs),
            "displacement": {**self._displacement(rival, pairs), **adaptation(pairs, self.unmoved)},
            "sectors": by_sector(pairs, sectors),
        }

    def _displacement(self, rival: World, pairs: Pairs) -> dict[str, Any]:
        base = next(world for world in self.worlds if world.arm == self.scenario.baseline)
        return displacement(pairs, along_km(base), sector_distances_km(rival, base), along_km(rival))

    def appraisals(self, told: Told) -> dict[str, Any]:
        """What each arm's money buys, alone and against the other arms."""
        costs = {world.arm: world.cost_usd for world in self.worlds}
        appraised = {}
        for arm, main in told.pairs.items():
            one = told.against[arm]["effects"]["interdiction"]
            extra_usd, others = costs[arm] - costs[self.scenario.baseline], dict(told.pairs)
            del others[arm]
            appraised[arm] = {
                **appraise(one["difference"], one["ci95"], extra_usd, self.scenario.appraisal),
                "against": against_rivals(main, others, costs, arm),
            }
        ranks = most_per_dollar(appraised)
        return {arm: {**one, "rank_per_dollar": ranks[arm]} for arm, one in appraised.items()}


def finite(value: Any) -> Any:
    """The same nested data with None for every number that JSON cannot hold."""
    if isinstance(value, dict):
        return {key: finite(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [finite(part) for part in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
