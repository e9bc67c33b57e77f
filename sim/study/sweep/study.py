"""The study `sweep`, as the registry knows it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from sim.study.base import Request, Study

if TYPE_CHECKING:
    from sim.study.settings import RunSettings
    from sim.study.sweep.points import Points


@dataclass(frozen=True)
class SweepRequest(Request):
    """Words of which some have several values."""

    @cached_property
    def read(self) -> tuple[Points, RunSettings]:
        """The points that the words make, and how to run; raises `ScenarioError` for words that cannot be used."""
        from sim.scenario.overrides import expand
        from sim.study.sweep.points import points_from_words

        return points_from_words(*expand(self.overrides))

    @cached_property
    def settings(self) -> RunSettings:
        """How to run, the same at every point."""
        return self.read[1]


STUDY = Study(
    name="sweep",
    help="""\
the comparison at every point of a design, all with common random numbers; the same as -m.
KEY=V1,V2 and KEY=range(A,B,STEP) are crossed; KEY=interval(A,B) is sampled (sweep.samples=256,
sweep.method=sobol|lhs, sweep.seed=N); sweep.zip=[KEY1,KEY2] pairs the values of two lists""",
    examples=(
        "-m outpost.range_km=5,10,15,20 'command.report_delay_min=range(5,60,5)' replications=50",
        "-m 'outpost.x_km=interval(24,30)' 'outpost.range_km=interval(3,12)' sweep.samples=64 replications=50",
    ),
    replays=True,
    takes_lists=True,
    request=SweepRequest,
)
