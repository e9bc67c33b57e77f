"""Where groups crossed, arm by arm; hours from the crossing to detection and meeting, and how deep they were met."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from numpy.typing import NDArray

from sim.report.map_layers import added_units
from sim.report.style import BLUE, INK, PAPER, QUIET, Picture, arm_styles, drawing, new_picture, tidy
from sim.report.words import plain
from sim.world import World
from sim.world.crossings import along_border_km

Floats = NDArray[np.float64]

SHOWN = ["crossed_min", "detected", "detected_min", "intercepted", "intercepted_min", "depth_km"]
MOST_STEPS = 20_000


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
            mine, style = shares[world.arm], styles[world.arm]
            ax.bar(
                mine.index,
                mine,
                width=_width(mine),
                color=style.colour,
                hatch=style.hatch,
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


def draw_timeline(rows_of: Callable[[str], pd.DataFrame], arms: Sequence[str], baseline: str) -> Picture:
    """Cumulative curves: each rises to the share of all groups to which it happened at all.

    Parameters
    ----------
    rows_of:
        Gives the columns `SHOWN` of an arm's outcome rows.
    """
    styles = arm_styles(arms, baseline)
    curves = {arm: _curves(rows_of(arm)) for arm in arms}
    ends = [max((x[-1] for x, _ in same if len(x)), default=0.0) for same in zip(*curves.values(), strict=True)]
    with drawing():
        figure = new_picture(13.0, 5.0)
        axes = figure.subplots(1, 3, sharey=True)
        for index, arm in enumerate(arms):
            style = styles[arm]
            for ax, curve, end in zip(axes, curves[arm], ends, strict=True):
                x, share = drawn_on(*curve, end)
                # Curves of arms often coincide: the first is broad and lies beneath, the others are broken lines on it.
                ax.step(
                    x,
                    100 * share,
                    where="post",
                    color=style.colour,
                    linestyle=style.line,
                    linewidth=6.0 if arm == baseline else 2.6,
                    alpha=0.75 if arm == baseline else 1.0,
                    label=plain(arm),
                    zorder=2 + index,
                )
        for ax, title in zip(axes, ("Detected", "Met by armed men", "Depth at that meeting"), strict=True):
            _finish(ax, title)
        axes[0].set_ylabel("% of all groups, so far")
        axes[0].set_xlabel("hours since the crossing")
        axes[1].set_xlabel("hours since the crossing")
        axes[2].set_xlabel("kilometres from the border")
        handles, labels = axes[0].get_legend_handles_labels()
        figure.legend(
            handles, labels, loc="outside lower center", ncols=min(4, len(arms)), frameon=False, handlelength=4
        )
    return figure


def rising_share(values: Floats, total: int) -> tuple[Floats, Floats]:
    """Steps of a cumulative share of `total` from 0; NaN stands for what never happened.

    Of more than `MOST_STEPS` steps so many are drawn that no eye can tell.

    >>> x, share = rising_share(np.array([3.0, np.nan, 1.0]), 4)
    >>> x.tolist(), share.tolist()
    ([1.0, 1.0, 3.0], [0.0, 0.25, 0.5])
    """
    known = np.sort(values[np.isfinite(values)])
    if not len(known):
        return np.array([]), np.array([])
    steps = np.arange(len(known) + 1)
    if len(known) > MOST_STEPS:
        steps = np.unique(np.linspace(0, len(known), MOST_STEPS + 1).round().astype(np.int64))
    return known[np.maximum(steps - 1, 0)], steps / max(1, total)


def drawn_on(x: Floats, share: Floats, end: float) -> tuple[Floats, Floats]:
    """The same steps, the last one drawn on to `end`."""
    return (np.append(x, end), np.append(share, share[-1])) if len(x) else (x, share)


def _curves(rows: pd.DataFrame) -> list[tuple[Floats, Floats]]:
    """Steps by hours to detection, by hours to the meeting, and by depth."""
    crossed = rows["crossed_min"].to_numpy(dtype=float)
    crossed[crossed < 0] = np.nan
    hours = []
    for happened, minute in (("detected", "detected_min"), ("intercepted", "intercepted_min")):
        when = rows[minute].to_numpy(dtype=float)
        hours.append(np.where(rows[happened].to_numpy(dtype=bool), (when - crossed) / 60.0, np.nan))
    return [rising_share(values, len(rows)) for values in (*hours, rows["depth_km"].to_numpy(dtype=float))]


def _finish(ax: Axes, title: str) -> None:
    ax.set_title(title, loc="left")
    ax.set_ylim(bottom=0)
    tidy(ax, "both")
    if not any(len(line.get_xdata()) for line in ax.lines):  # type: ignore[arg-type]
        ax.text(0.5, 0.5, "never, in any arm", transform=ax.transAxes, ha="center", va="center", color=QUIET)
