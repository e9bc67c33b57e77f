"""The ground of a map: relief, reeds, water, roads and places."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LightSource, to_rgb
from numpy.typing import NDArray

from sim.report.labels import Label
from sim.report.style import INK, PAPER
from sim.terrain.grid import Terrain, cover_code

LOW_COLOUR, HIGH_COLOUR = "#f6f3ea", "#c9b99b"
REEDS_COLOUR, RIVER_COLOUR, BORDER_COLOUR = "#8cbf8c", "#6db3e8", "#2f86cf"
SETTLED_COLOUR = "#b9a3a3"
ROAD_STYLE: dict[str, Any] = {"color": "#8a6a55", "linewidth": 1.8, "linestyle": "-"}
TRACK_STYLE: dict[str, Any] = {"color": "#8a6a55", "linewidth": 1.2, "linestyle": (0, (4, 2))}
PLACE_MARKS = {"town": ("s", 6.0), "village": ("s", 4.0), "pass": ("^", 6.0)}


def draw_ground(ax: Axes, terrain: Terrain) -> None:
    """Relief in shades, cover in colours, then lines and places."""
    extent = (0.0, terrain.width_km, 0.0, terrain.height_km)
    ax.imshow(_relief(terrain), extent=extent, origin="upper", interpolation="bilinear", zorder=0)
    ax.imshow(_cover(terrain), extent=extent, origin="upper", interpolation="nearest", zorder=1)
    for line in terrain.lines:
        if line.kind == "river":
            ax.plot(*line.points_km.T, color=RIVER_COLOUR, linewidth=1.8, zorder=2)
        elif line.kind in ("road", "track"):
            look = ROAD_STYLE if line.kind == "road" else TRACK_STYLE
            ax.plot(*line.points_km.T, zorder=2.5, **look)
    if len(terrain.border_km) > 1:
        ax.plot(*terrain.border_km.T, color=PAPER, linewidth=6.5, zorder=2.6)
        ax.plot(*terrain.border_km.T, color=BORDER_COLOUR, linewidth=4.0, zorder=2.7)
    for place in terrain.places:
        marker, size = PLACE_MARKS.get(place.kind, ("o", 3.0))
        ax.plot(
            place.x_km,
            place.y_km,
            marker=marker,
            markersize=size,
            color=PAPER,
            markeredgecolor=INK,
            linestyle="none",
            zorder=6,
        )


def place_names(terrain: Terrain) -> list[Label]:
    """Labels of the places, towns first."""
    order = {"town": 0, "village": 1}
    some = sorted(terrain.places, key=lambda place: order.get(place.kind, 2))
    return [
        Label(
            p.name,
            p.x_km,
            p.y_km,
            11.5 if p.kind == "town" else 10.0,
            "bold" if p.kind == "town" else "normal",
            "normal" if p.kind in order else "italic",
        )
        for p in some
        if terrain.inside(p.x_km, p.y_km)
    ]


def _relief(terrain: Terrain) -> NDArray[np.float64]:
    height = terrain.elevation_m
    span = float(height.max() - height.min())
    share = ((height - height.min()) / span if span > 0 else np.zeros_like(height))[..., None]
    tint = np.array(to_rgb(LOW_COLOUR)) * (1 - share) + np.array(to_rgb(HIGH_COLOUR)) * share
    if min(height.shape) < 2 or span == 0:
        return np.asarray(tint)
    light = LightSource(azdeg=315, altdeg=45)
    shade = light.hillshade(height, vert_exag=4.0, dx=terrain.cell_m, dy=terrain.cell_m)[..., None]
    return np.asarray(np.clip(tint * (0.62 + 0.42 * shade), 0.0, 1.0))


def _cover(terrain: Terrain) -> NDArray[np.float64]:
    """Transparent but for reeds, water and settled ground."""
    layer = np.zeros((*terrain.shape, 4))
    colours = {
        "reeds": (REEDS_COLOUR, 0.55),
        "river": (RIVER_COLOUR, 0.8),
        "border_river": (BORDER_COLOUR, 0.9),
        "settlement": (SETTLED_COLOUR, 0.7),
    }
    for kind, (colour, strength) in colours.items():
        layer[terrain.cover == cover_code(kind)] = (*to_rgb(colour), strength)
    return layer
