"""Bad seasons: refused with status 2 and one line that names key, value and what is allowed."""

from __future__ import annotations

import pytest

SEASONS = {
    "no seasons": (["season.seasons=0"], ["season.seasons", "0", "1"]),
    "too many seasons": (["season.seasons=1001"], ["season.seasons", "1001", "1000"]),
    "half a season": (["season.seasons=1.5"], ["season.seasons", "1.5", "integer"]),
    "no trials": (["season.trials=0"], ["season.trials", "0", "1"]),
    "trials in words": (["season.trials=many"], ["season.trials", "'many'", "integer"]),
    "weight over one": (["season.weight=1.5"], ["season.weight", "1.5", "1"]),
    "negative weight": (["season.weight=-0.1"], ["season.weight", "-0.1", "0"]),
    "weight that is no number": (["season.weight=nan"], ["season.weight", "nan", "finite"]),
    "forgetting over one": (["season.forgetting=2"], ["season.forgetting", "2", "1"]),
    "negative forgetting": (["season.forgetting=-1"], ["season.forgetting", "-1", "0"]),
    "more duty moved than there is": (["season.redeploy_share=1.1"], ["season.redeploy_share", "1.1", "1"]),
    "negative duty moved": (["season.redeploy_share=-0.2"], ["season.redeploy_share", "-0.2", "0"]),
    "unknown key of a season": (["season.length=3"], ["season.length", "no such key"]),
    "seasons of an adversary that does not learn": (
        ["study=season"],
        ["infiltrators.behaviour", "'informed'", "study=season", "learning"],
    ),
    "seasons of another adversary": (
        ["study=season", "infiltrators.behaviour=quantal"],
        ["infiltrators.behaviour", "'quantal'", "learning"],
    ),
    "an arm with other seasons": (
        ["study=season", "infiltrators.behaviour=learning", "arms.new={changes:{season.trials:3}}"],
        ["arms.new.changes.season.trials", "3", "40"],
    ),
    "seasons in a sweep": (["-m", "study=season", "season.trials=1,2"], ["study", "season", "compare"]),
}


@pytest.mark.parametrize(("arguments", "words"), SEASONS.values(), ids=SEASONS.keys())
def test_season_is_refused(arguments, words, refused):
    refused(arguments, words)
