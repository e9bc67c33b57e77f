"""What a report's page is made of: tables and figures, what the pages of all studies show, and the template."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PackageLoader, StrictUndefined

from sim.report.words import money, number, plain
from sim.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd

TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True)
class Table:
    """A table of text; the first column names the row."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    title: str = ""


@dataclass(frozen=True)
class Figure:
    """A drawn figure: its name, the PNG, and what it shows for those who cannot see it."""

    name: str
    png: bytes
    caption: str

    @property
    def data_uri(self) -> str:
        """The PNG as an address that holds the picture itself."""
        return "data:image/png;base64," + base64.b64encode(self.png).decode("ascii")


class Checked(NamedTuple):
    """What a report says of the short verification."""

    sentence: str
    table: Table


def study_page(
    template: Path,
    summary: Mapping[str, Any],
    figures: Sequence[Figure],
    facts: Mapping[str, str],
    *,
    run: Mapping[str, str],
    checked: Checked | None = None,
    scenario: Scenario | None = None,
    costs: Mapping[str, float] | None = None,
    **values: Any,
) -> str:
    """The page of a study, from a template that extends ``base.html``; free text is escaped.

    Parameters
    ----------
    facts, run:
        Rows of "How this was made": what every report says, such as the command; and what this study says of the run.
    checked:
        The short verification, or None.
    scenario, costs:
        The case, which gives title and doubts; and the arms that were run, with their cost (USD).
    values:
        What the template names besides.
    """
    values = {"answer": (), "doubts": (), **values}
    if scenario is not None:
        values |= {"title": scenario.title or plain(scenario.name), "doubts": scenario.doubts}
        described = {name: arm.description for name, arm in scenario.arms.items()}
        values["arms"] = [(plain(name), described.get(name, ""), money(usd)) for name, usd in (costs or {}).items()]
    made = {name: str(summary[name]) for name in ("study", "experiment", "seed")}
    made |= {**run, "digest of the rows (SHA-256)": str(summary["digest"]), **facts}
    pictures = {figure.name: figure for figure in figures}
    return fill_in(template, pictures=pictures, checked=checked, made=Table(("", ""), tuple(made.items())), **values)


def assumption_tables(described: pd.DataFrame) -> tuple[Table, ...]:
    """Every key of a scenario as `sim.describe` lists them: a table for each part, with how many values are sourced."""
    keys = described["key"]
    parts = keys.str.split(".").str[0].where(keys.str.contains(".", regex=False), "the_case")
    return tuple(_part_table(part, described[parts == part]) for part in parts.unique())


def _part_table(part: str, frame: pd.DataFrame) -> Table:
    sourced = int((frame["basis"] == "sourced").sum())
    title = f"{plain(part)}: {number(len(frame), 0)} values, {number(sourced, 0)} sourced, "
    title += f"{number(len(frame) - sourced, 0)} assumed"
    cells = frame[["key", "value", "unit", "basis", "from", "meaning"]]
    rows = tuple(tuple(map(str, row)) for row in cells.itertuples(index=False))
    return Table(("key", "value", "unit", "basis", "source, or plausible range", "meaning"), rows, title)


def notebook_html(paragraphs: Sequence[str], **values: Any) -> str:
    """What a notebook shows of a result: the answer, and what ``notebook.html`` takes besides; free text is escaped."""
    shown: dict[str, Any] = {"title": "", "verdict": "", "table": None, "figure": None, "frame": ""}
    return fill_in(TEMPLATES / "notebook.html", paragraphs=paragraphs, **shown | values)


def fill_in(template: Path, **values: Any) -> str:
    """The page that a template makes of values.

    Parameters
    ----------
    template:
        A file; it may extend and import those in ``sim/report/templates``.
    values:
        All that it names.
    """
    environment = Environment(
        loader=ChoiceLoader([FileSystemLoader(template.parent), PackageLoader("sim.report")]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(template.name).render(**values)
