"""What one more group stopped costs in each arm."""

from __future__ import annotations

from typing import Any

from matplotlib.axes import Axes

from sim.report.style import INK, PAPER, ArmStyle, Picture, arm_styles, drawing, new_picture, tidy
from sim.report.words import cost_words, plain

REACH = 3.0
"""How far beyond the largest known cost an interval without limit is drawn, as a factor."""


def draw_costs(summary: dict[str, Any]) -> Picture | None:
    """Cost per additional interdiction of each arm that costs something, on a logarithmic axis; None without any.

    An interval without an upper limit ends in an arrow. An arm that stops no more than the baseline has words alone.
    """
    found = {arm: one for arm, one in summary["appraisal"].items() if one["cost_usd"] > 0}
    if not found:
        return None
    styles = arm_styles(summary["arms"], summary["baseline"])
    arms = sorted(found, key=lambda arm: -(found[arm]["cost_per_interdiction_usd"] or float("inf")))
    known = [value for arm in arms for value in _numbers(found[arm])]
    low, high = (min(known) / REACH, max(known) * REACH) if known else (1.0, 10.0)
    with drawing():
        figure = new_picture(11.0, 1.6 + 0.85 * len(arms))
        ax = figure.subplots()
        ax.set_xscale("log")
        ax.set_xlim(low, high * 2)
        for row, arm in enumerate(arms):
            _draw_one(ax, row, found[arm], styles[arm], high)
        ax.set_yticks(range(len(arms)), [plain(arm) for arm in arms])
        ax.set_ylim(-0.6, len(arms) - 0.2)
        ax.set_xlabel("US dollars for one more group stopped (log scale), with 95 % interval; arrow: no upper limit")
        ax.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
        tidy(ax)
        ax.spines["left"].set_visible(False)
    return figure


def _draw_one(ax: Axes, row: float, found: dict[str, Any], style: ArmStyle, high: float) -> None:
    low, up = found["cost_per_interdiction_ci95"]
    middle = found["cost_per_interdiction_usd"]
    if low is not None:
        end = high if up is None else up
        ax.plot([low, end], [row, row], color=style.colour, linewidth=3.2, solid_capstyle="butt", zorder=3)
        ax.plot(low, row, color=INK, marker="|", markersize=11, linestyle="none", zorder=3)
        ax.plot(end, row, color=INK, marker=">" if up is None else "|", markersize=10, linestyle="none", zorder=3)
    if middle is not None:
        ax.plot(middle, row, marker=style.marker, markersize=10.5, color=style.colour, markeredgecolor=INK, zorder=4)
    box = {"facecolor": PAPER, "edgecolor": "none", "pad": 1.5}
    left = ax.get_xlim()[0]
    ax.text(
        middle or low or left,
        row + 0.2,
        cost_words(found),
        ha="center" if middle or low else "left",
        va="bottom",
        fontsize=11,
        bbox=box,
    )


def _numbers(found: dict[str, Any]) -> list[float]:
    values = [found["cost_per_interdiction_usd"], *found["cost_per_interdiction_ci95"]]
    return [value for value in values if value is not None]
