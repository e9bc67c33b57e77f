"""Where groups crossed, arm by arm: whether the change moves them along the border."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pandas as pd
from matplotlib.axes import Axes

from sim.report.map_forces import added_units
from sim.report.style import BLUE, INK, PAPER, Picture, arm_styles, drawing, new_picture, tidy
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
