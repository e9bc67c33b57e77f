"""The study `toy`, as the registry knows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.study.base import Request, Study

if TYPE_CHECKING:
    from sim.study.toy.run import ToyRun

    from sim.study.running import RunContext


class ToyStudy(Study):
    """The mean of a die."""

    name = "toy"
    help = "throws a die in every replication"

    def prepare(self, request: Request, context: RunContext) -> ToyRun:
        """The throws."""
        from sim.study.toy.run import ToyRun

        settings = request.settings
        return ToyRun(settings.of(self.name).sides, settings.asked, settings.seed)


STUDY = ToyStudy()
