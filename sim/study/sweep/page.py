"""The report of a sweep: one HTML page that loads nothing from outside; and what a notebook shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from markupsafe import Markup

from sim.report.page import Figure, Table, fill_in
from sim.report.style import png_bytes
from sim.report.words import interval, money, number, percent, plain, points
from sim.study.assumption_tables import assumption_tables
from sim.study.base import made_table
from sim.study.sweep.figures import main_drawing
from sim.study.sweep.result import SweepResult
from sim.study.sweep.sentences import LIMITS, answer_in_words, tipping_in_words
from sim.study.verify.sentences import checked_of

MOST_ROWS = 400
"""A longer table stays in the file sweep.csv."""

METHODS = {"sobol": "a scrambled Sobol sequence", "lhs": "a Latin hypercube"}


def render_page(
    result: SweepResult,
    figures: Sequence[Figure],
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
    summary = result.summary()
    made = {
        "points": number(summary["points"], 0),
        "replications of every arm at each point": number(summary["replications"], 0),
    }
    return fill_in(
        Path(__file__).with_name("page.html"),
        title=result.scenario.title or plain(result.scenario.name),
        keys=result.keys,
        answer=answer_in_words(result),
        figures=figures,
        varied=_varied(summary["design"]),
        table=_table(summary),
        rows=len(result.table),
        most_rows=MOST_ROWS,
        tipping=[tipping_in_words(one) for one in summary["tipping_points"] if one["arm"] == result.main_arm],
        failures=result.failures,
        arms=_arms(result),
        held=_held(result),
        doubts=result.scenario.doubts,
        limits=LIMITS,
        checked=checked_of(verification),
        made=made_table(summary, facts, made),
    )


def _held(result: SweepResult) -> list[Table]:
    """The tables of all values, without the keys that vary; a key may stand for all that is below it."""

    def varies(key: str) -> bool:
        return any(key == one or key.startswith(f"{one}.") for one in result.keys)

    tables = assumption_tables(result.scenario)
    kept = [Table(t.head, tuple(row for row in t.rows if not varies(row[0])), t.title) for t in tables]
    return [table for table in kept if table.rows]


def _varied(design: dict[str, Any]) -> Table:
    paired = {
        key: ", together with " + ", ".join(other for other in keys if other != key)
        for keys in design.get("zip", [])
        for key in keys
    }
    rows = []
    for key in design["keys"]:
        if key in design["listed"]:
            values = [str(value) for value in design["listed"][key]]
            more = f" ... ({len(values)} values)" if len(values) > 12 else ""
            words = f"{', '.join(values[:12])}{more}{paired.get(key, '')}"
        else:
            low, high = design["sampled"][key]
            method = f"{design['samples']} points of {METHODS[design['method']]}"
            words = f"{low:g} to {high:g}: {method}, seed {design['seed']}"
        rows.append((key, words))
    return Table(("key", "values"), tuple(rows))


def _table(summary: dict[str, Any]) -> Table:
    head = (*summary["keys"], "arm", "stopped", "difference", "95 % interval", "detected", "replications")
    rows = []
    for row in summary["rows"][:MOST_ROWS]:
        has_effect, ends = (
            row["interdiction_difference"] is not None,
            (row["interdiction_low"], row["interdiction_high"]),
        )
        rows.append((
            *(f"{row[key]:.5g}" if isinstance(row[key], float) else str(row[key]) for key in summary["keys"]),
            plain(row["arm"]),
            percent(row["interdiction"]),
            points(row["interdiction_difference"]) if has_effect else "",
            interval(ends, 100, sign=True) if has_effect else "",
            percent(row["detection"]),
            number(row["replications"], 0),
        ))  # fmt: skip
    return Table(head, tuple(rows))


def _arms(result: SweepResult) -> list[tuple[str, str, str]]:
    """Name, description and cost of the arms of the first point that were run."""
    arms = result.scenario.arms
    names = [name for name in result.table["arm"].unique() if name in arms]
    return [(plain(name), arms[name].description, money(arms[name].cost_usd)) for name in names]


def notebook_html(result: SweepResult) -> str:
    """What a notebook shows: the answer, the main figure, and the beginning of the table; names are escaped."""
    parts = [Markup("<p>{}</p>").format(sentence) for sentence in answer_in_words(result)]
    if (drawing := main_drawing(result)) is not None:
        figure = Figure("sweep", png_bytes(drawing, dpi=100), "the effect over the keys that vary")
        parts.append(Markup('<img alt="{}" style="max-width:100%" src="{}">').format(figure.caption, figure.data_uri))
    table = result.table.head(20).to_html(index=False, float_format="{:.3f}".format)
    return str(Markup("<div>{}</div>").format(Markup("\n").join([*parts, Markup(table)])))
