"""The page of a verification: one HTML file with its picture in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sim.report.page import Figure, Table, study_page
from sim.report.words import plain
from sim.study.verify.sentences import Summary, estimates_in_words, links_table, verdict_in_words

LIMITS = (
    "Agreement with theory shows that the model does what its rules say. It does not show that the rules are right for "
    "the case: the assumptions of the case are another matter.",
    "A link that agrees may still be wrong by less than its standard error shows; more replications make that smaller.",
    "Time goes in steps and rates are kept by the metre. What that costs is measured in experiments/verification.",
)


def render_page(summary: Summary, figures: Sequence[Figure], facts: Mapping[str, str]) -> str:
    """The whole page as text; whatever comes from the user's files is escaped."""
    return study_page(
        Path(__file__).with_name("page.html"),
        summary,
        figures,
        facts,
        run={},
        title="The model against theory",
        verdict=verdict_in_words(summary),
        table=links_table(summary),
        forms=forms_table(summary),
        repeated=[sentence for one in summary["cases"].values() for sentence in estimates_in_words(one)],
        limits=LIMITS,
    )


def forms_table(summary: Summary) -> Table:
    """The closed form of each link, its source, and the values of its symbols."""
    rows = []
    for name, one in summary["cases"].items():
        symbols = {key: value for key, value in one["laboratory"].items() if key != "case" and value is not None}
        shown = ", ".join(f"{key} = {_short(value)}" for key, value in symbols.items())
        rows.append((plain(name), one["formula"], one["source"], shown))
    return Table(("link", "closed form", "source", "symbols"), tuple(rows))


def _short(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
