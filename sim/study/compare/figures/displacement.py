"""Displacement: where groups crossed, arm by arm, and what their answer does to the effect."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from sim.report.figure_effect import draw_interval, finish, limits
from sim.report.map_layers import added_units
from sim.report.style import BLUE, INK, PAPER, ArmStyle, Picture, arm_styles, drawing, new_picture, tidy
from sim.report.words import plain
from sim.world import World
from sim.world.crossings import along_border_km


def draw_crossings(worlds: Sequence[World], crossed_in: Callable[[str], pd.Series], baseline: str) -> Picture | None:
    """Share of groups by crossing point, a strip an arm over the baseline's outline; None without a border river.

    Parameters
    ----------
    crossed_in:
        Gives the column ``crossing`` of an arm's outcome rows.
    """
    if all(crossing.banks is None for world in worlds for crossing in world.crossings):
        return None
    shares = {world.arm: _shares(world, crossed_in(world.arm)) for world in worlds}
    styles = arm_styles(shares, baseline)
    before = shares[baseline]
    with drawing():
        figure = new_picture(12.0, 1.4 + 1.55 * len(worlds))
        axes = figure.subplots(len(worlds), 1, sharex=True, sharey=True, squeeze=False)[:, 0]
        for ax, world in zip(axes, worlds, strict=True):
            mine, look = shares[world.arm], styles[world.arm]
            ax.bar(
                mine.index,
                mine,
                width=_width(mine),
                color=look.colour,
                hatch=look.hatch,
                edgecolor=PAPER,
                linewidth=0.6,
            )
            if world.arm != baseline:
                ax.step(
                    before.index,
                    before,
                    where="mid",
                    color=INK,
                    linewidth=1.6,
                    label=f"outline: {plain(baseline)}" if world is worlds[1] else None,
                )
            ax.set_title(plain(world.arm), loc="left")
            tidy(ax, "y")
            _new_posts(ax, world, worlds[0])
        axes[0].invert_xaxis()
        figure.supylabel("% of groups", fontsize=12)
        axes[-1].set_xlabel("kilometres along the border from its upstream end (upstream to the right)")
        if len(worlds) > 1:
            figure.legend(loc="outside upper right", frameon=False, ncols=2)
    return figure


def _shares(world: World, crossed: pd.Series) -> pd.Series:
    """Percent of groups at each crossing point, by kilometre along the border."""
    taken = crossed.value_counts()
    found = {one.along_km: 100 * taken.get(one.name, 0) / max(1, len(crossed)) for one in world.crossings}
    return pd.Series(found, dtype=float).sort_index()


def _width(shares: pd.Series) -> float:
    gaps = shares.index.to_series().diff().dropna()
    return float(gaps.min()) * 0.85 if len(gaps) else 1.0


def _new_posts(ax: Axes, world: World, base: World) -> None:
    for post in world.scenario.all_posts:
        if post.name in added_units(world, base) and len(world.terrain.border_km) > 1:
            along = along_border_km(world.terrain.border_km, post.x_km, post.y_km)
            ax.plot(along, 0.93, marker="*", markersize=15, color=BLUE, transform=ax.get_xaxis_transform())
            ax.annotate(
                plain(post.name),
                (along, 0.93),
                xycoords=ax.get_xaxis_transform(),
                xytext=(-10, 0),
                ha="right",
                textcoords="offset points",
                va="center",
                weight="bold",
                bbox={"facecolor": PAPER, "edgecolor": "none", "alpha": 0.85, "pad": 1.0},
            )


EFFECTS = {
    "naive": "with the routes of the baseline",
    "net": "with routes chosen anew",
    "adaptation": "what the new choice changes",
}
EFFECT_MARKS = {"naive": ("#8c8c8c", "o"), "net": ("#0072b2", "D"), "adaptation": ("#e69f00", "s")}


def draw_adaptation(summary: dict[str, Any]) -> Picture | None:
    """Naive and net effect of each arm and their difference; None where no arm moves anybody."""
    moved = {arm: effects for arm, effects in summary["displacement"].items() if effects["replayed"]}
    if not moved:
        return None
    arms = sorted(moved, key=lambda arm: moved[arm]["net"]["difference"])
    with drawing():
        figure = new_picture(11.0, 1.9 + 1.5 * len(arms))
        ax = figure.subplots()
        for place, arm in enumerate(arms):
            for line, kind in enumerate(EFFECTS):
                colour, marker = EFFECT_MARKS[kind]
                draw_interval(ax, _row(place, line), moved[arm][kind], ArmStyle(colour, marker, "", "-"))
        finish(ax, "Groups stopped before the target")
        ax.set_yticks([_row(place, 1) for place in range(len(arms))], [plain(arm) for arm in arms])
        ax.set_ylim(-1.3, 3.6 * len(arms) - 1.0)
        ax.set_xlim(limits([moved[arm][kind] for arm in arms for kind in EFFECTS], room=0.25))
        ax.set_xlabel(f"difference to “{plain(summary['baseline'])}” in percentage points, with 95 % interval")
        for kind, words in EFFECTS.items():
            colour, marker = EFFECT_MARKS[kind]
            ax.plot([], [], marker=marker, color=colour, markeredgecolor=INK, markersize=10, linewidth=3, label=words)
        figure.legend(loc="outside lower center", ncols=3, frameon=False, facecolor=PAPER)
    return figure


def _row(place: int, line: int) -> float:
    """Height of a mark: three lines an arm, the naive effect on top."""
    return 3.6 * place + 1.0 - line
