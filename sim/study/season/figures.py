"""The seasons' figures: shares and effects season by season, and where groups crossed."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from sim.report.page import Figure
from sim.report.style import INK, QUIET, ArmStyle, Picture, arm_styles, drawing, new_picture, png_bytes, tidy
from sim.report.words import plain

Summary = dict[str, Any]
COLUMNS = 3
MOST_LABELS = 10
UNKNOWN = "#e4e4e4"
"""Where there is nothing to show: crossing points of which nothing is believed yet."""


CAPTIONS = {
    "season_shares": "Groups stopped before their target, season by season. All arms share the random numbers of a "
    "season, and each season has its own, so ups and downs that all arms share may be chance.",
    "season_effects": "What each arm changes in a season against the baseline in that season, with common random "
    "numbers. Where the band crosses the line at zero, the season leaves open whether the arm helps.",
    "season_crossings": "Left: where groups crossed, a row a season, the first on top. Right: what the adversary "
    "believed of each crossing point when that season began; grey where nothing was known yet. Dark on the right and "
    "pale on the left are places that it has learnt to avoid. The ends of the border that nobody used are left out.",
}


def draw_all(summary: Summary) -> Iterator[Figure]:
    """The figures one at a time; those that have nothing to show are left out."""
    makers = {
        "season_shares": draw_season_shares,
        "season_effects": draw_season_effects,
        "season_crossings": draw_season_crossings,
    }
    for name, make in makers.items():
        picture = make(summary)
        if picture is not None:
            yield Figure(name, png_bytes(picture), CAPTIONS[name])


def draw_season_shares(summary: Summary) -> Picture:
    """Groups stopped by season, a panel an arm with the baseline's line for comparison."""
    arms, styles = list(summary["arms"]), arm_styles(summary["arms"], summary["baseline"])
    with drawing():
        figure, panels = _panels(arms)
        for arm, ax in panels.items():
            seasons = summary["arms"][arm]["seasons"]
            low, high = zip(*(season["interdiction_ci95"] for season in seasons), strict=True)
            if arm != summary["baseline"]:
                before = _percent(season["interdiction"] for season in summary["arms"][summary["baseline"]]["seasons"])
                ax.plot(_numbers(before), before, color=QUIET, linewidth=1.4, linestyle=(0, (2, 2)))
            _band(ax, _percent(season["interdiction"] for season in seasons), low, high, styles[arm])
            ax.set_ylim(0, 100)
            ax.set_title(plain(arm), loc="left")
        note = f"  (dotted: {plain(summary['baseline'])})" if len(arms) > 1 else ""
        figure.supylabel("% of groups stopped, with 95 % interval", fontsize=12)
        figure.supxlabel(f"season{note}", fontsize=12)
    return figure


def draw_season_effects(summary: Summary) -> Picture | None:
    """Paired effect on groups stopped by season, a panel an arm; None without rivals."""
    if not summary["effects"]:
        return None
    styles = arm_styles(summary["arms"], summary["baseline"])
    with drawing():
        figure, panels = _panels(list(summary["effects"]))
        for arm, ax in panels.items():
            seasons = summary["effects"][arm]["seasons"]
            low, high = zip(*(season["ci95"] for season in seasons), strict=True)
            ax.axhline(0, color=INK, linewidth=1.2)
            _band(ax, _percent(season["difference"] for season in seasons), low, high, styles[arm])
            ax.set_title(plain(arm), loc="left")
        figure.supylabel("percentage points, with 95 % interval", fontsize=12)
        figure.supxlabel(f"season (difference in groups stopped to “{plain(summary['baseline'])}”)", fontsize=12)
    return figure


def draw_season_crossings(summary: Summary) -> Picture | None:
    """Where groups crossed and what was believed of each crossing point, season by season; None at a single point."""
    along = summary["crossings"]
    if len(along) < 2:
        return None
    arms, names = list(summary["arms"]), sorted(along, key=lambda name: along[name])
    edges = _edges(np.array([along[name] for name in names]))
    tall = max(1.3, 0.17 * summary["seasons"])
    with drawing():
        figure = new_picture(13.0, 1.9 + min(tall, 3.0) * len(arms))
        axes = figure.subplots(len(arms), 2, sharex=True, sharey=True, squeeze=False)
        shown: list[Any] = [None, None]
        top = max(10.0, *(float(np.nanmax(_grid(summary, arm, names, "crossing_shares"), initial=0.0)) for arm in arms))
        for row, arm in enumerate(arms):
            for column, (key, limit) in enumerate((("crossing_shares", top), ("danger", 100.0))):
                ax, cells = axes[row, column], _grid(summary, arm, names, key)
                rows = np.arange(len(cells) + 1) + 0.5
                colours = ("Blues", "Oranges")[column]
                shown[column] = ax.pcolormesh(edges, rows, cells, cmap=colours, vmin=0, vmax=limit, rasterized=True)
                _finish_map(ax, summary["seasons"])
            axes[row, 0].set_title(plain(arm), loc="left")
        axes[0, 0].invert_yaxis()
        axes[0, 0].set_xlim(*_used(summary, names, edges))
        for column, words in enumerate(("% of the season’s groups", "believed probability to be stopped, %")):
            figure.colorbar(shown[column], ax=axes[:, column], location="top", label=words, aspect=45, shrink=0.9)
        figure.supylabel("season", fontsize=12)
        figure.supxlabel("kilometres along the border from its upstream end (upstream to the right)", fontsize=12)
    return figure


def _panels(arms: Sequence[str]) -> tuple[Picture, dict[str, Axes]]:
    """A figure with a panel an arm, all of one scale; what is left of the grid stays empty."""
    columns = min(COLUMNS, len(arms))
    rows = math.ceil(len(arms) / columns)
    figure = new_picture(4.2 * columns + (2.0 if columns == 1 else 0.6), 1.1 + 2.7 * rows)
    axes = figure.subplots(rows, columns, sharey=True, squeeze=False).ravel()
    for ax in axes[len(arms) :]:
        ax.set_visible(False)
    return figure, dict(zip(arms, axes, strict=False))


def _band(ax: Axes, middle: NDArray[np.float64], low: Any, high: Any, style: ArmStyle) -> None:
    x = _numbers(middle)
    ax.fill_between(x, _percent(low), _percent(high), color=style.colour, alpha=0.22, linewidth=0)
    ax.plot(x, middle, color=style.colour, marker=style.marker, markeredgecolor=INK, linestyle=style.line, markersize=6)
    if len(x) == 1:
        ax.vlines(x, _percent(low), _percent(high), color=style.colour, linewidth=3, zorder=1)
    ax.set_xlim(0.5, len(x) + 0.5)
    ax.xaxis.set_major_locator(MaxNLocator(MOST_LABELS, integer=True, min_n_ticks=1))
    tidy(ax, "both")


def _percent(values: Any) -> NDArray[np.float64]:
    return np.array([np.nan if value is None else 100.0 * value for value in values])


def _numbers(values: NDArray[np.float64]) -> NDArray[np.int64]:
    return np.arange(1, len(values) + 1)


def _grid(summary: Summary, arm: str, names: Sequence[str], key: str) -> NDArray[np.float64]:
    """Percent by season and crossing point, shape (seasons, points); NaN for what is not named or unknown."""
    seasons = summary["arms"][arm]["seasons"]
    return np.array([_percent(season[key].get(name) for name in names) for season in seasons])


def _used(summary: Summary, names: Sequence[str], edges: NDArray[np.float64]) -> tuple[float, float]:
    """The stretch of the border that groups crossed or believe something of, and a point more at either end."""
    keys = ("crossing_shares", "danger")
    cells = np.concatenate([_grid(summary, arm, names, key) for arm in summary["arms"] for key in keys])
    used = np.flatnonzero(np.nansum(cells, axis=0))
    first, last = (used[0], used[-1]) if len(used) else (0, len(names) - 1)
    return float(edges[min(last + 2, len(names))]), float(edges[max(first - 1, 0)])


def _edges(along: NDArray[np.float64]) -> NDArray[np.float64]:
    """Borders half-way between the points, shape (points + 1,)."""
    middle = (along[:-1] + along[1:]) / 2
    return np.concatenate([[2 * along[0] - middle[0]], middle, [2 * along[-1] - middle[-1]]])


def _finish_map(ax: Axes, seasons: int) -> None:
    ax.set_facecolor(UNKNOWN)
    ax.xaxis.set_major_locator(MaxNLocator(6, prune="both"))
    ax.tick_params(length=0)
    ax.yaxis.set_major_locator(MaxNLocator(min(4, seasons), integer=True, min_n_ticks=1))
    for side in ("left", "bottom"):
        ax.spines[side].set_visible(False)
