"""How pictures look: one palette, one set of type sizes, and figures that need no screen and leave no state behind."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

DPI = 150
INK, QUIET, PAPER = "#1a1a1a", "#6b6b6b", "#ffffff"
BLUE, VERMILLION, ORANGE, GREEN, SKY, PURPLE = "#0072b2", "#d55e00", "#e69f00", "#009e73", "#56b4e9", "#cc79a7"
"""Okabe and Ito's colours, which people with any of the common colour-vision deficiencies tell apart."""

RC: Any = {
    "font.family": "DejaVu Sans",
    "font.size": 12.0,
    "axes.titlesize": 13.0,
    "axes.titleweight": "bold",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": QUIET,
    "axes.labelcolor": INK,
    "text.color": INK,
    "text.parse_math": False,
    "xtick.color": INK,
    "ytick.color": INK,
    "hatch.linewidth": 0.8,
    "figure.facecolor": PAPER,
    "savefig.facecolor": PAPER,
    "axes.unicode_minus": True,
    "figure.constrained_layout.w_pad": 0.1,
    "figure.constrained_layout.h_pad": 0.1,
}
"""Settings in force while a figure is made; names of users' own are never read as formulas."""

LEGEND_BELOW: Any = {"loc": "lower center", "bbox_to_anchor": (0.5, 0.0), "frameon": False}
"""Where the legend of a map stands."""


@dataclass(frozen=True)
class ArmStyle:
    """How one arm is drawn everywhere: never by colour alone."""

    colour: str
    marker: str
    hatch: str
    line: Any


BASELINE_STYLE = ArmStyle("#8c8c8c", "o", "", "-")
_RIVAL_STYLES = (
    ArmStyle(BLUE, "D", "///", "-"),
    ArmStyle(ORANGE, "s", "...", "--"),
    ArmStyle(GREEN, "^", "\\\\\\", "-."),
    ArmStyle(PURPLE, "v", "xxx", ":"),
    ArmStyle(VERMILLION, "P", "---", (0, (6, 2, 1, 2, 1, 2))),
    ArmStyle(SKY, "X", "+++", (0, (1, 1))),
)


class Picture(Figure):
    """A figure that a notebook shows by itself, whether or not pyplot is in use."""

    def _repr_png_(self) -> bytes:
        return png_bytes(self)


def arm_styles(arms: Iterable[str], baseline: str) -> dict[str, ArmStyle]:
    """A style for each arm, in the order given; the baseline is always the plain grey one.

    >>> styles = arm_styles(["without", "with_outpost"], "without")
    >>> styles["without"].marker, styles["with_outpost"].marker
    ('o', 'D')
    """
    rivals = [arm for arm in arms if arm != baseline]
    styles = {arm: _RIVAL_STYLES[index % len(_RIVAL_STYLES)] for index, arm in enumerate(rivals)}
    return {baseline: BASELINE_STYLE} | styles


def new_picture(width_in: float, height_in: float, layout: Literal["constrained"] | None = "constrained") -> Picture:
    """An empty figure on an Agg canvas. Make it and fill it within `drawing`."""
    figure = Picture(figsize=(width_in, height_in), dpi=DPI, layout=layout)
    FigureCanvasAgg(figure)
    return figure


def drawing() -> Any:
    """A context in which the project's settings are in force; they are gone when it ends."""
    return rc_context(RC)


def png_bytes(figure: Figure, dpi: int = DPI) -> bytes:
    """The figure as a PNG file, the same bytes each time."""
    buffer = io.BytesIO()
    with drawing(), warnings.catch_warnings():
        # A name in a script that the font lacks is drawn as boxes; that is no reason to stop.
        warnings.filterwarnings("ignore", message=r"Glyph \d+")
        warnings.filterwarnings("ignore", message="Matplotlib currently does not support")
        figure.savefig(buffer, format="png", dpi=dpi, metadata={"Software": None})
    return buffer.getvalue()


def tidy(ax: Axes, grid: Literal["x", "y", "both"] = "x") -> None:
    """Faint grid lines behind the data, along one axis."""
    ax.grid(axis=grid, color="#dddddd", linewidth=0.8)
    ax.set_axisbelow(True)
    ax.tick_params(length=0)


def say_empty(ax: Axes, text: str) -> None:
    """A sentence where there is nothing to draw."""
    ax.set_axis_off()
    ax.text(0.5, 0.5, text, ha="center", va="center", transform=ax.transAxes, color=QUIET, wrap=True)
