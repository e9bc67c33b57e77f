"""Groups on a map: where they could cross, where they walked, and where they were met."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patheffects import withStroke
from numpy.typing import NDArray

from sim.outcomes import interdicted
from sim.report.style import INK, PAPER
from sim.world import World

WALKED = ["group", "crossing", "way", "outcome", "x_km", "y_km"]
"""Columns of the outcome rows that a map shows."""
ROUTE_COLOUR = "#35083f"
"""Nearly black: the one dark solid line of the map, in grey and to the colour-blind as well."""
WIDEST_PT, THINNEST_PT = 9.0, 0.8
MOST_MARKS = 20_000
SQUARES = 2_000
"""Along the longer side of what is marked."""
Floats = NDArray[np.float64]
STOP_COLOUR = "#a82a06"
STOP_STYLE: dict[str, Any] = {
    "marker": "X",
    "color": STOP_COLOUR,
    "markeredgecolor": PAPER,
    "markersize": 11.5,
    "markeredgewidth": 1.2,
}
MET_STYLE: dict[str, Any] = {
    "marker": "o",
    "color": PAPER,
    "markeredgecolor": STOP_COLOUR,
    "markersize": 7.0,
    "markeredgewidth": 1.8,
}


def draw_traffic(ax: Axes, world: World, rows: pd.DataFrame) -> None:
    """Crossing points, ways as wide as often they were taken, ends, and meetings on the grid."""
    for group in range(len(world.routes)):
        _draw_ways(ax, world, rows, group)
        settings = world.scenario.infiltrators.parties[group]
        _mark(ax, settings.start_x_km, settings.start_y_km, "o")
        _mark(ax, settings.target_x_km, settings.target_y_km, "X")
    for crossing in world.crossings:
        if crossing.banks is not None:
            ax.plot(
                crossing.x_km,
                crossing.y_km,
                marker="o",
                markersize=4.5,
                color=PAPER,
                markeredgecolor=INK,
                zorder=5.5,
                linestyle="none",
            )
    _draw_meetings(ax, rows)


def route_width(share: float) -> float:
    """Width in points of a way that a share of the groups took; the area, not the width, goes with the share.

    >>> route_width(1.0), route_width(0.0)
    (9.0, 0.8)
    """
    return float(THINNEST_PT + (WIDEST_PT - THINNEST_PT) * share**0.75)


def counts_on_map(rows: pd.DataFrame) -> tuple[int, int, int]:
    """Groups stopped in all, stopped on the grid, and stopped inland."""
    stopped = interdicted(rows).to_numpy(dtype=bool)
    here = stopped & rows["x_km"].notna().to_numpy()
    return int(stopped.sum()), int(here.sum()), int((stopped & ~here).sum())


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
    _, first = np.unique(column * SQUARES + line, return_index=True)
    first.sort()
    return x_km[first], y_km[first]


def _draw_ways(ax: Axes, world: World, rows: pd.DataFrame, group: int) -> None:
    mine = rows[rows["group"] == world.scenario.infiltrators.parties[group].name]
    taken = mine.groupby(["crossing", "way"]).size().to_dict()
    for route in world.routes[group]:
        key = (world.crossings[route.crossing].name, world.way_name(route.way))
        share = taken.get(key, 0) / max(1, len(mine))
        if share > 0:
            ax.plot(
                route.x_km,
                route.y_km,
                color=ROUTE_COLOUR,
                linewidth=route_width(share),
                alpha=0.7,
                zorder=5,
                solid_capstyle="round",
                solid_joinstyle="round",
            )


def _mark(ax: Axes, x_km: float, y_km: float, marker: str) -> None:
    ax.plot(
        x_km,
        y_km,
        marker="o" if marker == "o" else "P",
        markersize=13,
        color=ROUTE_COLOUR,
        markeredgecolor=PAPER,
        linestyle="none",
        zorder=8,
        path_effects=[withStroke(linewidth=2, foreground=INK)],
    )


def _draw_meetings(ax: Axes, rows: pd.DataFrame) -> None:
    here = np.isfinite(rows["x_km"].to_numpy())
    stopped = interdicted(rows).to_numpy(dtype=bool)
    for keep, look in ((here & ~stopped, MET_STYLE), (here & stopped, STOP_STYLE)):
        x, y = one_in_each_place(rows["x_km"].to_numpy()[keep], rows["y_km"].to_numpy()[keep])
        ax.plot(x, y, linestyle="none", zorder=10, alpha=0.9, **look)
