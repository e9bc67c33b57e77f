"""The report of a sweep: one HTML page that loads nothing from outside; and what a notebook shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from sim.report.page import Checked, Figure, Table, assumption_tables, notebook_html, study_page
from sim.report.style import png_bytes
from sim.report.words import interval, number, percent, plain, points
from sim.scenario import Scenario
from sim.study.describe.describe import describe
from sim.study.sweep.figures import drawings
from sim.study.sweep.sentences import LIMITS, answer_in_words, tipping_in_words
from sim.study.sweep.summary import main_arm_of

MOST_ROWS = 400
"""A longer table stays in the file sweep.csv."""

METHODS = {"sobol": "a scrambled Sobol sequence", "lhs": "a Latin hypercube"}


def render_page(
    scenario: Scenario,
    summary: dict[str, Any],
    table: pd.DataFrame,
    figures: Sequence[Figure],
    facts: Mapping[str, str],
    checked: Checked | None = None,
) -> str:
    """The whole page as text; see `sim.report.page.study_page`."""
    arm = main_arm_of(table, summary["baseline"])
    return study_page(
        Path(__file__).with_name("page.html"),
        summary,
        figures,
        facts,
        run={
            "points": number(summary["points"], 0),
            "replications of every arm at each point": number(summary["replications"], 0),
        },
        checked=checked,
        scenario=scenario,
        costs={name: scenario.cost_of(name) for name in table["arm"].unique() if name in scenario.arms},
        keys=summary["keys"],
        answer=answer_in_words(summary, table),
        varied=_varied(summary["design"]),
        table=_table(summary),
        rows=len(table),
        most_rows=MOST_ROWS,
        tipping=[tipping_in_words(one) for one in summary["tipping_points"] if one["arm"] == arm],
        failures=summary["failures"],
        fixed=_fixed(scenario, summary["keys"]),
        limits=LIMITS,
    )


def _fixed(scenario: Scenario, keys: Sequence[str]) -> list[Table]:
    """The tables of all values, without the keys that vary; a key may stand for all that is below it."""

    def varies(key: str) -> bool:
        return any(key == one or key.startswith(f"{one}.") for one in keys)

    tables = assumption_tables(describe(scenario))
    fixed = [Table(t.head, tuple(row for row in t.rows if not varies(row[0])), t.title) for t in tables]
    return [table for table in fixed if table.rows]


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
        ends = (row["interdiction_low"], row["interdiction_high"])
        has_effect = row["interdiction_difference"] is not None
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


def shown_in_notebook(summary: dict[str, Any], table: pd.DataFrame) -> str:
    """The answer, the main figure, and the beginning of the table."""
    shown: dict[str, Any] = {"frame": table.head(20).to_html(index=False, float_format="{:.3f}".format)}
    main = next(drawings(table, summary["keys"], summary["baseline"]), None)
    if main is not None:
        shown["figure"] = Figure("sweep", png_bytes(main[1], dpi=100), "the effect over the keys that vary")
    return notebook_html(answer_in_words(summary, table), **shown)
