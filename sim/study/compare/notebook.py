"""What a notebook shows of a comparison: the answer, the table of effects, and their plot."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup, escape

from sim.report.figure_effect import draw_effects
from sim.report.style import png_bytes
from sim.report.tables import Table, effects_table
from sim.scenario import Scenario
from sim.study.compare.figures.all import CAPTIONS, Shot
from sim.study.compare.sentences import answer_in_words, verdict


def summary_html(scenario: Scenario, summary: dict[str, Any]) -> str:
    """A piece of HTML that needs nothing from outside; names are escaped."""
    parts = [Markup("<h3>{}</h3><p><strong>{}</strong></p>").format(scenario.title, verdict(summary, scenario))]
    parts += [Markup("<p>{}</p>").format(paragraph) for paragraph in answer_in_words(summary, scenario)]
    if summary["effects"]:
        shot = Shot("effect", png_bytes(draw_effects(summary), dpi=100), CAPTIONS["effect"])
        picture = Markup('<img alt="{}" style="max-width:100%" src="{}">').format(shot.caption, shot.data_uri)
        parts += [_table(effects_table(summary)), picture]
    return str(Markup("<div>{}</div>").format(Markup("\n").join(parts)))


def _table(table: Table) -> Markup:
    head = Markup("").join(Markup("<th>{}</th>").format(cell) for cell in table.head)
    rows = [Markup("").join(Markup("<td>{}</td>").format(escape(cell)) for cell in row) for row in table.rows]
    body = Markup("").join(Markup("<tr>{}</tr>").format(row) for row in rows)
    return Markup("<table><thead><tr>{}</tr></thead><tbody>{}</tbody></table>").format(head, body)
