from __future__ import annotations

import copy
import re
from typing import Any

import pytest

from sim.report.words import NARROW
from sim.study.compare.result import Comparison
from sim.study.compare.sentences import answer_in_words, change_in_words, verdict


def words_of(result: Comparison, summary: dict[str, Any] | None = None) -> str:
    summary = summary or result.summary()
    return " ".join([verdict(summary, result.scenario), *answer_in_words(summary, result.scenario)]).replace(
        NARROW, " "
    )


def with_effect(summary: dict[str, Any], difference: float, ends: list[float | None]) -> dict[str, Any]:
    changed = copy.deepcopy(summary)
    changed["effects"]["with_outpost"]["interdiction"] |= {"difference": difference, "ci95": ends}
    return changed


def test_shares_counts_and_interval_are_those_of_the_rows(comparison: Comparison) -> None:
    """Counted by hand from `some_stopped`: of 60, every third (20) is stopped without the outpost.

    With it, remainders 1 and 2 of ten add the eight of their twelve that are no multiples of three, and remainder 3
    loses the two of its six that are (3 and 33): 26.
    """
    words = words_of(comparison)
    assert "33.3 % of the runs without the outpost and in 43.3 % with the outpost: 10.0 percentage points more" in words
    assert (
        "Of 60 pairs with the same random draws, 8 were stopped only with the outpost and 2 only without the outpost"
        in words
    )
    low, high = comparison.summary()["effects"]["with_outpost"]["interdiction"]["ci95"]
    ends = [f"{100 * end:+.1f}".replace("-", "\u2212") for end in (low, high)]
    assert f"10.0 percentage points more (95 % interval {ends[0]} to {ends[1]})" in words


@pytest.mark.parametrize("ends", [[-0.02, 0.1], [0.0, 0.1], [-0.1, 0.0], [0.0, 0.0], [None, None]])
def test_an_interval_that_holds_zero_or_is_unknown_shows_nothing(
    comparison: Comparison, ends: list[float | None]
) -> None:
    words = verdict(with_effect(comparison.summary(), 0.04, ends), comparison.scenario)
    assert "do not show" in words
    assert "more likely that" not in words.replace("more or less likely that", "")


@pytest.mark.parametrize(("difference", "ends", "word"), [(0.06, [0.02, 0.1], "more"), (-0.06, [-0.1, -0.02], "less")])
def test_an_interval_on_one_side_gives_the_direction(
    comparison: Comparison, difference: float, ends: list[float | None], word: str
) -> None:
    words = verdict(with_effect(comparison.summary(), difference, ends), comparison.scenario)
    assert f"the outpost makes it {word} likely" in words
    assert "6.0 percentage points" in words
    assert "do not show" not in words


def test_change_in_words_says_fewer_below_zero() -> None:
    words = change_in_words({"difference": -0.06, "ci95": [-0.1, -0.02]}, "the outpost", "it")
    assert words.startswith("6.0 percentage points fewer")
    assert "wholly below zero" in words


def test_sampling_error_is_distinguished_from_the_assumptions(comparison: Comparison) -> None:
    words = words_of(comparison)
    assert "sampling error only" in words
    assert "uncertainty of the assumptions" in words
    assert "not a finding about what happened" in words


def test_detection_interception_and_cueing_are_distinguished(comparison: Comparison) -> None:
    words = words_of(comparison)
    for part in ("To detect is not yet to stop", "by the very unit that saw them", "on a cue", "without any cue"):
        assert part in words


def test_rivals_are_named_with_their_cost(comparison: Comparison) -> None:
    summary = comparison.summary()
    assert "“communications” at USD 591,208 instead of USD 2,051,577" in words_of(comparison, summary)
    summary["arms"]["communications"]["cost_usd"] = summary["arms"]["with_outpost"]["cost_usd"]
    assert "“communications” at equal cost (USD 2,051,577)" in words_of(comparison, summary)


def test_one_arm_alone_has_no_effect(comparison: Comparison, rows_of: Any) -> None:
    worlds = comparison.worlds[:1]
    alone = Comparison(comparison.scenario, worlds, rows_of(worlds, 30), 1, "")
    words = words_of(alone)
    assert "nothing to compare" in words
    assert "33.3 % of the runs" in words
    assert not re.search(r"points (more|fewer)", words)


def test_several_groups_and_migrants(plain_ground: Any, rows_of: Any) -> None:
    scenario, worlds = plain_ground
    words = words_of(Comparison(scenario, worlds, rows_of(worlds, 20), 1, ""))
    assert "of the groups" in words
    assert "a group is" in words
    assert "Among migrants nobody is killed" in words


def test_few_replications_with_shared_draws_are_warned_of(
    plain_ground: Any, rows_of: Any, comparison: Comparison
) -> None:
    scenario, worlds = plain_ground
    assert "may make the intervals too narrow" in words_of(Comparison(scenario, worlds, rows_of(worlds, 499), 1, ""))
    assert "too narrow" not in words_of(Comparison(scenario, worlds, rows_of(worlds, 500), 1, ""))
    # One group a replication shares its draws with nobody.
    assert "too narrow" not in words_of(comparison)


def test_who_stops_most_for_a_dollar_is_named(comparison: Comparison) -> None:
    """The outpost stops 6 of 60 groups more, the radios none: 24 x 8.5302 x 0.1 / 2.0516 for a million."""
    words = words_of(comparison)
    assert "For a dollar the outpost stops most in these runs: +10.0 groups for USD 1,000,000" in words


def test_nobody_is_named_best_where_none_stops_more(comparison: Comparison) -> None:
    summary = copy.deepcopy(comparison.summary())
    for one in summary["appraisal"].values():
        one["extra_per_million_usd"] = -1.0 if one["rank_per_dollar"] == 1 else -2.0
    assert "For a dollar" not in words_of(comparison, summary)


def with_price(summary: dict[str, Any], usd: float | None, ends: list[float | None]) -> dict[str, Any]:
    changed = copy.deepcopy(summary)
    changed["appraisal"]["with_outpost"] |= {
        "cost_usd": 9e5,
        "cost_per_interdiction_usd": usd,
        "cost_per_interdiction_ci95": ends,
        "verdict": "open" if usd is None else "priced",
    }
    return changed


@pytest.mark.parametrize(
    ("usd", "ends", "clause"),
    [
        (5e4, [2e4, 9e4], "one more group stopped by the outpost costs USD 50,000 [20,000 to 90,000]. "),
        (
            None,
            [2e4, None],
            "the outpost stops no more groups in these runs, so that one more has no price; by the interval, one more "
            "costs no less than USD 20,000. ",
        ),
        (
            None,
            [None, None],
            "the outpost stops no more groups in these runs, so that one more has no price. ",
        ),
    ],
)
def test_a_price_that_is_not_there_is_said_in_a_sentence(
    comparison: Comparison, usd: float | None, ends: list[float | None], clause: str
) -> None:
    text = words_of(comparison, with_price(comparison.summary(), usd, ends)) + " "
    assert f"(assumed), {clause}" in text
