"""Every rule of the rows: a good row keeps all, and each has a row that breaks it; the plain model breaks none."""

from __future__ import annotations

import math
from typing import Any

import pytest
from drawn_scenarios import ARMS, scenarios
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.conformance.check_rows import RULES_BY_CURE, broken_rules
from sim.conformance.trial_runs import Run, Trial
from sim.model import BorderModel
from sim.scenario import Scenario
from sim.world import Tables, build_world

CAUGHT: dict[str, Any] = {
    "kind": "smugglers",
    "size": 8,
    "departed_min": 10,
    "crossed_min": 100,
    "hidden_min": 5,
    "detected": True,
    "detected_by": "old_post",
    "detected_how": "sight",
    "detected_min": 120,
    "cued_from": "old_post",
    "cued_min": 130,
    "dispatched_min": 130,
    "intercepted": True,
    "intercepted_by": "reserve",
    "intercepted_min": 170,
    "mechanism": "cued",
    "x_km": 3.0,
    "y_km": 8.0,
    "depth_km": 3.0,
    "warned": False,
    "outcome": "captured",
    "ended_min": 170,
    "killed": 2,
    "captured": 5,
    "escaped": 1,
    "own_killed": 1,
}
NEVER = {"intercepted": False, "intercepted_by": "", "intercepted_min": -1, "mechanism": "", "cued_from": ""}
NOWHERE = dict.fromkeys(("x_km", "y_km", "depth_km"), math.nan)
NOBODY = {"killed": 0, "captured": 0, "escaped": 8, "own_killed": 0}
UNSEEN = {"detected": False, "detected_by": "", "detected_how": "", "detected_min": -1, "cued_min": -1}
FREE = {**CAUGHT, **NEVER, **NOWHERE, **NOBODY, **UNSEEN, "dispatched_min": -1, "outcome": "reached", "ended_min": 900}
"""A group that nobody saw, and that reached its target."""

GOOD = {
    "caught": CAUGHT,
    "killed": {**CAUGHT, "outcome": "killed", "killed": 4, "captured": 4, "escaped": 0},
    "turned back": {**CAUGHT, "outcome": "turned_back", **NOBODY},
    "migrants": {**CAUGHT, "kind": "migrants", "outcome": "admitted", "killed": 0, "captured": 7, "own_killed": 0},
    "free": FREE,
    "attack on the target": {**FREE, "killed": 6, "escaped": 2, "own_killed": 3},
    "by the interior": {**CAUGHT, **UNSEEN, "dispatched_min": -1, "mechanism": "unprompted", "cued_from": ""},
    "at large": {**FREE, "outcome": "at_large", "ended_min": -1},
    "still at home": {**FREE, "outcome": "at_large", "ended_min": -1, "departed_min": -1, "crossed_min": -1},
}

BROKEN = {
    "killed + captured + escaped is the size": {**CAUGHT, "escaped": 2},
    "no more are killed and captured than": {**CAUGHT, "captured": 7, "escaped": -1},
    "no count is negative": {**CAUGHT, "own_killed": -1},
    "of a group that nobody has met": {**FREE, "outcome": "at_large", "ended_min": -1, "captured": 1, "escaped": 7},
    "no migrant is killed": {**CAUGHT, "kind": "migrants", "outcome": "turned_back"},
    "the outcome is one of": {**CAUGHT, "outcome": "fled"},
    "nobody else is admitted": {**CAUGHT, "outcome": "admitted"},
    "what became of most": {**CAUGHT, "outcome": "killed"},
    "who was stopped was intercepted": {**FREE, "outcome": "turned_back"},
    "if and only if its story has no end": {**FREE, "outcome": "at_large"},
    "minutes count from 0": {**CAUGHT, "departed_min": -2},
    "minutes are ordered": {**CAUGHT, "crossed_min": 131},
    "a cue comes after the detection": {**CAUGHT, "cued_min": 119},
    "report a detection together": {**CAUGHT, "detected_by": ""},
    "report an interception together": {**CAUGHT, "intercepted": False},
    "the mechanism is own, cued, unprompted": {**CAUGHT, "cued_from": ""},
    "the place of an interception is NaN": {**FREE, "x_km": 1.0},
}


def broken(row: dict[str, Any]) -> list[str]:
    return [says for says, _, _ in broken_rules(row)]


@pytest.mark.parametrize("row", GOOD.values(), ids=list(GOOD))
def test_a_good_row_keeps_every_rule(row: dict[str, Any]) -> None:
    assert broken(row) == []


@pytest.mark.parametrize(("says", "row"), BROKEN.items(), ids=list(BROKEN))
def test_a_bad_row_breaks_its_rule(says: str, row: dict[str, Any]) -> None:
    assert any(says in rule for rule in broken(row))


def test_each_rule_has_a_row_that_breaks_it() -> None:
    rules = [rule for rules in RULES_BY_CURE.values() for rule in rules]
    assert [sum(says in rule for says in BROKEN) for rule in rules] == [1] * len(BROKEN)


def test_a_cue_stands_between_detection_and_dispatch() -> None:
    assert broken({**CAUGHT, "cued_min": 130, "dispatched_min": 140}) == []
    assert broken({**CAUGHT, "cued_min": 140, "dispatched_min": 130}) != []


@pytest.mark.long
@settings(max_examples=200)
@given(scenarios(), st.sampled_from(ARMS), st.integers(0, 10**6))
def test_the_plain_model_keeps_every_rule_in_any_scenario(scenario: Scenario, arm: str, seed: int) -> None:
    for row in Trial(BorderModel, (), 1, seed).rows(Run(0, 0, 0), world=build_world(scenario, arm, TABLES)):
        assert broken(row) == [], row


TABLES = Tables()
