"""The layers of a map: the ground, the forces on it, and names where they cover neither each other nor the marks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.colors import LightSource, to_rgb
from matplotlib.lines import Line2D
from matplotlib.patches import Circle, Patch
from matplotlib.patheffects import withStroke
from matplotlib.ticker import MultipleLocator
from matplotlib.transforms import Bbox
from numpy.typing import NDArray

from sim.report.style import BLUE, INK, PAPER
from sim.report.words import capital, plain
from sim.scenario import Scenario
from sim.scenario.post import Post
from sim.terrain.grid import Terrain, cover_code
from sim.terrain.sight import viewshed
from sim.world import World

Floats = NDArray[np.float64]

LOW_COLOUR, HIGH_COLOUR = "#f6f3ea", "#c9b99b"
REEDS_COLOUR, RIVER_COLOUR, BORDER_COLOUR = "#8cbf8c", "#6db3e8", "#2f86cf"
SETTLED_COLOUR = "#b9a3a3"
LINE_STYLES: dict[str, dict[str, Any]] = {
    "river": {"color": RIVER_COLOUR, "linewidth": 1.8, "zorder": 2},
    "road": {"color": "#8a6a55", "linewidth": 1.8, "zorder": 2.5},
    "track": {"color": "#8a6a55", "linewidth": 1.2, "linestyle": (0, (4, 2)), "zorder": 2.5},
}
COVER_COLOURS = {
    "reeds": (REEDS_COLOUR, 0.55),
    "river": (RIVER_COLOUR, 0.8),
    "border_river": (BORDER_COLOUR, 0.9),
    "settlement": (SETTLED_COLOUR, 0.7),
}
PLACE_MARKS = {"town": ("s", 6.0), "village": ("s", 4.0), "pass": ("^", 6.0)}

PERSON_M = 1.7
STRIPE_CELLS, SEEN_STRENGTH = 4, 0.38
"""Ground in view is striped, so that it does not vanish in grey."""
SEEN_COLOUR, POST_COLOUR, NEW_COLOUR, PATROL_COLOUR = "#e09a10", INK, BLUE, "#303030"
POINT: dict[str, Any] = {"linestyle": "none", "markeredgecolor": PAPER}
RANGE_LINE, PATROL_LINE = (0, (3, 2)), (0, (1, 1.2))
STRIP: dict[str, Any] = {"color": "#a8763e", "linewidth": 6.0, "alpha": 0.55, "solid_capstyle": "butt", "zorder": 4.2}

ROUND_KM = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500)
POINTS_PER_INCH = 72.0
GLYPH_WIDTH, LINE_HEIGHT = 0.62, 1.25
"""Average width and height of the font's letters, in units of its size."""
LABEL_GAP_PT = 8.0
"""Free space between a point and its name."""


def map_height_in(terrain: Terrain, wide_in: float) -> float:
    """Height of a map of that width on paper; very long or narrow ground is distorted."""
    return wide_in * min(2.0, max(0.3, terrain.height_km / terrain.width_km))


def draw_base_map(ax: Axes, world: World, new: frozenset[str], wide_in: float) -> None:
    """Ground, forces, names and a scale in km, on axes of that width; posts and patrols named in `new` stand out."""
    terrain = world.terrain
    draw_ground(ax, terrain)
    draw_forces(ax, world, new)
    ax.set_xlim(0, terrain.width_km)
    ax.set_ylim(0, terrain.height_km)
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_locator(MultipleLocator(nice_length_km(terrain.width_km / 8)))
    ax.set_xlabel("km east")
    ax.set_ylabel("km north")
    frame = Bbox.from_extents(0.0, 0.0, terrain.width_km, terrain.height_km)
    place_labels(ax, [*_post_names(world, new), *_place_names(terrain)], frame, terrain.width_km / wide_in)


def nice_length_km(at_least_km: float) -> float:
    """The next round length.

    >>> nice_length_km(12.0), nice_length_km(0.3)
    (20, 0.5)
    """
    return next((length for length in ROUND_KM if length >= at_least_km), ROUND_KM[-1])


def draw_ground(ax: Axes, terrain: Terrain) -> None:
    """Relief in shades, cover in colours, then lines and places."""
    extent = (0.0, terrain.width_km, 0.0, terrain.height_km)
    ax.imshow(_relief(terrain), extent=extent, origin="upper", interpolation="bilinear", zorder=0)
    ax.imshow(_cover(terrain), extent=extent, origin="upper", interpolation="nearest", zorder=1)
    for line in terrain.lines:
        if line.kind in LINE_STYLES:
            ax.plot(*line.points_km.T, **LINE_STYLES[line.kind])
    if len(terrain.border_km) > 1:
        ax.plot(*terrain.border_km.T, color=PAPER, linewidth=6.5, zorder=2.6)
        ax.plot(*terrain.border_km.T, color=BORDER_COLOUR, linewidth=4.0, zorder=2.7)
    mark: dict[str, Any] = {"color": PAPER, "markeredgecolor": INK, "linestyle": "none", "zorder": 6}
    for place in terrain.places:
        marker, size = PLACE_MARKS.get(place.kind, ("o", 3.0))
        ax.plot(place.x_km, place.y_km, marker=marker, markersize=size, **mark)


def _relief(terrain: Terrain) -> Floats:
    height = terrain.elevation_m
    span = float(height.max() - height.min())
    share = ((height - height.min()) / span if span > 0 else np.zeros_like(height))[..., None]
    tint = np.array(to_rgb(LOW_COLOUR)) * (1 - share) + np.array(to_rgb(HIGH_COLOUR)) * share
    if min(height.shape) < 2 or span == 0:
        return np.asarray(tint)
    light = LightSource(azdeg=315, altdeg=45)
    shade = light.hillshade(height, vert_exag=4.0, dx=terrain.cell_m, dy=terrain.cell_m)[..., None]
    return np.asarray(np.clip(tint * (0.62 + 0.42 * shade), 0.0, 1.0))


def _cover(terrain: Terrain) -> Floats:
    """Transparent but for reeds, water and settled ground."""
    layer = np.zeros((*terrain.shape, 4))
    for kind, (colour, strength) in COVER_COLOURS.items():
        layer[terrain.cover == cover_code(kind)] = (*to_rgb(colour), strength)
    return layer


def draw_forces(ax: Axes, world: World, new: frozenset[str]) -> None:
    """Ground in view, raked ground, range circles, posts and patrol tracks."""
    terrain, posts = world.terrain, world.scenario.all_posts
    extent = (0.0, terrain.width_km, 0.0, terrain.height_km)
    ax.imshow(_seen_layer(terrain, posts), extent=extent, origin="upper", interpolation="nearest", zorder=1.5)
    for raked in world.scenario.control_strip.raked:
        ax.plot(*np.array(raked).T, **STRIP)
    for post in posts:
        place, fresh = (post.x_km, post.y_km), post.name in new
        colour, width, line = (NEW_COLOUR, 2.2, "-") if fresh else (POST_COLOUR, 1.3, RANGE_LINE)
        ring = Circle(place, post.range_km, fill=False, zorder=4, linewidth=width, edgecolor=colour, linestyle=line)
        ax.add_patch(ring)
        marker, size = ("*", 19) if fresh else ("^", 10)
        ax.plot(*place, marker=marker, markersize=size, color=colour, zorder=9, **POINT)
    for patrol in world.scenario.patrols:
        colour, width = (NEW_COLOUR, 3.0) if patrol.name in new else (PATROL_COLOUR, 2.2)
        for corners in patrol.tracks:
            track = np.array((*corners, corners[0]) if patrol.mode == "loop" else corners)
            ax.plot(*track.T, color=colour, linewidth=width, linestyle=PATROL_LINE, zorder=4.5)


def force_marks(new: bool, raked: bool) -> list[Artist]:
    """The legend of the forces, with or without those that are new, and raked ground."""
    marks: list[Artist] = [
        Line2D([], [], marker="^", markersize=10, color=POST_COLOUR, label="post that stood before", **POINT),
        Line2D([], [], color=POST_COLOUR, linewidth=1.3, linestyle=RANGE_LINE, label="its range by day"),
        Patch(facecolor=SEEN_COLOUR, alpha=0.6, hatch="///", label="ground in view within range"),
        Line2D([], [], color=PATROL_COLOUR, linewidth=2.2, linestyle=PATROL_LINE, label="patrol's track"),
    ]
    marks += [Line2D([], [], label="raked ground", **STRIP)] if raked else []
    star = Line2D([], [], marker="*", markersize=15, color=NEW_COLOUR, label="new in this arm", **POINT)
    return [*marks, star] if new else marks


def added_units(world: World, base: World) -> frozenset[str]:
    """Names of the posts and patrols that stand in one arm and not in the other."""
    return unit_names(world.scenario) - unit_names(base.scenario)


def unit_names(scenario: Scenario) -> frozenset[str]:
    """Names of the posts that stand and of the patrols."""
    return frozenset({post.name for post in scenario.all_posts} | {patrol.name for patrol in scenario.patrols})


def _seen_layer(terrain: Terrain, posts: tuple[Post, ...]) -> Floats:
    seen = np.zeros(terrain.shape, dtype=bool)
    height, cell, bend = terrain.elevation_m, terrain.cell_m, terrain.settings.refraction
    for post in posts:
        row, col = (int(part) for part in terrain.cell_of(post.x_km, post.y_km))
        seen |= viewshed(height, cell, row, col, post.height_m, PERSON_M, post.range_km, bend)
    layer = np.zeros((*terrain.shape, 4))
    down, across = np.indices(terrain.shape)
    striped = (down + across) % STRIPE_CELLS < STRIPE_CELLS // 2
    layer[seen] = (*to_rgb(SEEN_COLOUR), SEEN_STRENGTH)
    layer[seen & striped] = (*to_rgb(SEEN_COLOUR), 2 * SEEN_STRENGTH)
    return layer


class Label(NamedTuple):
    """A name at a point."""

    text: str
    x_km: float
    y_km: float
    size: float = 11.0
    weight: str = "normal"
    style: str = "normal"


def _post_names(world: World, new: frozenset[str]) -> list[Label]:
    """Labels of the posts, new ones first; “post” distinguishes one from the village it is named after."""
    posts = sorted(world.scenario.all_posts, key=lambda post: post.name not in new)
    fonts = [(12.0, "bold") if post.name in new else (10.0, "normal") for post in posts]
    return [
        Label(f"{capital(plain(post.name))} post", post.x_km, post.y_km, *font)
        for post, font in zip(posts, fonts, strict=True)
    ]


def _place_names(terrain: Terrain) -> list[Label]:
    """Labels of the places, towns first."""
    fonts = {"town": (11.5, "bold", "normal"), "village": (10.0, "normal", "normal")}
    inside = [place for place in terrain.places if terrain.inside(place.x_km, place.y_km)]
    order = [*fonts, "other"]
    inside.sort(key=lambda place: order.index(place.kind if place.kind in fonts else "other"))
    return [Label(p.name, p.x_km, p.y_km, *fonts.get(p.kind, (10.0, "normal", "italic"))) for p in inside]


def place_labels(ax: Axes, labels: Sequence[Label], frame: Bbox, km_per_inch: float) -> None:
    """Write each label near its point, within the frame, on the side where it covers least; earlier ones come first."""
    km_per_pt = km_per_inch / POINTS_PER_INCH
    gap = LABEL_GAP_PT * km_per_pt
    taken = [Bbox.from_bounds(one.x_km - gap / 2, one.y_km - gap / 2, gap, gap) for one in labels]
    halo = [withStroke(linewidth=3, foreground=PAPER, alpha=0.9)]
    for label in labels:
        best = min(_candidates(label, gap, km_per_pt), key=lambda box: _cost(box, taken, frame))
        taken.append(best)
        font: dict[str, Any] = {"size": label.size, "weight": label.weight, "style": label.style, "color": INK}
        middle = (best.x0 + best.x1) / 2, (best.y0 + best.y1) / 2
        ax.text(*middle, label.text, ha="center", va="center", zorder=12, clip_on=True, path_effects=halo, **font)


def _candidates(label: Label, gap: float, km_per_pt: float) -> list[Bbox]:
    wide = len(label.text) * GLYPH_WIDTH * label.size * km_per_pt
    tall = LINE_HEIGHT * label.size * km_per_pt
    boxes = []
    for distance in (gap, 2.5 * gap):
        for right, up in ((1, 0), (-1, 0), (0, 1), (0, -1), (0.8, 0.9), (-0.8, 0.9), (0.8, -0.9), (-0.8, -0.9)):
            x = label.x_km + right * (distance + wide / 2)
            y = label.y_km + up * (distance + tall / 2)
            boxes.append(Bbox.from_extents(x - wide / 2, y - tall / 2, x + wide / 2, y + tall / 2))
    return boxes


def _cost(box: Bbox, taken: Sequence[Bbox], frame: Bbox) -> float:
    """Area that is covered or cut off; the order of the candidates breaks ties."""
    return sum(_overlap(box, other) for other in taken) + 4.0 * (box.width * box.height - _overlap(box, frame))


def _overlap(one: Bbox, other: Bbox) -> float:
    """Area that two boxes share (km2)."""
    both = Bbox.intersection(one, other)
    return 0.0 if both is None else float(both.width * both.height)
