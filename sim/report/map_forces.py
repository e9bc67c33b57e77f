"""Posts and patrols on a map: where they stand or walk, how far they reach by day, and what ground they can see."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.patches import Circle
from numpy.typing import NDArray

from sim.report.labels import Label
from sim.report.style import BLUE, INK, PAPER
from sim.report.words import plain
from sim.scenario.post import Post
from sim.terrain.grid import Terrain
from sim.terrain.sight import viewshed
from sim.world import World

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
