"""Tables of everything that was assumed, for any report."""

from __future__ import annotations

import pandas as pd

from sim.report.page import Table
from sim.report.words import number, plain
from sim.scenario import Scenario
from sim.study.describe.describe import describe

SHOWN = ("key", "value", "unit", "basis", "from", "meaning")


def assumption_tables(scenario: Scenario) -> tuple[Table, ...]:
    """Every key of the scenario, a table for each part, titled with how many of its values are sourced."""
    frame = describe(scenario)
    keys = frame["key"]
    parts = keys.str.split(".").str[0].where(keys.str.contains(".", regex=False), "the_case")
    return tuple(_part_table(part, frame[parts == part]) for part in parts.unique())


def _part_table(part: str, frame: pd.DataFrame) -> Table:
    sourced = int((frame["basis"] == "sourced").sum())
    title = f"{plain(part)}: {number(len(frame), 0)} values, {number(sourced, 0)} sourced, "
    title += f"{number(len(frame) - sourced, 0)} assumed"
    rows = tuple(tuple(map(str, row)) for row in frame[list(SHOWN)].itertuples(index=False))
    return Table(("key", "value", "unit", "basis", "source, or plausible range", "meaning"), rows, title)
