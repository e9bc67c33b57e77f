"""The study `replay`, as the registry knows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.study.base import Request, Study

if TYPE_CHECKING:
    from sim.study.replay.replay import Replay
    from sim.study.running import RunContext


class ReplayStudy(Study):
    """One replication of an earlier run again."""

    name = "replay"
    help = (
        "one replication of an earlier run again, minute by minute, with the whole traceback if it fails:\n"
        "study=replay output=FOLDER replay.replication=N replay.arm=NAME"
    )

    def prepare(self, request: Request, context: RunContext) -> Replay:  # noqa: ARG002
        """The replication, ready to be run."""
        from sim.study.replay.replay import Replay

        # Nothing of the case is used, but what is wrong in it is refused as in every study.
        _ = request.scenario
        return Replay(request.settings.output, request.settings.of(self.name))


STUDY = ReplayStudy()
