"""How groups were stopped: pair by pair, and by mechanism."""

from __future__ import annotations

from typing import Any

from matplotlib.axes import Axes
from matplotlib.patches import Patch

from sim.report.style import BLUE, INK, ORANGE, PAPER, SKY, Picture, drawing, new_picture, say_empty, tidy
from sim.report.words import number, percent, plain, signed

CELLS = (
    ("both", "stopped in both", "#2b2b2b", ""),
    ("only_with", "stopped only with the change", BLUE, "///"),
    ("only_without", "stopped only in the baseline", ORANGE, "xx"),
    ("neither", "stopped in neither", "#e3e3e3", ""),
)
NARROWEST_LABEL = 0.035
"""Share of the bar below which a cell is too narrow for its number."""


def draw_ledger(summary: dict[str, Any]) -> Picture:
    """All four cells to the left; to the right, larger, the two that make the effect: gained against lost."""
    arms = list(reversed(summary["ledger"]))
    with drawing():
        figure = new_picture(13.0, 2.5 + 0.75 * max(1, len(arms)))
        if not arms:
            say_empty(figure.add_subplot(), "Only the baseline was run: there are no pairs.")
            return figure
        whole, differing = figure.subplots(1, 2, sharey=True, width_ratios=(1.15, 1.0))
        for row, arm in enumerate(arms):
            _stack(whole, row, summary["ledger"][arm])
            _gained_and_lost(differing, row, summary["ledger"][arm])
        whole.set_yticks(range(len(arms)), [plain(arm) for arm in arms])
        whole.set_ylim(-0.6, len(arms) - 0.4)
        _finish(whole, differing)
        handles = [Patch(facecolor=colour, hatch=hatch, edgecolor=INK, label=name) for _, name, colour, hatch in CELLS]
        figure.legend(handles=handles, loc="outside lower center", ncols=4, frameon=False, handlelength=2.2)
    return figure


def _stack(ax: Axes, row: int, ledger: dict[str, int]) -> None:
    total, left = max(1, sum(ledger.values())), 0.0
    for key, _, colour, hatch in CELLS:
        share = ledger[key] / total
        ax.barh(row, 100 * share, left=100 * left, height=0.6, **_fill(colour, hatch))
        if share >= NARROWEST_LABEL and not hatch:
            ink = INK if key == "neither" else PAPER
            ax.text(100 * (left + share / 2), row, number(ledger[key], 0), ha="center", va="center", color=ink)
        left += share


def _gained_and_lost(ax: Axes, row: int, ledger: dict[str, int]) -> None:
    gained, lost = ledger["only_with"], ledger["only_without"]
    for count, cell in ((gained, CELLS[1]), (-lost, CELLS[2])):
        ax.barh(row, count, height=0.6, **_fill(*cell[2:]))
    ax.annotate(number(gained, 0), (gained, row), xytext=(6, 0), textcoords="offset points", va="center", ha="left")
    ax.annotate(number(lost, 0), (-lost, row), xytext=(-6, 0), textcoords="offset points", va="center", ha="right")
    net, place = f"net {signed(gained - lost, 0)}", ("axes fraction", "data")
    ax.annotate(net, (1.0, row), xycoords=place, ha="right", va="center", weight="bold", annotation_clip=False)


def _fill(colour: str, hatch: str) -> dict[str, Any]:
    return {"color": colour, "hatch": hatch, "edgecolor": PAPER, "linewidth": 0.8}


def _finish(whole: Axes, differing: Axes) -> None:
    tidy(whole)
    whole.set_xlim(0, 100)
    whole.set_xlabel("% of pairs (numbers: pairs)")
    whole.set_title("All pairs", loc="left")
    tidy(differing)
    widest = max(1.0, *(abs(end) for end in differing.get_xlim()))
    differing.set_xlim(-1.35 * widest, 1.85 * widest)
    differing.axvline(0, color=INK, linewidth=1.4)
    differing.set_xlabel("pairs:  ← lost by the change  |  gained by it →")
    differing.set_title("Only the pairs that ended differently", loc="left")
    ticks = [tick for tick in differing.get_xticks() if tick == int(tick)]
    differing.set_xticks(ticks, [number(abs(tick), 0) for tick in ticks])
    differing.set_xlim(-1.35 * widest, 1.85 * widest)


MECHANISMS = (
    ("own", "own interception: the unit that saw them", BLUE, ""),
    ("cued", "cued: others, on its report", SKY, "///"),
    ("unprompted", "the interior, without any cue", "#d9d9d9", ".."),
)
NARROWEST_PART = 0.06
"""Share of the longest bar below which a part is too narrow for its number."""


def draw_mechanisms(summary: dict[str, Any]) -> Picture:
    """Share of all groups that was stopped by each mechanism, arm by arm."""
    arms = list(reversed(summary["mechanism"]))
    longest = max([0.01, *(sum(summary["mechanism"][arm].values()) for arm in arms)])
    with drawing():
        figure = new_picture(11.0, 2.2 + 0.7 * len(arms))
        ax = figure.add_subplot()
        for row, arm in enumerate(arms):
            _draw_shares(ax, row, summary["mechanism"][arm], NARROWEST_PART * longest)
        ax.set_yticks(range(len(arms)), [plain(arm) for arm in arms])
        ax.set_xlim(0, min(112.0, 115 * longest))
        ax.set_xlabel("% of all groups stopped before their target")
        tidy(ax)
        figure.legend(loc="outside lower center", ncols=3, frameon=False, handlelength=2.2)
    return figure


def _draw_shares(ax: Axes, row: int, shares: dict[str, float], narrowest: float) -> None:
    left, box = 0.0, {"facecolor": PAPER, "edgecolor": "none", "alpha": 0.85, "pad": 1.5}
    for key, label, colour, hatch in MECHANISMS:
        share, named = shares[key], label if row == 0 else None
        ax.barh(row, 100 * share, left=100 * left, height=0.62, label=named, **_fill(colour, hatch))
        if share >= narrowest:
            middle, text = 100 * (left + share / 2), number(100 * share)
            ax.text(middle, row, text, ha="center", va="center", color=INK, bbox=box)
        left += share
    place: dict[str, Any] = {"xytext": (7, 0), "textcoords": "offset points", "va": "center", "weight": "bold"}
    ax.annotate(percent(left), (100 * left, row), **place)
