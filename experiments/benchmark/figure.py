"""The results as a picture: the contests on top, below them how the cost grows."""

from __future__ import annotations

from typing import Any

from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator

from experiments.benchmark.growth import TABLES
from experiments.benchmark.table import NAMES, number
from sim.report.style import BLUE, INK, PAPER, QUIET, VERMILLION, ArmStyle, drawing, new_picture, png_bytes, tidy

STYLES = {
    "compiled": ArmStyle(VERMILLION, "o", "", "-"),
    "mesa": ArmStyle(BLUE, "D", "", "--"),
    TABLES: ArmStyle(QUIET, "s", "", ":"),
}
OTHER = ArmStyle(INK, "^", "", "-.")


def picture(results: dict[str, Any]) -> bytes:
    """The picture as a PNG file."""
    with drawing():
        figure = new_picture(12.0, 12.5)
        rows = figure.add_gridspec(2, 1, height_ratios=(1.0, 2.2))
        above, below = rows[0].subgridspec(1, 2), rows[1].subgridspec(2, 3)
        for place, (key, found) in enumerate(results["contests"].items()):
            draw_contest(figure.add_subplot(above[0, place]), NAMES[key], found)
        for place, (key, found) in enumerate(results["growth"].items()):
            draw_growth(figure.add_subplot(below[divmod(place, 3)]), key, found)
        _legend(figure)
        return png_bytes(figure)


def draw_contest(ax: Axes, title: str, found: dict[str, Any]) -> None:
    """Cost of a replication, one line a contestant."""
    rows = list(reversed(found["contestants"]))
    for level, row in enumerate(rows):
        style, cost = STYLES.get(row["name"], OTHER), row["each_ms"]
        ax.plot([cost["low"], cost["high"]], [level, level], color=style.colour, linewidth=2)
        ax.plot(cost["median"], level, marker=style.marker, color=style.colour, markersize=8)
        text = f"{number(cost['median'])} ms"
        paper = {"facecolor": PAPER, "edgecolor": "none", "pad": 1.0}
        ax.annotate(text, (cost["high"], level), (10, 0), textcoords="offset points", va="center", bbox=paper)
    ax.set_xscale("log")
    _plain_ticks(ax.xaxis)
    low, high = min(row["each_ms"]["low"] for row in rows), max(row["each_ms"]["high"] for row in rows)
    ax.set_xlim(low / 2, high * 6)
    ax.set_ylim(-0.6, len(rows) - 0.4)
    ax.set_yticks(range(len(rows)), [row["title"].replace(", ", ",\n") for row in rows])
    ax.set(title=title.replace(", ", ",\n"), xlabel="one replication, ms")
    tidy(ax)


def draw_growth(ax: Axes, key: str, found: dict[str, Any]) -> None:
    """Cost against one size, one line an engine, both axes logarithmic."""
    for engine in dict.fromkeys(point["engine"] for point in found["points"]):
        here = [point for point in found["points"] if point["engine"] == engine]
        style, values, costs = STYLES.get(engine, OTHER), [p["value"] for p in here], [p["ms"] for p in here]
        middle = [cost["median"] for cost in costs]
        errors = [[c["median"] - c["low"] for c in costs], [c["high"] - c["median"] for c in costs]]
        ax.errorbar(values, middle, errors, color=style.colour, marker=style.marker, linestyle=style.line, label=engine)
    ax.set_xscale("log")
    ax.set_yscale("log")
    _plain_ticks(ax.yaxis)
    ax.set_xlabel(found["label"])
    ax.set_ylabel("one call, ms" if key == "replications" else "one replication, ms")
    ticks = sorted({point["value"] for point in found["points"]})
    ax.set_xticks(ticks, [str(tick) for tick in ticks])
    ax.xaxis.minorticks_off()
    tidy(ax, "both")


def _plain_ticks(axis: Axis) -> None:
    """Powers of ten written out."""
    axis.set_major_locator(LogLocator(10.0, numticks=12))
    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}" if value < 1e5 else f"{value:.0f}"))
    axis.minorticks_off()


def _legend(figure: Figure) -> None:
    """One legend for all panels that share their lines."""
    names = {"compiled": "compiled engine", "mesa": "Mesa model", TABLES: "tables, built once"}
    lines: dict[str, Any] = {}
    for ax in figure.axes:
        for handle, label in zip(*ax.get_legend_handles_labels(), strict=True):
            lines.setdefault(names.get(label, label), handle)
    figure.legend(list(lines.values()), list(lines), loc="outside lower center", ncols=len(lines), frameon=False)
