"""The effect on groups that answer beside that on groups that keep their ways."""

from __future__ import annotations

from typing import Any

from sim.report.figure_effect import draw_interval, finish, limits
from sim.report.style import INK, PAPER, ArmStyle, Picture, drawing, new_picture
from sim.report.words import plain

WORDS = {"naive": "had they kept their ways", "net": "as they answer", "adaptation": "what their answer changes"}
MARKS = {"naive": ("#8c8c8c", "o"), "net": ("#0072b2", "D"), "adaptation": ("#e69f00", "s")}


def draw_adaptation(summary: dict[str, Any]) -> Picture | None:
    """Naive and net effect of each arm and their difference; None where no arm moves anybody."""
    moved = {arm: told for arm, told in summary["displacement"].items() if told["replayed"]}
    if not moved:
        return None
    arms = sorted(moved, key=lambda arm: moved[arm]["net"]["difference"])
    with drawing():
        figure = new_picture(11.0, 1.9 + 1.5 * len(arms))
        ax = figure.subplots()
        for place, arm in enumerate(arms):
            for line, kind in enumerate(WORDS):
                colour, marker = MARKS[kind]
                draw_interval(ax, _row(place, line), moved[arm][kind], ArmStyle(colour, marker, "", "-"))
        finish(ax, "Groups stopped before the target")
        ax.set_yticks([_row(place, 1) for place in range(len(arms))], [plain(arm) for arm in arms])
        ax.set_ylim(-1.3, 3.6 * len(arms) - 1.0)
        ax.set_xlim(limits([moved[arm][kind] for arm in arms for kind in WORDS], room=0.25))
        ax.set_xlabel(f"difference to “{plain(summary['baseline'])}” in percentage points, with 95 % interval")
        for kind, words in WORDS.items():
            colour, marker = MARKS[kind]
            ax.plot([], [], marker=marker, color=colour, markeredgecolor=INK, markersize=10, linewidth=3, label=words)
        figure.legend(loc="outside lower center", ncols=3, frameon=False, facecolor=PAPER)
    return figure


def _row(place: int, line: int) -> float:
    """Height of a mark: three lines an arm, the naive effect on top."""
    return 3.6 * place + 1.0 - line
