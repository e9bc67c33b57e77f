"""The study `sweep`, as the registry knows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.study.base import Earlier, Request, Study

if TYPE_CHECKING:
    from sim.study.running import RunContext
    from sim.study.settings import RunSettings
    from sim.study.sweep.points import Points
    from sim.study.sweep.run import SweepRun


@dataclass(frozen=True)
class SweepRequest(Request):
    """Words of which some have several values."""

    @cached_property
    def read(self) -> tuple[Points, RunSettings]:
        """The points that the words make, and how to run; raises `ScenarioError` for words that cannot be used."""
        from sim.scenario.expand import expand
        from sim.study.sweep.points import points_from_words

        return points_from_words(*expand(self.overrides))

    @cached_property
    def settings(self) -> RunSettings:
        """How to run, the same at every point."""
        return self.read[1]


class SweepStudy(Study):
    """What each arm changes against the baseline, at every point of a design."""

    name = "sweep"
    help = """\
the comparison at every point of a design, all with common random numbers; the same as -m.
KEY=V1,V2 and KEY=range(A,B,STEP) are crossed; KEY=interval(A,B) is sampled (sweep.samples=256,
sweep.method=sobol|lhs, sweep.seed=N); sweep.zip=[KEY1,KEY2] pairs the values of two lists"""
    examples = (
        "-m outpost.range_km=5,10,15,20 'command.report_delay_min=range(5,60,5)' replications=50",
        "-m 'outpost.x_km=interval(24,30)' 'outpost.range_km=interval(3,12)' sweep.samples=64 replications=50",
    )
    takes_lists = True

    def request(self, words: tuple[str, ...]) -> SweepRequest:
        """The points that the words make."""
        return SweepRequest(words)

    def prepare(self, request: Request, context: RunContext) -> SweepRun:
        """Check every point, while another process compiles the engine if need be."""
        from sim.scenario import ScenarioError
        from sim.study.sweep.run import checked_run

        assert isinstance(request, SweepRequest)
        settings = request.settings
        if settings.study.name not in ("compare", "sweep"):
            raise ScenarioError("study", f"is '{settings.study.name}'; allowed with -m: compare, sweep")
        if not isinstance(settings.replications, int):
            raise ScenarioError("replications", "is auto; allowed with -m: a whole number, the same at every point")
        return checked_run(request.read[0], settings.replications, context)

    def replayed(self, folder: Path, manifest: Mapping[str, Any], number: int) -> Earlier:
        """One replication at its point; they are numbered through all points."""
        from sim.study.sweep.points import read_points

        each = int(manifest["configuration"]["sweep"]["replications_each"])
        points, (point, replication) = read_points(folder), divmod(number, each)
        in_words = f"point {point} ({points.design.in_words(point, ', ')}), replication {replication}"
        return Earlier(points.scenario(point), points.seed_of(point), replication, in_words)


STUDY = SweepStudy()
