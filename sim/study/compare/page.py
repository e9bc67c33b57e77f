"""The HTML page: one file, with everything in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sim.report import tables
from sim.report.templating import fill_in
from sim.report.words import main_arm, money, number, plain, several_groups
from sim.scenario import Scenario
from sim.study.compare.causation_sentences import causation_in_words
from sim.study.compare.displacement_sentences import moved_in_words, worth_in_words
from sim.study.compare.figures.all import Shot
from sim.study.compare.official_statistics_sentences import (
    either_table,
    honesty_in_words,
    honesty_table,
    repeat_trial_table,
)
from sim.study.compare.sentences import answer_in_words, verdict
from sim.study.verify.short_section import checked_of

LIMITS = (
    "The terrain, the places of posts and most numbers are assumptions. They are listed above with their plausible "
    "ranges. One run of this study holds them fixed; sweeps and the sensitivity study vary them.",
    "Pairs share their luck: the same departures, weather and thresholds in every arm. How many pairs end differently "
    "depends on that sharing, which is why the bounds from the margins stand beside PN, PS and PNS.",
    "An interval that includes zero is no proof that nothing changes. It shows how large a change the runs leave open.",
    "Several arms and several metrics are compared at once, each at 95 %; the intervals are not widened for that.",
)


def render_page(
    scenario: Scenario,
    summary: dict[str, Any],
    pictures: Sequence[Shot],
    facts: Mapping[str, str],
    checked: dict[str, Any] | None = None,
) -> str:
    """The whole page as text; whatever comes from the user's files is escaped.

    Parameters
    ----------
    facts:
        Further rows for "How this was made", such as the command and the versions.
    checked:
        Summary of a verification, of which the short form is told.
    """
    return fill_in(
        "report.html",
        title=scenario.title or plain(scenario.name),
        question=scenario.question or "What does each arm change against the baseline?",
        verdict=verdict(summary, scenario),
        answer=answer_in_words(summary, scenario),
        arms=_arms(scenario, summary),
        pictures={shot.name: shot for shot in pictures},
        causes=causation_in_words(summary),
        tables=_tables(scenario, summary),
        assumptions=tables.assumption_tables(scenario),
        doubts=scenario.doubts,
        limits=LIMITS,
        checked=checked_of(checked),
        made=_made(summary, facts),
        has_rivals=main_arm(summary) is not None,
        baseline=plain(summary["baseline"]),
        several=several_groups(scenario),
        moved=moved_in_words(summary, scenario),
        worth=worth_in_words(summary, scenario),
        honesty=honesty_in_words(summary, scenario),
        outcome_names=tables.outcome_names(scenario),
    )


def _arms(scenario: Scenario, summary: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Name, description and cost of the arms that were run."""
    return [
        (plain(name), scenario.arms[name].description if name in scenario.arms else "", money(told["cost_usd"]))
        for name, told in summary["arms"].items()
    ]


def _tables(scenario: Scenario, summary: dict[str, Any]) -> dict[str, tables.Table]:
    return {
        "effects": tables.effects_table(summary),
        "ledger": tables.ledger_table(summary),
        "causation": tables.causation_table(summary),
        "mechanism": tables.mechanism_table(summary),
        "sectors": tables.sectors_table(summary, scenario),
        "displacement": tables.displacement_table(summary),
        "adaptation": tables.adaptation_table(summary),
        "load": tables.load_table(summary, scenario),
        "appraisal": tables.appraisal_table(summary),
        "arms": tables.arms_table(summary),
        "casualties": tables.casualties_table(summary),
        "honesty": honesty_table(summary),
        "either": either_table(summary),
        "repeat_trial": repeat_trial_table(summary),
    }


def _made(summary: dict[str, Any], facts: Mapping[str, str]) -> tables.Table:
    rows = {
        "study": str(summary["study"]),
        "experiment": str(summary["experiment"]),
        "seed": str(summary["seed"]),
        "replications in each arm": number(summary["replications"], 0),
        "digest of the outcome rows (SHA-256)": str(summary["digest"]),
    }
    return tables.Table(("", ""), tuple((rows | {str(key): str(value) for key, value in facts.items()}).items()))
