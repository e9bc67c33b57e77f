"""The study `season`, as the registry knows it."""

from __future__ import annotations

from typing import Any

from sim.study.base import Request, RunContext, Study


class SeasonStudy(Study):
    """To be filled in."""

    name = "season"
    help = """\
an adversary that learns where others were stopped, season after season, in every arm; writes a report.
season.seasons=8 and season.trials=40 say how many replications there are (replications= has no part);
season.redeploy_share=0.2 lets the state move its patrols in answer"""

    def prepare(self, request: Request, context: RunContext) -> Any:
        """To be filled in."""
        raise NotImplementedError


STUDY = SeasonStudy()
