"""The comparison as a picture: maps of where the two agree and where not, how far off, and how far out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from numpy.typing import NDArray

from experiments.line_of_sight.compare import at_a_rim, cells_away, in_range, ours
from experiments.line_of_sight.grounds import View
from experiments.line_of_sight.planes import seen_by_planes
from experiments.line_of_sight.rays import margin_m
from sim.report.style import BLUE, INK, QUIET, VERMILLION, drawing, new_picture, png_bytes, tidy

Bools = NDArray[np.bool_]
HIDDEN, SEEN = "#c4c4c4", "#ffffff"
WIDTH_BINS, FARTHEST = 15, 180
GROUNDS = {"default": "the default case", "synthetic": "the synthetic ground", "formula": "the ground by formula"}


def picture(views: Sequence[View], answers: Sequence[Bools], shown: Sequence[str], fault: str) -> bytes:
    """The picture as a PNG file; `shown` names the views of the upper row, `fault` that of the lower left map."""
    pairs = {f"{view.ground}.{view.name}": (view, answer) for view, answer in zip(views, answers, strict=True)}
    with drawing():
        figure = new_picture(14.0, 10.6)
        axes = figure.subplots(2, 3)
        for ax, name in zip(axes[0], shown, strict=True):
            draw_map(ax, *pairs[name])
        draw_map(axes[1, 0], *pairs[fault], filled=True)
        draw_margins(axes[1, 1], views)
        draw_distances(axes[1, 2], views)
        figure.legend(handles=_keys(), loc="outside lower center", ncols=5, frameon=False)
        return png_bytes(figure)


def draw_map(ax: Axes, view: View, theirs: Bools, filled: bool = False) -> None:
    """Seen and hidden cells, and a mark on each about which the two disagree; a hatched area where they are many."""
    here, near = ours(view), in_range(view)
    rows, cols = here.shape
    width, height = cols * view.cell_m / 1000, rows * view.cell_m / 1000
    both = np.where(near, here | theirs, False)
    ax.imshow(both, cmap=ListedColormap([HIDDEN, SEEN]), extent=(0, width, 0, height), vmin=0, vmax=1)
    x, y = (np.arange(cols) + 0.5) * view.cell_m / 1000, height - (np.arange(rows) + 0.5) * view.cell_m / 1000
    if filled:
        ax.contourf(x, y, here & ~theirs, levels=[0.5, 1.5], colors=[VERMILLION], alpha=0.45)
        ax.contourf(x, y, here & ~theirs, levels=[0.5, 1.5], colors="none", hatches=["///"])
    for cells, colour, mark in ((here & ~theirs, VERMILLION, "^"), (theirs & ~here, BLUE, "o")):
        if not filled or cells.sum() < 1000:
            row, col = np.nonzero(cells)
            ax.plot(x[col], y[row], linestyle="none", marker=mark, markersize=4, color=colour, markeredgewidth=0)
    ax.plot(x[view.col], y[view.row], marker="*", markersize=15, color=INK, markeredgecolor=SEEN)
    ax.set(xlabel="east, km", ylabel="north, km", title=f"{GROUNDS[view.ground]},\nfrom: {view.name}")


def draw_margins(ax: Axes, views: Sequence[View]) -> None:
    """Share of cells closer to the edge of being seen than so many metres: all cells, and those that differ."""
    every, differing = [], []
    for view in views:
        off_m = np.abs(margin_m(view))
        inside = in_range(view) & np.isfinite(off_m)
        every.append(off_m[inside])
        differing.append(off_m[inside & (ours(view) != seen_by_planes(view, raised=False))])
    for values, label, colour, line in (
        (differing, "cells that differ", VERMILLION, "-"),
        (every, "all cells", QUIET, "--"),
    ):
        sorted_m = np.sort(np.concatenate(values))
        share = np.arange(1, len(sorted_m) + 1) / len(sorted_m) * 100
        ax.plot(sorted_m, share, color=colour, linestyle=line, linewidth=2.2, label=label)
    ax.set_xscale("log")
    ax.set(xlim=(0.012, 2000), ylim=(0, 100), xlabel="metres from the edge of being seen", ylabel="% of cells within")
    ax.set_xticks([0.1, 1, 10, 100, 1000], ["0.1", "1", "10", "100", "1000"])
    ax.set_title("Rays and planes differ:\nby how much")
    ax.legend(frameon=False, loc="lower right")
    tidy(ax, "both")


def draw_distances(ax: Axes, views: Sequence[View]) -> None:
    """Share of the cells at a rim about which rays and planes differ, by distance in cells, all views together."""
    away, differs = [], []
    for view in views:
        here = ours(view)
        rim = in_range(view) & at_a_rim(here)
        away.append(np.hypot(*cells_away(view))[rim])
        differs.append((here != seen_by_planes(view, raised=False))[rim])
    edges = np.arange(0, FARTHEST + 1, WIDTH_BINS)
    number = np.histogram(np.concatenate(away), edges)[0]
    off = np.histogram(np.concatenate(away), edges, weights=np.concatenate(differs).astype(float))[0]
    ax.bar((edges[:-1] + edges[1:]) / 2, 100 * off / number, width=WIDTH_BINS * 0.85, color=VERMILLION)
    ax.set(xlabel="cells from the observer", ylabel="% of the cells at a rim that differ", xlim=(0, FARTHEST))
    ax.set_title("Rays and planes differ:\nhow far out")
    tidy(ax, "y")


def _keys() -> list[Patch | Line2D]:
    """What the colours and marks of the maps mean."""
    marks = {"linestyle": "none", "markersize": 8}
    return [
        Patch(facecolor=SEEN, edgecolor=QUIET, label="seen by both"),
        Patch(facecolor=HIDDEN, edgecolor=QUIET, label="hidden to both"),
        Line2D([], [], marker="^", color=VERMILLION, label="seen by us only (many: hatched)", **marks),  # type: ignore[arg-type]
        Line2D([], [], marker="o", color=BLUE, label="seen by GDAL only", **marks),  # type: ignore[arg-type]
        Line2D([], [], marker="*", color=INK, label="observer", **marks),  # type: ignore[arg-type]
    ]
