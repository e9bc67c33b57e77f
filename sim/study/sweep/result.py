"""The result of a sweep: a tidy table, what it says, and how it shows itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from sim.scenario import Scenario, ScenarioError
from sim.study.result import Result, replay_command
from sim.study.sweep.design import Design
from sim.study.sweep.summary import tipping_points

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Drawing

    from sim.report.page import Checked, Figure

MOST_LISTED = 5
"""Of more failed points the terminal shows the first."""


@dataclass(frozen=True, eq=False, repr=False)
class SweepResult(Result):
    """Result of a sweep.

    Attributes
    ----------
    scenario:
        Of the first point; what does not vary is the same in all.
    table:
        One row a point and arm; its columns stand at `sim.study.sweep.summary.Tally.table`.
    replications:
        Of every arm at each point.
    digest:
        SHA-256 of all outcome rows.
    failures:
        Of each point that lost replications: ``point``, ``replications`` (how many), ``first`` (its number), ``seed``,
        ``error`` (None where it was not looked for).
    """

    scenario: Scenario
    design: Design
    table: pd.DataFrame
    replications: int
    seed: int
    digest: str
    failures: tuple[dict[str, Any], ...] = ()

    def __repr__(self) -> str:
        keys = ", ".join(self.keys) or "nothing"
        return (
            f"<{type(self).__name__} of {self.scenario.name}: {len(self.design.points)} points over {keys}, "
            f"{self.replications} replications each>"
        )

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys that vary."""
        return self.design.keys

    @property
    def baseline(self) -> str:
        """The arm that the others are compared with (at the first point)."""
        return self.scenario.baseline

    def to_frame(self) -> pd.DataFrame:
        """The tidy table (a copy): one row a point and arm."""
        return self.table.copy()

    def tipping_points(self) -> list[dict[str, Any]]:
        """Where each arm's interval comes to include zero: see `sim.study.sweep.summary.tipping_points`."""
        return tipping_points(self.table, self.keys)

    def make_summary(self) -> dict[str, Any]:
        """``rows`` is the table, one mapping a point and arm; ``docs/OUTCOMES.md`` explains the other keys."""
        rows = self.table.to_dict(orient="records")
        return {
            "study": "sweep",
            "experiment": self.scenario.name,
            "seed": self.seed,
            "replications": self.replications,
            "digest": self.digest,
            "baseline": self.baseline,
            "points": len(self.design.points),
            "keys": list(self.keys),
            "design": self.design.described(),
            "failures": list(self.failures),
            "tipping_points": self.tipping_points(),
            "rows": [{key: None if value is pd.NA else value for key, value in row.items()} for row in rows],
        }

    def sentences(self) -> list[str]:
        """The answer in plain words, one paragraph an entry."""
        from sim.study.sweep.sentences import answer_in_words

        return answer_in_words(self._summary, self.table)

    def tables(self) -> Mapping[str, bytes]:
        """``sweep.csv`` and ``sweep.parquet``, the table; ``design.csv``, the points."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        sink = pa.BufferOutputStream()
        pq.write_table(pa.Table.from_pandas(self.table, preserve_index=False), sink, write_page_checksum=True)
        return {
            "sweep.csv": self.table.to_csv(index=False).encode(),
            "sweep.parquet": sink.getvalue().to_pybytes(),
            "design.csv": self.design.to_frame().to_csv(index=False).encode(),
        }

    def figures(self) -> Iterator[Figure]:
        """One or two, by how many keys vary; none where nothing varied."""
        from sim.study.sweep.figures import draw_all

        return draw_all(self.table, self.keys, self.baseline)

    def page(self, figures: Sequence[Figure], facts: Mapping[str, str], checked: Checked | None) -> str:
        """The report as one HTML page."""
        from sim.study.sweep.page import render_page

        return render_page(self.scenario, self._summary, self.table, figures, facts, checked)

    def problems(self, folder: Path) -> list[str]:
        """One line for each of the first points that lost replications, with the command that shows the first one."""
        lines = []
        for one in self.failures[:MOST_LISTED]:
            command = replay_command(folder, one["point"] * self.replications + one["first"])
            lines.append(
                f"point {one['point']} ({self.design.in_words(one['point'])}): {one['replications']} replications "
                f"failed, the first of them {one['first']}: {one['error'] or 'no error when it was run again'}; "
                f"to see it: {command}"
            )
        if len(self.failures) > MOST_LISTED:
            lines.append(f"{len(self.failures) - MOST_LISTED} more points failed; see summary.json")
        return lines

    def plot(self) -> Drawing:
        """Curves for one key, a map for two, panels or parallel coordinates for more.

        Raises
        ------
        ScenarioError
            When there is nothing to draw: no key took two values, or several did and only the baseline was run.
        """
        from sim.study.sweep.figures import drawings

        main = next(drawings(self.table, self.keys, self.baseline), None)
        if main is None:
            raise ScenarioError("sweep", "has nothing to draw; allowed: two values of a key at least, and a second arm")
        return main[1]

    def _repr_html_(self) -> str:
        from sim.study.sweep.page import shown_in_notebook

        return shown_in_notebook(self._summary, self.table)
