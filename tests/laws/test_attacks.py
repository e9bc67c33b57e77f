"""Law: men who shadow a group are attacked by stronger fighters alone; that costs men, and is off where it is off."""

from __future__ import annotations

from typing import Any

import pandas as pd
from law_cases import bound, paired, played
from small_case import small_case

REPLICATIONS = 400
SHADOWED = {
    "command.contact_km": 1.0,
    "command.contact_per_man_hour": 20.0,
    "command.engage_ratio": 20.0,
    "command.shadow_loss_per_hour": 0.5,
    "infiltrators.groups.0.size": 20,
}
"""Twenty fighters whom no squad may take on, so that all who meet them shadow them."""


def rows(per_hour: float, ratio: float = 1.0, **changes: Any) -> pd.DataFrame:
    attacks = {"engagement.attacks_per_hour": per_hour, "engagement.attack_ratio": ratio}
    return played(small_case(**SHADOWED, **attacks, **changes), "with_outpost", REPLICATIONS)


def test_nobody_fights_where_the_men_only_shadow() -> None:
    assert not rows(0.0)["intercepted"].any()


def test_who_is_too_weak_or_no_fighter_attacks_nobody() -> None:
    assert rows(2.0, ratio=20.0).equals(rows(0.0))
    traffickers = {"infiltrators.groups.0.kind": "traffickers", "infiltrators.groups.0.will_to_fight": 1.0}
    assert rows(2.0, **traffickers).equals(rows(0.0, **traffickers))


def test_the_more_often_they_attack_the_more_men_are_lost() -> None:
    """Refused by chance in one of a thousand tests."""
    often, seldom, never = rows(2.0), rows(0.1), rows(0.0)
    found = [paired(often, seldom, "own_killed"), paired(seldom, never, "own_killed")]
    assert min(each.z for each in found) > bound(2), found
    assert often.loc[often["own_killed"] > 0, "intercepted"].all()
