"""The result of a season study: outcome rows of all seasons and arms, and how it shows itself."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from sim.execution.rows import Rows
from sim.scenario import Scenario
from sim.study.season.summary import season_summary
from sim.world import World

if TYPE_CHECKING:
    from sim.report.page import Figure


@dataclass(frozen=True, eq=False, repr=False)
class SeasonResult:
    """Outcome rows of all seasons and arms.

    Attributes
    ----------
    scenario:
        The case, before any arm's changes.
    history:
        The World of each arm (the baseline's first) as it is in each season, and last as it is after all of them.
    outcomes:
        Outcome rows of each season, ordered by replication, arm and group, held small.
    seed:
        Of the keyed streams.
    digest:
        SHA-256 of the rows.
    """

    scenario: Scenario
    history: tuple[tuple[World, ...], ...]
    outcomes: tuple[Rows, ...]
    seed: int
    digest: str

    verified = True
    passed = True

    @property
    def baseline(self) -> str:
        """The arm that the others are compared with."""
        return self.scenario.baseline

    @property
    def seasons(self) -> int:
        """How many seasons were run."""
        return self.scenario.season.seasons

    @property
    def arms(self) -> tuple[str, ...]:
        """All arms, the baseline first."""
        return tuple(world.arm for world in self.history[0])

    @cached_property
    def rows(self) -> pd.DataFrame:
        """The rows of all seasons as a frame of plain columns, kept from the first use on.

        A million rows take half a gigabyte: where there are many, ask `of` for what is needed.
        """
        frames = [frame for frame in map(self.of, range(self.seasons)) if len(frame)]
        return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()

    def of(
        self, season: int, arm: str | None = None, columns: Sequence[str] | None = None, *, coded: bool = False
    ) -> pd.DataFrame:
        """The rows of a season (from 0), of one arm or of all, or some columns; with `coded`, strings are categories.

        A season in which no group came has no columns either.
        """
        return self.outcomes[season].frame(columns, arm=arm, coded=coded)

    def world(self, season: int, arm: str) -> World:
        """The World of an arm as it is in a season (from 0); the season after the last is allowed."""
        return next(world for world in self.history[season] if world.arm == arm)

    def summary(self) -> dict[str, Any]:
        """Everything that `summary.json` holds, see `sim.study.season.summary.season_summary`."""
        return copy.deepcopy(self._summary)

    @cached_property
    def _summary(self) -> dict[str, Any]:
        return season_summary(self)

    def sentences(self) -> list[str]:
        """The answer in plain words, one paragraph an entry."""
        from sim.study.season.sentences import season_answer

        return season_answer(self._summary, self.scenario)

    def tables(self) -> Mapping[str, bytes]:
        """No file beside the summary."""
        return {}

    def figures(self) -> Iterator[Figure]:
        """The report's figures, one at a time; those that have nothing to show are left out."""
        from sim.study.season.figures import draw_all

        return draw_all(self._summary)

    def page(self, figures: Sequence[Figure], facts: Mapping[str, str], verification: Mapping[str, Any] | None) -> str:
        """The report as one HTML page."""
        from sim.study.season.page import render_page

        return render_page(self.scenario, self._summary, figures, facts, verification)

    def problems(self, folder: Path) -> list[str]:  # noqa: ARG002
        """None: the first replication that fails ends a run in seasons."""
        return []
