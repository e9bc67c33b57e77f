"""Which figures a sweep gets, by how many keys vary and whether its points are a grid; and curves along one key."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator
from pandas.api.types import is_numeric_dtype

from sim.report.page import Figure
from sim.report.style import DPI, INK, PAPER, ArmStyle, Picture, arm_styles, drawing, new_picture, png_bytes, tidy
from sim.report.words import plain
from sim.study.sweep.figures_points import MOST_PANELS, draw_heat_map, draw_parallel, draw_scatter, is_grid
from sim.study.sweep.summary import main_arm_of, tipping_points

CAPTIONS = {
    "sweep": "Left: the share of groups stopped in each arm. Right: the paired difference to the baseline with its "
    "95 % interval; a cross marks where an interval comes to include zero, by a straight line between points.",
    "heat": "The paired difference at every point. Hatched: the 95 % interval includes zero, so the runs do not show "
    "whether the arm helps or harms there. Where cells hold no numbers, a minus marks an interval below zero.",
    "plane": "Every point of the sample. Triangles up and down: the 95 % interval lies above or below zero; circles: "
    "it includes zero.",
    "parallel": "Every point of the design is a line through its values, from left to right, to the effect it had. "
    "Follow the dark lines backwards to see which values they share.",
}

MOST_MARKERS = 40
"""With more points than this a curve is drawn without a mark at each."""


def draw_all(table: pd.DataFrame, keys: Sequence[str], baseline: str, dpi: int = DPI) -> Iterator[Figure]:
    """The figures as files, one at a time."""
    for name, picture in drawings(table, keys, baseline):
        yield Figure(name, png_bytes(picture, dpi), CAPTIONS[name])


def drawings(table: pd.DataFrame, keys: Sequence[str], baseline: str) -> Iterator[tuple[str, Picture]]:
    """The figures by name, the main one first, each drawn when it is asked for; none where nothing varied."""
    # A key with one value is fixed, whatever the command line calls it.
    keys, arm = [key for key in keys if len(table[key].unique()) > 1], main_arm_of(table, baseline)
    if len(keys) == 1:
        one = table.drop_duplicates(["arm", keys[0]])
        yield "sweep", draw_curves(one, keys[0], baseline, tipping_points(table, keys))
    if len(keys) < 2 or arm is None:
        return
    # Numbers before words, and more values before fewer: the longest runs along, the shortest makes panels.
    order = sorted(keys, key=lambda key: (not is_numeric_dtype(table[key]), -table[key].nunique()))
    grid = is_grid(table, keys)
    if len(keys) == 2 and not grid and all(is_numeric_dtype(table[key]) for key in keys):
        yield "plane", draw_scatter(table, order, arm, baseline)
        return
    heat = grid and (len(keys) == 2 or (len(keys) == 3 and table[order[2]].nunique() <= MOST_PANELS))
    if heat:
        yield "heat", draw_heat_map(table, order, arm, baseline)
    if len(keys) > 2 or not heat:
        yield "parallel", draw_parallel(table, keys, arm, baseline)


def draw_curves(table: pd.DataFrame, key: str, baseline: str, tipping: Sequence[dict[str, Any]] = ()) -> Picture:
    """Share of groups stopped in each arm, and the paired difference to the baseline, along one key.

    Numbers are drawn to scale, words beside each other. A cross marks each of the `tipping` points.
    """
    arms = list(table["arm"].unique())
    rivals = [arm for arm in arms if arm != baseline]
    styles = arm_styles(arms, baseline)
    places = None if is_numeric_dtype(table[key]) else {value: place for place, value in enumerate(table[key].unique())}
    with drawing():
        figure = new_picture(13.0, 5.6)
        shares, effects = figure.subplots(1, 2)
        for arm in arms:
            mine = table[table["arm"] == arm]
            mine = mine.assign(_x=(mine[key].map(places) if places else mine[key]).astype(float)).sort_values("_x")
            x, joined = mine["_x"].to_numpy(), places is None
            _line(shares, x + _aside(arm, arms, places), 100 * mine["interdiction"], styles[arm], plain(arm), joined)
            if arm != baseline:
                _band(effects, x + _aside(arm, rivals, places), mine, styles[arm], joined)
        effects.axhline(0, color=INK, linewidth=1.2, zorder=1)
        for one in tipping:
            _cross(effects, one["at"], styles[one["arm"]])
        _finish(shares, "Stopped before the target", "% of groups", key, places)
        unit = "percentage points, with 95 % interval"
        _finish(effects, f"Difference to “{plain(baseline)}”", unit, key, places)
        handles, labels = shares.get_legend_handles_labels()
        if tipping:
            cross: dict[str, Any] = {"marker": "X", "markersize": 11, "color": PAPER, "markeredgecolor": INK}
            handles.append(Line2D([], [], linestyle="none", **cross))
            labels.append("interval comes to include zero")
        figure.legend(handles, labels, loc="outside lower center", ncols=min(4, len(labels)), frameon=False)
    return figure


def _aside(arm: str, arms: Sequence[str], places: dict[Any, int] | None) -> float:
    """How far an arm's marks stand beside the others', where the places along are words."""
    return 0.09 * (arms.index(arm) - (len(arms) - 1) / 2) if places else 0.0


def _line(ax: Axes, x: Any, y: Any, style: ArmStyle, label: str, joined: bool) -> None:
    marker = style.marker if len(x) <= MOST_MARKERS else None
    how: dict[str, Any] = {
        "color": style.colour,
        "marker": marker,
        "linestyle": style.line if joined else "none",
        "label": label,
    }
    ax.plot(x, y, markersize=7, markeredgecolor=INK, linewidth=2, zorder=3, **how)


def _band(ax: Axes, x: Any, rows: pd.DataFrame, style: ArmStyle, joined: bool) -> None:
    middle, low, high = (100 * rows[f"interdiction_{name}"] for name in ("difference", "low", "high"))
    if joined:
        ax.fill_between(x, low, high, color=style.colour, alpha=0.16, linewidth=0)
        for end in (low, high):
            ax.plot(x, end, color=style.colour, linewidth=0.8, linestyle=style.line, alpha=0.8)
    else:
        ax.vlines(x, low, high, color=style.colour, linewidth=3)
    _line(ax, x, middle, style, "", joined)


def _cross(ax: Axes, x: float, style: ArmStyle) -> None:
    """A cross on the zero line, in the arm's colour within a white one, so that it is seen on any band."""
    for size, colour, edge, order in ((15, PAPER, PAPER, 5), (11, style.colour, INK, 6)):
        how: dict[str, Any] = {"markersize": size, "color": colour, "markeredgecolor": edge, "zorder": order}
        ax.plot(x, 0, marker="X", linestyle="none", **how)


def _finish(ax: Axes, title: str, unit: str, key: str, places: dict[Any, int] | None) -> None:
    ax.set_title(title, loc="left")
    ax.set_xlabel(key)
    ax.set_ylabel(unit)
    if places:
        ax.set_xticks(list(places.values()), [str(value) for value in places])
        ax.set_xlim(-0.5, len(places) - 0.5)
    else:
        ax.xaxis.set_major_locator(MaxNLocator(nbins=8, steps=[1, 2, 5, 10]))
    tidy(ax, grid="both" if not places else "y")
    low, high = ax.get_ylim()
    if np.isclose(low, high, atol=4):
        ax.set_ylim(low - 2, high + 2)
