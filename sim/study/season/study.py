"""The study `season`, as the registry knows it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.study.base import Earlier, Request, Study

if TYPE_CHECKING:
    from sim.study.running import RunContext
    from sim.study.season.run import SeasonRun


class SeasonStudy(Study):
    """What each arm changes once the adversary has learnt where others were stopped."""

    name = "season"
    help = """\
an adversary that learns where others were stopped, season after season, in every arm; writes a report.
season.seasons=8 and season.trials=40 say how many replications there are (replications= has no part);
season.redeploy_share=0.2 lets the state move its patrols in answer"""
    examples = ("study=season season.redeploy_share=0.2",)

    def prepare(self, request: Request, context: RunContext) -> SeasonRun:
        """Check the case and build the Worlds of the first season."""
        from sim.study.season.run import SeasonRun, check_seasons

        settings, scenario = request.settings, request.scenario
        check_seasons(scenario)
        worlds = context.build_worlds(scenario)
        return SeasonRun(scenario, worlds, settings.seed, replications_given=request.gives("replications"))

    def replayed(self, folder: Path, manifest: Mapping[str, Any], number: int) -> Earlier:
        """The replication in the light of the seasons before, whose rows are in the folder."""
        from sim.scenario.scenario import validate
        from sim.study.season.run import EarlierSeason

        scenario = validate(dict(manifest["configuration"]))
        season = number // scenario.season.trials + 1
        label = f"replication {number} (season {season})"
        return EarlierSeason(scenario, int(manifest["seed"]), number, label, folder)


STUDY = SeasonStudy()
