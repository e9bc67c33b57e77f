"""The results in words: table.md, and the section of the README that the command writes."""

from __future__ import annotations

import math
from collections.abc import Iterable
from pathlib import Path
from typing import Any

BEGIN, END = "<!-- written by measure.py: begin -->", "<!-- written by measure.py: end -->"
NAMES = {"reduced": "The reduced case", "default": "The default experiment, arm with_outpost"}


def number(value: float) -> str:
    """Three significant digits, without powers of ten.

    >>> number(0.012345), number(12345.0), number(1.0)
    ('0.0123', '12300', '1')
    """
    if value == 0 or not math.isfinite(value):
        return f"{value:g}"
    rounded = float(f"{value:.3g}")
    places = max(0, 2 - math.floor(math.log10(abs(rounded))))
    text = f"{rounded:.{places}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def spread_text(spread: dict[str, float]) -> str:
    """Median, and from the least to the greatest."""
    if spread["low"] == spread["high"]:
        return number(spread["median"])
    return f"{number(spread['median'])} ({number(spread['low'])} to {number(spread['high'])})"


def rows_text(head: Iterable[str], rows: Iterable[Iterable[str]]) -> list[str]:
    """Lines of a Markdown table."""
    head = list(head)
    lines = [head, ["---"] * len(head), *(list(row) for row in rows)]
    return [f"| {' | '.join(line)} |" for line in lines]


def contest_text(found: dict[str, Any]) -> list[str]:
    """A contest as a table: cost of a replication, and how many times that of each engine of the project."""
    contestants = found["contestants"]
    references = list(contestants[0]["times"])
    head = ["who", "one replication, ms", *(f"times the project's {name}" for name in references)]
    head += ["once a call, ms", "first call, s"]
    rows = [
        [
            row["title"],
            spread_text(row["each_ms"]),
            *(spread_text(row["times"][name]) for name in references),
            spread_text(row["fixed_ms"]),
            number(row["first_call_s"]),
        ]
        for row in contestants
    ]
    return [*rows_text(head, rows), "", *_agreement(found)]


def _agreement(found: dict[str, Any]) -> list[str]:
    counted = found["counted"]
    counts = counted["first_detections"]
    groups = sum(counts.values())
    seen = groups - counts.get("nobody", 0)
    who = ", ".join(f"{name} {count}" for name, count in counts.items())
    lines = []
    if len(found["contestants"]) > 1:
        lines.append(f"All said the same of every group in each of the first {found['same_for_all']} replications.")
    lines.append(f"In the first {counted['replications']}, {seen} of {groups} groups were detected, first by: {who}.")
    if found.get("missing"):
        lines.append(f"Not installed, and so left out: {', '.join(found['missing'])}.")
    return lines


def growth_text(found: dict[str, Any]) -> list[str]:
    """One size varied, as a table with an engine a column."""
    points = found["points"]
    titles = list(dict.fromkeys(point["title"] for point in points))
    cells = {(point["value"], point["title"]): spread_text(point["ms"]) for point in points}
    values = sorted({point["value"] for point in points})
    rows = [[str(value), *(cells.get((value, title), "") for title in titles)] for value in values]
    return rows_text([found["label"], *titles], rows)


def machine_text(machine: dict[str, str]) -> list[str]:
    """The machine in one line of text."""
    return ["Measured on: " + "; ".join(f"{name} {value}" for name, value in machine.items()) + "."]


def table_text(results: dict[str, Any]) -> str:
    """All of table.md."""
    lines = ["# What a replication costs", "", "Written by `python experiments/benchmark/measure.py`.", ""]
    lines += [*machine_text(results["machine"]), "", _how(results["settings"]), ""]
    for key, found in results["contests"].items():
        lines += [f"## {NAMES[key]}", "", *contest_text(found), ""]
    for key, found in results["growth"].items():
        what = "One call" if key == "replications" else "One replication"
        lines += [f"## {what}, by {found['label']}, ms", "", *growth_text(found), ""]
    return "\n".join(lines)


def _how(settings: dict[str, Any]) -> str:
    return (
        f"Median (least to greatest) of {settings['repeats']} repeats; CPU time of one process, all its threads added "
        "up; ratios are those within a repeat."
    )


def found_text(results: dict[str, Any]) -> list[str]:
    """What the README says of the results."""
    lines = [*machine_text(results["machine"]), "", _how(results["settings"])]
    for key, found in results["contests"].items():
        lines += ["", f"**{NAMES[key]}.**", "", *contest_text(found)]
    return lines


def write_section(page: Path, lines: Iterable[str]) -> None:
    """Put lines between the marks of a page; nothing where there is no such page."""
    if not page.exists():
        return
    before, rest = page.read_text(encoding="utf-8").split(BEGIN, 1)
    after = rest.split(END, 1)[1]
    page.write_text("\n".join([before + BEGIN, "", *lines, "", END]) + after, encoding="utf-8")
