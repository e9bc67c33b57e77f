"""The coverage in words, for the README."""

from __future__ import annotations

from typing import Any

import pandas as pd

from experiments.benchmark.table import rows_text

ORDER = ("tango", "newcombe", "wald")
NAMES = {"tango": "Tango", "newcombe": "Newcombe", "wald": "Wald"}
CORNER_HEAD = ("corner", "discordant, %", *NAMES.values())
LOWEST_HEAD = (
    "interval",
    "pairs",
    "places",
    "lowest, %",
    "at (both, only with, only without)",
    "places below 93 %, %",
    "mean, %",
)
GROUPS_HEAD = ("replications", "groups", "outcomes turn", "discordant, %", "clustered (standard error)", "as if alone")


def found_text(single: pd.DataFrame, groups: pd.DataFrame, results: dict[str, Any]) -> list[str]:
    """What the README says of the results."""
    return [
        "**Single pairs: the lowest and the mean coverage over the corners, %.** Exact where no error is given; "
        f"elsewhere {results['draws']} tables were drawn at each corner, with the largest standard error shown.",
        "",
        *rows_text(("pairs", *NAMES.values()), (_sizes(single, pairs) for pairs in single["pairs"].unique())),
        "",
        "**Single pairs: corner by corner, %** (50 / 100 / 500 / 5,000 pairs).",
        "",
        *rows_text(CORNER_HEAD, (_corner(single, corner) for corner in single["corner"].unique())),
        "",
        "**The lowest exact coverage all over the space of tables.**",
        "",
        *rows_text(LOWEST_HEAD, (_lowest(name, results["lowest"][name]) for name in ORDER)),
        "",
        "**Several groups a replication, %.** *As if alone* is Tango's interval with every group taken for a pair "
        "of its own.",
        "",
        *rows_text(GROUPS_HEAD, (_groups(row) for row in groups.to_dict("records"))),
    ]


def percent(share: float, places: int = 1) -> str:
    """A share in percent.

    >>> percent(0.93267)
    '93.3'
    """
    return f"{100 * share:.{places}f}"


def _sizes(single: pd.DataFrame, pairs: int) -> list[str]:
    cells = [str(pairs)]
    for name in ORDER:
        here = single[(single["pairs"] == pairs) & (single["interval"] == name)]
        error = here["error"].max()
        spread = f" (error {percent(error, 2)})" if error > 0 else ""
        cells.append(f"{percent(here['coverage'].min())}, {percent(here['coverage'].mean())}{spread}")
    return cells


def _corner(single: pd.DataFrame, corner: str) -> list[str]:
    here = single[single["corner"] == corner]
    cells = [corner, percent(here["discordant"].iloc[0])]
    for name in ORDER:
        cells.append(" / ".join(percent(share) for share in here[here["interval"] == name]["coverage"]))
    return cells


def _lowest(name: str, told: dict[str, Any]) -> list[str]:
    at = ", ".join(f"{told['at'][key]:g}" for key in ("both", "only_with", "only_without"))
    if name != "newcombe":
        at = "any" + at[at.index(",") :]
    return [
        NAMES[name],
        str(told["pairs"]),
        str(told["places"]),
        percent(told["lowest"]),
        at,
        percent(told["below_93"]),
        percent(told["mean"]),
    ]


def _groups(row: dict[Any, Any]) -> list[str]:
    return [
        str(row["replications"]),
        str(row["groups"]),
        row["luck"],
        percent(row["discordant"]),
        f"{percent(row['clustered'])} ({percent(row['error'])})",
        percent(row["as_if_alone"]),
    ]
