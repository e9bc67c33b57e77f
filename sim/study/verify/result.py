"""The result of a verification, which shows itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from sim.execution.errors import FAILED_NAME, Failure
from sim.study.result import Result
from sim.study.verify.summary import LinkResult, bound_of, passes, summary_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Drawing

    from sim.report.page import Checked, Figure

SHOWN = ["quantity", "unit", "simulated", "exact", "standard_error", "z", "replications", "passed"]


@dataclass(frozen=True, repr=False)
class Verification(Result):
    """Links of the model and their closed forms.

    Attributes
    ----------
    links:
        Each link as it came out, in order.
    seed:
        Of the keyed streams.
    digest:
        SHA-256 of the rows.
    failed:
        Batches that raised an error; they are left out.
    """

    links: tuple[LinkResult, ...]
    seed: int
    digest: str
    failed: tuple[Failure, ...] = ()

    verified = False
    """Its report is a verification already."""

    def __repr__(self) -> str:
        names = ", ".join(one.link.name for one in self.links)
        return f"<Verification: {'agrees' if self.passed else 'DIFFERS'}: {names}>"

    @property
    def bound(self) -> float:
        """What no |z| may pass, see `sim.study.verify.summary.bound_of`."""
        return bound_of(len(self.links))

    @property
    def passed(self) -> bool:
        """Whether no link differs from its closed form by more than the bound."""
        return all(self.passes(result) for result in self.links)

    def passes(self, result: LinkResult) -> bool:
        """Whether one of the links is within the bound."""
        return passes(result, len(self.links))

    def make_summary(self) -> dict[str, Any]:
        """See `sim.study.verify.summary.summary_of`."""
        return summary_of(self.links, self.seed, self.digest)

    def to_frame(self) -> pd.DataFrame:
        """One row a link: quantity, unit, simulated, exact, standard_error, z, replications, passed."""
        cases = self._summary["cases"]
        return pd.DataFrame.from_dict(cases, orient="index")[SHOWN].rename_axis("link")

    def plot(self) -> Drawing:
        """How far each link is from its closed form, in standard errors."""
        from sim.study.verify.figures import draw_verification

        return draw_verification(self._summary)

    def sentences(self) -> list[str]:
        """The table and the verdict, for the terminal."""
        from sim.study.verify.page import lines_of_links, verdict_in_words

        return [*lines_of_links(self._summary), "", verdict_in_words(self._summary)]

    def figures(self) -> Iterator[Figure]:
        """The picture of all links."""
        from sim.report.page import Figure
        from sim.report.style import png_bytes
        from sim.study.verify.figures import CAPTION

        yield Figure("verification", png_bytes(self.plot()), CAPTION)

    def page(self, figures: Sequence[Figure], facts: Mapping[str, str], checked: Checked | None) -> str:  # noqa: ARG002
        """The report as one HTML page."""
        from sim.study.verify.page import render_page

        return render_page(self._summary, figures, facts)

    def problems(self, folder: Path) -> list[str]:
        """One line that says how many batches failed, and where they are listed."""
        if not self.failed:
            return []
        return [f"{len(self.failed)} batches failed and are left out; they are listed in {folder / FAILED_NAME}"]

    def _repr_html_(self) -> str:
        from sim.report.page import notebook_html
        from sim.study.verify.page import verdict_in_words

        return notebook_html([verdict_in_words(self._summary)], frame=self.to_frame().to_html())
