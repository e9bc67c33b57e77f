"""Official figures beside the truth: stopped and observed, apprehended and estimated."""

from __future__ import annotations

from typing import Any

from matplotlib.axes import Axes

from sim.report.style import BLUE, INK, ORANGE, PURPLE, Picture, drawing, new_picture, tidy
from sim.report.words import is_interval, plain

TRUTH, OBSERVED, ESTIMATED = (BLUE, "D"), (ORANGE, "s"), (PURPLE, "^")
SHIFT = 0.17
"""Between an arm's two marks, in rows."""


def draw_honesty(summary: dict[str, Any]) -> Picture:
    """A row an arm; left groups stopped and observed effectiveness, right groups apprehended and their estimate."""
    found = summary["honesty"]
    arms = list(reversed(found))
    with drawing():
        figure = new_picture(12.0, 2.3 + 0.75 * len(arms))
        stopped, caught = figure.subplots(1, 2, sharey=True)
        for row, arm in enumerate(arms):
            _mark(stopped, row + SHIFT, found[arm], "true", TRUTH)
            _mark(stopped, row - SHIFT, found[arm], "observed", OBSERVED)
            _mark(caught, row + SHIFT, found[arm]["repeat_trial"], "apprehended", TRUTH)
            _mark(caught, row - SHIFT, found[arm]["repeat_trial"], "estimate", ESTIMATED)
        stopped.set_yticks(range(len(arms)), [plain(arm) for arm in arms])
        stopped.set_ylim(-0.6, len(arms) - 0.4)
        _finish(stopped, "Stopped before the target", "% of groups, with 95 % interval")
        _finish(caught, "Apprehended", "% of attempts, with 95 % interval")
        for (colour, marker), label in (
            (TRUTH, "the truth"),
            (OBSERVED, "observed effectiveness"),
            (ESTIMATED, "repeat-trial estimate"),
        ):
            stopped.plot([], [], color=colour, marker=marker, markeredgecolor=INK, linewidth=3, label=label)
        figure.legend(loc="outside lower center", ncols=3, frameon=False)
    return figure


def _mark(ax: Axes, row: float, found: dict[str, Any], name: str, look: tuple[str, str]) -> None:
    """A share with its interval, in percent; the word where it is undefined."""
    colour, marker = look
    if found[name] is None:
        ax.text(1, row, "undefined", va="center", color=colour)
        return
    ends = found[f"{name}_ci95"]
    if is_interval(ends):
        span = [100 * end for end in ends]
        ax.plot(span, [row, row], color=colour, linewidth=3.2, solid_capstyle="butt", zorder=3)
        ax.plot(span, [row, row], color=INK, marker="|", markersize=9, linestyle="none", zorder=3)
    ax.plot(100 * found[name], row, marker=marker, markersize=9, color=colour, markeredgecolor=INK, zorder=4)


def _finish(ax: Axes, title: str, label: str) -> None:
    ax.set_xlim(-3, 103)
    ax.set_title(title)
    ax.set_xlabel(label)
    tidy(ax)
    ax.spines["left"].set_visible(False)
