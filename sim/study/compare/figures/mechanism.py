"""How groups were stopped: by the unit that saw them, on a cue, or by the interior without one."""

from __future__ import annotations

from typing import Any

from sim.report.style import BLUE, INK, PAPER, SKY, Picture, drawing, new_picture, tidy
from sim.report.words import number, percent, plain

PARTS = (
    ("own", "own interception: the unit that saw them", BLUE, ""),
    ("cued", "cued: others, on its report", SKY, "///"),
    ("unprompted", "the interior, without any cue", "#d9d9d9", ".."),
)
NARROWEST_LABEL = 0.06
"""Share of the longest bar below which a part is too narrow for its number."""


def draw_mechanisms(summary: dict[str, Any]) -> Picture:
    """Share of all groups that was stopped in each way, arm by arm."""
    arms = list(reversed(summary["mechanism"]))
    longest = max([0.01, *(sum(summary["mechanism"][arm].values()) for arm in arms)])
    with drawing():
        figure = new_picture(11.0, 2.2 + 0.7 * len(arms))
        ax = figure.add_subplot()
        for row, arm in enumerate(arms):
            left = 0.0
            for key, label, colour, hatch in PARTS:
                share = summary["mechanism"][arm][key]
                ax.barh(
                    row,
                    100 * share,
                    left=100 * left,
                    height=0.62,
                    color=colour,
                    hatch=hatch,
                    edgecolor=PAPER,
                    linewidth=0.8,
                    label=label if row == 0 else None,
                )
                if share >= NARROWEST_LABEL * longest:
                    patch = {"facecolor": PAPER, "edgecolor": "none", "alpha": 0.85, "pad": 1.5}
                    ax.text(
                        100 * (left + share / 2),
                        row,
                        number(100 * share),
                        ha="center",
                        va="center",
                        color=INK,
                        bbox=patch,
                    )
                left += share
            ax.annotate(
                percent(left), (100 * left, row), xytext=(7, 0), textcoords="offset points", va="center", weight="bold"
            )
        ax.set_yticks(range(len(arms)), [plain(arm) for arm in arms])
        ax.set_xlim(0, min(112.0, 115 * longest))
        ax.set_xlabel("% of all groups stopped before their target")
        tidy(ax)
        figure.legend(loc="outside lower center", ncols=3, frameon=False, handlelength=2.2)
    return figure
