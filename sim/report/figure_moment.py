"""A run on the map: the ground and the forces once, and over it what changes from minute to minute."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle
from matplotlib.patheffects import withStroke
from matplotlib.ticker import MultipleLocator

from sim.model import BorderModel, Group, Patrol
from sim.model.group import Stage
from sim.report import map_layers as ground
from sim.report.figure_map import nice_length_km
from sim.report.labels import Box, place_labels
from sim.report.map_layers import NEW_COLOUR, PATROL_COLOUR, POST_COLOUR, SEEN_COLOUR, draw_forces, post_names
from sim.report.map_traffic import ROUTE_COLOUR
from sim.report.style import (
    BLUE,
    GREEN,
    INK,
    ORANGE,
    PAPER,
    PURPLE,
    QUIET,
    SKY,
    VERMILLION,
    Picture,
    drawing,
    new_picture,
)
from sim.rules.sensing import DAY, LYING_UP, NIGHT, TWILIGHT
from sim.world import World

if TYPE_CHECKING:
    from sim.model.pursuit import Chase
    from sim.model.responder import Responder

MAP_IN, LEFT_IN, BELOW_IN, EDGE_IN, LEGEND_IN = 8.0, 0.55, 0.5, 0.12, 1.35
PICTURE_DPI = 110
SHADE = {DAY: 0.0, TWILIGHT: 0.13, NIGHT: 0.26}
"""How much the map darkens in each class of light."""
SHADE_COLOUR = "#0b1e3f"
STAGE_STYLES: dict[str, tuple[str, str]] = {
    "waiting at the start": ("o", QUIET),
    "marching to the river": ("o", ORANGE),
    "waiting for the dark": ("s", ORANGE),
    "on the water": ("D", SKY),
    "marching": ("o", VERMILLION),
    "lying up": ("s", PURPLE),
    "off the map, inland": (">", BLUE),
    "stopped": ("X", INK),
    "at its target": ("P", GREEN),
}
"""Marker and colour of a group at each stage; never told by colour alone."""
POINT: dict[str, Any] = {"linestyle": "none", "markeredgecolor": PAPER}


def stage_of(group: Group) -> str:
    """The key of `STAGE_STYLES` for a group as it stands now."""
    if group.stage is Stage.AT_HOME:
        return "waiting at the start"
    if group.stage is Stage.APPROACH:
        at_bank = group.step_index >= group.route.raft_step
        return "waiting for the dark" if at_bank else "marching to the river"
    if group.stage is Stage.INLAND:
        return "off the map, inland"
    if group.ended:
        return "at its target" if group.record["outcome"] == "reached" else "stopped"
    if group.step_index < group.route.landing_step:
        return "on the water"
    return "lying up" if group.posture == LYING_UP else "marching"


def draw_base(world: World, new: frozenset[str]) -> Picture:
    """What stays the same all through a run: ground, posts, ranges, tracks, names, legend."""
    terrain = world.terrain
    with drawing():
        figure, ax = _canvas(world)
        ground.draw_ground(ax, terrain)
        draw_forces(ax, world, new)
        for axis in (ax.xaxis, ax.yaxis):
            axis.set_major_locator(MultipleLocator(nice_length_km(terrain.width_km / 8)))
        ax.set_xlabel("km east")
        ax.set_ylabel("km north")
        names = [*post_names(world, new), *ground.place_names(terrain)]
        frame = Box(0.0, 0.0, terrain.width_km, terrain.height_km)
        place_labels(ax, names, frame, km_per_inch=terrain.width_km / MAP_IN)
        figure.legend(
            handles=_legend(bool(new)),
            loc="lower center",
            ncols=4,
            frameon=False,
            fontsize=9.5,
            handlelength=1.8,
            columnspacing=1.2,
            labelspacing=0.35,
            bbox_to_anchor=(0.5, 0.0),
        )
    return figure


def draw_now(model: BorderModel, left_from: Mapping[str, tuple[float, float]]) -> Picture:
    """What is so in the present minute, on a transparent sheet of the base's size.

    Parameters
    ----------
    left_from:
        Where units that are out set out from, x and y in km by name; others are taken to be where they were.
    """
    world = model.world
    with drawing():
        figure, ax = _canvas(world)
        figure.patch.set_alpha(0.0)
        ax.patch.set_alpha(0.0)
        ax.set_axis_off()
        size = (world.terrain.width_km, world.terrain.height_km)
        ax.add_patch(Rectangle((0, 0), *size, color=SHADE_COLOUR, alpha=SHADE[model.light], linewidth=0, zorder=0))
        for group in model.groups:
            _draw_way(ax, group)
        for patrol in model.patrols:
            if patrol.chase is None:
                _draw_patrol(ax, patrol)
        force = model.reaction_force
        ax.plot(*force.place_km, marker="p", markersize=11, color=POST_COLOUR, zorder=9, **POINT)
        for unit in model.units:
            if unit.chase is not None:
                _draw_chase(ax, unit, unit.chase, left_from.get(unit.name, unit.place_km))
        for group in model.groups:
            _draw_group(ax, group)
    return figure


def _canvas(world: World) -> tuple[Picture, Axes]:
    tall = MAP_IN * min(2.0, max(0.3, world.terrain.height_km / world.terrain.width_km))
    wide_in, high_in = LEFT_IN + MAP_IN + EDGE_IN, LEGEND_IN + BELOW_IN + tall + EDGE_IN
    figure = new_picture(wide_in, high_in, layout=None)
    place = (LEFT_IN / wide_in, (LEGEND_IN + BELOW_IN) / high_in, MAP_IN / wide_in, tall / high_in)
    ax = figure.add_axes(place)
    ax.set_xlim(0, world.terrain.width_km)
    ax.set_ylim(0, world.terrain.height_km)
    return figure, ax


def _draw_way(ax: Axes, group: Group) -> None:
    """The way walked so far, with a light edge that shows by night."""
    upto = group.step_index + 1
    edge = [withStroke(linewidth=4.5, foreground=PAPER, alpha=0.8)]
    ax.plot(
        group.route.x_km[:upto],
        group.route.y_km[:upto],
        color=ROUTE_COLOUR,
        linewidth=2.4,
        zorder=5,
        path_effects=edge,
    )


def _draw_group(ax: Axes, group: Group) -> None:
    marker, colour = STAGE_STYLES[stage_of(group)]
    x, y = group.x_km, group.y_km
    if group.is_abroad and group.record["detected"]:
        ax.plot(x, y, marker="o", markersize=24, fillstyle="none", color=VERMILLION, markeredgewidth=2.2, zorder=11)
    ax.plot(x, y, marker=marker, markersize=14, color=colour, markeredgewidth=1.6, zorder=12, **POINT)


def _draw_patrol(ax: Axes, patrol: Patrol) -> None:
    colour, edge = (PATROL_COLOUR, PAPER) if patrol.is_watching else (PAPER, QUIET)
    ax.plot(*patrol.place_km, marker="D", markersize=8, linestyle="none", color=colour, markeredgecolor=edge, zorder=8)


def _draw_chase(ax: Axes, unit: Responder, chase: Chase, home: tuple[float, float]) -> None:
    """Men who are out: where they are, and by a thin line where they go."""
    route = chase.report.group.routes[chase.report.route]
    there = float(route.x_km[chase.meeting_step]), float(route.y_km[chase.meeting_step])
    x, y = place_of(unit, chase, home)
    if chase.phase.value == "travel":
        ax.plot([x, there[0]], [y, there[1]], color=BLUE, linewidth=1.6, linestyle=(0, (4, 2)), zorder=9)
        ax.plot(*there, marker="x", markersize=8, color=BLUE, markeredgewidth=2.2, linestyle="none", zorder=9)
    ax.plot(x, y, marker="h", markersize=12, color=BLUE, zorder=10, **POINT)


def place_of(unit: Responder, chase: Chase, home: tuple[float, float]) -> tuple[float, float]:
    """Where men who are out are drawn: under way, on the straight line from `home` to the meeting place.

    They travel by least cost; the model keeps how long that takes, not the way.
    """
    group = chase.report.group
    if chase.phase.value == "shadow":
        return group.x_km, group.y_km
    if chase.phase.value != "travel":
        route = group.routes[chase.route]
        return float(route.x_km[int(chase.step)]), float(route.y_km[int(chase.step)])
    planned = group.routes[chase.report.route]
    there = float(planned.x_km[chase.meeting_step]), float(planned.y_km[chase.meeting_step])
    whole = max(1, chase.arrive_min - chase.leave_min)
    share = float(np.clip((unit.model.minute - chase.leave_min) / whole, 0.0, 1.0))
    return home[0] + share * (there[0] - home[0]), home[1] + share * (there[1] - home[1])


def _legend(new: bool) -> list[Artist]:
    handles: list[Artist] = [
        Line2D([], [], marker=marker, markersize=9, color=colour, label=f"group: {stage}", **POINT)
        for stage, (marker, colour) in STAGE_STYLES.items()
    ]
    ring: dict[str, Any] = {"fillstyle": "none", "markeredgewidth": 1.8, "linestyle": "none"}
    handles += [
        Line2D([], [], marker="o", markersize=12, color=VERMILLION, label="it has been detected", **ring),
        Line2D([], [], color=ROUTE_COLOUR, linewidth=2.4, label="its way so far"),
        Line2D([], [], marker="h", markersize=9, color=BLUE, label="men sent out", **POINT),
        Line2D(
            [], [], marker="x", markersize=7, color=BLUE, markeredgewidth=2, linestyle="none", label="meeting place"
        ),
        Line2D([], [], marker="D", markersize=6.5, color=PATROL_COLOUR, label="patrol on duty", **POINT),
        Line2D(
            [], [], marker="D", markersize=6, color=PAPER, markeredgecolor=QUIET, linestyle="none", label="off duty"
        ),
        Line2D([], [], color=PATROL_COLOUR, linewidth=2.2, linestyle=(0, (1, 1.2)), label="patrol's track"),
        Line2D([], [], marker="p", markersize=9, color=POST_COLOUR, label="reaction force", **POINT),
        Line2D([], [], marker="^", markersize=8, color=POST_COLOUR, label="post", **POINT),
        Line2D([], [], color=POST_COLOUR, linewidth=1.3, linestyle=(0, (3, 2)), label="its range by day"),
        Patch(facecolor=SEEN_COLOUR, alpha=0.6, hatch="///", label="ground in view"),
    ]
    if new:
        handles.append(Line2D([], [], marker="*", markersize=12, color=NEW_COLOUR, label="new in this arm", **POINT))
    return handles
