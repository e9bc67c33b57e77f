"""The study `sweep`, as the registry knows it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.study.base import Request, RunContext, Study

if TYPE_CHECKING:
    from sim.study.sweep.sampling import SweepSettings


class SweepStudy(Study):
    """To be filled in."""

    name = "sweep"
    help = """\
the comparison at every point of a design, all with common random numbers; the same as -m.
KEY=V1,V2 and KEY=range(A,B,STEP) are crossed; KEY=interval(A,B) is sampled (sweep.samples=256,
sweep.method=sobol|lhs, sweep.seed=N); sweep.zip=[KEY1,KEY2] walks two lists together"""
    takes_lists = True

    def settings(self) -> type[SweepSettings]:
        """Keys ``sweep.*``."""
        from sim.study.sweep.sampling import SweepSettings

        return SweepSettings

    def prepare(self, request: Request, context: RunContext) -> Any:
        """To be filled in."""
        raise NotImplementedError


STUDY = SweepStudy()
