"""The layers of a map: the ground, and the forces on it."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LightSource, to_rgb
from matplotlib.patches import Circle
from numpy.typing import NDArray

from sim.report.labels import Label
from sim.report.style import BLUE, INK, PAPER
from sim.report.words import plain
from sim.scenario.post import Post
from sim.terrain.grid import Terrain, cover_code
from sim.terrain.sight import viewshed
from sim.world import World

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


PERSON_M = 1.7
STRIPE_CELLS, SEEN_STRENGTH = 4, 0.38
"""Ground in view is striped, so that it does not vanish in grey."""
SEEN_COLOUR, POST_COLOUR, NEW_COLOUR, PATROL_COLOUR = "#e09a10", INK, BLUE, "#303030"


def draw_forces(ax: Axes, world: World, new: frozenset[str]) -> None:
    """Ground in view, range circles, posts and patrol tracks; posts named in `new` stand out."""
    terrain, posts = world.terrain, world.scenario.all_posts
    extent = (0.0, terrain.width_km, 0.0, terrain.height_km)
    ax.imshow(_seen_layer(terrain, posts), extent=extent, origin="upper", interpolation="nearest", zorder=1.5)
    for post in posts:
        fresh = post.name in new
        ax.add_patch(
            Circle(
                (post.x_km, post.y_km),
                post.range_km,
                fill=False,
                zorder=4,
                linewidth=2.2 if fresh else 1.3,
                edgecolor=NEW_COLOUR if fresh else POST_COLOUR,
                linestyle="-" if fresh else (0, (3, 2)),
            )
        )
        ax.plot(
            post.x_km,
            post.y_km,
            marker="*" if fresh else "^",
            markersize=19 if fresh else 10,
            linestyle="none",
            color=NEW_COLOUR if fresh else POST_COLOUR,
            markeredgecolor=PAPER,
            zorder=9,
        )
    for patrol in world.scenario.patrols:
        fresh = patrol.name in new
        colour, width = (NEW_COLOUR, 3.0) if fresh else (PATROL_COLOUR, 2.2)
        for corners in patrol.tracks:
            track = np.array((*corners, corners[0]) if patrol.mode == "loop" else corners)
            ax.plot(*track.T, color=colour, linewidth=width, linestyle=(0, (1, 1.2)), zorder=4.5)


def post_names(world: World, new: frozenset[str]) -> list[Label]:
    """Labels of the posts."""
    posts = sorted(world.scenario.all_posts, key=lambda post: post.name not in new)
    return [
        Label(
            _post_label(post.name),
            post.x_km,
            post.y_km,
            12.0 if post.name in new else 10.0,
            "bold" if post.name in new else "normal",
        )
        for post in posts
    ]


def _post_label(name: str) -> str:
    """The name with a capital, and the word that tells a post from the village it is named after."""
    words = plain(name)
    return f"{words[:1].upper()}{words[1:]} post"


def added_units(world: World, base: World) -> frozenset[str]:
    """Names of the posts and patrols that stand in one arm and not in the other."""
    return _unit_names(world) - _unit_names(base)


def _unit_names(world: World) -> frozenset[str]:
    posts, patrols = world.scenario.all_posts, world.scenario.patrols
    return frozenset({post.name for post in posts} | {patrol.name for patrol in patrols})


def _seen_layer(terrain: Terrain, posts: tuple[Post, ...]) -> NDArray[np.float64]:
    seen = np.zeros(terrain.shape, dtype=bool)
    for post in posts:
        row, col = (int(part) for part in terrain.cell_of(post.x_km, post.y_km))
        seen |= viewshed(
            terrain.elevation_m,
            terrain.cell_m,
            row,
            col,
            post.height_m,
            PERSON_M,
            post.range_km,
            terrain.settings.refraction,
        )
    layer = np.zeros((*terrain.shape, 4))
    down, across = np.indices(terrain.shape)
    striped = (down + across) % STRIPE_CELLS < STRIPE_CELLS // 2
    layer[seen] = (*to_rgb(SEEN_COLOUR), SEEN_STRENGTH)
    layer[seen & striped] = (*to_rgb(SEEN_COLOUR), 2 * SEEN_STRENGTH)
    return layer
