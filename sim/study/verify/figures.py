"""The picture of a verification: how far each link is from its closed form, in standard errors."""

from __future__ import annotations

from typing import Any

from matplotlib.axes import Axes

from sim.report.style import BLUE, INK, PAPER, QUIET, VERMILLION, Picture, drawing, new_picture, tidy
from sim.report.words import plain, signed

SHADE = "#e6e6e6"
COLUMNS = (0.0, 0.58, 0.81)
"""Where the words next to the marks begin, over the width of their panel."""


CAPTION = (
    "Each link of the chain is a small scenario of its own, run by the same model as every other. The mark is the "
    "distance of the simulated value from the exact one, in standard errors. Within the grey band chance explains it."
)


def draw_verification(summary: dict[str, Any]) -> Picture:
    """One row a link: its z within the corrected bound, and both values in numbers."""
    cases, bound = summary["cases"], summary["bound"]
    widest = max([bound, *(abs(one["z"]) for one in cases.values() if one["z"] is not None)])
    with drawing():
        figure = new_picture(13.0, 1.9 + 0.46 * len(cases))
        ax, values = figure.subplots(1, 2, sharey=True, width_ratios=(1.35, 1))
        ax.axvspan(-bound, bound, color=SHADE, zorder=0)
        ax.axvline(0, color=INK, linewidth=1.4, zorder=1)
        for row, one in enumerate(cases.values()):
            _draw(ax, row, one, widest)
        ax.set_yticks(range(len(cases)), [plain(name) for name in cases])
        ax.set_ylim(len(cases) - 0.4, -0.6)
        ax.set_xlim(-1.15 * widest, 1.15 * widest)
        ax.set_xlabel(f"difference to the exact value in standard errors; grey: within ±{bound:.2f}, as chance allows")
        tidy(ax)
        ax.spines["left"].set_visible(False)
        _write(values, list(cases.values()))
    return figure


def _draw(ax: Axes, row: int, one: dict[str, Any], widest: float) -> None:
    colour, marker = (BLUE, "o") if one["passed"] else (VERMILLION, "X")
    z = one["z"]
    at = 1.1 * widest if z is None else z
    ax.plot([0, at], [row, row], color=colour, linewidth=2.0, zorder=2)
    ax.plot(at, row, marker=marker, markersize=10, color=colour, markeredgecolor=INK, linestyle="none", zorder=3)
    text = "differs where nothing is random" if z is None else signed(z, 2)
    box = {"facecolor": SHADE if abs(at) < 0.9 * widest else PAPER, "edgecolor": "none", "pad": 0.8}
    ax.annotate(text, (at, row), (0, 8), textcoords="offset points", ha="center", va="bottom", fontsize=10, bbox=box)


def _write(ax: Axes, cases: list[dict[str, Any]]) -> None:
    ax.set_axis_off()
    for x, head in zip(COLUMNS, ("what", "simulated", "exact"), strict=True):
        ax.text(x, 1.0, head, transform=ax.transAxes, color=QUIET, fontsize=11, va="bottom")
    for row, one in enumerate(cases):
        place: dict[str, Any] = {"transform": ax.get_yaxis_transform(), "va": "center", "fontsize": 11}
        unit = f" ({one['unit']})" if one["unit"] else ""
        words = (one["quantity"] + unit, f"{one['simulated']:.6g}", f"{one['exact']:.6g}")
        for x, word in zip(COLUMNS, words, strict=True):
            ax.text(x, row, word, **place)
