"""The report on a model: a finding for each check, with what is wrong and what to do about it."""

from __future__ import annotations

import textwrap
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup

PACKAGE = Path(__file__).resolve().parents[1]
WIDTH = 118
MARKS = {"passed": "ok", "failed": "FAILED", "not tried": "-"}

USE_KEYED_NUMBERS = (
    "take it by who draws it and for what: uniform(self.model.run_key, self.entity, PURPOSE, COUNTER) of "
    "sim.rules.randomness, with a whole number from 1000 on as a purpose of your own and how often it was drawn before "
    "as the counter (in the model itself: self.run_key and entity('a name'))"
)
KEEP_STATE_IN_ATTRIBUTES = (
    "keep what changes during a run in attributes that __init__ sets on the model or the agent, never in a class, a "
    "module, a default argument or self.world, which later runs share"
)


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: what was seen and where, and what to do about it."""

    what: str
    cure: str

    @classmethod
    def of(cls, error: BaseException, model: str) -> Problem:
        """An error in a model of that name: the last line of the traceback, and how to see the rest."""
        notes = "".join(f", {note}" for note in getattr(error, "__notes__", ()))
        return cls(
            f"{last_line(error)}{_where(error)}{notes}",
            f"mend it in {model} or its agents; sim.run(case, arm, replications, model={model}) shows the whole "
            "traceback",
        )


def last_line(error: BaseException) -> str:
    """Type and message on one line, even of an error whose own text cannot be had."""
    exception = traceback.TracebackException(type(error), error, None)
    exception.__notes__ = None
    return " ".join("".join(exception.format_exception_only()).split())


def _where(error: BaseException) -> str:
    """Where it was raised: in code of the model's author if any took part."""
    frames = list(traceback.extract_tb(error.__traceback__))
    if not frames:
        return ""
    frame = ([frame for frame in frames if not _is_library(Path(frame.filename))] or frames)[-1]
    return f" ({Path(frame.filename).name}, line {frame.lineno}, in {frame.name})"


def _is_library(path: Path) -> bool:
    return PACKAGE in path.resolve().parents or "site-packages" in path.parts


@dataclass(frozen=True)
class Finding:
    """What one check has found: its name, what a model that passes keeps, the problems, or why it was not tried."""

    name: str
    promise: str
    problems: tuple[Problem, ...] = ()
    not_tried: str = ""

    @property
    def status(self) -> str:
        """``"passed"``, ``"failed"`` or ``"not tried"``."""
        if self.not_tried:
            return "not tried"
        return "failed" if self.problems else "passed"


class ConformanceError(AssertionError):
    """A model does not keep what studies rely on; the message is the whole report."""


@dataclass(frozen=True, repr=False)
class Conformance:
    """The report on a model, by the name of its class: printed, shown in a notebook, or raised.

    There is a finding for each check, in the order in which they were made, but for those that were left out.
    """

    model: str
    findings: tuple[Finding, ...]

    @property
    def passed(self) -> bool:
        """Whether every check was made, and none found anything."""
        return all(finding.status == "passed" for finding in self.findings)

    @property
    def failures(self) -> tuple[Finding, ...]:
        """The checks that found something."""
        return tuple(finding for finding in self.findings if finding.status == "failed")

    def finding(self, name: str) -> Finding:
        """What one check has found; a KeyError if there was no such check, or it was left out."""
        for finding in self.findings:
            if finding.name == name:
                return finding
        raise KeyError(name)

    def raise_if_failed(self) -> None:
        """Raise a `ConformanceError` with the report as its message unless every check passed; for tests."""
        if not self.passed:
            raise ConformanceError(str(self))

    def __bool__(self) -> bool:
        """Whether it passed, so that ``assert check_model(Mine)`` means what it says."""
        return self.passed

    def __str__(self) -> str:
        return "\n".join([_headline(self), *(line for finding in self.findings for line in _lines(finding))])

    def __repr__(self) -> str:
        passed = sum(finding.status == "passed" for finding in self.findings)
        return f"<Conformance of {self.model}: {passed} of {len(self.findings)} checks passed>"

    def _repr_html_(self) -> str:
        """A table that needs nothing from outside; names are escaped."""
        rows = Markup("\n").join(_row(finding) for finding in self.findings)
        table = Markup("<table><thead><tr><th></th><th>check</th><th>a model that passes</th></tr></thead>{}</table>")
        body = Markup("<tbody>{}</tbody>").format(rows)
        return str(Markup("<div><p><strong>{}</strong></p>{}</div>").format(_headline(self), table.format(body)))


def _headline(report: Conformance) -> str:
    """The result in one sentence."""
    count = {status: sum(finding.status == status for finding in report.findings) for status in MARKS}
    passed = f"{count['passed']} of {len(report.findings)} checks passed"
    if report.passed:
        return f"{report.model} conforms: {passed}"
    others = [f"{count[status]} {status}" for status in ("failed", "not tried") if count[status]]
    return f"{report.model} does not conform: {', '.join([passed, *others])}"


def _lines(finding: Finding) -> Iterator[str]:
    """A finding as plain text; what is wrong stands below its check, and the cure below that."""
    yield f"  {MARKS[finding.status]:<7} {finding.name:<14} {finding.promise}"
    if finding.not_tried:
        yield from _wrapped("not tried: ", finding.not_tried)
    for problem in finding.problems:
        yield from _wrapped("wrong: ", problem.what)
        yield from _wrapped("do:    ", problem.cure)


def _wrapped(label: str, text: str) -> list[str]:
    first, rest = " " * 10 + label, " " * (10 + len(label))
    return textwrap.wrap(
        text, WIDTH, initial_indent=first, subsequent_indent=rest, break_long_words=False, break_on_hyphens=False
    )


def _row(finding: Finding) -> Markup:
    parts = [Markup("{}").format(finding.promise)]
    if finding.not_tried:
        parts.append(Markup("<em>not tried: {}</em>").format(finding.not_tried))
    parts += [Markup("{}<br><strong>Do:</strong> {}").format(each.what, each.cure) for each in finding.problems]
    cells = (MARKS[finding.status], finding.name, Markup("<br>").join(parts))
    return Markup('<tr style="vertical-align: top">{}</tr>').format(
        Markup("").join(Markup('<td style="text-align: left">{}</td>').format(cell) for cell in cells)
    )
