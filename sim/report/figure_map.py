"""The map: the ground, who watches it, where groups walked and were stopped; the baseline beside the main arm."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MultipleLocator

from sim.report import map_layers as ground
from sim.report.labels import Box, place_labels
from sim.report.map_layers import (
    NEW_COLOUR,
    PATROL_COLOUR,
    POST_COLOUR,
    SEEN_COLOUR,
    added_units,
    draw_forces,
    post_names,
)
from sim.report.map_traffic import MET_STYLE, ROUTE_COLOUR, STOP_STYLE, counts_on_map, draw_traffic, route_width
from sim.report.style import INK, PAPER, Picture, drawing, new_picture
from sim.report.words import number, percent, under
from sim.world import World

PANEL_IN = 7.0
LEGEND_LINE_IN, MARGIN_IN, TITLE_IN = 0.25, 0.7, 0.7
LEGEND_SHARE = 0.2
"""Share of the groups for which the legend shows the width of a way."""
SCALE_BARS_KM = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500)


def draw_map(panels: Sequence[tuple[World, pd.DataFrame]]) -> Picture:
    """One map for each arm given, at the same scale, over one legend.

    Parameters
    ----------
    panels:
        World and outcome rows of each arm, the baseline first; one or two arms fit a page.
    """
    base = panels[0][0]
    tall_in = PANEL_IN * min(2.0, max(0.3, base.terrain.height_km / base.terrain.width_km))
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
            handles=handles,
            loc="lower center",
            ncols=columns,
            frameon=False,
            fontsize=11.5,
            handlelength=2.2,
            columnspacing=1.6,
            bbox_to_anchor=(0.5, 0.0),
        )
    return figure


def _draw_panel(ax: Axes, world: World, rows: pd.DataFrame, new: frozenset[str]) -> None:
    terrain = world.terrain
    ground.draw_ground(ax, terrain)
    draw_forces(ax, world, new)
    draw_traffic(ax, world, rows)
    ax.set_xlim(0, terrain.width_km)
    ax.set_ylim(0, terrain.height_km)
    ax.set_aspect("equal")
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_locator(MultipleLocator(nice_length_km(terrain.width_km / 8)))
    ax.set_xlabel("km east")
    frame = Box(0.0, 0.0, terrain.width_km, terrain.height_km)
    names = [*post_names(world, new), *ground.place_names(terrain)]
    place_labels(ax, names, frame, km_per_inch=terrain.width_km / PANEL_IN)
    _scale_and_north(ax, terrain.width_km, terrain.height_km)
    total, here, inland = counts_on_map(rows)
    who = under(world.arm)
    ax.set_title(
        f"{who[0].upper()}{who[1:]}\n{number(total, 0)} of {number(len(rows), 0)} groups stopped: "
        f"{number(here, 0)} on this map, {number(inland, 0)} farther inland",
        loc="left",
    )


def nice_length_km(at_least_km: float) -> float:
    """The next round length.

    >>> nice_length_km(12.0), nice_length_km(0.3)
    (20, 0.5)
    """
    return next((length for length in SCALE_BARS_KM if length >= at_least_km), SCALE_BARS_KM[-1])


def _scale_and_north(ax: Axes, width_km: float, height_km: float) -> None:
    length = nice_length_km(width_km / 12)
    left, low = 0.965 * width_km - length, 0.03 * height_km
    ax.plot([left, left + length], [low, low], color=PAPER, linewidth=8, solid_capstyle="butt", zorder=13)
    ax.plot([left, left + length], [low, low], color=INK, linewidth=4, solid_capstyle="butt", zorder=14)
    ax.text(
        left + length / 2,
        low + 0.012 * height_km,
        f"{length:g} km",
        ha="center",
        va="bottom",
        size=11,
        weight="bold",
        zorder=14,
        bbox={"facecolor": PAPER, "alpha": 0.75, "edgecolor": "none", "pad": 1.5},
    )
    ax.annotate(
        "N",
        xy=(0.955 * width_km, 0.985 * height_km),
        xytext=(0.955 * width_km, 0.9 * height_km),
        ha="center",
        va="center",
        size=13,
        weight="bold",
        zorder=14,
        arrowprops={"arrowstyle": "-|>", "color": INK, "linewidth": 2},
        bbox={"facecolor": PAPER, "alpha": 0.75, "edgecolor": "none", "pad": 1.5},
    )


def _legend(panels: Sequence[tuple[World, pd.DataFrame]]) -> list[Artist]:
    kinds = {line.kind for world, _ in panels for line in world.terrain.lines}
    border = any(len(world.terrain.border_km) > 1 for world, _ in panels)
    new = any(added_units(world, panels[0][0]) for world, _ in panels)
    lines: list[tuple[bool, str, dict[str, Any]]] = [
        (border, "border river", {"color": ground.BORDER_COLOUR, "linewidth": 4.0}),
        ("river" in kinds, "river inland", {"color": ground.RIVER_COLOUR, "linewidth": 1.8}),
        ("road" in kinds, "road", dict(ground.ROAD_STYLE)),
        ("track" in kinds, "track", dict(ground.TRACK_STYLE)),
    ]
    handles: list[Artist] = [Line2D([], [], label=label, **look) for shown, label, look in lines if shown]
    if "reeds" in kinds:
        handles.append(Patch(facecolor=ground.REEDS_COLOUR, alpha=0.55, label="reeds"))
    return [*handles, *_force_marks(new), *_traffic_marks(border)]


def _force_marks(new: bool) -> list[Artist]:
    point: dict[str, Any] = {"linestyle": "none", "markeredgecolor": PAPER}
    marks: list[Artist] = [
        Line2D([], [], marker="^", markersize=10, color=POST_COLOUR, label="post that stood before", **point),
        Line2D([], [], color=POST_COLOUR, linewidth=1.3, linestyle=(0, (3, 2)), label="its range by day"),
        Patch(facecolor=SEEN_COLOUR, alpha=0.6, hatch="///", label="ground in view within range"),
        Line2D([], [], color=PATROL_COLOUR, linewidth=2.2, linestyle=(0, (1, 1.2)), label="patrol's track"),
    ]
    if new:
        marks.append(Line2D([], [], marker="*", markersize=15, color=NEW_COLOUR, label="new in this arm", **point))
    return marks


def _traffic_marks(border: bool) -> list[Artist]:
    point: dict[str, Any] = {"linestyle": "none"}
    ends: dict[str, Any] = {"markersize": 11, "color": ROUTE_COLOUR, "markeredgecolor": PAPER}
    marks: list[Artist] = [
        Line2D(
            [],
            [],
            color=ROUTE_COLOUR,
            alpha=0.7,
            linewidth=route_width(LEGEND_SHARE),
            label=f"way walked (this wide: {percent(LEGEND_SHARE, 0)} of groups)",
        ),
        Line2D([], [], marker="o", label="start", **ends, **point),
        Line2D([], [], marker="P", label="target, or the road inland", **ends, **point),
        Line2D([], [], label="stopped here", **STOP_STYLE, **point),
        Line2D([], [], label="met here, but went on", **MET_STYLE, **point),
    ]
    if border:
        look: dict[str, Any] = {"marker": "o", "markersize": 4.5, "color": PAPER, "markeredgecolor": INK}
        marks.append(Line2D([], [], label="possible crossing point", **look, **point))
    return marks
