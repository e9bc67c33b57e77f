"""The map: the ground, who watches it, where groups walked and were met; the baseline next to the main arm."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.patheffects import withStroke

from sim.outcomes import interdicted
from sim.report.map_layers import (
    BORDER_COLOUR,
    LINE_STYLES,
    REEDS_COLOUR,
    Floats,
    added_units,
    draw_base_map,
    force_marks,
    map_height_in,
    nice_length_km,
)
from sim.report.style import INK, LEGEND_BELOW, PAPER, Picture, drawing, new_picture
from sim.report.words import capital, number, percent, under
from sim.world import World

WALKED = ["group", "crossing", "way", "outcome", "x_km", "y_km"]
"""Columns of the outcome rows that a map shows."""
PANEL_IN = 7.0
LEGEND_LINE_IN, MARGIN_IN, TITLE_IN = 0.25, 0.7, 0.7
LEGEND_SHARE = 0.2
"""Share of the groups for which the legend shows the width of a route."""
ROUTE_COLOUR = "#35083f"
"""Nearly black: the one dark solid line of the map, in grey and to the colour-blind as well."""
WIDEST_PT, THINNEST_PT = 9.0, 0.8
MOST_MARKS = 20_000
SQUARES = 2_000
"""Along the longer side of what is marked."""
STOP_COLOUR = "#a82a06"
STOP_MARK: dict[str, Any] = {"marker": "X", "color": STOP_COLOUR, "markeredgecolor": PAPER}
STOP_MARK |= {"markersize": 11.5, "markeredgewidth": 1.2, "linestyle": "none"}
MET_MARK: dict[str, Any] = {"marker": "o", "color": PAPER, "markeredgecolor": STOP_COLOUR}
MET_MARK |= {"markersize": 7.0, "markeredgewidth": 1.8, "linestyle": "none"}
END_MARK: dict[str, Any] = {"color": ROUTE_COLOUR, "markeredgecolor": PAPER, "linestyle": "none"}
CROSSING_MARK: dict[str, Any] = {"marker": "o", "markersize": 4.5, "color": PAPER, "markeredgecolor": INK}
CROSSING_MARK |= {"linestyle": "none"}
START, TARGET = "o", "P"
NOTE_BOX = {"facecolor": PAPER, "alpha": 0.75, "edgecolor": "none", "pad": 1.5}


def draw_map(panels: Sequence[tuple[World, pd.DataFrame]]) -> Picture:
    """One map for each arm given, at the same scale, over one legend.

    Parameters
    ----------
    panels:
        World and outcome rows of each arm, the baseline first; one or two arms fit a page.
    """
    base = panels[0][0]
    tall_in = map_height_in(base.terrain, PANEL_IN)
    handles, columns = _legend(panels), 5 if len(panels) > 1 else 2
    legend_in = 0.15 + LEGEND_LINE_IN * math.ceil(len(handles) / columns)
    wide, high = MARGIN_IN + len(panels) * (PANEL_IN + 0.2), TITLE_IN + tall_in + MARGIN_IN + legend_in
    with drawing():
        figure = new_picture(wide, high, layout=None)
        for index, (world, rows) in enumerate(panels):
            left = MARGIN_IN + index * (PANEL_IN + 0.2)
            place = (left / wide, (legend_in + MARGIN_IN) / high, PANEL_IN / wide, tall_in / high)
            ax = figure.add_axes(place)
            _draw_panel(ax, world, rows, added_units(world, base))
            ax.set_ylabel("km north" if index == 0 else "")
            ax.tick_params(labelleft=index == 0)
        figure.legend(
            handles=handles, ncols=columns, fontsize=11.5, handlelength=2.2, columnspacing=1.6, **LEGEND_BELOW
        )
    return figure


def _draw_panel(ax: Axes, world: World, rows: pd.DataFrame, new: frozenset[str]) -> None:
    draw_base_map(ax, world, new, PANEL_IN)
    draw_traffic(ax, world, rows)
    ax.set_aspect("equal")
    _scale_and_north(ax, world.terrain.width_km, world.terrain.height_km)
    total, here, inland = counts_on_map(rows)
    ax.set_title(
        f"{capital(under(world.arm))}\n{number(total, 0)} of {number(len(rows), 0)} groups stopped: "
        f"{number(here, 0)} on this map, {number(inland, 0)} farther inland",
        loc="left",
    )


def _scale_and_north(ax: Axes, width_km: float, height_km: float) -> None:
    length = nice_length_km(width_km / 12)
    left, low = 0.965 * width_km - length, 0.03 * height_km
    for colour, width, level in ((PAPER, 8, 13), (INK, 4, 14)):
        ax.plot([left, left + length], [low, low], color=colour, linewidth=width, solid_capstyle="butt", zorder=level)
    text: dict[str, Any] = {"ha": "center", "weight": "bold", "zorder": 14, "bbox": NOTE_BOX}
    ax.text(left + length / 2, low + 0.012 * height_km, f"{length:g} km", va="bottom", size=11, **text)
    tip, foot = (0.955 * width_km, 0.985 * height_km), (0.955 * width_km, 0.9 * height_km)
    arrow = {"arrowstyle": "-|>", "color": INK, "linewidth": 2}
    ax.annotate("N", xy=tip, xytext=foot, va="center", size=13, arrowprops=arrow, **text)


def draw_traffic(ax: Axes, world: World, rows: pd.DataFrame) -> None:
    """Crossing points, routes as wide as often they were taken, ends, and meetings on the grid."""
    edge = [withStroke(linewidth=2, foreground=INK)]
    for group, party in enumerate(world.scenario.infiltrators.parties):
        _draw_routes(ax, world, rows[rows["group"] == party.name], group)
        ends = (START, party.start_x_km, party.start_y_km), (TARGET, party.target_x_km, party.target_y_km)
        for marker, x_km, y_km in ends:
            ax.plot(x_km, y_km, marker=marker, markersize=13, zorder=8, path_effects=edge, **END_MARK)
    for crossing in world.crossings:
        if crossing.banks is not None:
            ax.plot(crossing.x_km, crossing.y_km, zorder=5.5, **CROSSING_MARK)
    here, stopped = _on_map(rows), interdicted(rows).to_numpy(dtype=bool)
    for keep, mark in ((here & ~stopped, MET_MARK), (here & stopped, STOP_MARK)):
        x, y = one_in_each_place(rows["x_km"].to_numpy()[keep], rows["y_km"].to_numpy()[keep])
        ax.plot(x, y, zorder=10, alpha=0.9, **mark)


def _draw_routes(ax: Axes, world: World, rows: pd.DataFrame, group: int) -> None:
    taken = rows.groupby(["crossing", "way"]).size().to_dict()
    line: dict[str, Any] = {"alpha": 0.7, "zorder": 5, "solid_capstyle": "round", "solid_joinstyle": "round"}
    for route in world.routes[group]:
        share = taken.get((world.crossings[route.crossing].name, world.way_name(route.way)), 0) / max(1, len(rows))
        if share > 0:
            ax.plot(route.x_km, route.y_km, color=ROUTE_COLOUR, linewidth=route_width(share), **line)


def route_width(share: float) -> float:
    """Width in points of a route that a share of the groups took; the area, not the width, goes with the share.

    >>> route_width(1.0), route_width(0.0)
    (9.0, 0.8)
    """
    return float(THINNEST_PT + (WIDEST_PT - THINNEST_PT) * share**0.75)


def _on_map(rows: pd.DataFrame) -> Any:
    """Whether a group was met on the grid, by row."""
    return np.isfinite(rows["x_km"].to_numpy())


def counts_on_map(rows: pd.DataFrame) -> tuple[int, int, int]:
    """Groups stopped in all, stopped on the grid, and stopped inland."""
    stopped, here = interdicted(rows).to_numpy(dtype=bool), _on_map(rows)
    return int(stopped.sum()), int((stopped & here).sum()), int((stopped & ~here).sum())


def one_in_each_place(x_km: Floats, y_km: Floats) -> tuple[Floats, Floats]:
    """The same places, or of more than `MOST_MARKS` one in each of many squares, which are smaller than a dot.

    >>> x, y = one_in_each_place(np.linspace(0, 40, 100_000), np.zeros(100_000))
    >>> len(x) <= SQUARES, len(one_in_each_place(x, y)[0]) == len(x)
    (True, True)
    """
    if len(x_km) <= MOST_MARKS:
        return x_km, y_km
    across = max(float(np.ptp(x_km)), float(np.ptp(y_km)), 1e-9)
    column, line = (np.round((part - part.min()) / across * (SQUARES - 1)).astype(np.int64) for part in (x_km, y_km))
    first = np.sort(np.unique(column * SQUARES + line, return_index=True)[1])
    return x_km[first], y_km[first]


def _legend(panels: Sequence[tuple[World, pd.DataFrame]]) -> list[Artist]:
    kinds = {line.kind for world, _ in panels for line in world.terrain.lines}
    border = any(len(world.terrain.border_km) > 1 for world, _ in panels)
    new = any(added_units(world, panels[0][0]) for world, _ in panels)
    marks: list[Artist] = []
    if border:
        marks.append(Line2D([], [], color=BORDER_COLOUR, linewidth=4.0, label="border river"))
    names = {"river": "river inland", "road": "road", "track": "track"}
    marks += [Line2D([], [], label=name, **LINE_STYLES[kind]) for kind, name in names.items() if kind in kinds]
    if "reeds" in kinds:
        marks.append(Patch(facecolor=REEDS_COLOUR, alpha=0.55, label="reeds"))
    raked = any(world.scenario.control_strip.raked for world, _ in panels)
    return [*marks, *force_marks(new, raked), *_traffic_marks(border)]


def _traffic_marks(border: bool) -> list[Artist]:
    width, wide = route_width(LEGEND_SHARE), f"route walked (this wide: {percent(LEGEND_SHARE, 0)} of groups)"
    marks: list[Artist] = [
        Line2D([], [], color=ROUTE_COLOUR, alpha=0.7, linewidth=width, label=wide),
        Line2D([], [], marker=START, markersize=11, label="start", **END_MARK),
        Line2D([], [], marker=TARGET, markersize=11, label="target, or the road inland", **END_MARK),
        Line2D([], [], label="stopped here", **STOP_MARK),
        Line2D([], [], label="met here, but went on", **MET_MARK),
    ]
    crossing = Line2D([], [], label="possible crossing point", **CROSSING_MARK)
    return [*marks, crossing] if border else marks
