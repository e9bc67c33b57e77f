"""The HTML page: one file, with everything in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from markupsafe import Markup, escape

from sim.report.figure_effect import draw_effects
from sim.report.page import Figure, Table, fill_in
from sim.report.style import png_bytes
from sim.report.words import main_arm, money, number, plain, several_groups
from sim.scenario import Scenario
from sim.study.assumption_tables import assumption_tables
from sim.study.base import made_table
from sim.study.compare import tables
from sim.study.compare.displacement_sentences import moved_in_words, worth_in_words
from sim.study.compare.figures import CAPTIONS
from sim.study.compare.official_statistics_sentences import (
    either_table,
    honesty_in_words,
    honesty_table,
    repeat_trial_table,
)
from sim.study.compare.sentences import answer_in_words, causation_in_words, verdict
from sim.study.verify.sentences import checked_of

LIMITS = (
    "The terrain, the places of posts and most numbers are assumptions. They are listed above with their plausible "
    "ranges. One run of this study holds them fixed; sweeps and the sensitivity study vary them.",
    "Pairs share their random draws: the same departures, weather and thresholds in every arm. How many pairs end "
    "differently depends on that sharing, which is why the bounds from the margins stand beside PN, PS and PNS.",
    "An interval that includes zero is no proof that nothing changes. It shows how large a change the runs leave open.",
    "Several arms and several metrics are compared at once, each at 95 %; the intervals are not widened for that.",
)


def render_page(
    scenario: Scenario,
    summary: dict[str, Any],
    pictures: Sequence[Figure],
    facts: Mapping[str, str],
    verification: Mapping[str, Any] | None = None,
) -> str:
    """The whole page as text; whatever comes from the user's files is escaped.

    Parameters
    ----------
    facts:
        Further rows for "How this was made", such as the command and the versions.
    verification:
        Summary of the short verification, or None.
    """
    return fill_in(
        Path(__file__).with_name("page.html"),
        title=scenario.title or plain(scenario.name),
        question=scenario.question or "What does each arm change against the baseline?",
        verdict=verdict(summary, scenario),
        answer=answer_in_words(summary, scenario),
        arms=_arms(scenario, summary),
        pictures={shot.name: shot for shot in pictures},
        causes=causation_in_words(summary),
        tables=_tables(scenario, summary),
        assumptions=assumption_tables(scenario),
        doubts=scenario.doubts,
        limits=LIMITS,
        checked=checked_of(verification),
        made=made_table(summary, facts, {"replications in each arm": number(summary["replications"], 0)}),
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
        (plain(name), scenario.arms[name].description if name in scenario.arms else "", money(found["cost_usd"]))
        for name, found in summary["arms"].items()
    ]


def _tables(scenario: Scenario, summary: dict[str, Any]) -> dict[str, Table]:
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


def notebook_html(scenario: Scenario, summary: dict[str, Any]) -> str:
    """What a notebook shows: answer, table of effects and their plot; names are escaped."""
    parts = [Markup("<h3>{}</h3><p><strong>{}</strong></p>").format(scenario.title, verdict(summary, scenario))]
    parts += [Markup("<p>{}</p>").format(paragraph) for paragraph in answer_in_words(summary, scenario)]
    if summary["effects"]:
        shot = Figure("effect", png_bytes(draw_effects(summary), dpi=100), CAPTIONS["effect"])
        picture = Markup('<img alt="{}" style="max-width:100%" src="{}">').format(shot.caption, shot.data_uri)
        parts += [_table(tables.effects_table(summary)), picture]
    return str(Markup("<div>{}</div>").format(Markup("\n").join(parts)))


def _table(table: Table) -> Markup:
    head = Markup("").join(Markup("<th>{}</th>").format(cell) for cell in table.head)
    rows = [Markup("").join(Markup("<td>{}</td>").format(escape(cell)) for cell in row) for row in table.rows]
    body = Markup("").join(Markup("<tr>{}</tr>").format(row) for row in rows)
    return Markup("<table><thead><tr>{}</tr></thead><tbody>{}</tbody></table>").format(head, body)
