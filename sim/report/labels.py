"""Names on a map, put where they cover neither each other nor the marks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.patheffects import withStroke

from sim.report.style import INK, PAPER

POINTS_PER_INCH = 72.0
GLYPH_WIDTH, LINE_HEIGHT = 0.62, 1.25
"""Average width and height of the font's letters, in units of its size."""


@dataclass(frozen=True)
class Label:
    """A name at a point."""

    text: str
    x_km: float
    y_km: float
    size: float = 11.0
    weight: str = "normal"
    style: str = "normal"


@dataclass(frozen=True)
class Box:
    """A rectangle in kilometres."""

    left: float
    low: float
    right: float
    high: float

    def overlap(self, other: Box) -> float:
        """Area that two boxes share (km2)."""
        wide = min(self.right, other.right) - max(self.left, other.left)
        tall = min(self.high, other.high) - max(self.low, other.low)
        return max(0.0, wide) * max(0.0, tall)


def place_labels(ax: Axes, labels: Sequence[Label], frame: Box, km_per_inch: float, gap_pt: float = 8.0) -> None:
    """Write each label beside its point, on the side where it covers least; earlier labels come first.

    Parameters
    ----------
    frame:
        What the map shows; labels stay inside.
    km_per_inch:
        Scale of the axes on paper.
    gap_pt:
        Free space between a point and its name.
    """
    km_per_pt = km_per_inch / POINTS_PER_INCH
    gap = gap_pt * km_per_pt
    taken = [Box(one.x_km - gap / 2, one.y_km - gap / 2, one.x_km + gap / 2, one.y_km + gap / 2) for one in labels]
    for label in labels:
        best = min(_candidates(label, gap, km_per_pt), key=lambda box: _cost(box, taken, frame))
        taken.append(best)
        ax.text(
            (best.left + best.right) / 2,
            (best.low + best.high) / 2,
            label.text,
            size=label.size,
            weight=label.weight,
            style=label.style,
            ha="center",
            va="center",
            color=INK,
            zorder=12,
            clip_on=True,
            path_effects=[withStroke(linewidth=3, foreground=PAPER, alpha=0.9)],
        )


def _candidates(label: Label, gap: float, km_per_pt: float) -> list[Box]:
    wide = len(label.text) * GLYPH_WIDTH * label.size * km_per_pt
    tall = LINE_HEIGHT * label.size * km_per_pt
    boxes = []
    for distance in (gap, 2.5 * gap):
        for right, up in ((1, 0), (-1, 0), (0, 1), (0, -1), (0.8, 0.9), (-0.8, 0.9), (0.8, -0.9), (-0.8, -0.9)):
            x = label.x_km + right * (distance + wide / 2)
            y = label.y_km + up * (distance + tall / 2)
            boxes.append(Box(x - wide / 2, y - tall / 2, x + wide / 2, y + tall / 2))
    return boxes


def _cost(box: Box, taken: Sequence[Box], frame: Box) -> float:
    """Area that is covered or cut off; the order of the candidates breaks ties."""
    area = (box.right - box.left) * (box.high - box.low)
    return sum(box.overlap(other) for other in taken) + 4.0 * (area - box.overlap(frame))
