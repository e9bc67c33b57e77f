"""A sweep over two keys: the main arm's effect at every point, as a map of the two."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Colormap, LinearSegmentedColormap, Normalize
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle

from sim.report.style import INK, PAPER, QUIET, Picture, drawing, new_picture, tidy
from sim.report.words import MINUS, plain, signed
from sim.study.sweep.sentences import signs

EFFECT_COLOURS: Colormap = LinearSegmentedColormap.from_list(
    "effect", ["#7f3b08", "#d8791a", "#fbd9ad", "#ffffff", "#b9d9ec", "#3d8fc4", "#08436e"]
)
"""Brown for harm, white at zero, blue for help. In grey both ends are dark: numbers or minus signs tell them apart."""

HATCH = "#6b6b6b"

MOST_NUMBERS = 14
"""With more columns or rows than this no numbers are written in the cells, but a minus where the arm does harm."""

MOST_PANELS = 4


def is_grid(table: pd.DataFrame, keys: Sequence[str]) -> bool:
    """Whether the points are all combinations of the keys' values, each once."""
    points = table.drop_duplicates("point")[list(keys)]
    return len(points) == int(np.prod([points[key].nunique() for key in keys])) and not points.duplicated().any()


def effect_scale(rows: pd.DataFrame) -> Normalize:
    """Colours from minus to plus the largest effect, so that zero is white."""
    most = float(np.nanmax(np.abs(rows["interdiction_difference"]))) if len(rows) else 0.0
    reach = max(1.0, np.ceil(100 * most)) if np.isfinite(most) else 1.0
    return Normalize(-reach, reach)


def draw_heat(table: pd.DataFrame, keys: Sequence[str], arm: str, baseline: str) -> Picture:
    """The effect of one arm on interdiction over two keys; with a third of few values, one panel for each of those.

    Parameters
    ----------
    table:
        The table of a sweep whose points are a grid.
    keys:
        Along, up, and perhaps the one with a panel for each value.
    """
    rows = table[table["arm"] == arm]
    panels = list(rows[keys[2]].unique()) if len(keys) > 2 else [None]
    columns, lines = _levels(rows[keys[0]]), _levels(rows[keys[1]])
    scale = effect_scale(rows)
    with drawing():
        figure = new_picture(2.4 + len(panels) * min(7.5, max(3.4, 0.85 * len(columns))), 5.6)
        axes = figure.subplots(1, len(panels), sharey=True, squeeze=False)[0]
        for ax, value in zip(axes, panels, strict=True):
            some = rows if value is None else rows[rows[keys[2]] == value]
            _panel(ax, some, keys, (columns, lines), scale)
            if value is not None:
                ax.set_title(f"{keys[2].rpartition('.')[2]}: {value}", loc="left")
            ax.set_xlabel(keys[0])
        axes[0].set_ylabel(keys[1])
        _scale_bar(figure, axes, scale, arm, baseline)
        _legend(figure, rows)
    return figure


def draw_plane(table: pd.DataFrame, keys: Sequence[str], arm: str, baseline: str) -> Picture:
    """The effect of one arm at each point of a sample of two keys: coloured by effect, shaped by sign."""
    rows = table[table["arm"] == arm]
    scale, sign = effect_scale(rows), signs(rows)
    with drawing():
        figure = new_picture(9.5, 6.4)
        ax = figure.add_subplot()
        for name, (marker, label) in SIGN_MARKERS.items():
            some = rows[sign == name]
            if len(some):
                colour = 100 * some["interdiction_difference"]
                x, y = some[keys[0]], some[keys[1]]
                edge = QUIET if name == "open" else INK
                ax.scatter(
                    x, y, c=colour, cmap=EFFECT_COLOURS, norm=scale, marker=marker, s=62, edgecolors=edge, label=label
                )
        ax.set_xlabel(keys[0])
        ax.set_ylabel(keys[1])
        tidy(ax, grid="both")
        _scale_bar(figure, [ax], scale, arm, baseline)
        figure.legend(loc="outside lower center", ncols=3, frameon=False)
    return figure


SIGN_MARKERS = {
    "positive": ("^", "interval above zero"),
    "open": ("o", "interval includes zero"),
    "negative": ("v", "interval below zero"),
}


def _levels(column: pd.Series) -> list[Any]:
    values = list(column.unique())
    return sorted(values) if pd.api.types.is_numeric_dtype(column) else values


def _panel(
    ax: Axes, rows: pd.DataFrame, keys: Sequence[str], levels: tuple[list[Any], list[Any]], scale: Normalize
) -> None:
    columns, lines = levels
    shape = (len(lines), len(columns))
    effect, undecided = np.full(shape, np.nan), np.zeros(shape, dtype=bool)
    for row, sign in zip(rows.to_dict("records"), signs(rows), strict=True):
        place = lines.index(row[keys[1]]), columns.index(row[keys[0]])
        effect[place], undecided[place] = 100 * row["interdiction_difference"], sign == "open"
    ax.pcolormesh(effect, cmap=EFFECT_COLOURS, norm=scale, edgecolors=PAPER, linewidth=1.2)
    for line, column in np.argwhere(undecided):
        ax.add_patch(Rectangle((column, line), 1, 1, fill=False, hatch="//", edgecolor=HATCH, linewidth=0.0, zorder=3))
    if min(shape) > 1 and np.nanmin(effect) < 0 < np.nanmax(effect):
        x, y = np.arange(len(columns)) + 0.5, np.arange(len(lines)) + 0.5
        ax.contour(x, y, effect, levels=[0.0], colors=INK, linewidths=2.2, zorder=4)
    if max(shape) > MOST_NUMBERS:
        for line, column in np.argwhere((effect < 0) & ~undecided):
            ax.text(column + 0.5, line + 0.5, MINUS, ha="center", va="center", fontsize=8, color=INK, zorder=5)
    else:
        _numbers(ax, effect, undecided, scale)
    _ticks(ax, columns, lines)


def _numbers(ax: Axes, effect: np.ndarray, undecided: np.ndarray, scale: Normalize) -> None:
    for (line, column), value in np.ndenumerate(effect):
        if np.isfinite(value):
            red, green, blue, _ = EFFECT_COLOURS(float(scale(value)))
            dark = 0.299 * red + 0.587 * green + 0.114 * blue < 0.55
            # On hatching a number needs a ground of its own, in the colour of its cell.
            box = (
                {"facecolor": (red, green, blue), "edgecolor": "none", "pad": 2.0} if undecided[line, column] else None
            )
            x, y, colour = column + 0.5, line + 0.5, PAPER if dark else INK
            ax.text(x, y, signed(value), ha="center", va="center", zorder=5, bbox=box, fontsize=11, color=colour)


def _ticks(ax: Axes, columns: list[Any], lines: list[Any]) -> None:
    for axis, levels in ((ax.xaxis, columns), (ax.yaxis, lines)):
        step = max(1, -(-len(levels) // MOST_NUMBERS))
        places = range(0, len(levels), step)
        axis.set_ticks([place + 0.5 for place in places], [_shown(levels[place]) for place in places])
    ax.tick_params(length=0)
    for spine in ax.spines.values():
        spine.set_visible(False)


def _scale_bar(figure: Picture, axes: Any, scale: Normalize, arm: str, baseline: str) -> None:
    bar = figure.colorbar(ScalarMappable(scale, EFFECT_COLOURS), ax=axes, pad=0.02, aspect=26)
    bar.set_label(f"“{plain(arm)}” against “{plain(baseline)}”:\nstopped, percentage points")
    bar.outline.set_visible(False)
    bar.ax.axhline(0, color=INK, linewidth=1.5)


def _legend(figure: Picture, rows: pd.DataFrame) -> None:
    handles: list[Any] = []
    if (signs(rows) == "open").any():
        handles.append(
            Patch(facecolor=PAPER, edgecolor=QUIET, hatch="///", linewidth=0.8, label="95 % interval includes zero")
        )
    if rows["interdiction_difference"].min() < 0 < rows["interdiction_difference"].max():
        handles.append(Line2D([], [], color=INK, linewidth=2.2, label="no difference (drawn between points)"))
    if handles:
        figure.legend(handles=handles, loc="outside lower center", ncols=2, frameon=False)


def _shown(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else plain(str(value))
