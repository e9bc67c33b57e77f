"""A sweep over several keys: the main arm's effect at every point, as a map of two keys or as lines through all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.collections import LineCollection
from matplotlib.colors import Colormap, LinearSegmentedColormap, Normalize
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from sim.report.style import INK, PAPER, QUIET, Picture, drawing, new_picture, tidy
from sim.report.words import MINUS, plain, signed
from sim.study.sweep.summary import signs

EFFECT_COLOURS: Colormap = LinearSegmentedColormap.from_list(
    "effect", ["#7f3b08", "#d8791a", "#fbd9ad", "#ffffff", "#b9d9ec", "#3d8fc4", "#08436e"]
)
"""Brown for harm, white at zero, blue for help. In grey both ends are dark: numbers or minus signs tell them apart."""

HATCH, DASHES = "#6b6b6b", "#9a9a9a"

MOST_NUMBERS = 14
"""With more columns or rows than this no numbers are written in the cells, but a minus where the arm does harm."""

MOST_PANELS = 4

SIGNS = {
    "positive": ("^", "95 % interval above zero"),
    "open": ("o", "95 % interval includes zero"),
    "negative": ("v", "95 % interval below zero"),
}
"""Marker and words for what an interval says of the sign, in the order of the legend."""


def is_grid(table: pd.DataFrame, keys: Sequence[str]) -> bool:
    """Whether the points are all combinations of the keys' values, each once."""
    points = table.drop_duplicates("point")[list(keys)]
    return len(points) == int(np.prod([points[key].nunique() for key in keys])) and not points.duplicated().any()


def effect_scale(rows: pd.DataFrame) -> Normalize:
    """Colours from minus to plus the largest effect, so that zero is white."""
    most = float(np.nanmax(np.abs(rows["interdiction_difference"]))) if len(rows) else 0.0
    reach = max(1.0, np.ceil(100 * most)) if np.isfinite(most) else 1.0
    return Normalize(-reach, reach)


def draw_heat_map(table: pd.DataFrame, keys: Sequence[str], arm: str, baseline: str) -> Picture:
    """The effect of one arm on interdiction over two keys of a grid; each value of a third key has a panel."""
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
        _heat_legend(figure, rows)
    return figure


def _levels(column: pd.Series) -> list[Any]:
    values = list(column.unique())
    return sorted(values) if pd.api.types.is_numeric_dtype(column) else values


def _panel(
    ax: Axes, rows: pd.DataFrame, keys: Sequence[str], levels: tuple[list[Any], list[Any]], scale: Normalize
) -> None:
    columns, lines = levels

    def on_grid(values: pd.Series) -> NDArray[np.float64]:
        cells = rows.assign(cell=values).pivot(index=keys[1], columns=keys[0], values="cell")  # noqa: PD010
        return cells.loc[lines, columns].to_numpy(dtype=float)

    effect, undecided = on_grid(100 * rows["interdiction_difference"]), on_grid(signs(rows) == "open") == 1
    ax.pcolormesh(effect, cmap=EFFECT_COLOURS, norm=scale, edgecolors=PAPER, linewidth=1.2)
    for line, column in np.argwhere(undecided):
        ax.add_patch(Rectangle((column, line), 1, 1, fill=False, hatch="//", edgecolor=HATCH, linewidth=0.0, zorder=3))
    if min(effect.shape) > 1 and np.nanmin(effect) < 0 < np.nanmax(effect):
        x, y = np.arange(len(columns)) + 0.5, np.arange(len(lines)) + 0.5
        ax.contour(x, y, effect, levels=[0.0], colors=INK, linewidths=2.2, zorder=4)
    if max(effect.shape) > MOST_NUMBERS:
        for line, column in np.argwhere((effect < 0) & ~undecided):
            ax.text(column + 0.5, line + 0.5, MINUS, ha="center", va="center", fontsize=8, color=INK, zorder=5)
    else:
        _numbers(ax, effect, undecided, scale)
    _ticks(ax, columns, lines)


def _numbers(ax: Axes, effect: NDArray[np.float64], undecided: NDArray[np.bool_], scale: Normalize) -> None:
    for (line, column), value in np.ndenumerate(effect):
        if np.isfinite(value):
            red, green, blue, _ = EFFECT_COLOURS(float(scale(value)))
            dark = 0.299 * red + 0.587 * green + 0.114 * blue < 0.55
            # On hatching a number needs a ground of its own, in the colour of its cell.
            ground = {"facecolor": (red, green, blue), "edgecolor": "none", "pad": 2.0}
            how: dict[str, Any] = {"color": PAPER if dark else INK, "bbox": ground if undecided[line, column] else None}
            ax.text(column + 0.5, line + 0.5, signed(value), ha="center", va="center", zorder=5, fontsize=11, **how)


def _ticks(ax: Axes, columns: list[Any], lines: list[Any]) -> None:
    for axis, levels in ((ax.xaxis, columns), (ax.yaxis, lines)):
        places = range(0, len(levels), max(1, -(-len(levels) // MOST_NUMBERS)))
        axis.set_ticks([place + 0.5 for place in places], [_shown(levels[place]) for place in places])
    _bare(ax)


def _shown(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else plain(str(value))


def _bare(ax: Axes) -> None:
    ax.tick_params(length=0)
    for spine in ax.spines.values():
        spine.set_visible(False)


def _scale_bar(figure: Picture, axes: Any, scale: Normalize, arm: str, baseline: str) -> None:
    bar = figure.colorbar(ScalarMappable(scale, EFFECT_COLOURS), ax=axes, pad=0.02, aspect=26)
    bar.set_label(f"“{plain(arm)}” against “{plain(baseline)}”:\nstopped, percentage points")
    bar.outline.set_visible(False)
    bar.ax.axhline(0, color=INK, linewidth=1.5)


def _heat_legend(figure: Picture, rows: pd.DataFrame) -> None:
    handles: list[Any] = []
    if (signs(rows) == "open").any():
        handles.append(Patch(facecolor=PAPER, edgecolor=QUIET, hatch="///", linewidth=0.8, label=SIGNS["open"][1]))
    if rows["interdiction_difference"].min() < 0 < rows["interdiction_difference"].max():
        handles.append(Line2D([], [], color=INK, linewidth=2.2, label="no difference (drawn between points)"))
    if handles:
        figure.legend(handles=handles, loc="outside lower center", ncols=2, frameon=False)


def draw_scatter(table: pd.DataFrame, keys: Sequence[str], arm: str, baseline: str) -> Picture:
    """The effect of one arm at each point of a sample of two keys: coloured by effect, shaped by sign."""
    rows = table[table["arm"] == arm]
    scale, sign = effect_scale(rows), signs(rows)
    with drawing():
        figure = new_picture(9.5, 6.4)
        ax = figure.add_subplot()
        for name, (marker, label) in SIGNS.items():
            some = rows[sign == name]
            if len(some):
                colours: dict[str, Any] = {
                    "c": 100 * some["interdiction_difference"],
                    "cmap": EFFECT_COLOURS,
                    "norm": scale,
                }
                how: dict[str, Any] = {"marker": marker, "edgecolors": QUIET if name == "open" else INK, "label": label}
                ax.scatter(some[keys[0]], some[keys[1]], s=62, **colours, **how)
        ax.set_xlabel(keys[0])
        ax.set_ylabel(keys[1])
        tidy(ax, grid="both")
        _scale_bar(figure, [ax], scale, arm, baseline)
        figure.legend(loc="outside lower center", ncols=3, frameon=False)
    return figure


def draw_parallel(table: pd.DataFrame, keys: Sequence[str], arm: str, baseline: str) -> Picture:
    """Parallel coordinates: one vertical scale a key, the last one the effect of an arm on interdiction.

    Lines whose interval includes zero are grey and dashed, and lie beneath; the strongest effects lie on top.
    """
    rows = table[(table["arm"] == arm) & table["interdiction_difference"].notna()]
    rows = rows.iloc[np.argsort(np.abs(rows["interdiction_difference"].to_numpy()), kind="stable")]
    effect = 100 * rows["interdiction_difference"].to_numpy(dtype=float)
    undecided = (signs(rows) == "open").to_numpy()
    scale = effect_scale(rows)
    heights = [_heights(rows[key]) for key in keys]
    low, high = min(0.0, float(effect.min(initial=0.0))), max(0.0, float(effect.max(initial=0.0)))
    span = high - low or 1.0
    lines = np.column_stack([*(height for height, _ in heights), (effect - low) / span])
    with drawing():
        figure = new_picture(max(9.0, 2.6 * (len(keys) + 1)), 6.2)
        ax = figure.add_subplot()
        _strands(ax, lines[undecided], [DASHES], dashed=True)
        # The palest colours of the scale would be lost on paper: lines begin a little way from white.
        tinted = np.sign(effect) * np.maximum(np.abs(effect), 0.45 * float(scale.vmax or 1.0))
        _strands(ax, lines[~undecided], EFFECT_COLOURS(scale(tinted[~undecided])), dashed=False)
        for place, (_, marks) in enumerate(heights):
            _scale(ax, place, marks)
        _scale(ax, len(keys), [((value - low) / span, signed(value)) for value in _round_values(low, high)], side=1)
        ax.plot([len(keys) - 0.05, len(keys) + 0.02], [-low / span] * 2, color=INK, linewidth=2.6, zorder=5)
        titles = [*(_title(key) for key in keys), f"“{plain(arm)}” against\n“{plain(baseline)}”,\npercentage points"]
        ax.set_xticks(range(len(keys) + 1), titles)
        ax.set(xlim=(-0.45, len(keys) + 0.4), ylim=(-0.05, 1.05), yticks=[])
        _bare(ax)
        _parallel_legend(figure, set(signs(rows)))
    return figure


def _heights(column: pd.Series) -> tuple[NDArray[np.float64], list[tuple[float, str]]]:
    """Places between 0 and 1, and the marks of the scale."""
    if pd.api.types.is_numeric_dtype(column):
        low, high = float(column.min()), float(column.max())
        span = high - low or 1.0
        levels = sorted(column.unique()) if column.nunique() <= 8 else _round_values(low, high)
        marks = [((float(value) - low) / span, f"{float(value):.4g}") for value in levels]
        return (column.to_numpy(dtype=np.float64) - low) / span, marks
    # In the order of the design, not of the effects by which the rows are sorted here.
    levels = list(column.sort_index().unique())
    places = {value: (index / max(1, len(levels) - 1)) for index, value in enumerate(levels)}
    return column.map(places).to_numpy(dtype=float), [(place, plain(str(value))) for value, place in places.items()]


def _round_values(low: float, high: float) -> list[float]:
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
    how: dict[str, Any] = {"linewidths": 1.0, "linestyles": "--", "zorder": 2}
    if not dashed:
        how = {"linewidths": 2.4 if len(lines) < 80 else 1.2, "linestyles": "-", "zorder": 3}
    ax.add_collection(LineCollection(paths, colors=colours, alpha=0.9 if len(lines) < 300 else 0.5, **how))


def _scale(ax: Axes, place: int, marks: Sequence[tuple[float, str]], side: int = -1) -> None:
    """An upright scale with its marks on the left (`side` -1) or right (1)."""
    ax.plot([place, place], [0, 1], color=INK, linewidth=1.2, zorder=4)
    box = {"facecolor": PAPER, "edgecolor": "none", "alpha": 0.8, "pad": 1.0}
    for height, text in marks:
        ax.plot([place - 0.02, place + 0.02], [height, height], color=INK, linewidth=1.2, zorder=4)
        align = "left" if side > 0 else "right"
        ax.text(place + 0.05 * side, height, text, ha=align, va="center", fontsize=11, bbox=box, zorder=5)


def _title(key: str) -> str:
    head, dot, last = key.rpartition(".")
    return f"{head}{dot}\n{last}" if dot else last


def _parallel_legend(figure: Picture, seen: set[str]) -> None:
    styles: dict[str, dict[str, Any]] = {
        "positive": {"color": EFFECT_COLOURS(0.85), "linewidth": 2.4},
        "negative": {"color": EFFECT_COLOURS(0.15), "linewidth": 2.4},
        "open": {"color": DASHES, "linestyle": "--"},
    }
    handles = [Line2D([], [], label=SIGNS[name][1], **how) for name, how in styles.items() if name in seen]
    figure.legend(handles=handles, loc="outside lower center", ncols=3, frameon=False)
