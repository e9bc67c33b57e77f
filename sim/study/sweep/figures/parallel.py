"""A sweep over many keys: every point as a line through one scale a key, ending at the main arm's effect."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from sim.report.style import INK, PAPER, Picture, drawing, new_picture
from sim.report.words import plain, signed
from sim.study.sweep.figures.heat_map import EFFECT_COLOURS, effect_scale
from sim.study.sweep.sentences import signs

LAST = "effect"


def draw_parallel(table: pd.DataFrame, keys: Sequence[str], arm: str, baseline: str) -> Picture:
    """Parallel coordinates: one vertical scale a key, the last one the effect of an arm on interdiction.

    Lines whose interval includes zero are grey and dashed, and lie beneath; the strongest effects lie on top.
    """
    rows = table[(table["arm"] == arm) & table["interdiction_difference"].notna()]
    rows = rows.iloc[np.argsort(np.abs(rows["interdiction_difference"].to_numpy()), kind="stable")]
    effect = 100 * rows["interdiction_difference"].to_numpy(dtype=float)
    scale = effect_scale(rows)
    heights = [_heights(rows[key]) for key in keys]
    ends = (min(0.0, float(effect.min())), max(0.0, float(effect.max()))) if len(effect) else (0.0, 1.0)
    span = ends[1] - ends[0] or 1.0
    lines = np.column_stack([*(height for height, _ in heights), (effect - ends[0]) / span])
    with drawing():
        figure = new_picture(max(9.0, 2.6 * (len(keys) + 1)), 6.2)
        ax = figure.add_subplot()
        undecided = (signs(rows) == "open").to_numpy()
        _strands(ax, lines[undecided], ["#9a9a9a"], dashed=True)
        # The palest colours of the scale would be lost on paper: lines begin a little way from white.
        tinted = np.sign(effect) * np.maximum(np.abs(effect), 0.45 * float(scale.vmax or 1.0))
        _strands(ax, lines[~undecided], EFFECT_COLOURS(scale(tinted[~undecided])), dashed=False)
        for place, (_, marks) in enumerate(heights):
            _scale(ax, place, marks)
        _scale(ax, len(keys), [((value - ends[0]) / span, signed(value)) for value in _round_values(*ends)], side=1)
        ax.plot([len(keys) - 0.05, len(keys) + 0.02], [-ends[0] / span] * 2, color=INK, linewidth=2.6, zorder=5)
        titles = [*(_title(key) for key in keys), f"“{plain(arm)}” against\n“{plain(baseline)}”,\npercentage points"]
        ax.set_xticks(range(len(keys) + 1), titles)
        _finish(ax, figure, len(keys), set(signs(rows)))
    return figure


def _heights(column: pd.Series) -> tuple[NDArray[np.float64], list[tuple[float, str]]]:
    """Places between 0 and 1, and the marks of the scale."""
    if pd.api.types.is_numeric_dtype(column):
        low, high = float(column.min()), float(column.max())
        span = high - low or 1.0
        levels = sorted(column.unique()) if column.nunique() <= 8 else list(_round_values(low, high))
        marks = [((float(value) - low) / span, f"{float(value):.4g}") for value in levels]
        return (column.to_numpy(dtype=np.float64) - low) / span, marks
    # In the order of the design, not of the effects by which the rows are sorted here.
    levels = list(column.sort_index().unique())
    places = {value: (index / max(1, len(levels) - 1)) for index, value in enumerate(levels)}
    return column.map(places).to_numpy(dtype=float), [(place, plain(str(value))) for value, place in places.items()]


def _round_values(low: float, high: float) -> list[float]:
    from matplotlib.ticker import MaxNLocator

    return [float(value) for value in MaxNLocator(nbins=6).tick_values(low, high) if low <= value <= high]


def _strands(ax: Axes, lines: NDArray[np.float64], colours: Any, dashed: bool) -> None:
    if not len(lines):
        return
    x = np.linspace(0, lines.shape[1] - 1, 24 * (lines.shape[1] - 1) + 1)
    left = np.minimum(x.astype(int), lines.shape[1] - 2)
    # An S between scales, not a straight line: strands that meet at a value can then be followed across it.
    part = x - left
    ease = part * part * (3 - 2 * part)
    y = lines[:, left] * (1 - ease) + lines[:, left + 1] * ease
    paths = [np.column_stack([x, row]) for row in y]
    ax.add_collection(
        LineCollection(
            paths,
            colors=colours,
            linewidths=1.0 if dashed else (2.4 if len(lines) < 80 else 1.2),
            linestyles="--" if dashed else "-",
            alpha=0.9 if len(lines) < 300 else 0.5,
            zorder=2 if dashed else 3,
        )
    )


def _scale(ax: Axes, place: int, marks: Sequence[tuple[float, str]], side: int = -1) -> None:
    """An upright scale with its marks on the left (`side` -1) or right (1)."""
    ax.plot([place, place], [0, 1], color=INK, linewidth=1.2, zorder=4)
    box = {"facecolor": PAPER, "edgecolor": "none", "alpha": 0.8, "pad": 1.0}
    for height, text in marks:
        ax.plot([place - 0.02, place + 0.02], [height, height], color=INK, linewidth=1.2, zorder=4)
        ax.text(
            place + 0.05 * side,
            height,
            text,
            ha="left" if side > 0 else "right",
            va="center",
            fontsize=11,
            bbox=box,
            zorder=5,
        )


def _title(key: str) -> str:
    """A dotted key in lines short enough to stand beside others."""
    head, dot, last = key.rpartition(".")
    return f"{head}{dot}\n{last}" if dot else last


def _finish(ax: Axes, figure: Picture, last: int, seen: set[str]) -> None:
    ax.set_xlim(-0.45, last + 0.4)
    ax.set_ylim(-0.05, 1.05)
    ax.set_yticks([])
    ax.tick_params(length=0)
    for spine in ax.spines.values():
        spine.set_visible(False)
    ways = {
        "positive": Line2D([], [], color=EFFECT_COLOURS(0.85), linewidth=2.4, label="95 % interval above zero"),
        "negative": Line2D([], [], color=EFFECT_COLOURS(0.15), linewidth=2.4, label="95 % interval below zero"),
        "open": Line2D([], [], color="#9a9a9a", linestyle="--", label="95 % interval includes zero"),
    }
    figure.legend(
        handles=[way for name, way in ways.items() if name in seen], loc="outside lower center", ncols=3, frameon=False
    )
