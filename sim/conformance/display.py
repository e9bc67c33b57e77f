"""How a report on a model looks: in a terminal, and in a notebook."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import TYPE_CHECKING

from markupsafe import Markup

if TYPE_CHECKING:
    from sim.conformance.verdict import Conformance, Finding

WIDTH = 118
MARKS = {"passed": "ok", "failed": "FAILED", "not tried": "-"}


def headline(report: Conformance) -> str:
    """The verdict in one sentence."""
    count = {status: sum(finding.status == status for finding in report.findings) for status in MARKS}
    told = f"{count['passed']} of {len(report.findings)} checks passed"
    if report.passed:
        return f"{report.model} conforms: {told}"
    others = [f"{count[status]} {status}" for status in ("failed", "not tried") if count[status]]
    return f"{report.model} does not conform: {', '.join([told, *others])}"


def as_text(report: Conformance) -> str:
    """The report as lines of plain text; what is wrong stands below its check, and the cure below that."""
    return "\n".join([headline(report), *(line for finding in report.findings for line in _lines(finding))])


def _lines(finding: Finding) -> Iterator[str]:
    yield f"  {MARKS[finding.status]:<7} {finding.name:<14} {finding.promise}"
    if finding.not_tried:
        yield from _wrapped("not tried: ", finding.not_tried)
    for problem in finding.problems:
        yield from _wrapped("wrong: ", problem.what)
        yield from _wrapped("do:    ", problem.cure)


def _wrapped(label: str, text: str) -> list[str]:
    first, rest = " " * 10 + label, " " * (10 + len(label))
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=first,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
    )


def as_html(report: Conformance) -> str:
    """A table that needs nothing from outside; names are escaped."""
    rows = Markup("\n").join(_row(finding) for finding in report.findings)
    table = Markup("<table><thead><tr><th></th><th>check</th><th>a model that passes</th></tr></thead>{}</table>")
    body = Markup("<tbody>{}</tbody>").format(rows)
    return str(Markup("<div><p><strong>{}</strong></p>{}</div>").format(headline(report), table.format(body)))


def _row(finding: Finding) -> Markup:
    told = [Markup("{}").format(finding.promise)]
    if finding.not_tried:
        told.append(Markup("<em>not tried: {}</em>").format(finding.not_tried))
    told += [Markup("{}<br><strong>Do:</strong> {}").format(each.what, each.cure) for each in finding.problems]
    cells = (MARKS[finding.status], finding.name, Markup("<br>").join(told))
    return Markup('<tr style="vertical-align: top">{}</tr>').format(
        Markup("").join(Markup('<td style="text-align: left">{}</td>').format(cell) for cell in cells)
    )
