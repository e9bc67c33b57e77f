"""The coverage as a picture: single pairs corner by corner for each size, and groups that share replications."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from sim.report.style import (
    BLUE,
    GREEN,
    INK,
    ORANGE,
    QUIET,
    VERMILLION,
    ArmStyle,
    drawing,
    new_picture,
    png_bytes,
    tidy,
)

STYLES = {
    "tango": ArmStyle(BLUE, "D", "", "-"),
    "newcombe": ArmStyle(ORANGE, "s", "", "--"),
    "wald": ArmStyle(VERMILLION, "v", "", ":"),
    "clustered": ArmStyle(INK, "o", "", "-"),
    "as_if_alone": ArmStyle(GREEN, "^", "", ":"),
}
NAMES = {
    "tango": "Tango",
    "newcombe": "Newcombe",
    "wald": "Wald",
    "clustered": "clustered (as reported)",
    "as_if_alone": "Tango, as if groups stood alone",
}
MARKS = {
    "tango": (5, True),
    "newcombe": (9, False),
    "wald": (11, False),
    "clustered": (5, True),
    "as_if_alone": (10, False),
}
"""Size of the mark, and whether it is filled: where several lie on one another all are seen."""
NOMINAL, LEFT = 95.0, 70.0


def picture(single: pd.DataFrame, groups: pd.DataFrame) -> bytes:
    """The picture as a PNG file."""
    with drawing():
        figure = new_picture(15.0, 13.0)
        rows = figure.add_gridspec(2, 1, height_ratios=(1.5, 1.0))
        sizes, replications = single["pairs"].unique(), groups["replications"].unique()
        above, below = rows[0].subgridspec(1, len(sizes)), rows[1].subgridspec(1, len(replications))
        for place, pairs in enumerate(sizes):
            here = single[single["pairs"] == pairs].set_index("corner")
            by_name = {name: here["coverage"][here["interval"] == name] for name in ("wald", "newcombe", "tango")}
            here = pd.DataFrame(by_name).loc[single["corner"].unique()]
            draw(figure.add_subplot(above[0, place]), here, f"{pairs} pairs", place == 0)
        for place, count in enumerate(replications):
            few = groups[groups["replications"] == count]
            few = few.set_index(few["luck"] + ", " + few["groups"].astype(str) + " groups")[
                ["as_if_alone", "clustered"]
            ]
            draw(figure.add_subplot(below[0, place]), few, f"{count} replications\nof 3 or 10 groups", place == 0)
        handles: dict[str, Any] = {}
        for ax in figure.axes:
            for handle, label in zip(*ax.get_legend_handles_labels(), strict=True):
                handles.setdefault(label, handle)
        figure.legend(list(handles.values()), list(handles), loc="outside lower center", ncols=5, frameon=False)
        return png_bytes(figure)


def draw(ax: Axes, shares: pd.DataFrame, title: str, named: bool) -> None:
    """One line a corner, one mark an interval; what lies below the axis stands at its edge with its number."""
    levels = np.arange(len(shares))[::-1]
    ax.axvline(NOMINAL, color=INK, linewidth=1.2)
    for name in shares:
        style, values = STYLES[str(name)], 100 * shares[name].to_numpy()
        kept = np.maximum(values, LEFT)
        size, fill = MARKS[str(name)]
        look: dict[str, Any] = {
            "marker": style.marker,
            "markersize": size,
            "color": style.colour,
            "markeredgewidth": 1.8,
        }
        face = style.colour if fill else "none"
        ax.plot(kept, levels, linestyle="none", markerfacecolor=face, label=NAMES[str(name)], **look)
        for value, level in zip(values, levels, strict=True):
            if value < LEFT:
                ax.annotate(f"{value:.0f}", (LEFT, level), (8, 0), textcoords="offset points", va="center", color=QUIET)
    ax.set(xlim=(LEFT - 1.5, 101), ylim=(-0.6, len(shares) - 0.4), xlabel="% that hold the truth")
    ax.set_title(title)
    ax.set_yticks(levels, list(shares.index) if named else [""] * len(shares))
    tidy(ax, "both")
