"""The comparison in words, for the README."""

from __future__ import annotations

from typing import Any

from experiments.benchmark.table import number, rows_text

HEAD = (
    "ground",
    "observer",
    "cells in range",
    "seen by both",
    "ours only",
    "GDAL's only",
    "differ, %",
    "of these: lifted ground",
    "rays and planes differ",
    "%",
    "off by: median, 95 %, most, m",
)
SUMMED = ("in_range", "not_as_planes", "fan", "fan_on_eight_rays", "fan_at_a_rim", "cells_at_a_rim")


def found_text(results: dict[str, Any]) -> list[str]:
    """What the README says of the results."""
    views = results["views"]
    total = {key: sum(view[key] for view in views) for key in SUMMED}
    cells, fan = total["in_range"], total["fan"]
    example = next(iter(results["commands"].values()))
    return [
        f"Tool: {results['tool']}. One of the commands: `{example}`.",
        "",
        *rows_text(HEAD, (_row(view) for view in views)),
        "",
        f"Over all {len(views)} views, {cells} cells in range: GDAL's answer and that of `planes.py` differ in "
        f"{total['not_as_planes']} cells. Without the lifted ground beside the observer, rays and planes differ in "
        f"{fan} ({number(100 * fan / cells)} %), {total['fan_on_eight_rays']} of them on the eight rays; "
        f"{number(100 * total['fan_at_a_rim'] / fan)} % of them lie at a rim of what we say is seen, where "
        f"{number(100 * total['cells_at_a_rim'] / cells)} % of all cells lie.",
    ]


def _row(view: dict[str, Any]) -> list[str]:
    differ, cells = view["ours_only"] + view["theirs_only"], view["in_range"]
    return [
        view["ground"],
        view["view"],
        *(str(view[key]) for key in ("in_range", "seen_by_both", "ours_only", "theirs_only")),
        number(100 * differ / cells),
        str(view["beside"]),
        str(view["fan"]),
        number(100 * view["fan"] / cells),
        ", ".join(number(value) for value in view["fan_margin_m"]),
    ]
