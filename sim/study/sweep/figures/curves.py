"""A sweep along one key: how each arm's share and effect move with it, and where zero comes to lie in the interval."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from sim.report.style import INK, PAPER, ArmStyle, Picture, arm_styles, drawing, new_picture, tidy
from sim.report.words import plain

MOST_MARKERS = 40
"""With more points than this a curve is drawn without a mark at each."""


def draw_sweep(table: pd.DataFrame, key: str, baseline: str, tipping: Sequence[dict[str, Any]] = ()) -> Picture:
    """Share of groups stopped in each arm, and the paired difference to the baseline, along one key.

    Parameters
    ----------
    table:
        One row a point and arm: the key, ``arm``, ``interdiction``, and its ``_difference``, ``_low``, ``_high``.
    key:
        The key that varied. Numbers are drawn to scale, words beside each other.
    baseline:
        The arm that the others are held against.
    tipping:
        Where an interval comes to include zero, as `sim.study.sweep.tipping.tipping_points` tells.
    """
    arms = list(table["arm"].unique())
    styles = arm_styles(arms, baseline)
    words = not pd.api.types.is_numeric_dtype(table[key])
    places = {value: place for place, value in enumerate(table[key].unique())} if words else None
    with drawing():
        figure = new_picture(13.0, 5.6)
        shares, effects = figure.subplots(1, 2)
        for arm in arms:
            mine = table[table["arm"] == arm]
            mine = mine.assign(_x=(mine[key].map(places) if places else mine[key]).astype(float)).sort_values("_x")
            x = mine["_x"].to_numpy()
            _line(shares, x + _aside(arm, arms, words), 100 * mine["interdiction"], styles[arm], plain(arm), not words)
            if arm != baseline:
                rivals = [other for other in arms if other != baseline]
                _band(effects, x + _aside(arm, rivals, words), mine, styles[arm], not words)
        effects.axhline(0, color=INK, linewidth=1.2, zorder=1)
        for one in tipping:
            _mark(effects, one, styles[one["arm"]])
        _finish(shares, "Stopped before the target", "% of groups", key, places)
        unit = "percentage points, with 95 % interval"
        _finish(effects, f"Difference to “{plain(baseline)}”", unit, key, places)
        handles, labels = shares.get_legend_handles_labels()
        if tipping:
            handles.append(
                Line2D([], [], marker="X", markersize=11, color=PAPER, markeredgecolor=INK, linestyle="none")
            )
            labels.append("interval comes to include zero")
        figure.legend(handles, labels, loc="outside lower center", ncols=min(4, len(labels)), frameon=False)
    return figure


def _aside(arm: str, arms: Sequence[str], words: bool) -> float:
    """How far an arm's marks stand beside the others', where the places along are words."""
    return 0.09 * (list(arms).index(arm) - (len(arms) - 1) / 2) if words else 0.0


def _line(ax: Axes, x: Any, y: Any, style: ArmStyle, label: str, joined: bool) -> None:
    ax.plot(
        x,
        y,
        color=style.colour,
        marker=style.marker if len(x) <= MOST_MARKERS else None,
        markersize=7,
        markeredgecolor=INK,
        linestyle=style.line if joined else "none",
        linewidth=2,
        label=label,
        zorder=3,
    )


def _band(ax: Axes, x: Any, rows: pd.DataFrame, style: ArmStyle, joined: bool) -> None:
    middle, low, high = (100 * rows[f"interdiction_{name}"] for name in ("difference", "low", "high"))
    if joined:
        ax.fill_between(x, low, high, color=style.colour, alpha=0.16, linewidth=0)
        for end in (low, high):
            ax.plot(x, end, color=style.colour, linewidth=0.8, linestyle=style.line, alpha=0.8)
    else:
        ax.vlines(x, low, high, color=style.colour, linewidth=3)
    _line(ax, x, middle, style, "", joined)


def _mark(ax: Axes, one: dict[str, Any], style: ArmStyle) -> None:
    """A cross on the zero line, in the arm's colour within a white one, so that it is seen on any band."""
    ax.plot(one["at"], 0, marker="X", markersize=15, color=PAPER, markeredgecolor=PAPER, linestyle="none", zorder=5)
    ax.plot(
        one["at"], 0, marker="X", markersize=11, color=style.colour, markeredgecolor=INK, linestyle="none", zorder=6
    )


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
