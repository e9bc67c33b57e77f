"""A comparison that shows itself: pictures on request, and a short answer in a notebook."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from matplotlib.figure import Figure

from sim.report.figure_effect import draw_effects
from sim.study.compare.figures.all import main_map
from sim.study.compare.notebook import summary_html
from sim.study.compare.result import CompareResult
from sim.study.compare.write import write_report
from sim.study.verify.short import short_check


class Comparison(CompareResult):
    """The result of `sim.compare`: outcome rows of all arms, what they say, and how they look.

    See `CompareResult` for the attributes, `summary`, `ledger`, `honesty` and `to_frame`.
    """

    def plot(self) -> Figure:
        """The effect plot: each arm's paired differences to the baseline with their intervals."""
        return draw_effects(self.summary())

    def map(self) -> Figure:
        """The map of the baseline beside the arm that the question is about."""
        return main_map(self, self.summary())

    def report(self, folder: str | Path, facts: Mapping[str, str] | None = None) -> Path:
        """Write the HTML page and its figures into a folder; returns the page's path.

        Raises
        ------
        OSError
            When the folder cannot be written.
        """
        return write_report(self, Path(folder), facts=facts or {}, checked=short_check())

    def _repr_html_(self) -> str:
        return summary_html(self.scenario, self.summary())
