"""The effect plot: what each arm changes against the baseline, with its interval."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes

from sim.report.style import INK, PAPER, QUIET, ArmStyle, Picture, arm_styles, drawing, new_picture, say_empty, tidy
from sim.report.words import interval, is_interval, money, plain, points

PANELS = (
    ("interdiction", "Stopped before\nthe target"),
    ("detection", "Detected"),
    ("interception", "Met by armed men"),
)


def draw_effects(summary: dict[str, Any]) -> Picture:
    """Paired differences in percentage points, one panel a metric, the largest effect on interdiction on top."""
    effects = summary["effects"]
    arms = sorted(effects, key=lambda arm: effects[arm]["interdiction"]["difference"])
    styles = arm_styles(summary["arms"], summary["baseline"])
    with drawing():
        figure = new_picture(13.0, 2.4 + 0.95 * max(1, len(arms)))
        if not arms:
            say_empty(figure.add_subplot(), "Only the baseline was run: there is no effect to draw.")
            return figure
        axes = figure.subplots(1, len(PANELS), sharey=True, sharex=True)
        for ax, (metric, title) in zip(axes, PANELS, strict=True):
            for row, arm in enumerate(arms):
                draw_interval(ax, row, effects[arm][metric], styles[arm])
            finish(ax, title)
        axes[0].set_yticks(range(len(arms)), [_arm_label(summary, arm) for arm in arms])
        axes[0].set_ylim(-0.6, len(arms) - 0.25)
        axes[0].set_xlim(limits([effects[arm][metric] for arm in arms for metric, _ in PANELS], room=0.4))
        unit = "in percentage points, with 95 % interval"
        figure.supxlabel(f"difference to “{plain(summary['baseline'])}” {unit}", fontsize=12)
    return figure


def draw_interval(ax: Axes, row: float, effect: dict[str, Any], style: ArmStyle, words: bool = True) -> None:
    """A point with its interval and both in numbers; an undefined interval is left out, a missing point too."""
    if effect["difference"] is None:
        return
    middle, ends = 100 * effect["difference"], effect["ci95"]
    if is_interval(ends):
        low, high = (100 * end for end in ends)
        ax.plot([low, high], [row, row], color=style.colour, linewidth=3.2, solid_capstyle="butt", zorder=3)
        ax.plot([low, high], [row, row], color=INK, marker="|", markersize=11, linestyle="none", zorder=3)
    mark: dict[str, Any] = {"marker": style.marker, "color": style.colour, "markeredgecolor": INK}
    ax.plot(middle, row, markersize=10.5, linestyle="none", zorder=4, **mark)
    if words:
        text = f"{points(effect['difference'])}  [{interval(ends, 100, sign=True)}]"
        box = {"facecolor": PAPER, "edgecolor": "none", "pad": 1.5}
        ax.text(middle, row + 0.2, text, ha="center", va="bottom", fontsize=11, bbox=box)


def limits(effects: Sequence[dict[str, Any]], room: float) -> tuple[float, float]:
    """Ends of an axis in percentage points that hold zero, all marks and intervals, and some room on either side.

    >>> limits([{"difference": 0.1, "ci95": [0.05, 0.2]}], room=0.5)
    (-10.0, 30.0)
    """
    marks = [0.0]
    for effect in effects:
        marks += [100 * mark for mark in (effect["difference"], *(effect["ci95"] or ())) if mark is not None]
    span = max(marks) - min(marks) or 1.0
    return min(marks) - room * span, max(marks) + room * span


def finish(ax: Axes, title: str) -> None:
    """The zero line, a grid and the panel's title."""
    ax.axvline(0, color=INK, linewidth=1.4, zorder=1)
    tidy(ax)
    ax.spines["left"].set_visible(False)
    ax.set_title(title)
    ax.spines["bottom"].set_color(QUIET)


def _arm_label(summary: dict[str, Any], arm: str) -> str:
    return f"{plain(arm)}\n{money(summary['arms'][arm]['cost_usd'])}"
