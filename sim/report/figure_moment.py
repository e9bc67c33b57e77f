"""A run on the map: the ground and the forces once, and over it what changes from minute to minute."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.patheffects import withStroke

from sim.model import BorderModel, Group
from sim.model.group import Stage
from sim.model.pursuit import Phase
from sim.report.figure_map import ROUTE_COLOUR
from sim.report.map_layers import PATROL_COLOUR, POINT, POST_COLOUR, draw_base_map, force_marks, map_height_in
from sim.report.style import (
    BLUE,
    GREEN,
    INK,
    LEGEND_BELOW,
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
"""Marker and colour of a group at each stage; never by colour alone."""
BARE: dict[str, Any] = {"linestyle": "none"}
RING: dict[str, Any] = {"marker": "o", "fillstyle": "none", "color": VERMILLION, **BARE}
ON_DUTY: dict[str, Any] = {"marker": "D", "color": PATROL_COLOUR, **POINT}
OFF_DUTY: dict[str, Any] = {"marker": "D", "color": PAPER, "markeredgecolor": QUIET, **BARE}
SENT: dict[str, Any] = {"marker": "h", "color": BLUE, **POINT}
MEETING: dict[str, Any] = {"marker": "x", "color": BLUE, **BARE}
FORCE: dict[str, Any] = {"marker": "p", "color": POST_COLOUR, **POINT}


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
        return "at its target" if group.record["outcome"] in ("repelled", "reached") else "stopped"
    if group.step_index < group.route.landing_step:
        return "on the water"
    return "lying up" if group.posture == LYING_UP else "marching"


def draw_base(world: World, new: frozenset[str]) -> Picture:
    """What stays the same all through a run: ground, posts, ranges, tracks, names, legend."""
    with drawing():
        figure, ax = _canvas(world)
        draw_base_map(ax, world, new, MAP_IN)
        spaces: dict[str, Any] = {"handlelength": 1.8, "columnspacing": 1.2, "labelspacing": 0.35}
        figure.legend(
            handles=_legend(bool(new), bool(world.scenario.control_strip.raked)),
            ncols=4,
            fontsize=9.5,
            **spaces,
            **LEGEND_BELOW,
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
            _draw_route(ax, group)
        for patrol in model.patrols:
            if patrol.chase is None:
                duty = ON_DUTY if patrol.is_watching else OFF_DUTY
                ax.plot(*patrol.place_km, markersize=8, zorder=8, **duty)
        ax.plot(*model.reaction_force.place_km, markersize=11, zorder=9, **FORCE)
        for unit in model.units:
            if unit.chase is not None:
                _draw_chase(ax, unit, unit.chase, left_from.get(unit.name, unit.place_km))
        for group in model.groups:
            _draw_group(ax, group)
    return figure


def _canvas(world: World) -> tuple[Picture, Axes]:
    tall = map_height_in(world.terrain, MAP_IN)
    wide_in, high_in = LEFT_IN + MAP_IN + EDGE_IN, LEGEND_IN + BELOW_IN + tall + EDGE_IN
    figure = new_picture(wide_in, high_in, layout=None)
    place = (LEFT_IN / wide_in, (LEGEND_IN + BELOW_IN) / high_in, MAP_IN / wide_in, tall / high_in)
    ax = figure.add_axes(place)
    ax.set_xlim(0, world.terrain.width_km)
    ax.set_ylim(0, world.terrain.height_km)
    return figure, ax


def _draw_route(ax: Axes, group: Group) -> None:
    """The route walked so far, with a light edge that shows by night."""
    walked, edge = slice(group.step_index + 1), [withStroke(linewidth=4.5, foreground=PAPER, alpha=0.8)]
    x_km, y_km = group.route.x_km[walked], group.route.y_km[walked]
    ax.plot(x_km, y_km, color=ROUTE_COLOUR, linewidth=2.4, zorder=5, path_effects=edge)


def _draw_group(ax: Axes, group: Group) -> None:
    marker, colour = STAGE_STYLES[stage_of(group)]
    if group.is_abroad and group.record["detected"]:
        ax.plot(group.x_km, group.y_km, markersize=24, markeredgewidth=2.2, zorder=11, **RING)
    mark: dict[str, Any] = {"marker": marker, "color": colour, "markeredgewidth": 1.6, **POINT}
    ax.plot(group.x_km, group.y_km, markersize=14, zorder=12, **mark)


def _draw_chase(ax: Axes, unit: Responder, chase: Chase, home: tuple[float, float]) -> None:
    """Men who are out: where they are, and by a thin line where they go."""
    x, y = place_of(unit, chase, home)
    if chase.phase is Phase.TRAVEL:
        there = _meeting_place(chase)
        ax.plot([x, there[0]], [y, there[1]], color=BLUE, linewidth=1.6, linestyle=(0, (4, 2)), zorder=9)
        ax.plot(*there, markersize=8, markeredgewidth=2.2, zorder=9, **MEETING)
    ax.plot(x, y, markersize=12, zorder=10, **SENT)


def _meeting_place(chase: Chase) -> tuple[float, float]:
    route = chase.report.group.routes[chase.report.route]
    return float(route.x_km[chase.meeting_step]), float(route.y_km[chase.meeting_step])


def place_of(unit: Responder, chase: Chase, home: tuple[float, float]) -> tuple[float, float]:
    """Where men who are out are drawn: under way, on the straight line from `home` to the meeting place.

    They travel by least cost; the model keeps how long that takes, not the route.
    """
    group = chase.report.group
    if chase.phase is Phase.SHADOW:
        return group.x_km, group.y_km
    if chase.phase is not Phase.TRAVEL:
        route = group.routes[chase.route]
        return float(route.x_km[int(chase.step)]), float(route.y_km[int(chase.step)])
    there = _meeting_place(chase)
    whole = max(1, chase.arrive_min - chase.leave_min)
    share = float(np.clip((unit.model.minute - chase.leave_min) / whole, 0.0, 1.0))
    return home[0] + share * (there[0] - home[0]), home[1] + share * (there[1] - home[1])


def _legend(new: bool, raked: bool) -> list[Artist]:
    stages = [
        Line2D([], [], marker=marker, markersize=9, color=colour, label=f"group: {stage}", **POINT)
        for stage, (marker, colour) in STAGE_STYLES.items()
    ]
    return [
        *stages,
        Line2D([], [], markersize=12, markeredgewidth=1.8, label="it has been detected", **RING),
        Line2D([], [], color=ROUTE_COLOUR, linewidth=2.4, label="its route so far"),
        Line2D([], [], markersize=9, label="men sent out", **SENT),
        Line2D([], [], markersize=7, markeredgewidth=2, label="meeting place", **MEETING),
        Line2D([], [], markersize=6.5, label="patrol on duty", **ON_DUTY),
        Line2D([], [], markersize=6, label="off duty", **OFF_DUTY),
        Line2D([], [], markersize=9, label="reaction force", **FORCE),
        *force_marks(new, raked),
    ]
