"""Effect by where the group crosses in the baseline."""

from __future__ import annotations

from typing import Any

from sim.report.figure_effect import draw_interval, finish, limits
from sim.report.style import Picture, arm_styles, drawing, new_picture
from sim.report.words import number, percent, plain, sector_title
from sim.scenario import Scenario

ROOM = 0.8
"""Share of a sector's row that its arms take up."""


FEW_PAIRS = 20
"""Sectors with fewer pairs do not set the scale: their intervals may run off the picture."""


def draw_sectors(summary: dict[str, Any], scenario: Scenario) -> Picture | None:
    """Paired differences in interdiction, a row a sector and a mark an arm; None where no sector holds a pair."""
    told = summary["sectors"]
    names = [sector.name for sector in scenario.sectors if any(sector.name in by_arm for by_arm in told.values())]
    if not names:
        return None
    arms, styles = list(told), arm_styles(summary["arms"], summary["baseline"])
    with drawing():
        figure = new_picture(11.0, 2.2 + len(names) * (0.4 + 0.42 * len(arms)))
        ax = figure.add_subplot()
        for row, name in enumerate(reversed(names)):
            for index, arm in enumerate(arms):
                if name in told[arm]:
                    shift = ROOM * (0.5 - (index + 0.5) / len(arms))
                    draw_interval(ax, row + shift, told[arm][name], styles[arm], words=False)
            if row:
                ax.axhline(row - 0.5, color="#bbbbbb", linewidth=0.8)
        labels = [_label(scenario, told, name) for name in reversed(names)]
        ax.set_yticks(range(len(names)), labels)
        ax.set_ylim(-0.5, len(names) - 0.5)
        finish(ax, "")
        everything = [one for by_arm in told.values() for one in by_arm.values()]
        ax.set_xlim(limits([one for one in everything if one["pairs"] >= FEW_PAIRS] or everything, room=0.15))
        ax.set_xlabel("difference in groups stopped, percentage points, with 95 % interval")
        for arm in arms:
            look = styles[arm]
            ax.plot([], [], color=look.colour, marker=look.marker, markeredgecolor="k", linewidth=3, label=plain(arm))
        figure.legend(loc="outside lower center", ncols=min(4, len(arms)), frameon=False)
    return figure


def _label(scenario: Scenario, told: dict[str, Any], name: str) -> str:
    facts = next(by_arm[name] for by_arm in told.values() if name in by_arm)
    return f"{sector_title(scenario, name)}\n{percent(facts['share'], 0)} of groups, {number(facts['pairs'], 0)} pairs"
