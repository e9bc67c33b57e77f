"""The study `compare`, as the registry knows it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.study.base import Earlier, Request, Study

if TYPE_CHECKING:
    from sim.study.compare.run import CompareRun
    from sim.study.running import RunContext


class CompareStudy(Study):
    """What each arm changes against the baseline."""

    name = "compare"
    help = "the same replications with and without the outpost, and with its rivals; writes a report"
    examples = ("", "outpost.range_km=12 seed=2 replications=1000")
    stores = ("naive",)

    def prepare(self, request: Request, context: RunContext) -> CompareRun:
        """Check the case and build its Worlds."""
        from sim.study.compare.run import CompareRun

        settings, scenario = request.settings, request.scenario
        if settings.stopping is not None:
            settings.stopping.check(scenario)
        worlds = context.build_worlds(scenario)
        return CompareRun(scenario, worlds, settings.seed, settings.stopping or settings.asked)

    def replayed(self, folder: Path, manifest: Mapping[str, Any], number: int) -> Earlier:  # noqa: ARG002
        """The replication in each arm; with the baseline's routes in the part that is run with them."""
        from sim.scenario.scenario import validate
        from sim.study.compare.fixed_routes import EarlierFixedRoutes

        kind = Earlier if manifest["study"] == self.name else EarlierFixedRoutes
        scenario = validate(dict(manifest["configuration"]))
        return kind(scenario, int(manifest["seed"]), number, f"replication {number}")


STUDY = CompareStudy()
