"""The sweep's picture: how each arm's share and effect move with the key that was varied."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes

from sim.report.style import INK, ArmStyle, Picture, arm_styles, drawing, new_picture, tidy
from sim.report.words import plain

Row = dict[str, Any]


def varied_number(keys: Sequence[str], rows: Sequence[Row]) -> str | None:
    """The key to draw along: the only one that varied, if its values are numbers; None otherwise."""
    if len(keys) != 1:
        return None
    try:
        values = {float(row[keys[0]]) for row in rows}
    except (TypeError, ValueError):
        return None
    return keys[0] if len(values) > 1 else None


def draw_sweep(key: str, rows: Sequence[Row], baseline: str) -> Picture:
    """Share of groups stopped in each arm, and the paired difference to the baseline, along one key.

    Parameters
    ----------
    key:
        The key that varied; its values are numbers.
    rows:
        One a point and arm: the key's value, ``arm``, ``interdiction``, and its ``_difference``, ``_low``, ``_high``.
    baseline:
        The arm that the others are held against.
    """
    arms = list(dict.fromkeys(row["arm"] for row in rows))
    styles = arm_styles(arms, baseline)
    with drawing():
        figure = new_picture(13.0, 5.4)
        shares, effects = figure.subplots(1, 2)
        for arm in arms:
            mine = sorted((row for row in rows if row["arm"] == arm), key=lambda row: float(row[key]))
            along = [float(row[key]) for row in mine]
            _line(shares, along, [100 * row["interdiction"] for row in mine], styles[arm], plain(arm))
            if arm != baseline:
                _band(effects, along, mine, styles[arm], plain(arm))
        effects.axhline(0, color=INK, linewidth=1.2)
        _finish(shares, "Stopped before the target", "% of groups", key)
        _finish(effects, f"Difference to “{plain(baseline)}”", "percentage points, with 95 % interval", key)
        handles, labels = shares.get_legend_handles_labels()
        figure.legend(handles, labels, loc="outside lower center", ncols=min(4, len(arms)), frameon=False)
    return figure


def _line(ax: Axes, x: list[float], y: list[float], style: ArmStyle, label: str) -> None:
    ax.plot(x, y, color=style.colour, marker=style.marker, markeredgecolor=INK, linestyle=style.line, label=label)


def _band(ax: Axes, x: list[float], rows: Sequence[Row], style: ArmStyle, label: str) -> None:
    middle, low, high = (
        [float("nan") if row[name] is None else 100 * row[name] for row in rows]
        for name in ("interdiction_difference", "interdiction_low", "interdiction_high")
    )
    ax.fill_between(x, low, high, color=style.colour, alpha=0.18, linewidth=0)
    _line(ax, x, middle, style, label)


def _finish(ax: Axes, title: str, unit: str, key: str) -> None:
    ax.set_title(title, loc="left")
    ax.set_xlabel(key)
    ax.set_ylabel(unit)
    tidy(ax, grid="both")
