"""The result of a season study, which shows itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.study.result import Result
from sim.study.season.summary import SeasonHistory, season_summary

if TYPE_CHECKING:
    from sim.report.page import Checked, Figure


@dataclass(frozen=True, eq=False, repr=False)
class SeasonResult(SeasonHistory, Result):
    """What came of all seasons and arms; the rows are those of `SeasonHistory`.

    Attributes
    ----------
    seed:
        Of the keyed streams.
    digest:
        SHA-256 of the rows.
    """

    seed: int
    digest: str

    def make_summary(self) -> dict[str, Any]:
        """See `sim.study.season.summary.season_summary`."""
        return season_summary(self, self.seed, self.digest)

    def sentences(self) -> list[str]:
        """The answer in plain words, one paragraph an entry."""
        from sim.study.season.sentences import season_answer

        return season_answer(self._summary, self.scenario)

    def figures(self) -> Iterator[Figure]:
        """Shares, effects and crossing points season by season."""
        from sim.study.season.figures import draw_all

        return draw_all(self._summary)

    def page(self, figures: Sequence[Figure], facts: Mapping[str, str], checked: Checked | None) -> str:
        """The report as one HTML page."""
        from sim.study.season.page import render_page

        return render_page(self.scenario, self._summary, figures, facts, checked)
