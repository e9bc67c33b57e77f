"""The result of a comparison: outcome rows of all arms, what they say, and how it shows itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from sim.execution.errors import FAILED_NAME, Failure
from sim.execution.rows import Rows
from sim.scenario import Scenario
from sim.study.compare.coverage import coverage
from sim.study.compare.fixed_routes import FIXED_ROUTES
from sim.study.compare.life_cycle import MATURE, life_cycles
from sim.study.compare.summary import appraisals, summarise
from sim.study.pairs import Pairs, side_by_side
from sim.study.result import Result, replay_command
from sim.study.stopping import StoppingRule, stopping_facts
from sim.world import World

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Drawing

    from sim.report.page import Checked, Figure


@dataclass(frozen=True, eq=False, repr=False)
class Comparison(Result):
    """Outcome rows of all arms, and what they say.

    Attributes
    ----------
    scenario:
        The case, before any arm's changes.
    worlds:
        The World of each arm, the baseline's first.
    outcomes:
        Outcome rows, ordered by replication, arm and group, in little memory; a frame of them is taken too.
    seed:
        Of the keyed streams.
    digest:
        SHA-256 of the rows.
    stopping:
        The rule by which replications were added, if there was one.
    fixed_routes:
        Rows of the replications in which an arm changes somebody's route, run again with the routes of the baseline
        (see `sim.study.compare.fixed_routes`); None where no arm can change any.
    mature:
        Rows of the arms that time changes, run again with posts that are ready and known (see
        `sim.study.compare.life_cycle`); None where it changes none, or where they were not run.
    completed:
        Replications of each arm; those in which no group came have no rows. None: as many as have rows.
    failed:
        Replications that raised an error in some arm; they are left out in all arms.
    """

    scenario: Scenario
    worlds: tuple[World, ...]
    outcomes: Rows
    seed: int
    digest: str
    stopping: StoppingRule | None = None
    fixed_routes: pd.DataFrame | None = None
    mature: Rows | None = None
    completed: int | None = None
    failed: tuple[Failure, ...] = ()

    def __post_init__(self) -> None:
        given: Any = self.outcomes
        if isinstance(given, pd.DataFrame):
            object.__setattr__(self, "outcomes", Rows.of(given))

    def __repr__(self) -> str:
        arms = ", ".join(self.rivals) or "no other arm"
        name = type(self).__name__
        return f"<{name} of {self.scenario.name}: {self.replications} replications, {self.baseline} against {arms}>"

    @property
    def baseline(self) -> str:
        """The arm that the others are compared with."""
        return self.scenario.baseline

    @property
    def rivals(self) -> tuple[str, ...]:
        """All arms but the baseline."""
        return tuple(world.arm for world in self.worlds if world.arm != self.baseline)

    @property
    def replications(self) -> int:
        """How many replications each arm has."""
        if self.completed is not None:
            return self.completed
        return int(self.outcomes.frame(["replication"])["replication"].nunique())

    @cached_property
    def rows(self) -> pd.DataFrame:
        """The outcome rows as a frame of plain columns, kept from the first use on.

        A million rows take half a gigabyte: where there are many, ask `to_frame` or `of_arm` for what is needed.
        """
        return self.to_frame()

    def of_arm(self, arm: str, columns: Sequence[str] | None = None, *, coded: bool = False) -> pd.DataFrame:
        """The rows of one arm, or some columns of them; with `coded`, strings are categories."""
        return self.outcomes.frame(columns, arm=arm, coded=coded)

    def pairs(self, arm: str, columns: Sequence[str] | None = None, *, coded: bool = False) -> Pairs:
        """Pairs of an arm and the baseline; columns as in `of_arm`, ``replication`` and ``group`` among them."""
        return side_by_side(*(self.of_arm(name, columns, coded=coded) for name in (arm, self.baseline)))

    def ledger(self, *, neutralised: bool = False) -> pd.DataFrame:
        """The four cells of each arm against the baseline: groups stopped, or those stopped or repelled."""
        return pd.DataFrame(self._summary["ledger_neutralised" if neutralised else "ledger"]).T

    def honesty(self) -> pd.DataFrame:
        """What official figures would say of each arm, beside the truth: shares of groups.

        See `sim.study.compare.official_statistics`.
        """
        shares = {arm: {**one, **one["repeat_trial"]} for arm, one in self._summary["honesty"].items()}
        return pd.DataFrame(shares).T[["true", "observed", "apprehended", "estimate"]].astype(float)

    def to_frame(self, columns: Sequence[str] | None = None, *, coded: bool = False) -> pd.DataFrame:
        """The outcome rows (a copy), or some columns of them; with `coded`, strings are categories, and small."""
        return self.outcomes.frame(columns, coded=coded)

    def make_summary(self) -> dict[str, Any]:
        """``stopping`` is None where the number of replications was given; ``failed`` counts those left out."""
        read = partial(self.of_arm, coded=True)
        found = summarise(self.scenario, self.worlds, self.fixed_routes, read)
        return {
            "study": "compare",
            "experiment": self.scenario.name,
            "seed": self.seed,
            "replications": self.replications,
            "failed": len(self.failed),
            "digest": self.digest,
            "stopping": None if self.stopping is None else stopping_facts(self.stopping, found.pairs),
            "baseline": self.baseline,
            "arms": found.of_each_arm("facts"),
            "effects": found.of_each_rival("effects"),
            "ledger": found.of_each_rival("ledger"),
            "causation": found.of_each_rival("causation"),
            "ledger_neutralised": found.of_each_rival("ledger_neutralised"),
            "causation_neutralised": found.of_each_rival("causation_neutralised"),
            "mechanism": found.of_each_arm("mechanism"),
            "displacement": found.of_each_rival("displacement"),
            "appraisal": appraisals(self.scenario, self.worlds, found),
            "life_cycle": life_cycles(self.scenario, self.worlds, read, self.mature),
            "sectors": found.of_each_rival("sectors"),
            "coverage": coverage(self.worlds, read),
            "honesty": found.official_statistics(),
        }

    def sentences(self) -> list[str]:
        """The answer in plain words, one paragraph an entry."""
        from sim.study.compare.sentences import answer_in_words

        return answer_in_words(self._summary, self.scenario)

    def figures(self) -> Iterator[Figure]:
        """Maps, effects, and what else has something to show."""
        from sim.study.compare.figures import draw_all

        return draw_all(self._summary, self.scenario, self.worlds, self.of_arm)

    def page(self, figures: Sequence[Figure], facts: Mapping[str, str], checked: Checked | None) -> str:
        """The report as one HTML page."""
        from sim.study.compare.page import render_page

        return render_page(self.scenario, self._summary, figures, facts, checked)

    def problems(self, folder: Path) -> list[str]:
        """One line that says how many replications failed and where they are listed."""
        if not self.failed:
            return []
        folders = (folder, folder / MATURE, folder / FIXED_ROUTES)
        listed = next((one for one in folders if (one / FAILED_NAME).exists()), folder)
        first = min(self.failed, key=lambda failure: failure.replication)
        return [
            f"{len(self.failed)} of {self.replications + len(self.failed)} replications failed and are left out in all "
            f"arms; they are listed in {listed / FAILED_NAME}, and run again by the next run; to see one: "
            f"{replay_command(listed, first.replication, first.arm)}"
        ]

    def plot(self) -> Drawing:
        """The effect plot: each arm's paired differences to the baseline with their intervals."""
        from sim.report.figure_effect import draw_effects

        return draw_effects(self._summary)

    def map(self) -> Drawing:
        """The map of the baseline beside the arm that the question is about."""
        from sim.study.compare.figures import main_map

        return main_map(self._summary, self.worlds, self.of_arm)

    def _repr_html_(self) -> str:
        from sim.study.compare.page import shown_in_notebook

        return shown_in_notebook(self.scenario, self._summary)
