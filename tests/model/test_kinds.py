"""Kinds of groups: what they leave open, whether they fight, whether they are admitted, and the words for it all.

Stochastic tests refuse a right model once in 1,000 seeds, and their seeds are fixed.
"""

from __future__ import annotations

import math
from typing import Any

import pytest
from hazard_table import hazards
from scipy import stats
from small_case import FLOW, flow, small_case, small_model, small_rows

from sim.model import BorderModel
from sim.model.fighting import meet
from sim.outcomes import INTERDICTED, OUTCOMES
from sim.scenario.group import OF_THE_KIND, Kinds

KINDS = ("fighters", "traffickers", "smugglers", "migrants")
GROUP = small_case().infiltrators.groups[0].model_dump(mode="json")
LAST_MAN = {"engagement.surrender_at": 1.0, "engagement.break_off_at": 1.0, "engagement.effectiveness": 1000.0}
"""Who fights is killed to the last man, and kills nobody."""
NO_PRISONERS = {"engagement.capture_probability": 0.0}


@pytest.mark.parametrize("kind", KINDS)
def test_a_party_takes_what_it_leaves_open_from_its_kind(kind: str) -> None:
    profile = {"size": 17, "pace_low": 0.33, "pace_high": 1.77, "signature": 2.5, "admitted_probability": 0.25}
    profile["will_to_fight"] = 0.0 if kind == "migrants" else 0.125
    open_group = {key: value for key, value in GROUP.items() if key not in OF_THE_KIND}
    stream = {key: value for key, value in FLOW.items() if key not in OF_THE_KIND}
    case = small_case(
        **{
            f"infiltrators.kinds.{kind}": profile,
            "infiltrators.groups": [{**open_group, "kind": kind}],
            "infiltrators.streams": [{**stream, "kind": kind}],
        }
    )
    for party in case.infiltrators.parties:
        assert {key: getattr(party, key) for key in OF_THE_KIND} == profile
    assert case.infiltrators.groups[0].size is None


def test_what_a_party_says_itself_holds() -> None:
    own = {"size": 3, "pace_low": 0.4, "pace_high": 0.45, "signature": 0.0, "will_to_fight": 0.0}
    own |= {"admitted_probability": 0.0}
    case = small_case(**{"infiltrators.groups": [{**GROUP, "kind": "traffickers", **own}]})
    assert {key: getattr(case.infiltrators.parties[0], key) for key in OF_THE_KIND} == own


def test_kinds_differ_in_the_runs() -> None:
    """Sizes and paces of the groups that arrive are those of their kind."""
    for kind in KINDS:
        profile = getattr(Kinds(), kind)
        model = small_model("without", **flow(kind=kind, size=None, per_day=100.0))
        assert {group.size for group in model.groups} == {profile.size}
        paces = [group.pace for group in model.groups]
        assert profile.pace_low <= min(paces) <= max(paces) <= profile.pace_high
        assert max(paces) - min(paces) > 0.8 * (profile.pace_high - profile.pace_low)
        assert {group.signature for group in model.groups} == {profile.signature * math.sqrt(profile.size / 8)}


def test_signature_scales_what_the_posts_see() -> None:
    """Doubled, each hazard is doubled (but for rounding and for certain detection)."""
    one, two = (hazards(small_model(**{"infiltrators.groups.0.signature": s}).world, 0, 3, 0) for s in (1.0, 2.0))
    assert one.any()
    assert abs(two - 2 * one).max() <= 1


@pytest.mark.parametrize(("kind", "will"), [("fighters", 0.3), ("traffickers", 0.7), ("smugglers", 0.5)])
def test_they_fight_as_often_as_they_will_drawn_at_each_meeting(kind: str, will: float) -> None:
    """Some thousand groups, met twice: binomial each time, and who fought once fights no more readily again."""
    model = small_model("without", **flow(kind=kind, will_to_fight=will, size=2), **LAST_MAN)
    fought = []
    for group in model.groups:
        told = []
        for _ in range(2):
            group.persons, group.record["killed"] = 2, 0
            ended = meet(model, group, 5)
            assert (ended.beaten, ended.own_killed) == (True, 0)
            told.append(group.record["killed"] == 2)
        fought.append(told)
    low, high = stats.binom.ppf([0.0005, 0.9995], len(fought), will)
    assert all(low <= sum(told[number] for told in fought) <= high for number in (0, 1))
    low, high = stats.binom.ppf([0.0005, 0.9995], len(fought), will**2)
    assert low <= sum(all(told) for told in fought) <= high


@pytest.mark.parametrize(("will", "fights"), [(0.0, False), (1.0, True)])
def test_certain_wills(will: float, fights: bool) -> None:
    model = small_model("without", **flow(per_day=50.0, will_to_fight=will, size=2), **LAST_MAN)
    for group in model.groups:
        meet(model, group, 5)
        assert (group.record["killed"] == 2) == fights


def beaten(model: BorderModel) -> list[str]:
    """Outcomes of all groups, each beaten by men whom it does not resist, with nobody captured."""
    return [OUTCOMES[meet(model, group, 5).outcome] for group in model.groups]


@pytest.mark.parametrize("chance", [0.0, 0.35, 1.0])
def test_migrants_who_are_stopped_are_admitted_as_often_as_said(chance: float) -> None:
    model = small_model("without", **flow(kind="migrants", admitted_probability=chance), **NO_PRISONERS)
    told = beaten(model)
    assert set(told) <= {"admitted", "turned_back"}
    low, high = stats.binom.ppf([0.0005, 0.9995], len(told), chance)
    assert low <= told.count("admitted") <= high


@pytest.mark.parametrize("kind", ["fighters", "traffickers", "smugglers"])
def test_nobody_else_is_admitted(kind: str) -> None:
    peaceful = flow(kind=kind, admitted_probability=1.0, per_day=50.0, will_to_fight=0.0)
    model = small_model("without", **peaceful, **NO_PRISONERS)
    assert set(beaten(model)) == {"turned_back"}


def test_no_migrant_is_killed_in_whole_runs() -> None:
    seeing: dict[str, Any] = {"outpost.range_km": 4.0, "command.contact_per_man_hour": 1000.0}
    migrants = small_rows(("with_outpost",), 60, **seeing, **flow(kind="migrants", size=6, per_day=3.0))
    fighters = small_rows(("with_outpost",), 60, **seeing, **flow(kind="fighters", size=6, per_day=3.0))
    assert migrants[["killed", "own_killed"]].sum().sum() == 0
    assert {"admitted", "turned_back"} <= set(migrants["outcome"])
    assert not {"killed", "captured"} & set(migrants["outcome"])
    assert fighters["killed"].sum() > 0


def test_to_be_admitted_is_to_be_stopped() -> None:
    assert "admitted" in INTERDICTED


@pytest.mark.parametrize("kind", KINDS)
def test_each_outcome_has_a_word_for_each_kind(kind: str) -> None:
    words = getattr(Kinds(), kind).words.model_dump()
    assert set(words) == set(OUTCOMES)
    assert len(set(words.values())) == len(OUTCOMES)
