"""The study `toy`, as the registry knows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.study.base import Request, RunContext, Study

if TYPE_CHECKING:
    from sim.study.toy.run import ToyRun, ToySettings


class ToyStudy(Study):
    """The mean of a die."""

    name = "toy"
    help = "throws a die in every replication"

    def settings(self) -> type[ToySettings]:
        """Keys ``toy.*``."""
        from sim.study.toy.run import ToySettings

        return ToySettings

    def prepare(self, request: Request, context: RunContext) -> ToyRun:
        """The throws."""
        from sim.study.toy.run import ToyRun

        settings = request.settings
        return ToyRun(settings.of(self.name).sides, settings.asked, settings.seed)


STUDY = ToyStudy()
