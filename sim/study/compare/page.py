"""The HTML page: one file, with everything in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sim.report.figure_effect import draw_effects
from sim.report.page import Checked, Figure, assumption_tables, notebook_html, study_page
from sim.report.style import png_bytes
from sim.report.words import main_arm, number, plain
from sim.scenario import Scenario
from sim.study.compare.figures import CAPTIONS
from sim.study.compare.section_sentences import (
    cost_in_words,
    displacement_in_words,
    official_statistics_in_words,
)
from sim.study.compare.section_tables import (
    coverage_in_words,
    coverage_table,
    life_cycle_in_words,
    life_cycle_table,
)
from sim.study.compare.sentences import answer_in_words, causation_in_words, verdict
from sim.study.compare.tables import effects_table, report_tables
from sim.study.describe.describe import describe

LIMITS = (
    "The terrain, the places of posts and most numbers are assumptions. They are listed above with their plausible "
    "ranges. One run of this study holds them fixed; sweeps vary them.",
    "Pairs share their random draws: the same departures, weather and thresholds in every arm. How many pairs end "
    "differently depends on that sharing, which is why the bounds from the margins are given with PN, PS and PNS.",
    "An interval that includes zero is no proof that nothing changes. It shows how large a change the runs leave open.",
    "Several arms and several metrics are compared at once, each at 95 %; the intervals are not widened for that.",
)


def render_page(
    scenario: Scenario,
    summary: dict[str, Any],
    figures: Sequence[Figure],
    facts: Mapping[str, str],
    checked: Checked | None = None,
) -> str:
    """The whole page as text; see `sim.report.page.study_page`."""
    tables = report_tables(summary, scenario)
    return study_page(
        Path(__file__).with_name("page.html"),
        summary,
        figures,
        facts,
        run={"replications in each arm": number(summary["replications"], 0)},
        checked=checked,
        scenario=scenario,
        costs={arm: found["cost_usd"] for arm, found in summary["arms"].items()},
        question=scenario.question or "What does each arm change against the baseline?",
        verdict=verdict(summary, scenario),
        answer=answer_in_words(summary, scenario),
        causes=causation_in_words(summary),
        tables=tables,
        assumptions=assumption_tables(describe(scenario)),
        limits=LIMITS,
        has_rivals=main_arm(summary) is not None,
        baseline=plain(summary["baseline"]),
        moved=displacement_in_words(summary, scenario),
        worth=cost_in_words(summary, scenario),
        coverage=coverage_in_words(summary),
        coverage_table=coverage_table(summary),
        life_cycle=life_cycle_in_words(summary, scenario),
        life_cycle_table=life_cycle_table(summary),
        honesty=official_statistics_in_words(summary, scenario),
        outcome_names=tables["outcome_names"],
    )


def shown_in_notebook(scenario: Scenario, summary: dict[str, Any]) -> str:
    """Answer, table of effects and their plot."""
    shown: dict[str, Any] = {"title": scenario.title, "verdict": verdict(summary, scenario)}
    if summary["effects"]:
        shown["table"] = effects_table(summary)
        shown["figure"] = Figure("effect", png_bytes(draw_effects(summary), dpi=100), CAPTIONS["effect"])
    return notebook_html(answer_in_words(summary, scenario), **shown)
