"""Figures of marks with their intervals: effects by sector, fixed routes, costs, and official statistics."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from matplotlib.axes import Axes

from sim.report.figure_effect import draw_interval, finish, limits
from sim.report.style import (
    BASELINE_STYLE,
    BLUE,
    INK,
    ORANGE,
    PAPER,
    PURPLE,
    ArmStyle,
    Picture,
    arm_styles,
    drawing,
    new_picture,
    tidy,
)
from sim.report.words import cost_words, is_interval, number, percent, plain, sector_title
from sim.scenario import Scenario


def _legend(figure: Picture, ax: Axes, styles: Mapping[str, ArmStyle], **more: Any) -> None:
    """A legend below the figure: the mark of each style, by what it stands for."""
    for label, style in styles.items():
        how: dict[str, Any] = {"color": style.colour, "marker": style.marker, "markeredgecolor": INK, "linewidth": 3}
        ax.plot([], [], label=label, **how, **more)
    figure.legend(loc="outside lower center", ncols=min(4, len(styles)), frameon=False)


SECTOR_ROOM = 0.8
"""Share of a sector's row that its arms take up."""


FEW_PAIRS = 20
"""Sectors with fewer pairs do not set the scale: their intervals may run off the picture."""


def draw_sectors(summary: dict[str, Any], scenario: Scenario) -> Picture | None:
    """Paired differences in interdiction, a row a sector and a mark an arm; None where no sector holds a pair."""
    found = summary["sectors"]
    names = [sector.name for sector in scenario.sectors if any(sector.name in by_arm for by_arm in found.values())]
    if not names:
        return None
    arms, styles = list(found), arm_styles(summary["arms"], summary["baseline"])
    with drawing():
        figure = new_picture(11.0, 2.2 + len(names) * (0.4 + 0.42 * len(arms)))
        ax = figure.add_subplot()
        for row, name in enumerate(reversed(names)):
            for index, arm in enumerate(arms):
                if name in found[arm]:
                    shift = SECTOR_ROOM * (0.5 - (index + 0.5) / len(arms))
                    draw_interval(ax, row + shift, found[arm][name], styles[arm], words=False)
            if row:
                ax.axhline(row - 0.5, color="#bbbbbb", linewidth=0.8)
        labels = [_label(scenario, found, name) for name in reversed(names)]
        ax.set_yticks(range(len(names)), labels)
        ax.set_ylim(-0.5, len(names) - 0.5)
        finish(ax, "")
        everything = [one for by_arm in found.values() for one in by_arm.values()]
        ax.set_xlim(limits([one for one in everything if one["pairs"] >= FEW_PAIRS] or everything, room=0.15))
        ax.set_xlabel("difference in groups stopped, percentage points, with 95 % interval")
        _legend(figure, ax, {plain(arm): styles[arm] for arm in arms})
    return figure


def _label(scenario: Scenario, found: dict[str, Any], name: str) -> str:
    facts = next(by_arm[name] for by_arm in found.values() if name in by_arm)
    return f"{sector_title(scenario, name)}\n{percent(facts['share'], 0)} of groups, {number(facts['pairs'], 0)} pairs"


EFFECTS = {
    "naive": ("with the routes of the baseline", BASELINE_STYLE),
    "net": ("with routes chosen anew", ArmStyle(BLUE, "D", "", "-")),
    "adaptation": ("what the new choice changes", ArmStyle(ORANGE, "s", "", "-")),
}
"""What each effect is called, and its mark."""


def draw_adaptation(summary: dict[str, Any]) -> Picture | None:
    """Naive and net effect of each arm and their difference; None where no arm changes a route."""
    found = {arm: effects for arm, effects in summary["displacement"].items() if effects["replayed"]}
    if not found:
        return None
    arms = sorted(found, key=lambda arm: found[arm]["net"]["difference"])
    with drawing():
        figure = new_picture(11.0, 1.9 + 1.5 * len(arms))
        ax = figure.subplots()
        for place, arm in enumerate(arms):
            for line, (kind, (_, style)) in enumerate(EFFECTS.items()):
                draw_interval(ax, _row(place, line), found[arm][kind], style)
        finish(ax, "Groups stopped before the target")
        ax.set_yticks([_row(place, 1) for place in range(len(arms))], [plain(arm) for arm in arms])
        ax.set_ylim(-1.3, 3.6 * len(arms) - 1.0)
        ax.set_xlim(limits([found[arm][kind] for arm in arms for kind in EFFECTS], room=0.25))
        ax.set_xlabel(f"difference to “{plain(summary['baseline'])}” in percentage points, with 95 % interval")
        _legend(figure, ax, dict(EFFECTS.values()), markersize=10)
    return figure


def _row(place: int, line: int) -> float:
    """Height of a mark: three lines an arm, the naive effect on top."""
    return 3.6 * place + 1.0 - line


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
            _draw_cost(ax, row, found[arm], styles[arm], high)
        ax.set_yticks(range(len(arms)), [plain(arm) for arm in arms])
        ax.set_ylim(-0.6, len(arms) - 0.2)
        ax.set_xlabel("US dollars for one more group stopped (log scale), with 95 % interval; arrow: no upper limit")
        ax.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
        tidy(ax)
        ax.spines["left"].set_visible(False)
    return figure


def _draw_cost(ax: Axes, row: float, found: dict[str, Any], style: ArmStyle, high: float) -> None:
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


TRUTH, OBSERVED, ESTIMATED = (
    ArmStyle(colour, marker, "", "-") for colour, marker in ((BLUE, "D"), (ORANGE, "s"), (PURPLE, "^"))
)
SHIFT = 0.17
"""Between an arm's two marks, in rows."""


def draw_official_statistics(summary: dict[str, Any]) -> Picture:
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
        labels = ("the truth", "observed effectiveness", "repeat-trial estimate")
        _legend(figure, stopped, dict(zip(labels, (TRUTH, OBSERVED, ESTIMATED), strict=True)))
    return figure


def _mark(ax: Axes, row: float, found: dict[str, Any], name: str, style: ArmStyle) -> None:
    """A share with its interval, in percent; the word where it is undefined."""
    if found[name] is None:
        ax.text(1, row, "undefined", va="center", color=style.colour)
        return
    ends = found[f"{name}_ci95"]
    if is_interval(ends):
        span = [100 * end for end in ends]
        ax.plot(span, [row, row], color=style.colour, linewidth=3.2, solid_capstyle="butt", zorder=3)
        ax.plot(span, [row, row], color=INK, marker="|", markersize=9, linestyle="none", zorder=3)
    ax.plot(
        100 * found[name], row, marker=style.marker, markersize=9, color=style.colour, markeredgecolor=INK, zorder=4
    )


def _finish(ax: Axes, title: str, label: str) -> None:
    ax.set_xlim(-3, 103)
    ax.set_title(title)
    ax.set_xlabel(label)
    tidy(ax)
    ax.spines["left"].set_visible(False)
