"""The study `verify`, as the registry knows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.study.base import Request, Study

if TYPE_CHECKING:
    from sim.study.running import RunContext
    from sim.study.verify.run import VerifyRun


class VerifyStudy(Study):
    """Every link of the model against its closed form, or the one that is named."""

    name = "verify"
    help = """\
every link of the model against its closed form in search theory; exit status 1 if one differs by more
than chance allows. experiment=verification/NAME laboratory.R=1.5 runs one alone, with other symbols"""

    def prepare(self, request: Request, context: RunContext) -> VerifyRun:  # noqa: ARG002
        """Compose the links, and work out their closed forms."""
        from sim.study.verify.run import prepare

        return prepare(request)


STUDY = VerifyStudy()
